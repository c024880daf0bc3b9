//! `gan doctor`: what is wrong with a run, from what it has measured.

mod last_good;
mod record;
mod treatment;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, anyhow};
use gan_doctor::reader::{Reading, read_csv, read_json_lines};
use gan_doctor::{Case, Examination, Monitor, RULES, Record, Rule, find_rule};
use serde_json::json;

use crate::args::DoctorArguments;
use crate::config::place;
use crate::run_folder::{RunFolder, free_beside};
use crate::streams;
use crate::table::table;

use last_good::keeps_networks;
pub(crate) use last_good::last_good;
use treatment::{CURED, Treatment};

pub(crate) fn run(arguments: &DoctorArguments, began: Instant) -> anyhow::Result<ExitCode> {
    if let (Some(root), true) = (&arguments.run, arguments.try_cure) {
        let &DoctorArguments { budget, tries, json: as_json, .. } = arguments;
        return Treatment { root, budget, tries, as_json }.run(began);
    }
    let DoctorArguments { run, metrics, recorded, explain, json, .. } = arguments;
    let text = match (run, metrics, recorded, explain) {
        (Some(root), ..) => of_run(root, arguments)?,
        (_, Some(file), ..) => of_log(file, arguments)?,
        (_, _, Some(file), _) => examined(&record::of_file(file)?, *json)?,
        (.., Some(rule)) => find_rule(rule)?.page().text().to_owned() + "\n",
        _ => list(*json)?,
    };
    streams::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The examination of a run of this program.
fn of_run(root: &Path, arguments: &DoctorArguments) -> anyhow::Result<String> {
    let record = record::of_run(&RunFolder::open(root)?)?;
    if !root.join("summary.json").exists() {
        streams::say(&format!(
            "note: {} has no summary.json yet: it is in progress, or was killed",
            root.display()
        ));
    }
    if let Some(file) = &arguments.record {
        record::write(&record, file)?;
    }
    if arguments.json {
        return json_of(&record);
    }
    let (examination, saved) = (record.examine(), RunFolder::open(root)?.saved_steps()?);
    Ok(format!("{examination}{}", to_type(root, &examination, &record, &saved)))
}

/// The command that trains with the first cure that is a setting, from the last good checkpoint or
/// anew.
fn to_type(root: &Path, examination: &Examination, record: &Record, saved: &[u64]) -> String {
    let of_finding = |finding| move |remedy| (finding, remedy);
    let all = examination.findings.iter();
    let mut all = all.flat_map(|finding| finding.remedies.iter().map(of_finding(finding)));
    let Some((finding, remedy)) = all.find(|(_, remedy)| !remedy.settings.is_empty()) else {
        return String::new();
    };
    let run = root.display();
    let what = match last_good(saved, record, finding).filter(|_| keeps_networks(remedy)) {
        Some(step) => format!("--branch {run} --from-step {step}"),
        None => root.join("config.toml").display().to_string(),
    };
    let settings: Vec<String> = remedy.arguments().collect();
    format!(
        "\nTo train it with the first cure:\n  gan train {what} {} --out {}\nor, and have both \
         compared:\n  gan doctor {run} --try-cure\n",
        settings.join(" "),
        free_beside(root, CURED).display(),
    )
}

/// The examination of another program's log.
fn of_log(path: &Path, arguments: &DoctorArguments) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let case = arguments.case.as_deref().map_or_else(|| Ok(Case::default()), read_case)?;
    let columns = arguments.map.clone().unwrap_or_default();
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let read = if is_json { read_json_lines } else { read_csv };
    let reading = read(&bytes, &columns).with_context(|| path.display().to_string())?;
    tell(&reading);
    examined(&Record { case, trace: reading.trace }, arguments.json)
}

fn read_case(path: &Path) -> anyhow::Result<Case> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).map_err(|error| anyhow!("{}: {}", path.display(), place(&error, &text)))
}

fn tell(reading: &Reading) {
    reading.notes.iter().for_each(|note| streams::say(&format!("note: {note}")));
}

fn examined(record: &Record, json: bool) -> anyhow::Result<String> {
    if json { json_of(record) } else { Ok(record.examine().to_string()) }
}

/// The examination of a record, and what would have been said while it was made.
fn json_of(record: &Record) -> anyhow::Result<String> {
    let mut object = serde_json::to_value(record.examine())?;
    object["history"] = serde_json::to_value(Monitor::history(record))?;
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}

fn list(as_json: bool) -> anyhow::Result<String> {
    if as_json {
        let rule = |rule: &&dyn Rule| json!({ "rule": rule.id(), "title": rule.page().title() });
        let rules: Vec<_> = RULES.iter().map(rule).collect();
        return Ok(serde_json::to_string_pretty(&rules)? + "\n");
    }
    let row = |rule: &&dyn Rule| vec![rule.id().to_owned(), rule.page().title().to_owned()];
    Ok(table("Rules", &RULES.iter().map(row).collect::<Vec<_>>()))
}
