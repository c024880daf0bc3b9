//! Named experiments: data files that define what to train, and the program that trains it.

mod branch;
mod cluster;
mod definition;
mod launch;
mod picture;
mod plan;
mod planted;
mod report;
mod request;
mod run;
mod sheet;
mod summary;
mod sweep;
mod table;
mod workers;

pub(crate) use definition::{Care, Experiment, Task, names};
pub(crate) use launch::{Gan, Launched, Room};
pub(crate) use picture::{Pictures, kept as pictures_of};
pub(crate) use plan::{DIVERGED, Folder, Job};
use planted::{Planted, Suite};
pub(crate) use request::{Checking, Cures, Form, Mixing, Place, Request, Start};
pub(crate) use run::{Ending, list, run};
pub(crate) use summary::{number, numbers};
use sweep::Sweep;
pub(crate) use table::{csv_cell, short};
