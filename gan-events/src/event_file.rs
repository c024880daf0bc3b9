//! Event files: written record by record, cut when a run is resumed.

use std::fs;
use std::path::{Path, PathBuf};

use gan_files::{AppendFile, replace};

use crate::error::EventsError;
use crate::event::{Content, Moment, encode, step_of, tags_of};
use crate::hparams::SESSION_END;
use crate::record::{Records, append};
use crate::value::Value;

/// How the names of event files begin.
const PREFIX: &str = "events.out.tfevents.";
/// Where others write the name of their host: the same run has the same name everywhere.
const LOGGED: &str = "gan";
/// The same for what was not logged but converted, which may be replaced.
const CONVERTED: &str = "gan-converted";

/// An event file, open at its end.
///
/// An event is written at once and whole; what a killed process has torn is not read by TensorBoard, and
/// is taken out by [`cut_after`].
#[derive(Debug)]
pub struct EventFile {
    file: AppendFile,
}

impl EventFile {
    /// Begins a file in `folder`, which is made if it is missing.
    ///
    /// TensorBoard reads the files of a folder in the order of their names, which begin with the seconds
    /// of `at`, or with the next second after the newest file there.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn create(folder: &Path, at: Moment) -> Result<Self, EventsError> {
        make_folder(folder)?;
        Self::begin(folder, at, at.step)
    }

    /// Begins a file in which a run goes on after `at.step`: what the folder's files have of later steps
    /// is taken out of them, and TensorBoard is told to forget it, if it is running.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn resume(folder: &Path, at: Moment) -> Result<(Self, Vec<Cut>), EventsError> {
        make_folder(folder)?;
        let cuts = cut_after(folder, at.step)?;
        Ok((Self::begin(folder, at, at.step.saturating_add(1))?, cuts))
    }

    /// Writes values of one moment, as one event.
    ///
    /// # Errors
    /// The system refuses it; the event is then not in the file.
    pub fn append(&mut self, at: Moment, values: &[Value]) -> Result<(), EventsError> {
        if values.is_empty() { Ok(()) } else { self.write(at, Content::Values(values)) }
    }

    /// Waits until every event is on the disk.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn sync(&self) -> Result<(), EventsError> {
        Ok(self.file.sync()?)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Begins a file whose events are of `first_step` and later ones.
    fn begin(folder: &Path, at: Moment, first_step: u64) -> Result<Self, EventsError> {
        let mut file = AppendFile::open(&free_name(folder, at)?)?;
        file.append(&begun(at, first_step))?;
        Ok(Self { file })
    }

    fn write(&mut self, at: Moment, content: Content<'_>) -> Result<(), EventsError> {
        let mut record = Vec::new();
        encode(at, content, &mut record);
        Ok(self.file.append(&record)?)
    }
}

/// What a file begins with.
pub(crate) fn begun(at: Moment, first_step: u64) -> Vec<u8> {
    let mut file = Vec::new();
    encode(Moment { step: 0, ..at }, Content::Version, &mut file);
    encode(Moment { step: first_step, ..at }, Content::Start, &mut file);
    file
}

/// What was taken out of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub path: PathBuf,
    /// Whole events of later steps.
    pub events: usize,
    /// Bytes from the first event on that is not whole: TensorBoard reads nothing after it.
    pub torn_bytes: usize,
}

/// Takes out of a folder's event files what is of a later step than `step`, how the run ended, and what
/// is no whole event; a list of the files that had any.
///
/// Files are replaced, never cut in place: a TensorBoard that has one open reads on in the old one.
///
/// # Errors
/// The system refuses it.
pub fn cut_after(folder: &Path, step: u64) -> Result<Vec<Cut>, EventsError> {
    let mut cuts = Vec::new();
    for name in names(folder)? {
        let path = folder.join(name);
        let bytes = read(&path)?;
        let (mut kept, mut events) = (Vec::new(), 0);
        let mut records = Records::of(&bytes);
        for event in records.by_ref() {
            if is_void(event, step) {
                events += 1;
            } else {
                append(event, &mut kept);
            }
        }
        let torn_bytes = records.rest().len();
        if kept.len() < bytes.len() {
            replace(&path, &kept)?;
            cuts.push(Cut { path, events, torn_bytes });
        }
    }
    Ok(cuts)
}

/// Whether an event does not hold for a run that goes on after `step`.
fn is_void(event: &[u8], step: u64) -> bool {
    step_of(event) > step || tags_of(event).any(|tag| tag == SESSION_END.as_bytes())
}

/// The names of a folder's event files, in TensorBoard's order.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, EventsError> {
    let about = |source| EventsError::Read { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(about)? {
        let name = entry.map_err(about)?.file_name();
        names.extend(name.to_str().filter(|name| name.starts_with(PREFIX)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// What the file of a converted run is called.
pub(crate) fn converted_name(began: Moment) -> String {
    name(whole_seconds(began), CONVERTED)
}

fn name(unix_seconds: u64, host: &str) -> String {
    format!("{PREFIX}{unix_seconds:010}.{host}")
}

/// Whole seconds since 1970.
fn whole_seconds(at: Moment) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a conversion from a float saturates; before 1970 is 0"
    )]
    let seconds = at.unix_seconds as u64;
    seconds
}

/// Makes a folder with all above it that are missing.
pub(crate) fn make_folder(folder: &Path) -> Result<(), EventsError> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.is_dir();
    let missing: Vec<&Path> = folder.ancestors().take_while(missing).collect();
    for path in missing.into_iter().rev() {
        gan_files::create_folder(path)?;
    }
    Ok(())
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, EventsError> {
    fs::read(path).map_err(|source| EventsError::Read { path: path.to_owned(), source })
}

fn free_name(folder: &Path, at: Moment) -> Result<PathBuf, EventsError> {
    let seconds = |name: &String| name.strip_prefix(PREFIX)?.split('.').next()?.parse().ok();
    let newest: Option<u64> = names(folder)?.iter().filter_map(seconds).max();
    let after_newest = newest.map_or(0, |newest| newest.saturating_add(1));
    Ok(folder.join(name(whole_seconds(at).max(after_newest), LOGGED)))
}

#[cfg(test)]
mod tests;
