//! Renders `samples/`: what the same latents become as the generator learns.

use std::path::PathBuf;

use burn::tensor::Device;
use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::latent::LatentPrior;
use gan_core::player::{Generator, Players};
use gan_core::progress::{Cadence, Progress};
use gan_core::sampler::Sampler;
use gan_core::seed::Stream;

use crate::labels::ClassNames;
use crate::run_folder::replace_file;
use crate::sampling::{Samples, pictured};
use gan_plot::{Arrangement, Contours, Look, Scatter, Sheet};

/// Renders a picture before the first step, at a cadence and at the end.
pub(crate) struct Pictures<const D: usize> {
    pub(crate) folder: PathBuf,
    pub(crate) every: Cadence,
    pub(crate) count: usize,
    pub(crate) prior: LatentPrior,
    /// Where the latents come from.
    pub(crate) stream: Stream,
    pub(crate) device: Device,
    /// Points of the real data to draw beside generated ones.
    pub(crate) real_points: Vec<[f32; 2]>,
    /// Those of their density, where it is known.
    pub(crate) contours: Option<Contours>,
    /// What the classes of the data are called, if the run's manifest names them.
    pub(crate) class_names: Vec<String>,
}

impl<const D: usize> Pictures<D> {
    fn render<G: Generator<D>>(
        &self,
        progress: Progress,
        generator: G,
    ) -> Result<(), ObserverError> {
        let names = ClassNames::of(&self.class_names, generator.classes());
        let (selection, arrangement) = pictured(self.count, &names);
        let sampler = Sampler::new(generator, self.prior, self.stream.clone(), &self.device);
        let samples = Samples::of(sampler.draw(&selection));
        let title = format!("step {}, epoch {}", progress.step, progress.epochs());
        let (real, contours) = (self.real_points.as_slice(), self.contours.as_ref());
        let png = match samples.shape.len() {
            1 => Scatter { real, fake: &samples.points(), contours, title: &title }.to_png(),
            _ => render_samples(&samples, &arrangement, Look::default(), real, &title)?,
        };
        let path = self.folder.join(format!("step-{:07}.png", progress.step));
        Ok(replace_file(&path, &png)?)
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Pictures<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let due: Option<(Progress, &Players<G, C>)> = match event {
            Event::Started { progress, players, .. } if progress.step == 0 => {
                Some((*progress, players))
            }
            Event::Stepped(stepped) if self.every.falls_on(stepped.progress) => {
                Some((stepped.progress, stepped.players))
            }
            // Not at a stop before the end: a run that resumes from there would have one too many.
            Event::Finished { progress, players, ending } if !ending.is_stopped() => {
                Some((*progress, players))
            }
            _ => None,
        };
        if let Some((progress, players)) = due {
            self.render(progress, players.for_sampling()).map_err(Unrecorded::because)?;
        }
        Ok(Control::Continue)
    }
}

/// Images as a sheet; points as a scatter plot beside real ones.
pub(crate) fn render_samples(
    samples: &Samples,
    arrangement: &Arrangement,
    look: Look,
    real: &[[f32; 2]],
    title: &str,
) -> anyhow::Result<Vec<u8>> {
    let &[channels, height, width] = samples.shape.as_slice() else {
        return Ok(gan_plot::scatter(real, &samples.points(), title));
    };
    let mut sheet = Sheet::new([channels, height, width], arrangement, look)?;
    samples.values.chunks_exact(channels * height * width).for_each(|image| sheet.add(image));
    Ok(sheet.to_png())
}
