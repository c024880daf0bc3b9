//! Named experiments: data files that define what to train, and the program that trains it.

mod definition;
mod launch;
mod picture;
mod plan;
mod planted;
mod request;
mod run;
mod sheet;
mod summary;
mod sweep;
mod table;
mod workers;

pub(crate) use definition::{Care, Experiment, Task, names};
pub(crate) use launch::{Gan, Launched, Room};
pub(crate) use plan::{Folder, Job};
use planted::{Planted, Suite};
pub(crate) use request::{Cures, Form, Request, Start};
pub(crate) use run::{Ending, list, run};
pub(crate) use summary::numbers;
use sweep::Sweep;
