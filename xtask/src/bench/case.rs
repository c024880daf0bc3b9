//! The benchmark cases: what is trained to compare speeds.

use std::fmt;

/// What the layers' products are rounded to on our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// Single precision.
    F32,
    /// bfloat16.
    Bf16,
}

/// A recipe at a batch size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    /// The name of the recipe.
    pub(crate) recipe: &'static str,
    /// Samples in a batch.
    pub(crate) batch: u32,
    /// What a user calls it.
    pub(crate) title: &'static str,
    /// Of our side.
    pub(crate) precision: Precision,
}

const fn single(recipe: &'static str, batch: u32, title: &'static str) -> Case {
    Case { recipe, batch, title, precision: Precision::F32 }
}

/// Every case, in the order of the table.
pub(crate) const CASES: [Case; 8] = [
    single("gan", 50, "moons"),
    single("gan", 250, "moons"),
    single("cgan", 64, "CGAN"),
    single("dcgan", 64, "course DCGAN"),
    single("dcgan-classic", 64, "classical DCGAN"),
    single("wgan-gp", 64, "WGAN-GP"),
    Case { precision: Precision::Bf16, ..single("dcgan", 64, "course DCGAN") },
    Case { precision: Precision::Bf16, ..single("dcgan-classic", 64, "classical DCGAN") },
];

/// The recipes of the cases, each once.
pub(crate) const RECIPES: [&str; 5] = ["gan", "cgan", "dcgan", "dcgan-classic", "wgan-gp"];

/// The case whose memory is compared.
pub(crate) const MEMORY: Case = CASES[3];

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = match self.precision {
            Precision::F32 => "",
            Precision::Bf16 => " in bfloat16",
        };
        write!(f, "{} ({}) at batch {}{precision}", self.title, self.recipe, self.batch)
    }
}

impl Case {
    /// The settings that make a run of the recipe this case.
    pub(crate) fn settings(&self) -> Vec<String> {
        let mut settings = vec![format!("train.batch={}", self.batch)];
        if self.precision == Precision::Bf16 {
            settings.push("precision=\"bf16\"".to_owned());
        }
        settings
    }
}

/// The cases of these recipes, of all of them where none is named.
pub(crate) fn cases(recipes: &[String]) -> Vec<Case> {
    let wanted = |case: &&Case| recipes.is_empty() || recipes.iter().any(|r| r == case.recipe);
    CASES.iter().filter(wanted).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_has_a_case_and_every_case_a_recipe_on_the_list() {
        for recipe in RECIPES {
            assert!(!cases(&[recipe.to_owned()]).is_empty(), "{recipe}");
        }
        assert!(CASES.iter().all(|case| RECIPES.contains(&case.recipe)));
        assert_eq!(cases(&[]).len(), CASES.len());
        assert_eq!(cases(&["gan".to_owned()]).len(), 2);
    }
}
