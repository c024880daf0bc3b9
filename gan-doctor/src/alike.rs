//! Whether samples are too much alike, since when, and whether they once were not.

use crate::series::SPREAD;
use crate::{Evidence, Patient, Signal};

/// Share of the data's spread below which samples are too much alike.
const ALIKE: f64 = 0.5;
/// Share of the data's spread from which samples that had become alike are apart again. A generator
/// that has collapsed moves from one pattern to the next, and shows some spread while it does; runs
/// that keep their digits have nine tenths of the data's.
const APART: f64 = 0.75;
/// The same two, where nothing is known of real samples, as shares of the largest spread there was.
const OF_LARGEST: (f64, f64) = (0.25, 0.5);
/// Measurements that are shown as evidence.
const NEWEST: usize = 2;

/// Samples that are too much alike.
pub(crate) struct Alike {
    /// Their spread.
    pub(crate) spread: Signal,
    /// What the newest measurements say.
    pub(crate) evidence: Evidence,
    /// The step of the first measurement that found them so.
    pub(crate) since: u64,
    /// The measurements that found less than half of the data's spread since then.
    pub(crate) times: usize,
    /// Whether they were apart before: what is alike from the beginning on may not have learned yet.
    pub(crate) fell: bool,
}

impl Alike {
    /// Samples that are too much alike now; `None` where they are not, or nothing was measured.
    ///
    /// Samples that fell from more than half of the data's spread count as alike until they have
    /// three quarters of it again.
    pub(crate) fn of(patient: &Patient<'_>) -> Option<Self> {
        let spread = patient.signal(&SPREAD)?;
        let (low, back) = match patient.of_real(spread.name()) {
            Some(real) => (ALIKE * real, APART * real),
            None => {
                let largest = spread.highest()?.1;
                (OF_LARGEST.0 * largest, OF_LARGEST.1 * largest)
            }
        };
        let (mut was_apart, mut stretch) = (false, None);
        for (step, value) in spread.points() {
            let is_low = *value < low;
            stretch = match stretch {
                None => is_low.then_some((*step, 1, was_apart)),
                Some((_, _, fell)) if *value >= if fell { back } else { low } => None,
                Some((since, times, fell)) => Some((since, times + usize::from(is_low), fell)),
            };
            was_apart |= stretch.is_none();
        }
        let (since, times, fell) = stretch?;
        let newest = spread.from_step(since);
        let newest = newest.last(NEWEST);
        let evidence = newest.all_below(low).or_else(|| newest.all_below(back))?;
        Some(Self { spread, evidence, since, times, fell })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Case, Trace};

    /// Of a spread whose data has 1.
    fn alike(values: &[f64]) -> Option<(u64, usize, bool)> {
        let mut trace = Trace::new();
        for (index, value) in values.iter().enumerate() {
            trace.push("samples/spread", index as u64, *value).unwrap();
            trace.push("samples/spread/of_real", index as u64, 1.0).unwrap();
        }
        let case = Case::default();
        let found = Alike::of(&Patient { case: &case, trace: &trace });
        found.map(|alike| (alike.since, alike.times, alike.fell))
    }

    #[test]
    fn samples_that_fell_are_alike_until_they_are_well_apart_again() {
        // The spread of a DCGAN in bfloat16 that never came back, over that of the digits.
        let collapsed = [1.24, 0.0, 0.14, 0.05, 0.19, 0.53];
        assert_eq!(alike(&collapsed), Some((1, 4, true)));
        assert_eq!(alike(&[1.0, 0.1, 0.1, 0.8]), None);
        assert_eq!(alike(&[1.0, 0.1, 0.8, 0.1]), Some((3, 1, true)));
    }

    #[test]
    fn samples_that_have_not_learned_are_alike_until_they_have_half_of_the_spread() {
        assert_eq!(alike(&[0.1, 0.3, 0.4]), Some((0, 3, false)));
        assert_eq!(alike(&[0.1, 0.3, 0.6]), None);
        assert_eq!(alike(&[0.9, 0.9]), None);
        assert_eq!(alike(&[]), None);
    }
}
