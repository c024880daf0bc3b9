//! The registry of recipes, by the name that a user types.

mod cdcgan;
mod cgan;
mod dcgan;
mod dcgan_classic;
mod gan;
mod lsgan;
mod r3gan;
mod sngan;
mod wgan;
mod wgan_gp;

use crate::Recipe;

/// From one line for each recipe: the enum of all, their names and their functions.
macro_rules! registry {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal in $module:ident,)+) => {
        /// The registry of recipes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum RecipeKind {
            $($(#[$doc])+ $variant,)+
        }

        impl RecipeKind {
            /// Every recipe.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name that a person types.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The recipe itself.
            pub fn recipe(self) -> Recipe {
                match self {
                    $(Self::$variant => $module::recipe(),)+
                }
            }
        }
    };
}

registry! {
    /// The course's fully connected GAN.
    Gan = "gan" in gan,
    /// The course's fully connected conditional GAN.
    Cgan = "cgan" in cgan,
    /// A convolutional conditional GAN.
    Cdcgan = "cdcgan" in cdcgan,
    /// The course's convolutional GAN.
    Dcgan = "dcgan" in dcgan,
    /// The convolutional GAN of Radford et al.
    DcganClassic = "dcgan-classic" in dcgan_classic,
    /// Least-squares GAN.
    Lsgan = "lsgan" in lsgan,
    /// Wasserstein GAN with clipped weights.
    Wgan = "wgan" in wgan,
    /// Wasserstein GAN with a gradient penalty.
    WganGp = "wgan-gp" in wgan_gp,
    /// Spectral norm and the hinge loss.
    Sngan = "sngan" in sngan,
    /// The relativistic GAN with both zero-centered penalties.
    R3gan = "r3gan" in r3gan,
}

impl RecipeKind {
    /// The recipe called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_is_found_by_its_name_and_valid() {
        for kind in RecipeKind::ALL {
            assert_eq!(RecipeKind::from_name(kind.name()), Some(kind));
            let recipe = kind.recipe();
            recipe.training.validate().unwrap();
            assert!(!recipe.summary.is_empty() && !recipe.source.locator.is_empty());
            assert!(!recipe.deviations.is_empty(), "{}", kind.name());
        }
        assert_eq!(RecipeKind::from_name("biggan"), None);
    }

    #[test]
    fn the_table_of_the_readme_has_every_recipe_and_its_paper() {
        let readme = include_str!("../README.md");
        for kind in RecipeKind::ALL {
            let source = kind.recipe().source;
            let paper = format!("| {}, {} |", source.citation, source.locator);
            let is_row = |line: &&str| {
                line.starts_with(&format!("| `{}` |", kind.name())) && line.ends_with(&paper)
            };
            assert_eq!(readme.lines().filter(is_row).count(), 1, "{}: {paper}", kind.name());
        }
    }

    #[test]
    fn zero_sizes_are_refused_by_key() {
        let mut training = RecipeKind::Gan.recipe().training;
        training.batch = 0;
        let message = training.validate().unwrap_err().to_string();
        assert_eq!(message, "`batch` must be at least 1, found 0");
    }
}
