//! The image sizes that networks of upsampling stages make.

use crate::{ModelError, Sides};

/// Square images that are doubled from a small map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImageShape {
    /// Channels of an image, at least 1.
    pub(crate) channels: usize,
    /// Pixels a side of the smallest maps: 4, 5, 6 or 7.
    pub(crate) start: usize,
    /// How often they are doubled: from 2 to 6 times.
    pub(crate) doublings: usize,
}

impl ImageShape {
    /// 28 = 7·2², 32 = 4·2³, 96 = 6·2⁴ and so on; any number of channels.
    pub(crate) fn of(architecture: &'static str, shape: &[usize]) -> Result<Self, ModelError> {
        let sides = Sides::DOUBLED;
        let &[channels, side, width] = shape else { return refuse(architecture, sides, shape) };
        if channels == 0 || side != width || !sides.contains(side) {
            return refuse(architecture, sides, shape);
        }
        // The two bits below the highest one distinguish 4, 5, 6 and 7.
        let doublings = side.ilog2() as usize - 2;
        Ok(Self { channels, start: side >> doublings, doublings })
    }
}

/// That an architecture does not make samples of this shape.
pub(crate) fn refuse<T>(
    architecture: &'static str,
    sides: Sides,
    shape: &[usize],
) -> Result<T, ModelError> {
    Err(ModelError::ImageShape { architecture, sides, found: shape.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_doublings_of_maps_of_four_to_seven_pixels() {
        for (side, start, doublings) in
            [(16, 4, 2), (20, 5, 2), (28, 7, 2), (32, 4, 3), (64, 4, 4), (96, 6, 4), (256, 4, 6)]
        {
            let image = ImageShape { channels: 3, start, doublings };
            assert_eq!(ImageShape::of("conv", &[3, side, side]), Ok(image));
            assert_eq!(start << doublings, side);
        }
    }
}
