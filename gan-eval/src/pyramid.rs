//! Sliced Wasserstein distance of Laplacian pyramids: at which scale images differ.
//!
//! An image is split into bands: its details at full resolution, at half of it, and so on, and what is
//! left at the coarsest. In each band, small patches of all real images are compared with small patches of
//! all fake ones. Blur raises the finest band, wrong shapes raise the coarse ones.
//!
//! 1. **Levels.** The next level is the image filtered by `(1 4 6 4 1)/16` along both axes, the border
//!    mirrored about its last pixel, and every other pixel of that. A level is followed by another while
//!    half of its shorter side, rounded up, is at least 14 pixels: 32×32 has the levels 32 and 16, 28×28
//!    has 28 and 14, 64×64 has 64, 32 and 16; images of less than 27 pixels have one.
//! 2. **Bands.** That of a level is the image there minus the next level, brought back to its size by the
//!    same filter; that of the last level is the image there.
//! 3. **Patches.** 7×7 pixels of all channels at random places of each band. Each channel is shifted
//!    and scaled to mean 0 and deviation 1 over all patches of its set.
//! 4. **Distance.** `10³ · mean over θ of W₁(θᵀx, θᵀy)` over random unit directions: the mean absolute
//!    difference of sorted projections.
//!
//! # What misleads
//! - Both sets are normalized on their own, so the brightness, the contrast and the tint of a whole set
//!   are invisible in every band.
//! - Patches know neither their place nor each other: a set of shuffled patches would score well.
//! - Finite sets have a floor: compare with the distance of as many held-out real images.
//!
//! # Source
//! Karras et al. (2018), arXiv:1710.10196, §5; pyramids by Burt and Adelson (1983),
//! doi:10.1109/TCOM.1983.1095851.

mod chosen;
mod distance;
mod images;
mod levels;
mod patches;

pub(crate) use chosen::Choice;
pub use chosen::ChosenImages;
pub use distance::{LevelDistance, PyramidDistance, PyramidEstimate, pyramid_distance};
pub use images::Images;

#[cfg(test)]
mod tests;
