//! What is printed of judged samples: a table of one, a table of several side by side, or JSON.

use gan_core::measurement::{Measurement, Quantity};
use gan_core::seed::Seed;
use gan_eval::ClassAgreement;
use gan_run::to_json;
use serde_json::{Map, Value, json};

use crate::evaluation::Metric;
use crate::table::table;

/// Samples of one generator and their numbers.
pub(super) struct Judged {
    /// The run folder, or where the samples are.
    pub(super) name: String,
    /// The step of the checkpoint.
    pub(super) step: Option<u64>,
    pub(super) seed: Option<Seed>,
    pub(super) samples: usize,
    /// Of points: how many were looked up among the modes.
    pub(super) mode_samples: Option<usize>,
    pub(super) measured: Vec<Measurement>,
    /// Of each class that was asked for.
    pub(super) agreement: Vec<ClassAgreement>,
    pub(super) ruler: Option<Ruler>,
}

/// What images were measured with, and what real ones and no generator at all score.
#[derive(Clone)]
pub(super) struct Ruler {
    pub(super) metric: Metric,
    pub(super) of_real: Vec<Measurement>,
    pub(super) controls: Vec<(&'static str, Vec<Measurement>)>,
}

/// The text of all of them.
pub(super) fn report(judged: &[Judged], as_json: bool) -> anyhow::Result<String> {
    if as_json {
        let value = match judged {
            [one] => one.as_json(),
            several => several.iter().map(Judged::as_json).collect(),
        };
        return Ok(serde_json::to_string_pretty(&value)? + "\n");
    }
    Ok(match judged {
        [one] => one.as_table(),
        several => side_by_side(several),
    })
}

impl Judged {
    fn title(&self) -> String {
        let step = self.step.map_or_else(|| self.name.clone(), |step| format!("Step {step}"));
        let modes = self.mode_samples.map(|n| format!(", {n} of them for modes"));
        let features = self.ruler.as_ref().map(|ruler| {
            let accuracy = ruler.metric.test_accuracy;
            let accuracy = accuracy.map(|share| format!(" (accuracy {:.2} %)", 100.0 * share));
            format!(" in the features {}{}", ruler.metric.features, accuracy.unwrap_or_default())
        });
        let (modes, features) = (modes.unwrap_or_default(), features.unwrap_or_default());
        format!("{step}: {} samples{modes}{features}", self.samples)
    }

    fn as_table(&self) -> String {
        let controls = self.ruler.iter().flat_map(|ruler| &ruler.controls);
        let heading = ["", "generated", "standard error", "real"].into_iter();
        let heading = heading.chain(controls.clone().map(|(name, _)| *name)).chain(["unit"]);
        let mut rows: Vec<Vec<String>> = vec![heading.map(str::to_owned).collect()];
        for each in &self.measured {
            let Measurement { quantity, value, of_real, standard_error } = *each;
            let mut row = vec![quantity.name.to_owned(), short(value)];
            row.extend([optional(standard_error), optional(of_real)]);
            row.extend(controls.clone().map(|(_, control)| optional(value_of(control, quantity))));
            row.push(quantity.unit.to_owned());
            rows.push(row);
        }
        let mut text = table(&self.title(), &rows);
        if !self.agreement.is_empty() {
            let mut rows = vec![["class", "samples", "agreement"].map(str::to_owned).to_vec()];
            rows.extend(
                self.agreement.iter().map(|each| {
                    vec![each.class.to_string(), each.n.to_string(), short(each.share)]
                }),
            );
            text += &table("Samples that are what their label asked for", &rows);
        }
        text
    }

    fn as_json(&self) -> Value {
        let mut value = json!({
            "run": self.name,
            "step": self.step,
            "seed": self.seed.map(|seed| seed.0),
            "samples": self.samples,
            "mode_samples": self.mode_samples,
            "measured": numbers(&self.measured),
        });
        if let Some(ruler) = &self.ruler {
            value["evaluation"] = json!(ruler.metric);
            let controls = ruler.controls.iter();
            value["controls"] = controls
                .map(|(name, measured)| ((*name).to_owned(), numbers(measured)))
                .collect::<Map<String, Value>>()
                .into();
        }
        if !self.agreement.is_empty() {
            let of_class = |each: &ClassAgreement| json!({ "class": each.class, "samples": each.n, "share": each.share });
            value["agreement"] = self.agreement.iter().map(of_class).collect();
        }
        value
    }
}

/// A row for each, then those of real samples and of the controls.
fn side_by_side(judged: &[Judged]) -> String {
    let mut quantities: Vec<Quantity> = Vec::new();
    for each in judged.iter().flat_map(|judged| &judged.measured) {
        if !quantities.contains(&each.quantity) {
            quantities.push(each.quantity);
        }
    }
    let short_name = |quantity: &Quantity| {
        quantity.name.strip_prefix("samples/").unwrap_or(quantity.name).to_owned()
    };
    let heading = ["", "step", "samples"].map(str::to_owned).into_iter();
    let mut rows = vec![heading.chain(quantities.iter().map(short_name)).collect::<Vec<_>>()];
    let numbers = |measured: &[Measurement]| -> Vec<String> {
        quantities.iter().map(|quantity| optional(value_of(measured, *quantity))).collect()
    };
    for one in judged {
        let step = one.step.map_or_else(String::new, |step| step.to_string());
        let mut row = vec![one.name.clone(), step, one.samples.to_string()];
        row.extend(numbers(&one.measured));
        rows.push(row);
    }
    let rulers: Vec<&Ruler> = judged.iter().filter_map(|judged| judged.ruler.as_ref()).collect();
    if let Some(ruler) = rulers.first() {
        let rest = std::iter::once(("real, held out", &ruler.of_real))
            .chain(ruler.controls.iter().map(|(name, measured)| (*name, measured)));
        for (name, measured) in rest {
            let mut row = vec![name.to_owned(), String::new(), String::new()];
            row.extend(numbers(measured));
            rows.push(row);
        }
    }
    let mut titles: Vec<&str> = rulers.iter().map(|ruler| ruler.metric.features.as_str()).collect();
    titles.dedup();
    let warning =
        if titles.len() > 1 { "; those of different features are NOT comparable" } else { "" };
    table(&format!("Features: {}{warning}", titles.join(", ")), &rows)
}

fn numbers(measured: &[Measurement]) -> Value {
    let named = measured.iter().flat_map(Measurement::named);
    let numbers: Map<String, Value> =
        named.map(|(name, value)| (name.into_owned(), to_json(value))).collect();
    numbers.into()
}

fn value_of(measured: &[Measurement], quantity: Quantity) -> Option<f64> {
    measured.iter().find(|each| each.quantity.name == quantity.name).map(|each| each.value)
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(String::new, short)
}

/// Whole numbers as they are, others to four decimals.
fn short(value: f64) -> String {
    if value.fract() == 0.0 { value.to_string() } else { format!("{value:.4}") }
}
