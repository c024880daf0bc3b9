//! What is measured: a recipe, and the shape of its images where it is not that of digits.

use std::fmt;
use std::str::FromStr;

use gan_models::RecipeKind;

use crate::layer::Shape;

/// A word such as `dcgan-classic` or `dcgan-classic:3x64x64`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GameName {
    pub(crate) recipe: RecipeKind,
    /// Channels, height and width of an image; `None` for what the recipe is measured on.
    pub(crate) image: Option<Shape>,
}

impl FromStr for GameName {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let (recipe, image) = match word.split_once(':') {
            Some((recipe, image)) => (recipe, Some(shape(image)?)),
            None => (word, None),
        };
        let recipe = RecipeKind::from_name(recipe).ok_or_else(|| {
            let names = RecipeKind::ALL.map(RecipeKind::name).join(", ");
            format!("no recipe is called `{recipe}`; there are: {names}")
        })?;
        Ok(Self { recipe, image })
    }
}

impl fmt::Display for GameName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.recipe.name())?;
        self.image.map_or(Ok(()), |[maps, height, width]| write!(f, ":{maps}x{height}x{width}"))
    }
}

fn shape(image: &str) -> Result<Shape, String> {
    let numbers: Result<Vec<usize>, _> = image.split('x').map(str::parse).collect();
    match numbers.as_deref() {
        Ok(&[channels, height, width]) => Ok([channels, height, width]),
        _ => Err(format!("expected images of a shape such as 3x64x64, found `{image}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_a_recipe_and_perhaps_a_shape() {
        for word in ["gan", "dcgan-classic:3x64x64"] {
            assert_eq!(word.parse::<GameName>().unwrap().to_string(), word);
        }
        let unknown = "dcgn".parse::<GameName>().unwrap_err();
        assert!(
            unknown.starts_with("no recipe is called `dcgn`; there are: gan, cgan"),
            "{unknown}"
        );
        let shapeless = "dcgan:64".parse::<GameName>().unwrap_err();
        assert_eq!(shapeless, "expected images of a shape such as 3x64x64, found `64`");
    }
}
