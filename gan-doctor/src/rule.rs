//! The rules: one a module, whose documentation is its page in the manual.

pub mod batch_norm_collapse;
pub mod batch_norm_coupling;
pub mod batch_norm_gap;
pub mod batch_too_small;
pub mod checkerboard;
pub mod clamped_loss;
pub mod clip_wall;
pub mod constant_channel;
pub mod critic_slope;
pub mod critic_weak;
pub mod critic_won;
pub mod data_range;
pub mod dead_units;
pub mod duplicate_data;
pub mod ema_lagging;
pub mod generator_gradient_gone;
pub mod instance_noise_too_strong;
pub mod label_ignored;
pub mod labels_in_order;
pub mod late_decline;
pub mod latent_too_small;
pub mod learning_rate_too_high;
pub mod learning_rate_too_low;
pub mod loss_not_comparable;
pub mod memorizing_critic;
pub mod memorizing_generator;
pub mod mode_collapse;
pub mod mode_dropping;
pub mod near_empty_class;
pub mod noise_ignored;
pub mod non_finite;
pub mod oscillation;
pub mod overflow_ahead;
pub mod penalty_inactive;
pub mod penalty_overwhelming;
pub mod run_too_short;
pub mod saturated_output;
pub mod saturating_loss;
pub mod tiny_data;
pub mod unequal_learning_rates;
pub mod unusual_learning_rate;
pub mod unusual_momentum;
pub mod wrong_polarity;

use crate::{Case, Diagnosis, DoctorError, Fact, Page, Patient, Series};

/// Series of which a rule needs one; the first that was measured counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Any of them will do.
    pub any_of: &'static [&'static Series],
    /// The finite points that it has to have.
    pub points: usize,
}

impl Need {
    /// Points of a series that is measured every few steps: two windows of five.
    pub const DENSE: usize = 10;
    /// Points of a series that is measured once an epoch: two, so that one outlier is not a
    /// verdict.
    pub const SPARSE: usize = 2;

    /// A series that is measured every few steps.
    #[must_use]
    pub const fn dense(any_of: &'static [&'static Series]) -> Self {
        Self { any_of, points: Self::DENSE }
    }

    /// A series that is measured once an epoch or so.
    #[must_use]
    pub const fn sparse(any_of: &'static [&'static Series]) -> Self {
        Self { any_of, points: Self::SPARSE }
    }
}

/// A fault that can be recognized from measurements and the configuration.
///
/// The examination checks that what it [needs](Rule::needs) is there before it asks; a rule answers
/// with a diagnosis, or with `None` for healthy.
///
/// # Example
/// ```
/// use gan_doctor::series::GENERATOR_LOSS;
/// use gan_doctor::{Case, Certainty, Diagnosis, Examination, Need, Patient, Rule, Severity, Trace};
///
/// struct LossAboveTen;
///
/// impl Rule for LossAboveTen {
///     fn id(&self) -> &'static str {
///         "loss-above-ten"
///     }
///     fn source(&self) -> &'static str {
///         "//! The generator's loss is above ten."
///     }
///     fn needs(&self) -> &'static [Need] {
///         const { &[Need::dense(&[&GENERATOR_LOSS])] }
///     }
///     fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
///         let loss = patient.signal(&GENERATOR_LOSS)?;
///         let evidence = loss.recent().median_above(10.0)?;
///         let found = Diagnosis::new(Severity::Warning, Certainty::Suspected, "it climbs");
///         Some(found.since(loss.since(|value| value > 10.0)).with([evidence]))
///     }
/// }
///
/// let mut trace = Trace::new();
/// for step in 0..20 {
///     trace.push("generator/loss", step, step as f64)?;
/// }
/// let examination = Examination::with_rules(&[&LossAboveTen], &Case::default(), &trace);
/// assert_eq!(examination.findings[0].since, 11);
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
pub trait Rule: Sync {
    /// Its name, in lower case with hyphens.
    fn id(&self) -> &'static str;

    /// The Rust file whose module documentation is its page.
    fn source(&self) -> &'static str;

    /// Its page in the manual.
    fn page(&self) -> Page {
        Page::of_source(self.source())
    }

    /// The series that it reads.
    fn needs(&self) -> &'static [Need] {
        &[]
    }

    /// Series that make it more certain where they are measured.
    fn also_reads(&self) -> &'static [&'static Series] {
        &[]
    }

    /// The facts of the case that it needs.
    fn facts(&self) -> &'static [Fact] {
        &[]
    }

    /// Why it does not apply to a run, if it does not. Unknown facts do not make it inapplicable.
    fn exempts(&self, _case: &Case) -> Option<&'static str> {
        None
    }

    /// The rules whose findings are symptoms of this fault.
    fn explains(&self) -> &'static [&'static str] {
        &[]
    }

    /// The fault, if the run has it.
    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis>;
}

/// Declares the registry.
macro_rules! rules {
    ($($module:ident: $rule:ident),* $(,)?) => {
        /// Every rule. The order decides between findings that are otherwise equal, causes first.
        pub const RULES: &[&dyn Rule] = &[$(&$module::$rule),*];

        /// An ill, a healthy and a look-alike run for every rule.
        #[cfg(test)]
        pub(crate) const EXAMPLES: &[(&dyn Rule, fn() -> crate::examples::Examples)] =
            &[$((&$module::$rule, $module::examples)),*];
    };
}

rules! {
    non_finite: NonFinite,
    data_range: DataRange,
    constant_channel: ConstantChannel,
    duplicate_data: DuplicateData,
    near_empty_class: NearEmptyClass,
    tiny_data: TinyData,
    labels_in_order: LabelsInOrder,
    wrong_polarity: WrongPolarity,
    unusual_learning_rate: UnusualLearningRate,
    unusual_momentum: UnusualMomentum,
    instance_noise_too_strong: InstanceNoiseTooStrong,
    latent_too_small: LatentTooSmall,
    saturating_loss: SaturatingLoss,
    clamped_loss: ClampedLoss,
    unequal_learning_rates: UnequalLearningRates,
    learning_rate_too_high: LearningRateTooHigh,
    learning_rate_too_low: LearningRateTooLow,
    overflow_ahead: OverflowAhead,
    batch_too_small: BatchTooSmall,
    batch_norm_coupling: BatchNormCoupling,
    batch_norm_gap: BatchNormGap,
    clip_wall: ClipWall,
    critic_slope: CriticSlope,
    penalty_overwhelming: PenaltyOverwhelming,
    penalty_inactive: PenaltyInactive,
    memorizing_critic: MemorizingCritic,
    critic_won: CriticWon,
    critic_weak: CriticWeak,
    batch_norm_collapse: BatchNormCollapse,
    noise_ignored: NoiseIgnored,
    mode_collapse: ModeCollapse,
    mode_dropping: ModeDropping,
    label_ignored: LabelIgnored,
    oscillation: Oscillation,
    dead_units: DeadUnits,
    saturated_output: SaturatedOutput,
    checkerboard: Checkerboard,
    memorizing_generator: MemorizingGenerator,
    ema_lagging: EmaLagging,
    generator_gradient_gone: GeneratorGradientGone,
    late_decline: LateDecline,
    loss_not_comparable: LossNotComparable,
    run_too_short: RunTooShort,
}

/// The rule of a name.
///
/// # Errors
/// [`DoctorError::UnknownRule`] with the nearest name.
pub fn find_rule(name: &str) -> Result<&'static dyn Rule, DoctorError> {
    let found = RULES.iter().find(|rule| rule.id() == name);
    found.copied().ok_or_else(|| DoctorError::UnknownRule {
        name: name.to_owned(),
        nearest: crate::nearest::nearest(name, RULES.iter().map(|rule| rule.id())),
    })
}

#[cfg(test)]
mod tests;
