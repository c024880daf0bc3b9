//! One picture of an experiment: the last one of each training, on a sheet.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::experiment::table::short;
use crate::experiment::{Experiment, Gan, Job, picture, summary};

/// Draws `summary.png`: a tile for every run, with its first seed, or for every seed of a single run.
/// Nothing is drawn, and `None` returned, where fewer than two trainings left a PNG.
///
/// # Errors
/// A summary cannot be read, or `gan montage` fails.
pub(crate) fn draw(
    gan: &Gan,
    experiment: &Experiment,
    jobs: &[Job],
    results: &Path,
) -> anyhow::Result<Option<PathBuf>> {
    let mut tiles = Vec::new();
    for job in shown(jobs) {
        let found = picture::find(&job.folder, &experiment.picture);
        if let Some(file) = found.filter(|file| file.extension().is_some_and(|e| e == "png")) {
            tiles.push((file, label(experiment, job)?));
        }
    }
    if tiles.len() < 2 {
        return Ok(None);
    }
    let sheet = results.join("summary.png");
    let mut arguments: Vec<OsString> = vec!["montage".into()];
    arguments.extend(tiles.iter().map(|(file, _)| file.into()));
    for (_, label) in &tiles {
        arguments.extend(["--label".into(), label.into()]);
    }
    if let Some(columns) = experiment.columns {
        arguments.extend(["--columns".into(), columns.to_string().into()]);
    }
    arguments.extend(["--title".into(), experiment.title.clone().into(), "--force".into()]);
    arguments.extend(["--out".into(), sheet.clone().into()]);
    gan.call(&arguments).context("cannot put the pictures on one sheet")?;
    Ok(Some(sheet))
}

/// The trainings whose pictures are shown.
fn shown(jobs: &[Job]) -> impl Iterator<Item = &Job> {
    let one_run = jobs.iter().all(|job| job.run == jobs[0].run);
    jobs.iter().filter(move |job| one_run || job.seed == 0)
}

/// The run, its seed and the first of the experiment's measures.
fn label(experiment: &Experiment, job: &Job) -> anyhow::Result<String> {
    let numbers = summary::numbers(&job.folder)?;
    let measured = experiment.measures.first().and_then(|name| {
        let value = numbers.get(name)?;
        Some(format!(", {name} {}", short(*value)))
    });
    Ok(format!("{}\nseed {}{}", job.run, job.seed, measured.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Form;

    fn jobs(runs: &str, seeds: u32) -> Vec<Job> {
        let text = format!("title='T'\nquestion='Q'\npicture='p.png'\nseeds=1\nrun=[{runs}]");
        let experiment: Experiment = toml::from_str(&text).unwrap();
        Job::all(&experiment, Form::Full, seeds, Path::new("out"))
    }

    #[test]
    fn runs_are_compared_by_one_seed_and_seeds_of_one_run_by_all() {
        let names = |jobs: &[Job]| {
            shown(jobs).map(|job| format!("{}{}", job.run, job.seed)).collect::<Vec<_>>()
        };
        let (a, b) = ("{name='a',recipe='gan'}", "{name='b',recipe='gan'}");
        assert_eq!(names(&jobs(&format!("{a},{b}"), 3)), ["a0", "b0"]);
        assert_eq!(names(&jobs(a, 3)), ["a0", "a1", "a2"]);
    }

    #[test]
    fn a_label_says_what_was_measured() {
        let folder = tempfile::tempdir().unwrap();
        let text = "title='T'\nquestion='Q'\npicture='p.png'\nseeds=1\nmeasures=['js','kl']\n\
                    run=[{name='a',recipe='gan'}]";
        let experiment: Experiment = toml::from_str(text).unwrap();
        let job = &Job::all(&experiment, Form::Full, 1, folder.path())[0];
        std::fs::create_dir_all(&job.folder).unwrap();
        std::fs::write(job.folder.join("summary.json"), "{\"js\": 0.01234}").unwrap();
        assert_eq!(label(&experiment, job).unwrap(), "a\nseed 0, js 0.01234");
    }
}
