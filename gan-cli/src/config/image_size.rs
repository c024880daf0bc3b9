//! Pixels a side of a user's own images: a number, or `"auto"`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The side that every image of a folder is brought to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ImageSize {
    /// Chosen by the images and the networks, before a run begins.
    #[default]
    Auto,
    /// This many pixels.
    Pixels(usize),
}

const AUTO: &str = "auto";

impl Serialize for ImageSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str(AUTO),
            Self::Pixels(pixels) => serializer.serialize_u64(*pixels as u64),
        }
    }
}

impl<'de> Deserialize<'de> for ImageSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SizeVisitor)
    }
}

struct SizeVisitor;

impl de::Visitor<'_> for SizeVisitor {
    type Value = ImageSize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pixels a side such as 64, or \"auto\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ImageSize, E> {
        if text == AUTO {
            return Ok(ImageSize::Auto);
        }
        Err(E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, pixels: u64) -> Result<ImageSize, E> {
        let pixels = usize::try_from(pixels);
        pixels.map(ImageSize::Pixels).map_err(|_| E::custom("more pixels than there can be"))
    }

    fn visit_i64<E: de::Error>(self, pixels: i64) -> Result<ImageSize, E> {
        let found = || E::invalid_value(de::Unexpected::Signed(pixels), &self);
        u64::try_from(pixels).map_err(|_| found()).and_then(|pixels| self.visit_u64(pixels))
    }
}
