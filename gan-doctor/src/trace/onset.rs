//! Since when something holds.

/// One point in this many, and two at least, may fail to hold without ending a stretch: a noisy
/// series crosses a threshold back and forth before it settles.
pub const INTERRUPTION: usize = 50;

/// From this many points on, a point counts as its neighbors do: of noise around a threshold,
/// single points say little.
const VOTED: usize = 30;
/// The neighbors that vote, the point itself among them.
const VOTES: usize = 5;

/// The step at which the stretch up to the newest point begins in which `holds` is true, short
/// interruptions apart; `None` if no point of the end holds.
pub(super) fn onset(points: &[(u64, f64)], holds: impl Fn(f64) -> bool) -> Option<u64> {
    let each: Vec<bool> = points.iter().map(|(_, value)| holds(*value)).collect();
    let voted = if points.len() < VOTED { each.clone() } else { voted(&each) };
    let allowed = (points.len() / INTERRUPTION).max(2);
    let (mut begin, mut failed) = (None, 0);
    for index in (0..points.len()).rev() {
        if each[index] {
            (begin, failed) = (Some(points[index].0), 0);
        } else if !voted[index] {
            failed += 1;
            if failed > allowed {
                break;
            }
        }
    }
    begin
}

/// What most of the neighbors of each point say.
fn voted(each: &[bool]) -> Vec<bool> {
    let around = |index: usize| {
        let from = index.saturating_sub(VOTES / 2);
        &each[from..(index + VOTES / 2 + 1).min(each.len())]
    };
    let most = |index: usize| {
        let votes = around(index);
        2 * votes.iter().filter(|holds| **holds).count() > votes.len()
    };
    (0..each.len()).map(most).collect()
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

    #[test]
    fn noise_around_a_threshold_does_not_end_a_stretch() {
        // From point 40 on, two of five points are on the wrong side.
        let value = |i: u64| if i < 40 || i % 5 == 1 || i % 5 == 3 { 1.0 } else { 0.0 };
        let points: Vec<_> = (0..100).map(|i| (i, value(i))).collect();
        assert_eq!(onset(&points, |value| value < 0.5), Some(40));
    }
}
