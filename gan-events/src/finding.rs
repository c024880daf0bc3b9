//! What the doctor found, in Markdown, for TensorBoard's page TEXT.

use gan_run::{Change, Evidence, Finding, Remedy, short};

use crate::markdown::{cell, code, fenced, table};

/// What there is to say of one change.
pub(crate) fn page(change: &Change) -> String {
    match change {
        Change::Opened { step, diagnosis } => of(diagnosis, "opened", *step),
        Change::Worsened { step, diagnosis } => of(diagnosis, "worse", *step),
        Change::Closed { step, rule } => format!("**{}** is gone at step {step}\n", cell(rule)),
    }
}

/// All changes so far, the newest last.
pub(crate) fn timeline(changes: &[Change]) -> String {
    let rows = changes.iter().map(|change| match change {
        Change::Opened { step, diagnosis } => row(*step, "opened", diagnosis),
        Change::Worsened { step, diagnosis } => row(*step, "worse", diagnosis),
        Change::Closed { step, rule } => {
            let [severity, since, cause] = [(); 3].map(|()| String::new());
            [step.to_string(), "gone".to_owned(), cell(rule), severity, since, cause]
        }
    });
    table(["step", "", "diagnosis", "severity", "since", "cause"], rows)
}

fn row(step: u64, change: &str, diagnosis: &Finding) -> [String; 6] {
    let Finding { rule, severity, since, cause, .. } = diagnosis;
    let since = since.to_string();
    [step.to_string(), change.to_owned(), cell(rule), cell(severity), since, cell(cause)]
}

fn of(diagnosis: &Finding, change: &str, step: u64) -> String {
    let Finding { rule, severity, certainty, since, cause, evidence, chart, remedies, .. } =
        diagnosis;
    let mut page = format!(
        "**{}** ({}, {}): {change} at step {step}, since step {since}\n\n{}\n",
        cell(rule),
        cell(severity),
        cell(certainty),
        cell(cause)
    );
    if !evidence.is_empty() {
        let head = ["series", "statistic", "value", "", "threshold", "steps"];
        page += "\n";
        page += &table(head, evidence.iter().map(evidence_row));
    }
    if !chart.is_empty() {
        page += "\n";
        page += &fenced("text", chart);
    }
    if !remedies.is_empty() {
        page += "\nWhat cures it:\n\n";
        page.extend(remedies.iter().enumerate().map(|(idx, remedy)| item(idx + 1, remedy)));
    }
    page
}

fn evidence_row(evidence: &Evidence) -> [String; 6] {
    let Evidence { series, statistic, value, relation, threshold, window } = evidence;
    let steps = window.as_ref().map_or_else(String::new, |window| {
        format!("{} to {} ({} values)", window.from, window.to, window.points)
    });
    let [value, threshold] = [value, threshold].map(|number| short(number.0));
    [code(series), cell(statistic), value, cell(relation), threshold, steps]
}

fn item(number: usize, remedy: &Remedy) -> String {
    let settings: Vec<String> = remedy
        .settings
        .iter()
        .map(|setting| code(&format!("{}={}", setting.key, setting.value)))
        .collect();
    let settings = settings.join(", ");
    let between = if settings.is_empty() { "" } else { ": " };
    format!("{number}. {settings}{between}{}\n", cell(&remedy.why))
}

#[cfg(test)]
mod tests;
