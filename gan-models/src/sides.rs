//! The image sizes that an architecture makes.

use std::fmt;

/// Every `m·2^d` with `m` from 4 to 7, from 16 to 256 pixels.
const DOUBLED: [usize; 17] =
    [16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256];

/// The side that [`Sides::fitting`] does not exceed where every side is possible: a fully connected
/// layer has weights for every pixel.
const LARGEST_OF_ANY: usize = 64;

/// The sides, in pixels, of the square images that an architecture makes.
///
/// ```
/// use gan_models::RecipeKind;
///
/// let sides = RecipeKind::Wgan.recipe().architecture.image_sides();
/// assert!(sides.contains(96) && !sides.contains(100));
/// assert_eq!(sides.around(100), (Some(96), Some(112)));
/// assert_eq!(sides.fitting(100), 96);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Any side; the images need not even be square.
    Any,
    /// These sides, at least one, in ascending order.
    Only(&'static [usize]),
}

impl Sides {
    /// What is doubled from maps of 4 to 7 pixels a side: 16, 20, 24, 28, 32, …, 224, 256.
    pub(crate) const DOUBLED: Self = Self::Only(&DOUBLED);

    /// Whether the architecture makes images of this side.
    pub fn contains(&self, side: usize) -> bool {
        match self {
            Self::Any => side > 0,
            Self::Only(sides) => sides.contains(&side),
        }
    }

    /// The largest side that is at most `side`, and the smallest that is at least `side`.
    pub fn around(&self, side: usize) -> (Option<usize>, Option<usize>) {
        match self {
            Self::Any => (Some(side), Some(side)),
            Self::Only(sides) => (
                sides.iter().rfind(|possible| **possible <= side).copied(),
                sides.iter().find(|possible| **possible >= side).copied(),
            ),
        }
    }

    /// The side for images that are `native` pixels a side: the largest that is not larger, or the
    /// smallest of all where every one is larger. Where every side is possible, `native` itself, at
    /// least 1 and at most 64.
    pub fn fitting(&self, native: usize) -> usize {
        match self {
            Self::Any => native.clamp(1, LARGEST_OF_ANY),
            Self::Only(_) => {
                let (below, above) = self.around(native);
                below.or(above).unwrap_or(native)
            }
        }
    }
}

impl fmt::Display for Sides {
    /// As in `16, 20 or 24`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Only(sides) = self else { return f.write_str("any size") };
        for (index, side) in sides.iter().enumerate() {
            let link = match index {
                0 => "",
                _ if index + 1 == sides.len() => " or ",
                _ => ", ",
            };
            write!(f, "{link}{side}")?;
        }
        Ok(())
    }
}

/// What to do about samples of shape `found`, as the end of a message.
pub(crate) fn remedy(sides: Sides, found: &[usize]) -> String {
    let (height, width) = match *found {
        [channels, height, width] if channels > 0 => (height, width),
        _ => return "for other samples take a fully connected recipe such as gan".to_owned(),
    };
    match sides.around(height.min(width)) {
        (Some(below), Some(above)) if below != above => {
            format!("--set data.size={below} or {above}")
        }
        (below, above) => match below.or(above) {
            Some(side) => format!("--set data.size={side}"),
            None => "--set data.size".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_are_four_to_seven_times_a_power_of_two() {
        let rule = |side: &usize| {
            (2..7).any(|d| side.is_multiple_of(1 << d) && (4..8).contains(&(side >> d)))
        };
        assert!((16..=256).filter(rule).eq(DOUBLED));
    }

    #[test]
    fn a_fitting_side_is_not_larger_than_the_image_if_there_is_such_a_side() {
        let fitting = |native| Sides::DOUBLED.fitting(native);
        assert_eq!([1, 15, 16, 30, 100, 256, 4000].map(fitting), [16, 16, 16, 28, 96, 256, 256]);
        assert_eq!(
            [0, 1, 30, 64, 500].map(|native| Sides::Any.fitting(native)),
            [1, 1, 30, 64, 64]
        );
        assert_eq!([8, 32, 500].map(|native| Sides::Only(&[32]).fitting(native)), [32; 3]);
    }

    #[test]
    fn sides_are_listed_as_one_says_them() {
        let words =
            [Sides::Any, Sides::Only(&[32]), Sides::Only(&[1, 2, 3])].map(|s| s.to_string());
        assert_eq!(words, ["any size", "32", "1, 2 or 3"]);
    }
}
