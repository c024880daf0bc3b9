//! `gan evaluate`: how close a run's generator has come to the density of its data.

use anyhow::Context as _;
use gan_core::measurement::Measurement;
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_eval::{DensityProbe, density};
use gan_models::Networks;
use serde_json::{Map, Value, json};

use crate::args::EvaluateArguments;
use crate::assemble::NetworkVisitor;
use crate::config::{EvaluationConfig, RunConfig};
use crate::json_number::to_json;
use crate::saved_run::SavedRun;
use crate::streams;
use crate::table::table;

pub(crate) fn run(arguments: &EvaluateArguments) -> anyhow::Result<()> {
    let run = SavedRun::open(&arguments.saved)?;
    let config = &run.config;
    let settings = settings(arguments, config)?;
    let left_out = config.data.left_out()?;
    let density = config.data.density()?.with_context(|| match &left_out {
        Some(why) => why.clone(),
        None => format!(
            "the density of the data of {} is not known; expected moons, ring or grid, with noise",
            run.folder.root().display()
        ),
    })?;
    if let Some(left_out) = &left_out {
        streams::say(&format!("note: {left_out}"));
    }
    let seed = Seed(arguments.seed.unwrap_or(config.seed));
    let probe = DensityProbe::new(density, settings.samples, settings.mode_samples, seed);
    let measured = run.visit(Evaluate { run: &run, seed, probe })?;
    let result = Outcome { step: run.step(), seed, settings, measured };
    let text = if arguments.json { result.as_json()? } else { result.as_table() };
    streams::print(&text)?;
    Ok(())
}

/// The run's own settings, overridden by the flags.
fn settings(arguments: &EvaluateArguments, config: &RunConfig) -> anyhow::Result<EvaluationConfig> {
    let samples = arguments.samples.unwrap_or(config.evaluation.samples);
    let of_run = config.evaluation.mode_samples.min(samples);
    let mode_samples = arguments.mode_samples.unwrap_or(of_run);
    let settings = EvaluationConfig { samples, mode_samples, ..config.evaluation.clone() };
    settings.validate()?;
    Ok(settings)
}

struct Evaluate<'a> {
    run: &'a SavedRun,
    seed: Seed,
    probe: DensityProbe,
}

impl NetworkVisitor for Evaluate<'_> {
    type Output = Vec<Measurement>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<Measurement>> {
        let (run, stream) = (self.run, self.seed.stream(density::LATENTS));
        let generator = run.restore(networks.generator)?;
        let sampler = Sampler::new(generator, run.config.train.prior, stream, &run.device);
        Ok(self.probe.evaluate(&sampler)?)
    }
}

/// What is printed.
struct Outcome {
    step: u64,
    seed: Seed,
    settings: EvaluationConfig,
    measured: Vec<Measurement>,
}

impl Outcome {
    fn as_table(&self) -> String {
        let EvaluationConfig { samples, mode_samples, .. } = self.settings;
        let title =
            format!("Step {}: {samples} samples, {mode_samples} of them for modes", self.step);
        let heading = ["", "generated", "standard error", "real", "unit"].map(str::to_owned);
        let rows = self.measured.iter().map(|each| {
            let optional = |value: Option<f64>| value.map_or_else(String::new, short);
            let Measurement { quantity, value, of_real, standard_error } = *each;
            vec![
                quantity.name.to_owned(),
                short(value),
                optional(standard_error),
                optional(of_real),
                quantity.unit.to_owned(),
            ]
        });
        table(&title, &std::iter::once(heading.to_vec()).chain(rows).collect::<Vec<_>>())
    }

    fn as_json(&self) -> anyhow::Result<String> {
        let named = self.measured.iter().flat_map(Measurement::named);
        let numbers: Map<String, Value> =
            named.map(|(name, value)| (name.into_owned(), to_json(value))).collect();
        let value = json!({
            "step": self.step,
            "seed": self.seed,
            "samples": self.settings.samples,
            "mode_samples": self.settings.mode_samples,
            "measured": numbers,
        });
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }
}

/// Whole numbers as they are, others to four decimals.
fn short(value: f64) -> String {
    if value.fract() == 0.0 { value.to_string() } else { format!("{value:.4}") }
}
