#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod animation;
mod curves;
mod error;
mod frame;
mod image;
mod lettering;
mod montage;
mod raster;
mod scatter;
mod sheet;
mod svg;
mod thin;
mod ticks;

pub use animation::{animation, animation_scale};
pub use curves::{Series, curves, stacked};
pub use error::SheetError;
pub use frame::YScale;
pub use image::{intensity, single};
pub use montage::{Tile, montage};
pub use raster::Pixels;
pub use scatter::scatter;
pub use sheet::{Arrangement, Look, Sheet};
