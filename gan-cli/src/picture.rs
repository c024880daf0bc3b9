//! Pictures of a run: sheets of samples, scatter plots and training curves.
//!
//! Each turns numbers into the bytes of a PNG or the text of an SVG and touches no file.
//! The same numbers give the same bytes. Colors stay distinguishable with a color vision deficiency.
//!
//! | Function | Shows | Format |
//! |---|---|---|
//! | [`Sheet`] | image samples side by side | PNG |
//! | [`single()`] | one image sample | PNG |
//! | [`animation()`] | image samples one after the other | animated PNG |
//! | [`scatter()`] | generated points over real ones | PNG |
//! | [`montage()`] | finished pictures side by side | PNG |
//! | [`curves()`] | values over the steps of a run | SVG |

mod animation;
mod curves;
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

pub(crate) use animation::{animation, animation_scale};
pub(crate) use curves::{Series, curves, stacked};
pub(crate) use frame::YScale;
pub(crate) use image::{intensity, single};
pub(crate) use montage::{Tile, montage};
pub(crate) use raster::Pixels;
pub(crate) use scatter::scatter;
pub(crate) use sheet::{Arrangement, Look, Sheet};
