//! Draws `samples/`: what the same latents become as the generator learns.

use std::path::PathBuf;

use gan_core::{
    Clock, Control, Event, Generator, Observer, ObserverError, Players, Span, Unrecorded,
};

use crate::labels::ClassNames;
use crate::picture::{self, Arrangement, Look, Sheet};
use crate::run_folder::replace_file;
use crate::sampling::{LatentDraws, Samples, Selection};

/// Draws a picture before the first step, at a cadence and at the end.
pub(crate) struct Pictures<const D: usize> {
    pub(crate) folder: PathBuf,
    pub(crate) every: Span,
    pub(crate) count: usize,
    pub(crate) latents: LatentDraws,
    /// Points of the real data to draw beside generated ones.
    pub(crate) real_points: Vec<[f32; 2]>,
    /// What the classes of the data are called, if the run's manifest says so.
    pub(crate) class_names: Vec<String>,
}

impl<const D: usize> Pictures<D> {
    fn draw<G: Generator<D>>(&self, clock: Clock, generator: &G) -> Result<(), ObserverError> {
        let selection = Selection::about(self.count, generator.classes());
        let names = ClassNames::of(&self.class_names, generator.classes());
        let arrangement = selection.arrangement(&names);
        let samples = self.latents.generate(generator, &selection);
        let title = format!("step {}, epoch {}", clock.step, clock.epochs());
        let png = draw_samples(&samples, &arrangement, Look::default(), &self.real_points, &title)?;
        let path = self.folder.join(format!("step-{:07}.png", clock.step));
        Ok(replace_file(&path, &png)?)
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Pictures<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let due: Option<(Clock, &Players<G, C>)> = match event {
            Event::Started { clock, players, .. } if clock.step == 0 => Some((*clock, players)),
            Event::Stepped(stepped) if self.every.falls_on(stepped.clock) => {
                Some((stepped.clock, stepped.players))
            }
            // Not at a stop before the end: a run that goes on from there would have one too many.
            Event::Finished { clock, players, stopped: None } => Some((*clock, players)),
            _ => None,
        };
        if let Some((clock, players)) = due {
            self.draw(clock, &players.sampler()).map_err(Unrecorded::because)?;
        }
        Ok(Control::Continue)
    }
}

/// Images as a sheet; points as a scatter plot beside real ones.
pub(crate) fn draw_samples(
    samples: &Samples,
    arrangement: &Arrangement,
    look: Look,
    real: &[[f32; 2]],
    title: &str,
) -> anyhow::Result<Vec<u8>> {
    let &[channels, height, width] = samples.shape.as_slice() else {
        return Ok(picture::scatter(real, &samples.points(), title));
    };
    let mut sheet = Sheet::new([channels, height, width], arrangement, look)?;
    samples.values.chunks_exact(channels * height * width).for_each(|image| sheet.add(image));
    Ok(sheet.to_png())
}
