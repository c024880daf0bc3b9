//! What a run folder gets to be looked at: pictures, plots, a summary, event files.

use std::time::Instant;

use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::player::Generator;

use super::run::{pictures, walk};
use super::setup::Setup;
use crate::observer::{Pictures, Plots, Summary, TensorBoard, Walk};
use crate::run_folder::RunFolder;

/// The observers that render, one after the other.
pub(super) struct Rendered<const D: usize> {
    pictures: Pictures<D>,
    /// For the report, where one is asked for.
    walk: Option<Walk<D>>,
    plots: Plots,
    summary: Summary,
    /// After the pictures, of which it tells.
    tensorboard: Option<TensorBoard>,
}

impl<const D: usize> Rendered<D> {
    /// Those of a run that goes on after `step`, of a program that began then.
    pub(super) fn of(
        setup: &Setup,
        folder: &RunFolder,
        step: u64,
        began: Instant,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            pictures: pictures(setup, folder)?,
            walk: walk(setup, folder)?,
            plots: Plots::new(folder.metrics(), folder.plots()),
            summary: Summary::new(folder.clone(), setup.config.clone(), began),
            tensorboard: TensorBoard::of(folder, &setup.config, step)?,
        })
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Rendered<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let Self { pictures, walk, plots, summary, tensorboard } = self;
        let all: [&mut dyn Observer<G, C>; 5] = [pictures, walk, plots, summary, tensorboard];
        for observer in all {
            match observer.observe(event)? {
                Control::Continue => {}
                stop => return Ok(stop),
            }
        }
        Ok(Control::Continue)
    }
}
