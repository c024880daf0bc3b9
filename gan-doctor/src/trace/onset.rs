//! Since when something holds.

/// One point in this many, and two at least, may fail to hold without ending a stretch: a noisy
/// series crosses a threshold back and forth before it settles.
pub const INTERRUPTION: usize = 50;

/// The step at which the stretch up to the newest point begins in which `holds` is true, short
/// interruptions apart; `None` if no point of the end holds.
pub(super) fn onset(points: &[(u64, f64)], holds: impl Fn(f64) -> bool) -> Option<u64> {
    let allowed = (points.len() / INTERRUPTION).max(2);
    let (mut begin, mut failed) = (None, 0);
    for (step, value) in points.iter().rev() {
        if holds(*value) {
            (begin, failed) = (Some(*step), 0);
        } else {
            failed += 1;
            if failed > allowed {
                break;
            }
        }
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stretch_counts_and_short_interruptions_do_not_end_it() {
        let points = |values: &[f64]| -> Vec<(u64, f64)> {
            values.iter().enumerate().map(|(i, value)| (10 * i as u64, *value)).collect()
        };
        let low = |value: f64| value < 0.5;
        let step = |values: &[f64]| onset(&points(values), low);
        assert_eq!(step(&[1.0, 1.0, 1.0, 0.0, 0.0]), Some(30));
        assert_eq!(step(&[0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0]), Some(40));
        assert_eq!(step(&[1.0, 1.0, 1.0]), None);
        assert_eq!(step(&[]), None);
    }
}
