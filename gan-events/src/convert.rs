//! A whole run folder as event files.

use std::path::{Path, PathBuf};

use gan_files::replace;

use crate::board::{self, FLOORS, SAMPLES};
use crate::error::EventsError;
use crate::event::{Content, Moment, encode};
use crate::event_file::{begun, converted_name, make_folder, names, read};
use crate::hparams::{Ending, session_end};
use crate::run::Run;
use crate::value::Value;

/// Writes a run's events to `folder`, which is made if it is missing, and what was measured of real samples to
/// `of_real` in it; the files that were written.
///
/// The same run gives the same bytes under the same names, so a second conversion replaces the first; what was
/// logged while training is never replaced.
/// Times are those of [`Run::moment`].
///
/// # Errors
/// The folder has events of another run, a file of the run is damaged, or the system refuses it.
pub fn to_tensorboard(run: &Run, folder: &Path) -> Result<Vec<PathBuf>, EventsError> {
    let events = Events::of(run)?;
    let name = converted_name(run.moment(0));
    let mut written = vec![write(folder, &name, &events.own)?];
    if let Some(floors) = &events.floors {
        written.push(write(&folder.join(FLOORS), &name, floors)?);
    }
    Ok(written)
}

/// The bytes of both files.
struct Events {
    own: Vec<u8>,
    floors: Option<Vec<u8>>,
}

impl Events {
    fn of(run: &Run) -> Result<Self, EventsError> {
        let began = run.moment(0);
        let (own, floors) = (begun(began, 0), None);
        let mut events = Self { own, floors };
        events.append(began, &board::beginning(&run.config, run.manifest.as_deref(), began)?);
        for line in &run.lines {
            events.measured(run.moment(line.step), &line.numbers);
        }
        for (step, path) in &run.pictures {
            let at = run.moment(*step);
            events.append(at, &[board::picture(SAMPLES, &read(path)?, at)?]);
        }
        for (idx, change) in run.changes.iter().enumerate() {
            let at = run.moment(change.step());
            events.append(at, &board::finding(&run.changes[..=idx]));
        }
        if let Some(summary) = &run.summary {
            let at = run.moment(run.newest_step());
            let end = session_end(Ending::Finished, at.unix_seconds);
            events.append(at, &[board::document("summary.json", "json", summary), end]);
        }
        Ok(events)
    }

    fn append(&mut self, at: Moment, values: &[Value]) {
        encode(at, Content::Values(values), &mut self.own);
    }

    fn measured(&mut self, at: Moment, numbers: &[(String, f64)]) {
        let values = board::measured(numbers);
        self.append(at, &values.own);
        if !values.floors.is_empty() {
            let floors = self.floors.get_or_insert_with(|| begun(at, at.step));
            encode(at, Content::Values(&values.floors), floors);
        }
    }
}

fn write(folder: &Path, name: &str, events: &[u8]) -> Result<PathBuf, EventsError> {
    make_folder(folder)?;
    if let Some(found) = names(folder)?.into_iter().find(|found| found != name) {
        return Err(EventsError::Occupied { path: folder.to_owned(), found });
    }
    let path = folder.join(name);
    replace(&path, events)?;
    Ok(path)
}
