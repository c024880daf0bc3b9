use super::*;

fn line(n: u64) -> Signal {
    Signal::new("x", (0..n).map(|step| (step, step as f64)))
}

#[test]
fn parts_are_tenths_of_the_steps_and_three_points_at_least() {
    let line = line(101);
    assert_eq!(line.recent().window(), Window { from: 90, to: 100, points: 11 });
    assert_eq!(line.early().window(), Window { from: 0, to: 10, points: 11 });
    let sparse = Signal::new("x", [(0, 1.0), (10, 2.0), (5_000, 3.0), (10_000, 4.0)]);
    assert_eq!(sparse.recent().window().from, 10);
    assert_eq!(sparse.early().window().to, 5_000);
    assert!(Signal::new("x", []).recent().is_empty());
}

#[test]
fn what_is_not_finite_is_left_out() {
    let signal = Signal::new("x", [(0, f64::NAN), (1, 2.0), (2, f64::INFINITY)]);
    assert_eq!(signal.points(), [(1, 2.0)]);
}

#[test]
fn a_ratio_takes_the_newest_value_below() {
    let above = Signal::new("a", [(0, 1.0), (5, -6.0), (10, 8.0)]);
    let below = Signal::new("b", [(3, 2.0), (10, -4.0)]);
    let ratio = above.ratio_to(&below);
    assert_eq!(ratio.points(), [(5, 3.0), (10, 2.0)]);
    assert_eq!(ratio.name(), "|a| ÷ |b|");
    assert_eq!(above.pairs(&below), [(8.0, -4.0)]);
}

#[test]
fn evidence_exists_on_one_side_of_the_threshold_only() {
    let part = line(11).last(3);
    let evidence = part.median_above(8.5).unwrap();
    assert_eq!((evidence.value, evidence.threshold), (9.0, 8.5));
    assert_eq!(part.median_below(8.5), None);
    assert_eq!(part.all_above(8.0), None);
    assert_eq!(part.all_below(10.5).unwrap().value, 10.0);
}

#[test]
fn extremes_are_the_first_of_equals() {
    let signal = Signal::new("x", [(0, 1.0), (1, 2.0), (2, 1.0), (3, 2.0)]);
    assert_eq!(signal.lowest(), Some((0, 1.0)));
    assert_eq!(signal.highest(), Some((1, 2.0)));
}

#[test]
fn a_cycle_is_seen_through_a_trend() {
    let wave = |step: u64| 0.1 * step as f64 + (step as f64 * 0.628_318).sin();
    let signal = Signal::new("x", (0..100).map(|step| (step, wave(step))));
    let (period, strength) = signal.cycle().unwrap();
    assert_eq!(period, 10);
    assert!(strength > 0.5, "{strength}");
}
