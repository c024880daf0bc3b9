//! The benchmark cases: what is trained to compare speeds.

use std::fmt;
use std::path::Path;

/// What the layers' products are rounded to on our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// Single precision.
    F32,
    /// bfloat16.
    Bf16,
}

/// Real samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// The recipe's own: points of moons, or digits.
    Own,
    /// A folder of JPEG files, brought to 64×64 pixels in three colors.
    Pictures,
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
    /// What it is trained on.
    pub(crate) data: Data,
}

const fn single(recipe: &'static str, batch: u32, title: &'static str) -> Case {
    Case { recipe, batch, title, precision: Precision::F32, data: Data::Own }
}

const fn in_bf16(case: Case) -> Case {
    Case { precision: Precision::Bf16, ..case }
}

const fn on_pictures(case: Case) -> Case {
    Case { data: Data::Pictures, ..case }
}

/// Every case, in the order of the table.
pub(crate) const CASES: [Case; 15] = [
    single("gan", 50, "moons"),
    single("gan", 250, "moons"),
    single("cgan", 64, "CGAN"),
    single("dcgan", 64, "course DCGAN"),
    single("dcgan", 16, "course DCGAN"),
    single("dcgan-classic", 64, "classical DCGAN"),
    on_pictures(single("dcgan-classic", 128, "classical DCGAN, 64×64×3")),
    single("cdcgan", 64, "conditional DCGAN"),
    single("lsgan", 64, "LSGAN"),
    single("wgan", 64, "WGAN"),
    single("wgan-gp", 64, "WGAN-GP"),
    single("sngan", 64, "SNGAN"),
    single("r3gan", 64, "R3GAN"),
    in_bf16(single("dcgan", 64, "course DCGAN")),
    in_bf16(single("dcgan-classic", 64, "classical DCGAN")),
];

/// The recipes of the cases, each once: all that `gan list` names, in its order.
pub(crate) const RECIPES: [&str; 10] = [
    "gan",
    "cgan",
    "cdcgan",
    "dcgan",
    "dcgan-classic",
    "lsgan",
    "wgan",
    "wgan-gp",
    "sngan",
    "r3gan",
];

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
    /// The recipe, and the shape of its images where it is not its own, in the words of the other sides.
    pub(crate) fn game(&self) -> String {
        match self.data {
            Data::Own => self.recipe.to_owned(),
            Data::Pictures => format!("{}:3x64x64", self.recipe),
        }
    }

    /// The settings that make a run of the recipe this case; `pictures` is where pictures are.
    pub(crate) fn settings(&self, pictures: &Path) -> Vec<String> {
        // The other sides do not look at their samples; over a few seconds it would not be the 1 % that
        // it is of an epoch.
        let mut settings =
            vec![format!("train.batch={}", self.batch), "evaluation.every=\"never\"".to_owned()];
        if self.precision == Precision::Bf16 {
            settings.push("train.precision=\"bf16\"".to_owned());
        }
        if self.data == Data::Pictures {
            let folder = pictures.display();
            settings.push("data.kind=\"images\"".to_owned());
            settings.push(format!("data.dir='{folder}'"));
            settings.extend(["data.size=64", "data.color=\"rgb\""].map(str::to_owned));
        }
        settings
    }

    /// Whether there is a step in JAX.
    pub(crate) fn has_jax_twin(&self) -> bool {
        ["dcgan", "dcgan-classic"].contains(&self.recipe) && self.precision == Precision::F32
    }

    /// Whether its samples are images that convolutions look at.
    pub(crate) fn is_convolutional(&self) -> bool {
        !["gan", "cgan"].contains(&self.recipe)
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

    /// The table in that README is held against the registry by a test of its own crate.
    #[test]
    fn every_recipe_of_the_registry_is_measured() {
        let readme = include_str!("../../../gan-models/README.md");
        let named = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
        let recipes: Vec<&str> = named.map(|(recipe, _)| recipe).collect();
        assert_eq!(recipes, RECIPES);
    }

    #[test]
    fn pictures_are_named_to_both_sides() {
        let case = on_pictures(single("dcgan-classic", 128, "classical DCGAN"));
        assert_eq!(case.game(), "dcgan-classic:3x64x64");
        let settings = case.settings(Path::new("a folder"));
        assert!(settings.contains(&"data.dir='a folder'".to_owned()), "{settings:?}");
        let own = ["train.batch=50", "evaluation.every=\"never\""];
        assert_eq!(CASES[0].settings(Path::new("a folder")), own);
    }
}
