#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod animation;
mod axes;
mod bins;
mod contour;
mod count;
mod curves;
mod error;
mod figure;
mod frame;
mod image;
mod lettering;
mod montage;
mod raster;
mod scatter;
mod sheet;
mod svg;
mod ticks;

pub use animation::{animation, animation_scale};
pub use axes::YScale;
pub use bins::{Bin, binned};
pub use contour::Contours;
pub use count::grouped;
pub use curves::{Series, curves, stacked};
pub use error::SheetError;
pub use figure::{Figure, Line, sparkline};
pub use image::{intensity, single};
pub use montage::{Tile, montage};
pub use raster::Pixels;
pub use scatter::{Scatter, scatter};
pub use sheet::{Arrangement, Look, Sheet};
