//! Remedies that several rules share, with the numbers of the case where they are known.

use crate::{Averaging, Case, Constraint, Loss, Patient, PenaltyKind, Remedy};

/// DCGAN's learning rate (Radford et al. 2016), to fall back on where the run's own is not known.
pub(crate) const USUAL_LR: f64 = 2e-4;
/// By how much a learning rate is changed at a time: enough to matter, and three changes are a
/// factor of 27.
pub(crate) const LR_FACTOR: f64 = 3.0;
/// The weight that Mescheder et al. (2018) and Gulrajani et al. (2017) have on R1 and the gradient
/// penalty.
const PENALTY_WEIGHT: f64 = 10.0;
/// Adam's first decay where nobody sets it.
const DEFAULT_BETA_1: f64 = 0.9;
/// Coordinates of noise below which there are too few, and a number that is enough.
const FEW_OF_POINTS: (u64, u64) = (2, 8);
const FEW_OF_IMAGES: (u64, u64) = (8, 64);
/// Deviation of noise on samples in [−1, 1].
const NOISE: f64 = 0.1;
/// By how much a weight of a penalty is changed at a time.
const STRONGER: f64 = 10.0;

/// One of the two players.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Player {
    Generator,
    Critic,
}

impl Player {
    /// The name in sentences and in the paths of series.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Critic => "critic",
        }
    }

    /// The key of its learning rate.
    pub(crate) fn lr_key(self) -> &'static str {
        match self {
            Self::Generator => "train.generator.lr",
            Self::Critic => "train.critic.lr",
        }
    }

    /// Its learning rate, if that is known.
    pub(crate) fn lr(self, case: &Case) -> Option<f64> {
        match self {
            Self::Generator => case.generator.optimizer.lr,
            Self::Critic => case.critic.optimizer.lr,
        }
    }
}

/// Multiplies a player's learning rate.
pub(crate) fn scale_lr(player: Player, case: &Case, factor: f64) -> Remedy {
    let lr = player.lr(case).unwrap_or(USUAL_LR) * factor;
    Remedy::set(player.lr_key(), number(lr))
}

/// Divides both learning rates.
pub(crate) fn lower_both_lrs(case: &Case) -> Remedy {
    let lr = |player: Player| number(player.lr(case).unwrap_or(USUAL_LR) / LR_FACTOR);
    Remedy::set("train.generator.lr", lr(Player::Generator))
        .and("train.critic.lr", lr(Player::Critic))
}

/// A penalty on the critic's input gradient, or ten times the weight of one for small gradients
/// that there is; nothing where one for gradients of norm 1 is there already.
pub(crate) fn gradient_penalty(case: &Case, why: &str) -> Option<Remedy> {
    let present =
        case.objective.penalties.iter().flatten().filter(|each| each.kind.is_on_gradients());
    let kinds: Vec<PenaltyKind> = present.map(|each| each.kind).collect();
    if kinds.iter().any(|kind| kind.asks_for_norm_1()) {
        return None;
    }
    if !kinds.is_empty() {
        return Some(raise_penalties(case).because(why));
    }
    let kind = match case.objective.loss {
        Some(Loss::Wasserstein) => PenaltyKind::GradientPenalty,
        _ => PenaltyKind::R1,
    };
    let list = penalties_with(case, &[(kind, PENALTY_WEIGHT)]);
    Some(with_penalties(case, list).because(why))
}

/// The loss and the penalties of R3GAN, in place of other penalties on input gradients; nothing for
/// a game that has them.
pub(crate) fn relativistic(case: &Case) -> Option<Remedy> {
    use PenaltyKind::{R1, R2};
    let present = case.objective.penalties.as_deref().unwrap_or(&[]);
    let has = |kind| present.iter().any(|each| each.kind == kind);
    if case.objective.loss == Some(Loss::RelativisticPaired) && has(R1) && has(R2) {
        return None;
    }
    let mut bare = case.clone();
    bare.objective.penalties =
        Some(present.iter().copied().filter(|each| !each.kind.is_on_gradients()).collect());
    let list = penalties_with(&bare, &[(R1, 1.0), (R2, 1.0)]);
    let remedy = Remedy::set("train.loss", "relativistic-paired");
    let settings = [remedy.settings, with_penalties(case, list).settings].concat();
    Some(Remedy { settings, why: String::new() }.because(
        "a loss of differences keeps its gradient, and R1 with R2 bounds the critic on both \
         sides (Huang et al. 2024)",
    ))
}

/// Ten times the weight of every penalty on input gradients, and no less than the usual one.
pub(crate) fn raise_penalties(case: &Case) -> Remedy {
    reweigh_penalties(case, |weight| (STRONGER * weight).max(PENALTY_WEIGHT))
}

/// A tenth of the weight of every penalty on input gradients, and no more than the usual one.
pub(crate) fn lower_penalties(case: &Case) -> Remedy {
    reweigh_penalties(case, |weight| (weight / STRONGER).min(PENALTY_WEIGHT))
}

fn reweigh_penalties(case: &Case, reweigh: impl Fn(f64) -> f64) -> Remedy {
    let penalties = case.objective.penalties.iter().flatten();
    let on_gradients = penalties.filter(|each| each.kind.is_on_gradients());
    let reweighed: Vec<_> = on_gradients.map(|each| (each.kind, reweigh(each.weight))).collect();
    with_penalties(case, penalties_with(case, &reweighed))
}

/// A list of penalties as TOML: those given, then those of the case that are of other kinds.
fn penalties_with(case: &Case, given: &[(PenaltyKind, f64)]) -> String {
    let is_given = |kind| given.iter().any(|(of, _)| *of == kind);
    let others = case.objective.penalties.iter().flatten().filter(|each| !is_given(each.kind));
    let all = given.iter().copied().chain(others.map(|each| (each.kind, each.weight)));
    let tables =
        all.map(|(kind, weight)| format!("{{kind=\"{}\",weight={weight:?}}}", kind.name()));
    format!("[{}]", tables.collect::<Vec<_>>().join(","))
}

/// A list of penalties with what it takes for them to be accepted: weights that are not clipped,
/// and consent where the critic has batch normalization.
fn with_penalties(case: &Case, list: String) -> Remedy {
    let mut remedy = Remedy::set("train.penalties", list);
    if let Some(Constraint::Clip { .. }) = case.objective.constraint {
        remedy = remedy.and("train.constraint", "none");
    }
    if case.critic.batch_norm == Some(true) {
        remedy = remedy.and("train.batch_norm_under_penalty", "allow");
    }
    remedy
}

/// Noise on everything that the critic sees; nothing where there is as much already.
pub(crate) fn instance_noise(case: &Case) -> Option<Remedy> {
    let remedy = Remedy::set("train.instance_noise.sigma", NOISE.to_string()).because(
        "noise makes real and fake samples overlap, so that the critic's gradient points somewhere",
    );
    (case.objective.instance_noise.unwrap_or(0.0) < NOISE).then_some(remedy)
}

/// Less noise on what the critic sees, by the range of the data.
pub(crate) fn less_noise(range: f64) -> Remedy {
    let sigma = number(NOISE * range / 2.0);
    Remedy::set("train.instance_noise.sigma", sigma).because("the critic then sees the data")
}

/// Random changes of real and fake images alike; nothing for samples that are no images.
pub(crate) fn augment(case: &Case) -> Option<Remedy> {
    let remedy = Remedy::set("train.augment", "[\"translation\",\"cutout\"]").because(
        "for images: the critic cannot learn by heart what it never sees twice (Zhao et al. 2020)",
    );
    (case.data.are_images != Some(false)).then_some(remedy)
}

/// The critic scores two samples at once; nothing for a conditional game, which cannot.
pub(crate) fn packing(case: &Case) -> Option<Remedy> {
    let remedy = Remedy::set("train.packing", "2").because(
        "a critic that sees two samples at once sees that they are alike (Lin et al. 2018)",
    );
    (case.objective.classes.unwrap_or(0) == 0).then_some(remedy)
}

/// Keep the best checkpoint, and stop where nothing improves, by the distance that was measured.
pub(crate) fn keep_best(patient: &Patient<'_>) -> Option<Remedy> {
    let quality = patient.quality()?;
    let quantity = quality.name();
    let stop = format!("{{quantity=\"{quantity}\",patience=\"10 epochs\"}}");
    let remedy = Remedy::set("checkpoint.keep_best", quantity)
        .and("train.stop", stop)
        .because("the best checkpoint stays, and no more is computed once nothing improves");
    Some(remedy)
}

/// No momentum in either optimizer; nothing for those that know of none, or have none.
pub(crate) fn no_momentum(case: &Case) -> Option<Remedy> {
    let players = [case.generator.optimizer, case.critic.optimizer];
    let has_none = players.iter().any(|player| player.lr.is_some() && player.beta_1.is_none())
        || players.iter().all(|player| player.beta_1 == Some(0.0));
    let remedy = Remedy::set("train.generator.beta_1", "0.0")
        .and("train.critic.beta_1", "0.0")
        .because("in a game momentum carries a player past where its opponent was");
    (!has_none).then_some(remedy)
}

/// DCGAN's momentum, where a player has Adam's default or more; nothing for others.
pub(crate) fn less_momentum(case: &Case) -> Option<Remedy> {
    let is_high = |beta_1: Option<f64>| beta_1.is_some_and(|beta_1| beta_1 >= DEFAULT_BETA_1);
    let high = is_high(case.generator.optimizer.beta_1) || is_high(case.critic.optimizer.beta_1);
    let remedy = Remedy::set("train.generator.beta_1", "0.5")
        .and("train.critic.beta_1", "0.5")
        .because("with 0.9 the players overshoot each other (Radford et al. 2016)");
    high.then_some(remedy)
}

/// More coordinates of noise, where there are so few that samples lie on a curve; nothing elsewhere.
pub(crate) fn larger_latent(case: &Case) -> Option<Remedy> {
    let (few, enough) = latents(case);
    let remedy = Remedy::set("model.latent", enough.to_string())
        .because("samples cannot have more dimensions than the noise that they are made of");
    case.generator.latent.is_some_and(|latent| latent < few).then_some(remedy)
}

/// The number of coordinates of noise below which samples lie on a curve.
pub(crate) fn few_coordinates(case: &Case) -> u64 {
    latents(case).0
}

fn latents(case: &Case) -> (u64, u64) {
    if case.data.are_images == Some(false) { FEW_OF_POINTS } else { FEW_OF_IMAGES }
}

/// An average of the generator's weights; nothing for a run that keeps one.
pub(crate) fn begin_ema(case: &Case) -> Option<Remedy> {
    let has_one = matches!(case.objective.averaging, Some(Averaging::Ema { .. }));
    (!has_one).then(|| ema(case))
}

/// An average of the generator's weights whose half-life is a twentieth of the run, or half of what
/// it is, if that is less.
pub(crate) fn ema(case: &Case) -> Remedy {
    let steps = case.run.planned_steps.map_or(500, |steps| steps / 20);
    let steps = match case.objective.averaging {
        Some(Averaging::Ema { half_life }) => steps.min((half_life / 2.0) as u64),
        _ => steps,
    };
    let steps = steps.max(1);
    Remedy::set("train.ema.half_life", format!("{steps} steps"))
        .because("the average of weights that go round lies in the middle (Yazıcı et al. 2019)")
}

/// A number as TOML has it, with two digits.
pub(crate) fn number(value: f64) -> String {
    format!("{value:.1e}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Objective, Penalty};

    #[test]
    fn learning_rates_are_scaled_from_the_run_s_own() {
        let mut case = Case::default();
        case.critic.optimizer.lr = Some(2e-4);
        let remedy = scale_lr(Player::Critic, &case, 1.0 / LR_FACTOR);
        assert_eq!(remedy.settings[0].to_string(), "train.critic.lr=6.7e-5");
    }

    #[test]
    fn penalties_keep_those_there_are_and_clipping_goes() {
        let drift = Penalty { kind: PenaltyKind::Drift, weight: 0.001 };
        let objective = Objective {
            loss: Some(Loss::Wasserstein),
            penalties: Some(vec![drift]),
            constraint: Some(Constraint::Clip { bound: 0.01 }),
            ..Objective::default()
        };
        let remedy = gradient_penalty(&Case { objective, ..Case::default() }, "").unwrap();
        let list = "[{kind=\"gradient-penalty\",weight=10.0},{kind=\"drift\",weight=0.001}]";
        assert_eq!(remedy.settings[0].value, list);
        assert_eq!(remedy.settings[1].to_string(), "train.constraint=none");
    }

    fn with(loss: Loss, penalties: &[(PenaltyKind, f64)]) -> Case {
        let penalty =
            |(kind, weight): &(PenaltyKind, f64)| Penalty { kind: *kind, weight: *weight };
        let objective = Objective {
            loss: Some(loss),
            penalties: Some(penalties.iter().map(penalty).collect()),
            ..Objective::default()
        };
        Case { objective, ..Case::default() }
    }

    #[test]
    fn no_cure_sets_what_is_set_already_or_less_of_it() {
        use PenaltyKind::{GradientPenalty, R1, R2};
        let heavy = gradient_penalty(&with(Loss::NonSaturating, &[(R1, 100.0)]), "").unwrap();
        assert_eq!(heavy.settings[0].value, "[{kind=\"r1\",weight=1000.0}]");
        assert_eq!(
            gradient_penalty(&with(Loss::Wasserstein, &[(GradientPenalty, 10.0)]), ""),
            None
        );
        let r3gan = [(R1, 0.5), (R2, 0.5)];
        assert_eq!(relativistic(&with(Loss::RelativisticPaired, &r3gan)), None);
        let replaced = relativistic(&with(Loss::Wasserstein, &[(GradientPenalty, 10.0)])).unwrap();
        let list = "[{kind=\"r1\",weight=1.0},{kind=\"r2\",weight=1.0}]";
        assert_eq!(replaced.settings[1].value, list);
        let mut still = Case::default();
        let optimizer = crate::OptimizerFacts { beta_1: Some(0.0), ..Default::default() };
        (still.generator.optimizer, still.critic.optimizer) = (optimizer, optimizer);
        assert_eq!(no_momentum(&still), None);
        assert_eq!(instance_noise(&still).unwrap().settings[0].value, "0.1");
        still.objective.instance_noise = Some(0.1);
        assert_eq!(instance_noise(&still), None);
        still.objective.averaging = Some(Averaging::Ema { half_life: 100.0 });
        still.run.planned_steps = Some(100_000);
        assert_eq!(ema(&still).settings[0].value, "50 steps");
    }
}
