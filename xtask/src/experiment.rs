//! Named experiments: data files that define what to train, and the program that trains it.

mod definition;
mod launch;
mod picture;
mod plan;
mod request;
mod run;
mod sheet;
mod summary;
mod sweep;
mod table;
mod workers;

pub(crate) use definition::{Experiment, Task, names};
pub(crate) use launch::{Gan, Launched, Room};
pub(crate) use plan::{Folder, Job};
pub(crate) use request::{Form, Request, Start};
pub(crate) use run::{Ending, list, run};
pub(crate) use summary::numbers;
use sweep::Sweep;
