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

/// The registry of recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecipeKind {
    /// A fully connected GAN, with the course's networks.
    Gan,
    /// A fully connected conditional GAN, with the course's networks.
    Cgan,
    /// A convolutional conditional GAN.
    Cdcgan,
    /// A DCGAN for 32×32 images, with the course's networks.
    Dcgan,
    /// The convolutional GAN of Radford et al.
    DcganClassic,
    /// Least-squares GAN.
    Lsgan,
    /// Wasserstein GAN with clipped weights.
    Wgan,
    /// Wasserstein GAN with a gradient penalty.
    WganGp,
    /// Spectral norm and the hinge loss.
    Sngan,
    /// The relativistic GAN with both zero-centered penalties.
    R3gan,
}

impl RecipeKind {
    /// Every recipe.
    pub const ALL: [Self; 10] = [
        Self::Gan,
        Self::Cgan,
        Self::Cdcgan,
        Self::Dcgan,
        Self::DcganClassic,
        Self::Lsgan,
        Self::Wgan,
        Self::WganGp,
        Self::Sngan,
        Self::R3gan,
    ];

    /// The name that a user types.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gan => "gan",
            Self::Cgan => "cgan",
            Self::Cdcgan => "cdcgan",
            Self::Dcgan => "dcgan",
            Self::DcganClassic => "dcgan-classic",
            Self::Lsgan => "lsgan",
            Self::Wgan => "wgan",
            Self::WganGp => "wgan-gp",
            Self::Sngan => "sngan",
            Self::R3gan => "r3gan",
        }
    }

    /// The recipe called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The recipe itself.
    pub fn recipe(self) -> Recipe {
        match self {
            Self::Gan => gan::recipe(),
            Self::Cgan => cgan::recipe(),
            Self::Cdcgan => cdcgan::recipe(),
            Self::Dcgan => dcgan::recipe(),
            Self::DcganClassic => dcgan_classic::recipe(),
            Self::Lsgan => lsgan::recipe(),
            Self::Wgan => wgan::recipe(),
            Self::WganGp => wgan_gp::recipe(),
            Self::Sngan => sngan::recipe(),
            Self::R3gan => r3gan::recipe(),
        }
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
    fn zero_sizes_are_refused_by_key() {
        let mut training = RecipeKind::Gan.recipe().training;
        training.batch = 0;
        let message = training.validate().unwrap_err().to_string();
        assert_eq!(message, "`batch` must be at least 1, found 0");
    }
}
