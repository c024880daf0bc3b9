//! A closed walk through latents: its samples in rows, and one after the other.

use anyhow::bail;
use gan_core::latent::LatentPath;
use gan_core::player::Generator;
use gan_core::sampler::Sampler;
use gan_plot::{Arrangement, Look};

use crate::observer::render_samples;
use crate::sampling::Samples;

/// Points from one latent to the next, close enough to look like a curve.
pub(crate) const POINTS_PER_LEG: usize = 200;

/// How a walk goes.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) path: LatentPath,
    /// Latents that it passes; the last leg leads back to the first.
    pub(crate) legs: usize,
    /// Images of a leg in a row, with both of its ends.
    pub(crate) in_row: usize,
    /// Images of a leg in the animation, without its end.
    pub(crate) in_animation: usize,
    /// What is asked of a generator that takes a label.
    pub(crate) class: Option<usize>,
}

/// The samples of a walk.
pub(crate) struct LatentWalk {
    legs: usize,
    /// Samples of a leg in the still picture.
    per_leg: usize,
    /// That of the class, if it is more than its number.
    name: Option<String>,
    /// The legs, each with both of its ends; for points, the whole curve.
    rows: Samples,
    /// The walk as it is animated, if it is one through images.
    frames: Option<Samples>,
}

impl LatentWalk {
    /// Walks through the first latents of a sampler's stream, which are the same however many they are.
    pub(crate) fn along<G: Generator<D>, const D: usize>(
        route: &Route,
        sampler: &Sampler<G>,
        name: Option<String>,
    ) -> Self {
        let &Route { path, legs, in_row, in_animation, class } = route;
        let stops: Vec<_> = (0..legs as u64).map(|index| sampler.latent(index)).collect();
        let made = |taken, parts| Samples::of(sampler.at(&path.walk(&stops, taken, parts), class));
        // Samples of rank 2 are points; the rest are images.
        let (per_leg, rows, frames) = match D {
            2 => (POINTS_PER_LEG, made(POINTS_PER_LEG, POINTS_PER_LEG), None),
            _ => (in_row, made(in_row, in_row - 1), Some(made(in_animation, in_animation))),
        };
        Self { legs, per_leg, name, rows, frames }
    }

    /// The rows, or the curve over real points.
    pub(crate) fn still(&self, look: Look, real: &[[f32; 2]]) -> anyhow::Result<Vec<u8>> {
        let title = format!("a walk through {} latents", self.legs);
        let (groups, n, names) = (self.legs, self.per_leg, self.name.iter().cloned().collect());
        let arrangement = Arrangement::Groups { groups, n, names };
        render_samples(&self.rows, &arrangement, look, real, &title)
    }

    /// The animation; none of a walk through points.
    pub(crate) fn animated(
        &self,
        scale: Option<u32>,
        frames_per_second: u16,
    ) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(frames) = &self.frames else { return Ok(None) };
        let &[channels, height, width] = frames.shape.as_slice() else {
            bail!("only images can be animated, found samples of shape {:?}", frames.shape);
        };
        let shape = [channels, height, width];
        let scale = gan_plot::animation_scale(height, width, scale);
        Ok(Some(gan_plot::animation(&frames.values, shape, scale, frames_per_second)))
    }
}
