//! A run folder as a report reads it: whatever of it is there.

mod config;
mod diagnoses;
mod manifest;
mod metrics;
mod pictures;

use std::fs;
use std::path::{Path, PathBuf};

use gan_doctor::{Case, Examination, Record};
use gan_run::Change;

pub(crate) use config::Config;
pub(crate) use diagnoses::{Diagnoses, History, Origin};
pub(crate) use manifest::Manifest;
pub(crate) use metrics::Metrics;
pub(crate) use pictures::{Picture, Walk};

use crate::ReportError;
use crate::note::Note;

/// A key of the configuration that has another value than the recipe's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key, such as `train.critic.lr`.
    pub key: String,
    /// The recipe's value, as it is typed; empty where the recipe has none.
    pub recipe: String,
    /// The run's value; empty where the run has none.
    pub run: String,
}

/// A run folder that was read, with what its caller knows besides.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    pub(crate) config: Config,
    pub(crate) manifest: Manifest,
    pub(crate) summary: Manifest,
    pub(crate) metrics: Metrics,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) walk: Walk,
    pub(crate) differences: Option<Vec<Difference>>,
    pub(crate) notes: Vec<Note>,
    /// The step of the checkpoint that cures begin at.
    pub(crate) good: Option<u64>,
    recorded: Option<Vec<Change>>,
    examined: Option<Examined>,
}

/// What the doctor knows of a run with its configuration, and what it makes of it.
#[derive(Clone, Debug)]
struct Examined {
    record: Record,
    examination: Examination,
}

impl Run {
    /// Reads a run folder: `config.toml`, `manifest.json`, `metrics.jsonl`, `diagnoses.jsonl`,
    /// `summary.json` and the pictures in `samples/`. Whatever is missing, torn or damaged is left
    /// out, and the report says so.
    ///
    /// # Errors
    /// [`ReportError::Folder`] if it cannot be listed, [`ReportError::NoRun`] if it has none of the
    /// first three files.
    pub fn read(folder: impl Into<PathBuf>) -> Result<Self, ReportError> {
        let folder = folder.into();
        if let Err(source) = fs::read_dir(&folder) {
            return Err(ReportError::Folder { folder, source });
        }
        let mut files = Files { folder: &folder, notes: Vec::new(), found: 0 };
        let config = files.parsed("config.toml", |bytes| {
            config::read(str::from_utf8(bytes).map_err(|error| error.to_string())?)
        });
        let manifest = files.parsed("manifest.json", Manifest::read);
        let metrics = files.bytes(metrics::FILE);
        if files.found == 0 {
            return Err(ReportError::NoRun { folder });
        }
        let Files { mut notes, .. } = files;
        let metrics = metrics.map(|bytes| Metrics::read(&bytes, &mut notes)).unwrap_or_default();
        let recorded = fs::read(folder.join(diagnoses::FILE)).ok();
        let recorded = recorded.map(|bytes| diagnoses::read(&bytes, &mut notes));
        let summary = summary(&folder, &mut notes);
        let (pictures, walk) = pictures::read(&folder, &mut notes);
        Ok(Self {
            name: name(&folder),
            config: config.unwrap_or_default(),
            manifest: manifest.unwrap_or_default(),
            differences: None,
            examined: None,
            good: None,
            folder,
            summary,
            metrics,
            pictures,
            walk,
            notes,
            recorded,
        })
    }

    /// The configuration and the data as the doctor knows them: the whole run is then examined with
    /// them. Without, the verdict is what `diagnoses.jsonl` has open at its end, or what can be told
    /// from the measurements alone.
    #[must_use]
    pub fn with_case(self, case: Case) -> Self {
        let record = Record { case, trace: self.metrics.trace() };
        let examination = record.examine();
        Self { examined: Some(Examined { record, examination }), ..self }
    }

    /// The examination of the whole run, and what was examined; none without
    /// [`with_case`](Self::with_case).
    #[must_use]
    pub fn examined(&self) -> Option<(&Record, &Examination)> {
        self.examined.as_ref().map(|Examined { record, examination }| (record, examination))
    }

    /// What of the configuration differs from the recipe; an empty list says that nothing does.
    #[must_use]
    pub fn with_differences(self, differences: Vec<Difference>) -> Self {
        Self { differences: Some(differences), ..self }
    }

    /// The step of the last checkpoint before the first finding that is good: its cures are commands
    /// that branch off there, unless they change the networks.
    #[must_use]
    pub fn with_good_checkpoint(self, step: Option<u64>) -> Self {
        Self { good: step, ..self }
    }

    /// A picture of a walk through the latents: a PNG file, animated or not; one of each kind is shown.
    /// Without, `samples/walk*.png` are, or the newest `samples/interpolate-step*.png`.
    #[must_use]
    pub fn with_walk(mut self, file: &Path) -> Self {
        let shown = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        match pictures::one(file, 0) {
            Ok(picture) => self.walk.take(shown, picture),
            Err(why) => self.notes.push(Note::Unreadable { file: shown, why }),
        }
        self
    }

    /// What the doctor has to say.
    pub(crate) fn diagnoses(&self) -> Diagnoses {
        match (&self.examined, self.recorded.as_deref()) {
            (Some(Examined { examination, .. }), _) => {
                Diagnoses::of(examination, self.origin(Origin::Examined))
            }
            (None, Some(changes)) => Diagnoses::open_at_the_end(changes),
            (None, None) => {
                let record = Record { case: Case::default(), trace: self.metrics.trace() };
                Diagnoses::of(&record.examine(), self.origin(Origin::MeasurementsAlone))
            }
        }
    }

    /// What it said during the training.
    pub(crate) fn history(&self) -> History {
        match (self.recorded.as_deref(), &self.examined) {
            (Some(changes), _) => History { changes: changes.to_vec(), is_replayed: false },
            (None, Some(Examined { record, .. })) => History::replayed(record),
            (None, None) => {
                let (case, trace) = (Case::default(), self.metrics.trace());
                History::replayed(&Record { case, trace })
            }
        }
    }

    /// Where findings are from, unless there is nothing that they could be from.
    fn origin(&self, origin: Origin) -> Origin {
        if self.metrics.steps().is_none() { Origin::Nothing } else { origin }
    }

    /// The last step that anything is known of.
    pub(crate) fn last_step(&self) -> u64 {
        let measured = self.metrics.steps().map(|(_, last)| last);
        let pictured = self.pictures.last().map(|picture| picture.step);
        measured.max(pictured).max(self.summary.count("/steps")).unwrap_or(0)
    }

    /// The value of a key of the configuration.
    pub(crate) fn setting(&self, key: &str) -> Option<&str> {
        self.config.iter().find(|(found, _)| found == key).map(|(_, value)| &**value)
    }

    /// The classes that the rows of a sheet are of, from above; none where the generator takes no label,
    /// makes no images, or has more classes than are shown.
    pub(crate) fn rows(&self) -> Vec<String> {
        let number = |key: &str| self.setting(key).and_then(|value| value.parse::<usize>().ok());
        let names = self.manifest.list("/data/class_names");
        let has_rows = number("model.classes").is_some_and(|classes| classes == names.len())
            && number("pictures.count").is_none_or(|shown| names.len() <= shown)
            && self.manifest.list("/data/shape").len() == 3;
        if has_rows { names } else { Vec::new() }
    }

    /// Whether the density of the data is known, so that pictures of points can have its contours.
    pub(crate) fn has_known_density(&self) -> bool {
        let is_known = ["moons", "ring", "grid"].map(Some).contains(&self.setting("data.kind"));
        let deviation = ["data.noise", "data.sigma"].iter().find_map(|key| self.setting(key));
        is_known
            && deviation.and_then(|text| text.parse().ok()).is_none_or(|noise: f64| noise > 0.0)
    }

    /// The recipe, by the manifest or the configuration.
    pub(crate) fn recipe(&self) -> Option<String> {
        self.manifest.text("/recipe").or_else(|| self.setting("recipe").map(str::to_owned))
    }

    /// The seed, likewise.
    pub(crate) fn seed(&self) -> Option<String> {
        self.manifest.text("/seed").or_else(|| self.setting("seed").map(str::to_owned))
    }
}

/// The files that make a folder a run.
struct Files<'a> {
    folder: &'a Path,
    notes: Vec<Note>,
    found: usize,
}

impl Files<'_> {
    fn bytes(&mut self, file: &'static str) -> Option<Vec<u8>> {
        let path = self.folder.join(file);
        let read = fs::read(&path);
        self.found += usize::from(path.exists());
        match read {
            Ok(bytes) => return Some(bytes),
            Err(_) if !path.exists() => self.notes.push(Note::Missing(file)),
            Err(error) => self.notes.push(unreadable(file, error.to_string())),
        }
        None
    }

    fn parsed<T>(
        &mut self,
        file: &'static str,
        parse: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = parse(&self.bytes(file)?);
        parsed.map_err(|why| self.notes.push(unreadable(file, why))).ok()
    }
}

fn unreadable(file: &str, why: String) -> Note {
    Note::Unreadable { file: file.to_owned(), why }
}

/// What a run writes at its end.
fn summary(folder: &Path, notes: &mut Vec<Note>) -> Manifest {
    const FILE: &str = "summary.json";
    let Ok(bytes) = fs::read(folder.join(FILE)) else {
        notes.push(Note::Unfinished);
        return Manifest::default();
    };
    Manifest::read(&bytes).unwrap_or_else(|why| {
        notes.push(unreadable(FILE, why));
        Manifest::default()
    })
}

/// The folder's own name, also where it was given as `.`.
fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy().into_owned()
}
