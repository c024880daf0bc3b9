//! Synthetic runs for the tests of the rules: one healthy run, and what is different of an ill one.

use crate::series::*;
use crate::{
    Averaging, Case, Constraint, CriticFacts, DataFacts, GeneratorFacts, LabelOrder, Loss,
    Objective, OptimizerFacts, Output, RunFacts, Series, Trace, Upsampling, Verdict, judge,
};

/// Steps of a synthetic run, of which each is logged every 50th and looked at closely every 500th.
pub(crate) const STEPS: u64 = 10_000;
const DENSE: u64 = 50;
const SPARSE: u64 = 500;

/// What every rule is tried on.
pub(crate) struct Examples {
    /// A run that has the fault, and the step from which it has it.
    pub(crate) ill: (Run, u64),
    /// One that does not.
    pub(crate) healthy: Run,
    /// One that looks like it and does not have it, and the rule that names what it has instead, if
    /// any does.
    pub(crate) look_alike: (Run, Option<&'static str>),
}

/// A run being put together.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) case: Case,
    pub(crate) series: Vec<(String, Vec<(u64, f64)>)>,
}

impl Run {
    /// An unconditional non-saturating GAN of images in good health, everything known and measured.
    pub(crate) fn healthy() -> Self {
        let toward = |from: f64, to: f64| move |t: f64| to + (from - to) * (-5.0 * t).exp();
        Self { case: healthy_case(), series: Vec::new() }
            .dense(&CRITIC_LOSS, toward(0.9, 1.15))
            .dense(&GENERATOR_LOSS, toward(1.4, 0.95))
            .dense(&REAL_PROBABILITY, toward(0.7, 0.58))
            .dense(&FAKE_PROBABILITY, toward(0.25, 0.42))
            .dense(&CRITIC_GRADIENT_NORM, toward(2.0, 3.0))
            .dense(&GENERATOR_GRADIENT_NORM, toward(3.0, 5.0))
            .dense(&SCORE_SIZE, toward(1.0, 0.8))
            .dense(&SATURATED_SCORES, |_| 0.01)
            .dense(&SAMPLE_GRADIENT, toward(1.0, 0.7))
            .dense(&CRITIC_UPDATE_RATIO, |_| 3e-3)
            .dense(&GENERATOR_UPDATE_RATIO, |_| 3e-3)
            .dense(&CRITIC_WEIGHT_NORM, toward(10.0, 20.0))
            .dense(&GENERATOR_WEIGHT_NORM, toward(10.0, 20.0))
            .with_samples()
            .with_probes()
    }

    fn with_samples(self) -> Self {
        let toward = |from: f64, to: f64| move |t: f64| to + (from - to) * (-5.0 * t).exp();
        self.sparse(&FRECHET, toward(900.0, 125.0))
            .of_real(&FRECHET, 4.0)
            .sparse(&SPREAD, toward(0.29, 0.32))
            .of_real(&SPREAD, 0.33)
            .sparse(&DUPLICATES, |_| 0.002)
            .of_real(&DUPLICATES, 0.001)
            .sparse(&COVERAGE, toward(0.05, 0.46))
            .of_real(&COVERAGE, 0.96)
            .sparse(&SMALLEST_CLASS, toward(0.3, 0.6))
            .of_real(&SMALLEST_CLASS, 0.9)
            .sparse(&AUTHENTICITY, |_| 0.8)
            .of_real(&AUTHENTICITY, 0.62)
            .sparse(&COPYING, |_| 20.0)
            .of_real(&COPYING, 0.3)
            .sparse(&LIVE_FRECHET, toward(950.0, 130.0))
    }

    fn with_probes(self) -> Self {
        self.sparse(&HELD_OUT_GAP, |_| 0.1)
            .sparse(&INPUT_GRADIENT, |_| 1.0)
            .sparse(&CLIP_SHARE, |_| 0.1)
            .sparse(&GENERATOR_DEAD_UNITS, |_| 0.02)
            .sparse(&CRITIC_DEAD_UNITS, |_| 0.02)
            .sparse(&SATURATED_OUTPUTS, |_| 0.75)
            .of_real(&SATURATED_OUTPUTS, 0.8)
            .sparse(&TRAIN_EVAL_GAP, |_| 0.05)
            .sparse(&BATCH_COUPLING, |_| 0.1)
            .sparse(&NOISE_SENSITIVITY, |_| 0.9)
            .sparse(&HOPPING, |_| 0.1)
            .sparse(&STRIDE_ENERGY, |t| 2.0 - t)
            .of_real(&STRIDE_ENERGY, 1.0)
    }

    /// A healthy WGAN whose weights are clipped.
    pub(crate) fn clipped_wasserstein() -> Self {
        Self::healthy()
            .wasserstein()
            .case(|case| case.objective.constraint = Some(Constraint::Clip { bound: 0.01 }))
    }

    /// A healthy conditional run of ten classes.
    pub(crate) fn conditional() -> Self {
        Self::healthy()
            .case(|case| case.objective.classes = Some(10))
            .sparse(&LABEL_AGREEMENT, |t| 0.95 - 0.3 * (-5.0 * t).exp())
            .of_real(&LABEL_AGREEMENT, 0.995)
            .sparse(&LABEL_SENSITIVITY, |_| 0.9)
    }

    /// The same run with a penalty, whose value is a function of time.
    pub(crate) fn penalized(
        self,
        kind: crate::PenaltyKind,
        weight: f64,
        value: fn(f64) -> f64,
    ) -> Self {
        self.case(|case| case.objective.penalties = Some(vec![crate::Penalty { kind, weight }]))
            .dense(&PENALTY, value)
    }

    /// The same run with the Wasserstein loss.
    pub(crate) fn wasserstein(self) -> Self {
        self.case(|case| case.objective.loss = Some(Loss::Wasserstein))
            .dense(&CRITIC_LOSS, |t| -0.2 - 4.8 * (-5.0 * t).exp())
            .dense(&GENERATOR_LOSS, |t| 3.0 - 2.0 * t)
    }

    /// The same run, in which the critic separates all samples from `start` (a share of the run)
    /// on.
    pub(crate) fn critic_wins(self, start: f64) -> Self {
        let from =
            move |before: f64, after: f64| move |t: f64| if t < start { before } else { after };
        self.dense(&CRITIC_LOSS, from(1.0, 3e-4))
            .dense(&GENERATOR_LOSS, from(1.2, 9.0))
            .dense(&REAL_PROBABILITY, from(0.6, 0.9995))
            .dense(&FAKE_PROBABILITY, from(0.4, 2e-4))
    }

    /// Changes the case.
    pub(crate) fn case(mut self, change: impl FnOnce(&mut Case)) -> Self {
        change(&mut self.case);
        self
    }

    /// Replaces a series that is measured often; `value` is a function of time from 0 to 1, and has
    /// 2 % of noise.
    pub(crate) fn dense(self, series: &Series, value: impl Fn(f64) -> f64) -> Self {
        self.measured(series, DENSE, value)
    }

    /// Replaces a series that is measured once an epoch.
    pub(crate) fn sparse(self, series: &Series, value: impl Fn(f64) -> f64) -> Self {
        self.measured(series, SPARSE, value)
    }

    fn measured(self, series: &Series, every: u64, value: impl Fn(f64) -> f64) -> Self {
        let point = |index: u64| {
            let step = index * every;
            (step, value(step as f64 / STEPS as f64) * (1.0 + 0.02 * noise(step)))
        };
        self.replaced(series.name.to_owned(), (0..=STEPS / every).map(point).collect())
    }

    /// What real samples score.
    pub(crate) fn of_real(self, series: &Series, value: f64) -> Self {
        let points = (0..=STEPS / SPARSE).map(|index| (index * SPARSE, value)).collect();
        self.replaced(format!("{}/of_real", series.name), points)
    }

    fn replaced(mut self, name: String, points: Vec<(u64, f64)>) -> Self {
        self.series.retain(|(other, _)| *other != name);
        self.series.push((name, points));
        self
    }

    /// Leaves a series out.
    pub(crate) fn without(mut self, series: &Series) -> Self {
        self.series.retain(|(name, _)| !name.starts_with(series.name));
        self
    }

    /// Leaves out what came after `step`.
    pub(crate) fn until(mut self, step: u64) -> Self {
        for (_, points) in &mut self.series {
            points.retain(|(at, _)| *at <= step);
        }
        self
    }

    /// The measurements.
    pub(crate) fn trace(&self) -> Trace {
        let mut trace = Trace::new();
        for (name, points) in &self.series {
            for (step, value) in points {
                trace.push(name, *step, *value).unwrap();
            }
        }
        trace
    }

    /// What a rule says of it.
    pub(crate) fn judged_by(&self, rule: &dyn crate::Rule) -> Verdict {
        judge(rule, &self.case, &self.trace())
    }
}

/// Everything that can be known of a healthy run.
fn healthy_case() -> Case {
    let optimizer = OptimizerFacts { lr: Some(2e-4), beta_1: Some(0.5), beta_2: Some(0.999) };
    Case {
        objective: Objective {
            loss: Some(Loss::NonSaturating),
            penalties: Some(Vec::new()),
            constraint: Some(Constraint::None),
            critic_steps: Some(1),
            batch: Some(64),
            classes: Some(0),
            averaging: Some(Averaging::Ema { half_life: 500.0 }),
            instance_noise: Some(0.0),
        },
        generator: GeneratorFacts {
            optimizer,
            batch_norm: Some(true),
            latent: Some(100),
            output: Some(Output::Tanh),
            upsampling: Some(vec![Upsampling { kernel: 4, stride: 2 }]),
        },
        critic: CriticFacts { optimizer, batch_norm: Some(true), joint_batches: Some(false) },
        data: DataFacts {
            are_images: Some(true),
            samples: Some(60_000),
            min: Some(-1.0),
            max: Some(1.0),
            median: Some(-1.0),
            expected_median: Some(-1.0),
            constant_channels: Some(0),
            duplicate_share: Some(0.0),
            class_counts: Some(vec![6_000; 10]),
            order: Some(LabelOrder::Shuffled),
        },
        run: RunFacts { planned_steps: Some(STEPS), steps_per_epoch: Some(SPARSE) },
    }
}

/// A number in `[−1, 1]` that looks random and is a function of the step.
fn noise(step: u64) -> f64 {
    let mixed = (step + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}
