//! What is trained to compare speeds.

/// A recipe at a batch size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    /// The name of the recipe.
    pub(crate) recipe: &'static str,
    /// Samples in a batch.
    pub(crate) batch: u32,
    /// What a person calls it.
    pub(crate) title: &'static str,
}

/// Every case, in the order of the table.
pub(crate) const CASES: [Case; 6] = [
    Case { recipe: "gan", batch: 50, title: "moons" },
    Case { recipe: "gan", batch: 250, title: "moons" },
    Case { recipe: "cgan", batch: 64, title: "CGAN" },
    Case { recipe: "dcgan", batch: 64, title: "course DCGAN" },
    Case { recipe: "dcgan-classic", batch: 64, title: "classical DCGAN" },
    Case { recipe: "wgan-gp", batch: 64, title: "WGAN-GP" },
];

/// The recipes of the cases, each once.
pub(crate) const RECIPES: [&str; 5] = ["gan", "cgan", "dcgan", "dcgan-classic", "wgan-gp"];

/// The case whose memory is compared.
pub(crate) const MEMORY: Case = CASES[3];

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
