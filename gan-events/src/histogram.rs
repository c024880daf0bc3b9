//! Histograms as TensorBoard draws them: buckets of one width, from the smallest number to the largest.

/// How many buckets TensorFlow makes unless it is told otherwise.
const BUCKETS: u32 = 30;

/// How many numbers lie where.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    buckets: Vec<[f64; 3]>,
    not_finite: usize,
}

impl Histogram {
    /// The histogram of some numbers, in 30 buckets of one width; in a single one, of width 1, if all
    /// numbers are the same. The largest number is in the last bucket.
    ///
    /// Numbers that are not finite are in no bucket; [`not_finite`](Self::not_finite) counts them.
    ///
    /// # Source
    /// `histogram_pb` of `tensorboard/plugins/histogram/summary_v2.py`, but for equal numbers, for which
    /// it has 29 empty buckets beside the full one.
    pub fn of(numbers: &[f64]) -> Self {
        let finite: Vec<f64> =
            numbers.iter().copied().filter(|number| number.is_finite()).collect();
        let not_finite = numbers.len() - finite.len();
        let lowest = finite.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let buckets = if finite.is_empty() {
            Vec::new()
        } else if lowest < highest {
            of_one_width(&finite, lowest, highest)
        } else {
            vec![[lowest - 0.5, lowest + 0.5, finite.len() as f64]]
        };
        Self { buckets, not_finite }
    }

    /// Left edge, right edge and count of each bucket.
    pub fn buckets(&self) -> &[[f64; 3]] {
        &self.buckets
    }

    /// How many numbers are in no bucket.
    pub fn not_finite(&self) -> usize {
        self.not_finite
    }
}

fn of_one_width(finite: &[f64], lowest: f64, highest: f64) -> Vec<[f64; 3]> {
    let n = f64::from(BUCKETS);
    // Of halves, because the difference of the largest numbers is infinite.
    let width = highest / 2.0 - lowest / 2.0;
    let edge = |idx: f64| {
        let part = idx / n;
        if part < 1.0 { lowest * (1.0 - part) + highest * part } else { highest }
    };
    let indices = (0..BUCKETS).map(f64::from);
    let mut buckets: Vec<[f64; 3]> = indices.map(|idx| [edge(idx), edge(idx + 1.0), 0.0]).collect();
    let last = buckets.len() - 1;
    for number in finite {
        let part = (number / 2.0 - lowest / 2.0) / width;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 30")]
        let idx = (part * n) as usize;
        buckets[idx.min(last)][2] += 1.0;
    }
    buckets
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn thirty_numbers_lie_one_in_each_bucket() {
        let numbers: Vec<f64> = (0..=30).map(f64::from).collect();
        let histogram = Histogram::of(&numbers);
        let counts: Vec<f64> = histogram.buckets().iter().map(|bucket| bucket[2]).collect();
        let mut expected = vec![1.0; 30];
        expected[29] = 2.0;
        assert_eq!(counts, expected);
        assert_eq!(histogram.buckets()[29][1], 30.0);
    }

    #[test]
    fn equal_numbers_have_one_bucket_and_none_have_none() {
        assert_eq!(Histogram::of(&[2.0; 4]).buckets(), [[1.5, 2.5, 4.0]]);
        assert!(Histogram::of(&[]).buckets().is_empty());
        let nothing = Histogram::of(&[f64::NAN, f64::INFINITY]);
        assert_eq!((nothing.buckets().len(), nothing.not_finite()), (0, 2));
    }

    proptest! {
        #[test]
        fn every_number_is_counted_once(numbers in proptest::collection::vec(any::<f64>(), 0..50)) {
            let histogram = Histogram::of(&numbers);
            let counted: f64 = histogram.buckets().iter().map(|bucket| bucket[2]).sum();
            prop_assert_eq!(counted + histogram.not_finite() as f64, numbers.len() as f64);
        }

        #[test]
        fn buckets_touch_and_hold_every_number(
            numbers in proptest::collection::vec(-1e300..1e300, 2..50),
        ) {
            let histogram = Histogram::of(&numbers);
            for pair in histogram.buckets().windows(2) {
                prop_assert_eq!(pair[0][1], pair[1][0]);
                prop_assert!(pair[0][0] <= pair[0][1]);
            }
            let buckets = histogram.buckets();
            let (lowest, highest) = (buckets[0][0], buckets[buckets.len() - 1][1]);
            prop_assert!(numbers.iter().all(|number| (lowest..=highest).contains(number)));
        }
    }
}
