//! The results of an experiment's trainings, read from their run folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::experiment::table::{Row, Table};
use crate::experiment::{Experiment, Form, Job, Request};
use crate::results::Provenance;

/// The numbers in a run's `summary.json`, by name; what is not a number is left out. `"inf"`, `"-inf"`
/// and `"nan"` are the numbers that JSON has no word for.
///
/// # Errors
/// The file cannot be read, or is not one JSON object.
pub(crate) fn numbers(run_folder: &Path) -> anyhow::Result<BTreeMap<String, f64>> {
    let path = run_folder.join("summary.json");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    let Value::Object(fields) = value else {
        bail!("{} holds no JSON object", path.display());
    };
    Ok(fields.into_iter().filter_map(|(name, value)| Some((name, number(&value)?))).collect())
}

/// A number, or what stands for one that JSON has no word for.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) if ["inf", "-inf", "nan"].contains(&text.as_str()) => text.parse().ok(),
        other => other.as_f64(),
    }
}

/// Writes `summary.csv` (a line per training) and `summary.md` (mean and spread per run), and
/// returns the path of the latter.
///
/// # Errors
/// A run's summary cannot be read, or a file cannot be written.
pub(crate) fn write(
    experiment: &Experiment,
    request: &Request,
    jobs: &[Job],
    results: &Path,
    claims: &str,
) -> anyhow::Result<PathBuf> {
    let mut rows = Vec::new();
    for job in jobs {
        // A training that has diverged leaves no summary.
        let numbers = if job.has_diverged() { BTreeMap::new() } else { numbers(&job.folder)? };
        rows.push(Row { run: job.run.clone(), seed: job.seed, numbers });
    }
    let table = Table::new(rows);
    fs::create_dir_all(results).with_context(|| format!("cannot create {}", results.display()))?;
    save(&results.join("summary.csv"), &table.csv())?;
    let form = match request.form {
        Form::Full => "",
        Form::Quick => " (the short form)",
    };
    let numbers = match experiment.measures.as_slice() {
        [] => table.markdown(),
        measures => table.markdown_by_run(measures),
    };
    let mut text = format!("# {}{form}\n\n{}\n\n{numbers}", experiment.title, experiment.question);
    if let Some(provenance) = Provenance::line(jobs)? {
        text += &format!("\n{provenance}\n");
    }
    text += claims;
    for job in jobs {
        // What a command tabulates itself.
        if let Ok(own) = fs::read_to_string(job.folder.join("table.md")) {
            text += &format!("\n## {}, seed {}\n\n{own}", job.run, job.seed);
        }
    }
    let path = results.join("summary.md");
    save(&path, &text)?;
    Ok(path)
}

/// Writes a file.
///
/// # Errors
/// It cannot be written.
pub(crate) fn save(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_read() {
        let run = tempfile::tempdir().unwrap();
        let path = run.path().join("summary.json");
        fs::write(
            &path,
            r#"{"steps": 20, "loss": 0.5, "recipe": "gan", "best": null, "kl": "inf"}"#,
        )
        .unwrap();
        let found = numbers(run.path()).unwrap();
        assert_eq!(
            found,
            BTreeMap::from([
                ("kl".into(), f64::INFINITY),
                ("loss".into(), 0.5),
                ("steps".into(), 20.0),
            ])
        );
    }

    #[test]
    fn a_broken_summary_is_named() {
        let run = tempfile::tempdir().unwrap();
        let complaint = || format!("{:#}", numbers(run.path()).unwrap_err());
        assert!(complaint().contains("cannot read"));
        for (text, expected) in [("{", "is not JSON"), ("[1]", "no JSON object")] {
            fs::write(run.path().join("summary.json"), text).unwrap();
            assert!(complaint().contains(expected) && complaint().contains("summary.json"));
        }
    }

    #[test]
    fn chosen_measures_and_tables_of_commands_are_shown() {
        let results = tempfile::tempdir().unwrap();
        let text = "title='T'\nquestion='Q'\npicture='p.svg'\nseeds=1\nmeasures=['error']\n\
                    run=[{name='a',command=['duality']}]";
        let experiment: Experiment = toml::from_str(text).unwrap();
        let jobs = Job::all(&experiment, Form::Full, 1, results.path());
        fs::create_dir(&jobs[0].folder).unwrap();
        fs::write(jobs[0].folder.join("summary.json"), "{\"error\": 0.5, \"steps\": 3}").unwrap();
        fs::write(jobs[0].folder.join("table.md"), "| own |\n").unwrap();
        let path = write(&experiment, &Request::default(), &jobs, results.path(), "").unwrap();
        let markdown = fs::read_to_string(path).unwrap();
        assert!(markdown.contains("| a | 1 | 0.5 |\n\n## a, seed 0\n\n| own |\n"), "{markdown}");
        assert!(!markdown.contains("steps"), "{markdown}");
    }

    #[test]
    fn both_tables_are_written_for_several_seeds() {
        let results = tempfile::tempdir().unwrap();
        let text = "title='T'\nquestion='Q'\npicture='p.png'\nseeds=2\n\
                    run=[{name='a',recipe='gan'}]";
        let experiment: Experiment = toml::from_str(text).unwrap();
        let jobs = Job::all(&experiment, Form::Quick, 2, results.path());
        for job in &jobs {
            fs::create_dir(&job.folder).unwrap();
            let json = format!("{{\"loss\": {}}}", job.seed + 1);
            fs::write(job.folder.join("summary.json"), json).unwrap();
        }
        let request = Request { form: Form::Quick, ..Request::default() };
        let path =
            write(&experiment, &request, &jobs, results.path(), "\n## Claims\n\n- held: S.\n")
                .unwrap();
        let markdown = fs::read_to_string(path).unwrap();
        assert!(markdown.starts_with("# T (the short form)\n\nQ\n\n"), "{markdown}");
        let end = "| loss | 1.5 (1 … 2) |\n\n## Claims\n\n- held: S.\n";
        assert!(markdown.ends_with(end), "{markdown}");
        let csv = fs::read_to_string(results.path().join("summary.csv")).unwrap();
        assert_eq!(csv, "run,seed,loss\na,0,1\na,1,2\n");
    }
}
