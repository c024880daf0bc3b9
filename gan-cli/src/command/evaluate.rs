//! `gan evaluate`: how close a run's generator has come to the density of its data.

use anyhow::Context as _;
use gan_core::{Critic, Generator, Seed};
use gan_models::Networks;
use serde_json::{Map, Value, json};

use crate::args::EvaluateArguments;
use crate::assemble::NetworkVisitor;
use crate::config::RunConfig;
use crate::evaluation::{EvaluationConfig, Evaluator, Latents, Measures, Truth};
use crate::saved_run::SavedRun;
use crate::streams;
use crate::table::table;

pub(crate) fn run(arguments: &EvaluateArguments) -> anyhow::Result<()> {
    let run = SavedRun::open(&arguments.saved)?;
    let config = &run.config;
    let settings = settings(arguments, config)?;
    let left_out = Truth::left_out(&config.data)?;
    let truth = Truth::of(&config.data)?.with_context(|| match &left_out {
        Some(why) => why.clone(),
        None => format!(
            "the density of the data of {} is not known; expected moons, ring or grid, with noise",
            run.folder.root().display()
        ),
    })?;
    if let Some(left_out) = &left_out {
        crate::streams::say(&format!("note: {left_out}"));
    }
    let seed = Seed(arguments.seed.unwrap_or(config.seed));
    let latents = Latents {
        prior: config.train.prior,
        stream: seed.stream("evaluation"),
        device: run.device.clone(),
    };
    let evaluator = Evaluator::new(truth, &settings, latents, seed);
    let generated = run.visit(Evaluate { run: &run, evaluator: &evaluator })?;
    let real = evaluator.evaluate_real()?;
    let result = Outcome { step: run.step(), seed, settings, generated, real };
    let text = if arguments.json { result.as_json()? } else { result.as_table() };
    streams::print(&text)?;
    Ok(())
}

/// The run's own settings with what the flags say.
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
    evaluator: &'a Evaluator,
}

impl NetworkVisitor for Evaluate<'_> {
    type Output = Measures;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Measures> {
        self.evaluator.evaluate(&self.run.restore(networks.generator)?)
    }
}

/// What is printed.
struct Outcome {
    step: u64,
    seed: Seed,
    settings: EvaluationConfig,
    generated: Measures,
    real: Measures,
}

impl Outcome {
    fn as_table(&self) -> String {
        let EvaluationConfig { samples, mode_samples, .. } = self.settings;
        let title =
            format!("Step {}: {samples} samples, {mode_samples} of them for modes", self.step);
        let heading = ["", "generated", "real", "unit"].map(str::to_owned);
        let (generated, real) = (self.generated.named(), self.real.named());
        let rows = generated.into_iter().zip(real).map(|((name, fake), (_, real))| {
            vec![name.to_owned(), short(fake), short(real), unit(name).to_owned()]
        });
        table(&title, &std::iter::once(heading.to_vec()).chain(rows).collect::<Vec<_>>())
    }

    fn as_json(&self) -> anyhow::Result<String> {
        let object = |measures: &Measures| {
            let named = measures.named().into_iter();
            Value::Object(named.map(|(name, value)| (name.to_owned(), json!(value))).collect())
        };
        let value: Map<String, Value> = [
            ("step", json!(self.step)),
            ("seed", json!(self.seed)),
            ("samples", json!(self.settings.samples)),
            ("mode_samples", json!(self.settings.mode_samples)),
            ("generated", object(&self.generated)),
            ("real", object(&self.real)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }
}

/// Whole numbers as they are, others to four decimals.
fn short(value: f64) -> String {
    if value.fract() == 0.0 { value.to_string() } else { format!("{value:.4}") }
}

fn unit(name: &str) -> &'static str {
    match name {
        "sliced_w2" => "of the points",
        "modes_covered" => "modes",
        "high_quality" => "share",
        _ => "nats",
    }
}
