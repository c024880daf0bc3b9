//! Random orders.

use rand::RngExt as _;
use rand_chacha::rand_core::Rng;

/// Bring items into a random order, each as likely as any other.
///
/// The order is a function of the generator and of the number of items; everything that was recorded with it
/// depends on that function.
///
/// # Source
/// Fisher and Yates's shuffle, from the end, as in Durstenfeld (1964), doi:10.1145/364520.364540.
///
/// # Example
/// ```
/// use gan_batch::{Seed, shuffle};
///
/// let mut order: Vec<usize> = (0..6).collect();
/// shuffle(&mut order, &mut Seed(1).stream("order").draw(0));
/// let mut sorted = order.clone();
/// sorted.sort();
/// assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
/// ```
pub fn shuffle<T>(items: &mut [T], rng: &mut impl Rng) {
    for i in (1..items.len()).rev() {
        items.swap(i, rng.random_range(0..=i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;

    fn shuffled(seed: u64) -> [usize; 3] {
        let mut items = [0, 1, 2];
        shuffle(&mut items, &mut Seed(seed).stream("test").draw(0));
        items
    }

    #[test]
    fn every_order_is_as_likely_as_any_other() {
        let orders: Vec<[usize; 3]> = (0..6_000).map(shuffled).collect();
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let found = orders.iter().filter(|&&each| each == order).count();
            assert!((870..1_130).contains(&found), "{order:?} {found} times of 6000");
        }
    }

    #[test]
    fn nothing_and_one_item_stay() {
        let mut rng = Seed(0).stream("test").draw(0);
        let (mut none, mut one) = ([(); 0], [7]);
        shuffle(&mut none, &mut rng);
        shuffle(&mut one, &mut rng);
        assert_eq!(one, [7]);
    }
}
