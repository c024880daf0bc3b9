//! Validation of the rules: combinations of hyperparameters that make no sense together.

use crate::constraint::Constraint;
use crate::penalty::Penalty;

/// Whether a loss means anything without a bound on the critic's input gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LipschitzBound {
    /// It does not: the Wasserstein loss, whose critic would gain without limit by growing.
    Required,
    /// It does.
    Optional,
}

/// Why these rules cannot be meant: for each contradiction the key of the rule to change and a
/// sentence. Empty if they can.
///
/// Each rule by itself is taken to be valid ([`Penalty::validate`], [`Constraint::validate`]).
pub fn contradictions(
    bound: LipschitzBound,
    penalties: &[Penalty],
    constraint: Constraint,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let on_slopes = penalties.iter().find(|penalty| penalty.uses_input_gradient());
    if bound == LipschitzBound::Required && constraint == Constraint::None && on_slopes.is_none() {
        found.push((
            "loss",
            "the loss is unbounded below unless the critic's input gradient is bounded: it needs a \
             constraint (clip, spectral-norm) or a gradient penalty (gradient-penalty, r1, r2, \
             dragan)"
                .to_owned(),
        ));
    }
    if let (Constraint::Clip { .. }, Some(penalty)) = (constraint, on_slopes) {
        let why = format!(
            "`clip` and `{}` both bound the critic's input gradient, and clipped weights cannot reach the \
             input gradient that the penalty asks for: choose one",
            penalty.name()
        );
        found.push(("constraint", why));
    }
    for (n, penalty) in penalties.iter().enumerate() {
        if penalties[..n].iter().any(|earlier| earlier.name() == penalty.name()) {
            let name = penalty.name();
            let why = format!("the penalty `{name}` is there twice: add up the weights");
            found.push(("penalties", why));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::penalty::{Drift, R1};
    use crate::rules::Schedule;

    fn r1() -> Penalty {
        Penalty::R1(R1 { weight: 1.0, schedule: Schedule::default() })
    }

    fn drift() -> Penalty {
        Penalty::Drift(Drift { weight: 1e-3, schedule: Schedule::default() })
    }

    #[test]
    fn an_unbounded_loss_needs_a_bound_on_the_slope() {
        let required =
            |penalties: &[Penalty], rule| contradictions(LipschitzBound::Required, penalties, rule);
        assert!(required(&[], Constraint::None)[0].1.contains("unbounded below"));
        assert!(required(&[drift()], Constraint::None)[0].1.contains("unbounded below"));
        assert!(required(&[r1(), drift()], Constraint::None).is_empty());
        assert!(required(&[], Constraint::Clip { bound: 0.01 }).is_empty());
        assert!(required(&[], Constraint::SpectralNorm { iterations: 1 }).is_empty());
        assert!(contradictions(LipschitzBound::Optional, &[], Constraint::None).is_empty());
    }

    #[test]
    fn clipping_under_a_penalty_on_slopes_and_doubled_penalties_are_named() {
        let clip = Constraint::Clip { bound: 0.01 };
        let found = contradictions(LipschitzBound::Required, &[r1(), r1(), drift()], clip);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].1.contains("`clip` and `r1`"));
        assert!(found[1].1.contains("`r1` is there twice"));
        assert!(contradictions(LipschitzBound::Required, &[drift()], clip).is_empty());
    }
}
