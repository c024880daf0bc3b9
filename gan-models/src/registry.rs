//! Every recipe, by the name that a person types.

use crate::{Recipe, course_dcgan, gan};

/// The registry of recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecipeKind {
    /// The course's fully connected GAN.
    Gan,
    /// The course's convolutional GAN.
    Dcgan,
}

impl RecipeKind {
    /// Every recipe.
    pub const ALL: [Self; 2] = [Self::Gan, Self::Dcgan];

    /// The name that a person types.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gan => "gan",
            Self::Dcgan => "dcgan",
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
            Self::Dcgan => course_dcgan::recipe(),
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
        }
        assert_eq!(RecipeKind::from_name("biggan"), None);
    }

    #[test]
    fn zero_sizes_are_refused_by_key() {
        let mut training = RecipeKind::Gan.recipe().training;
        training.batch = 0;
        let message = training.validate().unwrap_err().to_string();
        assert_eq!(message, "`train.batch` must be at least 1, found 0");
    }
}
