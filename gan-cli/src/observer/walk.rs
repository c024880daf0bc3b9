//! Draws `samples/walk.png` and `samples/walk.anim.png` when a run has come to its end: a walk through latents.

use std::path::PathBuf;

use burn::tensor::Device;
use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::latent::{LatentPath, LatentPrior};
use gan_core::player::Generator;
use gan_core::sampler::Sampler;
use gan_core::seed::Stream;
use gan_plot::Look;

use crate::labels::ClassNames;
use crate::latent_walk::{LatentWalk, Route};
use crate::run_folder::replace_file;

/// Latents that are passed.
const LEGS: usize = 6;
/// Images of a leg: few enough for a page that is to stay small.
const PER_LEG: usize = 12;
const FRAMES_PER_SECOND: u16 = 12;

/// Walks as `gan interpolate` does, on the same latents, in fewer images.
pub(crate) struct Walk<const D: usize> {
    pub(crate) folder: PathBuf,
    pub(crate) prior: LatentPrior,
    /// Where the latents come from.
    pub(crate) stream: Stream,
    pub(crate) device: Device,
    /// Points of the real data to draw beside generated ones.
    pub(crate) real_points: Vec<[f32; 2]>,
    /// What the classes of the data are called, if the run's manifest names them.
    pub(crate) class_names: Vec<String>,
}

impl<const D: usize> Walk<D> {
    fn draw<G: Generator<D>>(&self, generator: G) -> anyhow::Result<()> {
        let names = ClassNames::of(&self.class_names, generator.classes());
        let class = (names.len() > 0).then_some(0);
        let name = class.and_then(|class| names.beside_rows(&[class]).pop());
        let route = Route {
            path: LatentPath::within(self.prior),
            legs: LEGS,
            in_row: PER_LEG,
            in_animation: PER_LEG,
            class,
        };
        let sampler = Sampler::new(generator, self.prior, self.stream.clone(), &self.device);
        let walk = LatentWalk::along(&route, &sampler, name);
        let still = walk.still(Look::default(), &self.real_points)?;
        replace_file(&self.folder.join("walk.png"), &still)?;
        if let Some(animation) = walk.animated(None, FRAMES_PER_SECOND)? {
            replace_file(&self.folder.join("walk.anim.png"), &animation)?;
        }
        Ok(())
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Walk<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Finished { players, ending, .. } = event
            && !ending.is_stopped()
        {
            self.draw(players.for_sampling()).map_err(Unrecorded::because)?;
        }
        Ok(Control::Continue)
    }
}
