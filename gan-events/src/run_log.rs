//! The events of a run while it trains.

use std::path::{Path, PathBuf};

use gan_run::Change;

use crate::board::{self, FLOORS, SAMPLES};
use crate::error::EventsError;
use crate::event::Moment;
use crate::event_file::{Cut, EventFile, names};
use crate::histogram::Histogram;
use crate::hparams::{Ending, session_end};
use crate::value::Value;

/// What a run is, told at its beginning.
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    /// Its configuration, in TOML: a text, and the settings of the page HPARAMS.
    pub config: &'a str,
    /// What was noted of its surroundings, in JSON; empty if nothing was.
    pub manifest: &'a str,
    /// What the doctor has found so far, as lines of `diagnoses.jsonl`; empty for a new run.
    pub diagnoses: &'a str,
}

/// Writes the events of a run as they come: one folder for the run, and in it one, `of_real`, for what was
/// measured of real samples.
///
/// Every call writes whole events; nothing waits in memory.
#[derive(Debug)]
pub struct RunLog {
    folder: PathBuf,
    own: EventFile,
    /// From the first floor on.
    floors: Option<EventFile>,
    changes: Vec<Change>,
}

impl RunLog {
    /// Begins the events of a new run in `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// There are events in the folder already, the configuration is no TOML, or the system refuses it.
    pub fn begin(folder: &Path, run: &Description<'_>, at: Moment) -> Result<Self, EventsError> {
        let found = if folder.is_dir() { names(folder)?.into_iter().next() } else { None };
        if let Some(found) = found {
            return Err(EventsError::Occupied { path: folder.to_owned(), found });
        }
        let values = board::beginning(run.config, run.manifest(), at)?;
        let mut own = EventFile::create(folder, at)?;
        own.append(at, &values)?;
        let changes = run.changes()?;
        Ok(Self { folder: folder.to_owned(), own, floors: None, changes })
    }

    /// Goes on with the events of a run after `at.step`; what was taken out of its files comes with it.
    ///
    /// What is told of later steps is void: it is taken out of the files, and a TensorBoard that is
    /// running forgets it. New events are written to new files, because TensorBoard reads on in an open
    /// one from where it was.
    ///
    /// # Errors
    /// The configuration is no TOML, or the system refuses it.
    pub fn resume(
        folder: &Path,
        run: &Description<'_>,
        at: Moment,
    ) -> Result<(Self, Vec<Cut>), EventsError> {
        let values = board::beginning(run.config, run.manifest(), at)?;
        let changes = run.changes()?;
        let (mut own, mut cuts) = EventFile::resume(folder, at)?;
        own.append(at, &values)?;
        let floors = folder.join(FLOORS);
        let floors = if floors.is_dir() {
            let (file, floors_cuts) = EventFile::resume(&floors, at)?;
            cuts.extend(floors_cuts);
            Some(file)
        } else {
            None
        };
        Ok((Self { folder: folder.to_owned(), own, floors, changes }, cuts))
    }

    /// Numbers by their names, as in a line of `metrics.jsonl`. What ends in `/of_real` is a floor: it goes
    /// to the run `of_real`, under the name without that.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn measured<N: AsRef<str>>(
        &mut self,
        at: Moment,
        numbers: &[(N, f64)],
    ) -> Result<(), EventsError> {
        let values = board::measured(numbers);
        self.own.append(at, &values.own)?;
        if values.floors.is_empty() {
            return Ok(());
        }
        if self.floors.is_none() {
            self.floors = Some(EventFile::create(&self.folder.join(FLOORS), at)?);
        }
        self.floors.as_mut().map_or(Ok(()), |file| file.append(at, &values.floors))
    }

    /// The picture of a step's samples, as the bytes of a PNG file.
    ///
    /// # Errors
    /// It is no PNG file, or the system refuses it.
    pub fn samples(&mut self, at: Moment, png: &[u8]) -> Result<(), EventsError> {
        let picture = board::picture(SAMPLES, png, at)?;
        self.append(at, &[picture])
    }

    /// How numbers are distributed, such as the scores of a batch. How many of them are not finite is a
    /// number of its own, `TAG/not_finite`, where there are any.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn histogram(&mut self, at: Moment, tag: &str, numbers: &[f64]) -> Result<(), EventsError> {
        let histogram = Histogram::of(numbers);
        let mut values = vec![Value::histogram(tag, &histogram)];
        if histogram.not_finite() > 0 {
            let tag = format!("{tag}/not_finite");
            values.push(Value::scalar(&tag, histogram.not_finite() as f64));
        }
        self.append(at, &values)
    }

    /// What the doctor has found, as a line of `diagnoses.jsonl`; the moment's step is that of the line.
    ///
    /// # Errors
    /// It is no such line, or the system refuses it.
    pub fn diagnosis(&mut self, unix_seconds: f64, line: &str) -> Result<(), EventsError> {
        let change = change_of(line)?;
        let at = Moment { step: change.step(), unix_seconds };
        self.changes.push(change);
        let values = board::finding(&self.changes);
        self.append(at, &values)
    }

    /// How the run has ended.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn end(&mut self, at: Moment, ending: Ending) -> Result<(), EventsError> {
        self.append(at, &[session_end(ending, at.unix_seconds)])
    }

    /// Values of one's own.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn append(&mut self, at: Moment, values: &[Value]) -> Result<(), EventsError> {
        self.own.append(at, values)
    }

    /// Waits until every event is on the disk.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn sync(&self) -> Result<(), EventsError> {
        self.own.sync()?;
        self.floors.as_ref().map_or(Ok(()), EventFile::sync)
    }
}

impl<'a> Description<'a> {
    fn manifest(&self) -> Option<&'a str> {
        (!self.manifest.is_empty()).then_some(self.manifest)
    }

    fn changes(&self) -> Result<Vec<Change>, EventsError> {
        self.diagnoses.lines().map(change_of).collect()
    }
}

fn change_of(line: &str) -> Result<Change, EventsError> {
    serde_json::from_str(line).map_err(|source| EventsError::Finding { source })
}
