//! Observers (callbacks) of a run: they print, write and plot what the learner notifies of.

mod bar;
#[cfg(feature = "tui")]
mod dashboard;
mod doctor;
mod evaluations;
mod guard;
mod interrupt;
mod json_lines;
mod live;
mod log;
mod pictures;
mod plain;
mod plots;
mod summary;
mod tensorboard;
mod walk;

pub(crate) use bar::{Bar, Shown};
#[cfg(feature = "tui")]
pub(crate) use dashboard::Dashboard;
pub(crate) use doctor::{Consultation, Doctor, Outbox, STOPPED_BY_DOCTOR};
pub(crate) use evaluations::Evaluations;
pub(crate) use guard::Guard;
pub(crate) use interrupt::{Asked, Interrupt, exit_code};
pub(crate) use json_lines::{JsonLines, READER_GONE};
pub(crate) use live::Live;
pub(crate) use log::MetricsLog;
pub(crate) use pictures::{Pictures, render_samples};
pub(crate) use plain::PlainLines;
pub(crate) use plots::Plots;
pub(crate) use summary::Summary;
pub(crate) use tensorboard::{FOLDER as TENSORBOARD, TensorBoard};
pub(crate) use walk::Walk;
