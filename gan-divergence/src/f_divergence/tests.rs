use super::*;
use crate::discrete;
use crate::pmf::Pmf;

const RATIOS: [f64; 9] = [1e-3, 0.05, 0.3, 0.9, 1.0, 1.1, 2.0, 7.0, 50.0];

fn pair() -> (Pmf, Pmf) {
    (Pmf::new(vec![0.36, 0.48, 0.16]).unwrap(), Pmf::uniform(3).unwrap())
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64) {
    let tolerance = 1e-12 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= tolerance, "{what}: {found} {expected}");
}

#[test]
fn rows_have_their_stated_values_and_factors() {
    let (p, q) = pair();
    let js = discrete::js_divergence(&p, &q).unwrap();
    let third = Pmf::new(vec![1.0 / 3.0, 2.0 / 3.0]).unwrap();
    let expected = [
        0.085_299_601_318_370_57,
        0.097_455_006_785_387_54,
        0.1568,
        0.234_567_901_234_567_83,
        2.0 * 0.022_649_730_810_374_247,
        2.0 * js,
        2.0 * js - 4f64.ln(),
        0.173_333_333_333_333_34,
        0.182_754_608_103_758_1,
        discrete::weighted_js(&[p.clone(), q.clone()], &third).unwrap(),
    ];
    for (row, expected) in f_divergence_rows().into_iter().zip(expected) {
        close(row.name(), f_divergence(row, &p, &q).unwrap(), expected);
    }
    close("gan", f_divergence(&Gan, &p, &q).unwrap(), -1.341_374_640_260_461);
    close("gan at p = q", f_divergence(&Gan, &p, &p).unwrap(), -(4f64.ln()));
}

#[test]
fn conjugate_pairs_fulfill_fenchel_and_young() {
    for row in f_divergence_rows() {
        for u in RATIOS {
            let best = row.derivative(u);
            assert!(row.domain().contains(best), "{} {u}", row.name());
            close(row.name(), u * best - row.conjugate(best), row.f(u));
            for v in RATIOS {
                let gap = row.f(u) + row.conjugate(row.derivative(v)) - u * row.derivative(v);
                assert!(gap >= -1e-12 * row.f(u).abs().max(1.0), "{} {u} {v}", row.name());
            }
        }
    }
}

#[test]
fn the_composite_is_the_conjugate_after_the_activation() {
    for row in f_divergence_rows() {
        for step in -24..=24 {
            let v = f64::from(step) * 0.25;
            let t = row.activation(v);
            assert!(row.domain().contains(t), "{} {v}", row.name());
            let two_steps = row.conjugate(t);
            let found = row.conjugate_of_activation(v);
            let tolerance = 1e-10 * two_steps.abs().max(1.0);
            assert!((found - two_steps).abs() <= tolerance, "{}: {found} {two_steps}", row.name());
        }
    }
}

#[test]
fn composites_stay_finite_where_two_steps_do_not() {
    for row in f_divergence_rows() {
        for v in [-500.0, 500.0] {
            assert!(row.conjugate_of_activation(v).is_finite(), "{} {v}", row.name());
        }
    }
    assert_eq!(JensenShannon.conjugate(JensenShannon.activation(500.0)), f64::INFINITY);
    assert_eq!(JensenShannon.conjugate_of_activation(500.0), 500.0 - 2f64.ln());
}

#[test]
fn derivatives_agree_with_central_differences() {
    for row in f_divergence_rows() {
        for u in [0.3, 0.7, 1.6, 4.0] {
            let h = 1e-5;
            let slope = (row.f(u + h) - row.f(u - h)) / (2.0 * h);
            assert!((slope - row.derivative(u)).abs() < 1e-7, "{} {u}", row.name());
        }
    }
}

#[test]
fn thresholds_are_the_derivative_at_one() {
    let expected = [1.0, -1.0, 0.0, 0.0, 0.0, 0.0, -(2f64.ln()), 0.0, 0.0, 0.0];
    for (row, expected) in f_divergence_rows().into_iter().zip(expected) {
        close(row.name(), row.threshold(), expected);
    }
}

/// The expectation of the bound over a pair of mass functions, for any critic of the outcomes.
fn bound(row: &dyn FDivergence, p: &Pmf, q: &Pmf, critic: impl Fn(f64) -> f64) -> f64 {
    let outcomes = p.masses().iter().zip(q.masses());
    outcomes.map(|(p, q)| p * critic(p / q) - q * row.conjugate(critic(p / q))).sum()
}

#[test]
fn the_bound_is_tight_at_the_best_critic_and_below_elsewhere() {
    let (p, q) = pair();
    for row in f_divergence_rows() {
        let exact = f_divergence(row, &p, &q).unwrap();
        close(row.name(), bound(row, &p, &q, |u| row.derivative(u)), exact);
        for exponent in [0.0, 0.5, 2.0] {
            let worse = bound(row, &p, &q, |u| row.derivative(u.powf(exponent)));
            assert!(worse <= exact + 1e-12, "{} {exponent}", row.name());
        }
    }
}

#[test]
fn sampled_scores_give_the_expectation_of_the_bound() {
    let (p, q) = (Pmf::new(vec![0.75, 0.25]).unwrap(), Pmf::new(vec![0.25, 0.75]).unwrap());
    let best = 3f64.ln();
    let (real, fake) = ([best, best, best, -best], [best, -best, -best, -best]);
    let estimate = variational_bound(&JensenShannon, &real, &fake).unwrap();
    close("js", estimate.value, f_divergence(&JensenShannon, &p, &q).unwrap());
    assert_eq!((estimate.n, estimate.m), (4, 4));
    assert!(estimate.standard_error.unwrap() > 0.0);
    assert!(variational_bound(&Gan, &[0.0], &fake).is_err());
    assert!(variational_bound(&Gan, &[0.0, f64::NAN], &fake).is_err());
}

#[test]
fn outcomes_without_mass_take_the_limits_of_f() {
    let (p, q) = (Pmf::new(vec![0.5, 0.5, 0.0]).unwrap(), Pmf::new(vec![0.0, 0.5, 0.5]).unwrap());
    let (forward, backward) = (f64::INFINITY, f64::INFINITY);
    let half_ln_2 = 0.5 * 2f64.ln();
    let expected = [forward, backward, forward, backward, 1.0, 2.0 * half_ln_2];
    for (row, expected) in f_divergence_rows().into_iter().zip(expected) {
        assert!(
            (f_divergence(row, &p, &q).unwrap() - expected).abs() < 1e-15
                || f_divergence(row, &p, &q).unwrap() == expected,
            "{}",
            row.name()
        );
    }
    let js = discrete::js_divergence(&p, &q).unwrap();
    close("gan", f_divergence(&Gan, &p, &q).unwrap(), 2.0 * js - 4f64.ln());
}

#[test]
fn terms_are_the_function_scaled_and_survive_extreme_masses() {
    for row in f_divergence_rows() {
        for (p, q) in [(0.3, 0.2), (1e-3, 0.7), (0.5, 0.5)] {
            close(row.name(), row.term(p, q), q * row.f(p / q));
        }
        for (p, q) in [(1.0, 4e-323), (4e-323, 1.0), (5e-324, 5e-324)] {
            assert!(!row.term(p, q).is_nan(), "{} {p} {q}", row.name());
        }
    }
    assert!((KullbackLeibler.term(1.0, 4e-323) + (4e-323f64).ln()).abs() < 1e-12);
    assert!(JensenShannon.f(1e308).is_finite() && Gan.f(1e308).is_finite());
}
