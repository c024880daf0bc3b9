//! The image sizes that networks of doubling stages make.

use crate::ModelError;

/// What such networks make, in words.
const SHAPES: &str = "[channels, side, side] with a side of 28, 32 or 64";

/// Square images that are doubled from a small map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImageShape {
    /// Channels of an image, at least 1.
    pub(crate) channels: usize,
    /// Pixels a side of the smallest maps: 7 or 4.
    pub(crate) start: usize,
    /// How often they are doubled.
    pub(crate) doublings: usize,
}

impl ImageShape {
    /// 28 = 7·2², 32 = 4·2³, 64 = 4·2⁴; any number of channels.
    pub(crate) fn of(architecture: &'static str, shape: &[usize]) -> Result<Self, ModelError> {
        let (channels, start, doublings) = match *shape {
            [channels, 28, 28] if channels > 0 => (channels, 7, 2),
            [channels, 32, 32] if channels > 0 => (channels, 4, 3),
            [channels, 64, 64] if channels > 0 => (channels, 4, 4),
            _ => {
                let found = shape.to_vec();
                return Err(ModelError::SampleShape { architecture, expected: SHAPES, found });
            }
        };
        Ok(Self { channels, start, doublings })
    }
}
