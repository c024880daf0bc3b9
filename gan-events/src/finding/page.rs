//! Findings in Markdown, for TensorBoard's page TEXT.

use crate::finding::{Change, Diagnosis, Evidence, Remedy};
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

fn row(step: u64, change: &str, diagnosis: &Diagnosis) -> [String; 6] {
    let Diagnosis { rule, severity, since, cause, .. } = diagnosis;
    let since = since.to_string();
    [step.to_string(), change.to_owned(), cell(rule), cell(severity), since, cell(cause)]
}

fn of(diagnosis: &Diagnosis, change: &str, step: u64) -> String {
    let Diagnosis { rule, severity, certainty, since, cause, evidence, chart, remedies } =
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

/// A number with four digits.
fn short(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || !number.is_finite() {
        return format!("{number}");
    }
    if !(1e-3..1e5).contains(&size) {
        return format!("{number:.3e}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "−1 to 6")]
    let decimals = (3.0 - size.log10().floor()).max(0.0) as usize;
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits() {
        let cases = [
            (0.0, "0"),
            (10.621_766, "10.62"),
            (-0.012_34, "-0.01234"),
            (99_999.0, "99999"),
            (123_456.0, "1.235e5"),
            (1.714e-13, "1.714e-13"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
    }
}
