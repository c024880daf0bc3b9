//! Draws `samples/`: what the same latents become as the generator learns.

use std::path::PathBuf;

use gan_core::{Clock, Control, Event, Generator, Observer, ObserverError, Players, Span};

use crate::picture;
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
}

impl<const D: usize> Pictures<D> {
    fn draw<G: Generator<D>>(&self, clock: Clock, generator: &G) -> Result<(), ObserverError> {
        let selection = Selection::about(self.count, generator.classes());
        let samples = self.latents.generate(generator, &selection);
        let title = format!("step {}, epoch {}", clock.step, clock.epochs());
        let png = draw_samples(&samples, &self.real_points, &title);
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
            Event::Finished { clock, players, .. } => Some((*clock, players)),
            _ => None,
        };
        if let Some((clock, players)) = due {
            self.draw(clock, &players.sampler())?;
        }
        Ok(Control::Continue)
    }
}

/// Images as a grid, those of a class in one row; points as a scatter plot beside real ones.
pub(crate) fn draw_samples(samples: &Samples, real: &[[f32; 2]], title: &str) -> Vec<u8> {
    match *samples.shape {
        [channels, height, width] => {
            let square = (samples.len() as f64).sqrt().ceil() as usize;
            let columns = samples.row.unwrap_or(square);
            picture::grid(&samples.values, [channels, height, width], columns)
        }
        _ => picture::scatter(real, &samples.points(), title),
    }
}
