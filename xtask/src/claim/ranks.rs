//! Midranks: places in the order of size, of which equal values share the mean.

/// Twice the rank of each value, counted from 1, so that a midrank is a whole number.
///
/// NaN ranks above everything; no caller passes one.
pub(super) fn doubled_midranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0; values.len()];
    let mut begin = 0;
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let end = begin + group.len();
        // The mean of begin + 1 … end, twice.
        group.iter().for_each(|&idx| ranks[idx] = begin + 1 + end);
        begin = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_places() {
        assert_eq!(doubled_midranks(&[3.0, 1.0, 2.0]), [6, 2, 4]);
        assert_eq!(doubled_midranks(&[5.0, 1.0, 5.0, 0.0]), [7, 4, 7, 2]);
        assert_eq!(doubled_midranks(&[0.0, -0.0, f64::INFINITY]), [3, 3, 6]);
        assert!(doubled_midranks(&[]).is_empty());
    }
}
