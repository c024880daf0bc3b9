use super::*;
use crate::pmf::{LogPmf, Pmf};
use crate::unit::LogBase;

fn pmf(masses: &[f64]) -> Pmf {
    Pmf::new(masses.to_vec()).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{found} {expected}");
}

/// The pair of the f-GAN table: `[.36, .48, .16]` against uniform.
fn pair() -> (Pmf, Pmf) {
    (pmf(&[0.36, 0.48, 0.16]), Pmf::uniform(3).unwrap())
}

#[test]
fn kl_of_the_textbook_pairs() {
    let (p, q) = (pmf(&[0.5, 0.5]), pmf(&[0.9, 0.1]));
    close(kl(&p, &q).unwrap(), 0.510_825_623_765_990_6);
    close(LogBase::Bits.convert(kl(&p, &q).unwrap()), 0.736_965_594_166_206_1);
    close(reverse_kl(&p, &q).unwrap(), 0.368_064_207_168_497_1);
    let (p, u) = pair();
    close(kl(&p, &u).unwrap(), 0.085_299_601_318_370_57);
    close(kl(&u, &p).unwrap(), 0.097_455_006_785_387_54);
    close(jeffreys(&p, &u).unwrap(), 0.182_754_608_103_758_1);
    close(kl(&pmf(&[0.1, 0.6, 0.3]), &pmf(&[0.2, 0.3, 0.5])).unwrap(), 0.193_325_903_150_175_42);
    let without_first = |masses: &[f64]| Pmf::normalized(masses.to_vec()).unwrap();
    let value = kl(&without_first(&[0.0, 0.6, 0.3]), &without_first(&[0.0, 0.3, 0.5])).unwrap();
    close(value, 0.174_039_876_794_916_73);
}

#[test]
fn mass_where_the_other_has_none_is_infinitely_far_and_no_error() {
    let (p, q) = (pmf(&[0.1, 0.9]), pmf(&[0.0, 1.0]));
    for divergence in [kl, jeffreys, pearson_chi_squared, cross_entropy] {
        assert_eq!(divergence(&p, &q).unwrap(), f64::INFINITY);
    }
    assert_eq!(reverse_kl(&q, &p).unwrap(), f64::INFINITY);
    assert_eq!(neyman_chi_squared(&q, &p).unwrap(), f64::INFINITY);
    close(kl(&q, &p).unwrap(), -(0.9f64.ln()));
    assert_eq!(renyi(2.0, &p, &q).unwrap(), f64::INFINITY);
    assert_eq!(renyi(1.000_001, &p, &q).unwrap(), f64::INFINITY);
    assert_eq!(renyi(f64::INFINITY, &p, &q).unwrap(), f64::INFINITY);
    assert!(renyi(0.5, &p, &q).unwrap().is_finite());
}

#[test]
fn lengths_must_agree() {
    let (p, q) = (Pmf::uniform(2).unwrap(), Pmf::uniform(3).unwrap());
    for divergence in [kl, jeffreys, js_divergence, total_variation, hellinger, cross_entropy] {
        let message = divergence(&p, &q).unwrap_err().to_string();
        assert_eq!(message, "q has 3 entries, expected 2");
    }
}

#[test]
fn rel_entr_has_the_edge_cases_of_scipy() {
    close(rel_entr(0.5, 0.9), -0.293_893_332_451_059_5);
    close(rel_entr(4.0, f64::MIN_POSITIVE), 2_839.130_851_573_536);
    assert_eq!(rel_entr(0.0, 0.0), 0.0);
    assert_eq!(rel_entr(-1.0, 2.0), f64::INFINITY);
    assert_eq!(rel_entr(0.0, -1.0), f64::INFINITY);
    assert!(rel_entr(f64::NAN, 1.0).is_nan() && rel_entr(1.0, f64::NAN).is_nan());
    let tiny = 5e-324;
    close(rel_entr(1.0, tiny), -tiny.ln());
    close(rel_entr(tiny, tiny), 0.0);
}

#[test]
fn jensen_shannon_and_its_root() {
    let (heads, tails, fair) = (pmf(&[1.0, 0.0]), pmf(&[0.0, 1.0]), pmf(&[0.5, 0.5]));
    close(js_distance(&heads, &tails).unwrap(), 0.832_554_611_157_697_7);
    close(LogBase::Bits.convert(js_divergence(&heads, &tails).unwrap()).sqrt(), 1.0);
    close(js_distance(&heads, &fair).unwrap(), 0.464_501_404_022_459);
    close(js_divergence(&heads, &fair).unwrap(), 0.215_761_554_338_835_68);
    let (p, u) = pair();
    close(js_divergence(&p, &u).unwrap(), 0.022_459_860_429_714_602);
    close(js_distance(&p, &u).unwrap(), 0.149_866_141_705_572_05);
}

#[test]
fn js_distance_of_neighboring_floats_is_a_number() {
    let below = 0.5f64.next_down();
    let (p, q) = (pmf(&[below, 1.0 - below]), pmf(&[1.0 - below, below]));
    let distance = js_distance(&p, &q).unwrap();
    assert!((0.0..1e-15).contains(&distance), "{distance}");
}

#[test]
fn weighted_js_reduces_to_the_binary_one_and_reaches_the_entropy_of_the_weights() {
    let (p, u) = pair();
    let half = Pmf::uniform(2).unwrap();
    let value = weighted_js(&[p.clone(), u.clone()], &half).unwrap();
    close(value, js_divergence(&p, &u).unwrap());
    let weights = pmf(&[0.2, 0.8]);
    let disjoint = [pmf(&[1.0, 0.0]), pmf(&[0.0, 1.0])];
    close(weighted_js(&disjoint, &weights).unwrap(), entropy(&weights));
    assert!(weighted_js(&[], &half).is_err());
    assert!(weighted_js(&[p], &half).is_err());
}

#[test]
fn the_overlap_family() {
    let (p, u) = pair();
    close(total_variation(&p, &u).unwrap(), 0.173_333_333_333_333_34);
    close(bhattacharyya_coefficient(&p, &u).unwrap(), 0.977_350_269_189_625_8);
    close(hellinger(&p, &u).unwrap().powi(2), 0.022_649_730_810_374_247);
    close(hellinger(&p, &u).unwrap(), 0.150_498_275_107_637_86);
    close(bhattacharyya_distance(&p, &u).unwrap(), -(0.977_350_269_189_625_8f64.ln()));
    let disjoint = (pmf(&[1.0, 0.0]), pmf(&[0.0, 1.0]));
    assert_eq!(bhattacharyya_distance(&disjoint.0, &disjoint.1).unwrap(), f64::INFINITY);
}

#[test]
fn chi_squared_is_pinned_by_its_denominator() {
    let (p, u) = pair();
    close(pearson_chi_squared(&p, &u).unwrap(), 0.1568);
    close(neyman_chi_squared(&p, &u).unwrap(), 0.234_567_901_234_567_83);
}

#[test]
fn divergences_of_every_order() {
    let (p, u) = pair();
    let golden = [
        (0.0, 0.0),
        (0.5, 0.045_820_352_310_145_27),
        (1.0, 0.085_299_601_318_370_57),
        (2.0, 0.145_657_572_422_363_24),
        (3.0, 0.186_504_014_959_768_5),
        (f64::INFINITY, 0.364_643_113_587_909_24),
    ];
    for (order, expected) in golden {
        close(renyi(order, &p, &u).unwrap(), expected);
    }
    assert!((renyi(0.999_999, &p, &u).unwrap() - 0.085_299_528_9).abs() < 1e-9);
    close(tsallis(2.0, &p, &u).unwrap(), 0.1568);
    close(alpha_divergence(2.0, &p, &u).unwrap(), 0.0784);
    close(alpha_divergence(-1.0, &p, &u).unwrap(), 0.5 * 0.234_567_901_234_567_83);
    close(alpha_divergence(0.5, &p, &u).unwrap(), 4.0 * 0.022_649_730_810_374_247);
    assert!(renyi(-1.0, &p, &u).is_err() && renyi(f64::NAN, &p, &u).is_err());
    assert!(tsallis(f64::INFINITY, &p, &u).is_err());
}

#[test]
fn orders_on_both_sides_of_the_switch_join_up() {
    let (p, u) = pair();
    for order in [1.0 - 1e-4, 1.0 + 1e-4] {
        let (inside, outside) = (1.0 + (order - 1.0) * 0.999_999, 1.0 + (order - 1.0) * 1.000_001);
        for divergence in [renyi, tsallis, alpha_divergence] {
            let gap = divergence(inside, &p, &u).unwrap() - divergence(outside, &p, &u).unwrap();
            assert!(gap.abs() < 1e-10, "{gap:e}");
        }
    }
}

#[test]
fn entropy_and_cross_entropy_differ_by_kl() {
    let p = Pmf::normalized(vec![0.0, 1.0, 2.0]).unwrap();
    close(entropy(&p), 0.636_514_168_294_812_8);
    let (p, u) = pair();
    close(cross_entropy(&p, &u).unwrap() - entropy(&p), kl(&p, &u).unwrap());
}

#[test]
fn log_space_agrees_with_plain_masses() {
    let (p, q) = (pmf(&[0.7, 0.0, 0.3]), pmf(&[0.2, 0.5, 0.3]));
    let (lp, lq) = (LogPmf::from(&p), LogPmf::from(&q));
    close(kl_from_logs(&lp, &lq).unwrap(), kl(&p, &q).unwrap());
    assert_eq!(kl_from_logs(&lq, &lp).unwrap(), f64::INFINITY);
    close(js_from_logs(&lp, &lq).unwrap(), js_divergence(&p, &q).unwrap());
    close(entropy_from_logs(&lp), entropy(&p));
}

#[test]
fn long_sums_agree_with_the_plain_loop_and_keep_the_edge_cases() {
    let n = 20_001;
    let weights = |a: f64| (0..n).map(|i| 1.5 + (f64::from(i) * a).sin()).collect::<Vec<_>>();
    let (p, q) = (Pmf::normalized(weights(0.37)).unwrap(), Pmf::normalized(weights(0.91)).unwrap());
    let plain: f64 = p.masses().iter().zip(q.masses()).map(|(p, q)| p * (p / q).ln()).sum();
    close(kl(&p, &q).unwrap(), plain);
    let mut holes = weights(0.91);
    holes[15_000] = 0.0;
    let holes = Pmf::normalized(holes).unwrap();
    assert_eq!(kl(&p, &holes).unwrap(), f64::INFINITY);
    assert!(kl(&holes, &q).unwrap().is_finite());
}
