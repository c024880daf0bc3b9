//! Pictures of a run: sheets of samples, scatter plots and training curves.
//!
//! Every function turns numbers into the bytes of a PNG or the text of an SVG and touches no file.
//! The same numbers give the same bytes. Colors stay distinguishable with a color vision deficiency.
//!
//! | Function | Shows | Format |
//! |---|---|---|
//! | [`grid()`] | image samples side by side | PNG |
//! | [`animation()`] | image samples one after the other | animated PNG |
//! | [`scatter()`] | generated points over real ones | PNG |
//! | [`montage()`] | finished pictures side by side | PNG |
//! | [`curves()`] | values over the steps of a run | SVG |

mod animation;
mod curves;
mod frame;
mod grid;
mod lettering;
mod montage;
mod raster;
mod scatter;
mod svg;
mod thin;
mod ticks;

pub(crate) use animation::animation;
pub(crate) use curves::{Series, curves, stacked};
pub(crate) use frame::YScale;
pub(crate) use grid::grid;
pub(crate) use montage::{Tile, montage};
pub(crate) use raster::Pixels;
pub(crate) use scatter::scatter;
