//! Radix sort of floating-point numbers.

/// Fewer numbers than this are compared instead.
const FEW: usize = 1_000;

const DIGIT_BITS: usize = 11;

/// The digits that numbers are distributed by: the upper 33 bits of a key.
const SHIFTS: [usize; 3] = [31, 42, 53];

/// Sorts ascending in the order of [`f64::total_cmp`].
///
/// Three passes distribute the numbers by sign, exponent and the first 21 bits of the mantissa, least digit
/// first; runs that agree so far are compared. Two numbers that are equal in this order have the same
/// bits, so there is but one result.
pub(crate) fn sort_numbers(values: &mut [f64]) {
    if values.len() < FEW {
        return values.sort_unstable_by(f64::total_cmp);
    }
    let mut keys: Vec<u64> = values.iter().map(|&value| key(value)).collect();
    let mut scattered = vec![0; keys.len()];
    for (shift, starts) in SHIFTS.into_iter().zip(starts(&keys)) {
        distribute(&keys, &mut scattered, shift, starts);
        std::mem::swap(&mut keys, &mut scattered);
    }
    let agree = |a: &u64, b: &u64| a >> SHIFTS[0] == b >> SHIFTS[0];
    keys.chunk_by_mut(agree).filter(|run| run.len() > 1).for_each(<[u64]>::sort_unstable);
    values.iter_mut().zip(keys).for_each(|(value, key)| *value = number(key));
}

/// For every digit, where the numbers with each of its values begin.
fn starts(keys: &[u64]) -> [Vec<usize>; SHIFTS.len()] {
    let mut counts = SHIFTS.map(|_| vec![0; 1 << DIGIT_BITS]);
    for &key in keys {
        for (counts, shift) in counts.iter_mut().zip(SHIFTS) {
            counts[digit(key, shift)] += 1;
        }
    }
    for counts in &mut counts {
        let mut start = 0;
        for count in counts {
            (*count, start) = (start, start + *count);
        }
    }
    counts
}

/// Puts every key at the next place for its digit.
fn distribute(keys: &[u64], to: &mut [u64], shift: usize, mut next: Vec<usize>) {
    for &key in keys {
        let place = &mut next[digit(key, shift)];
        to[*place] = key;
        *place += 1;
    }
}

fn digit(key: u64, shift: usize) -> usize {
    (key >> shift) as usize & ((1 << DIGIT_BITS) - 1)
}

const SIGN: u64 = 1 << 63;

/// An integer in the same order: the sign bit inverted, and all others of negative numbers.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn number(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[track_caller]
    fn check(mut values: Vec<f64>) {
        let mut expected = values.clone();
        expected.sort_by(f64::total_cmp);
        sort_numbers(&mut values);
        let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(values), bits(expected));
    }

    #[test]
    fn sorts_as_comparing_does() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut draw = |n: usize| (0..n).map(|_| rng.random::<f64>() - 0.3).collect::<Vec<_>>();
        for n in [0, 1, 2, FEW - 1, FEW, 3 * FEW] {
            check(draw(n));
        }
        // Numbers that differ in their last bits only, and a few far away.
        let near = draw(2 * FEW).into_iter().map(|x| 1.0 + 1e-12 * x);
        check(near.chain([1e300, -1e-300, f64::MIN]).collect());
        check(draw(2 * FEW).into_iter().map(|x| (20.0 * x).round()).collect());
    }

    #[test]
    fn zeros_infinities_and_nan_have_their_total_order() {
        let odd = [0.0, -0.0, f64::INFINITY, f64::NAN, -f64::NAN, f64::NEG_INFINITY, 5e-324, -1.0];
        check(odd.into_iter().cycle().take(2 * FEW).collect());
        for value in odd {
            assert_eq!(number(key(value)).to_bits(), value.to_bits());
        }
    }
}
