//! Random draws that follow from a case's number alone.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of random draws.
#[derive(Debug)]
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of a case of a format: another for each name and each number.
    pub(crate) fn of_case(format: &str, case: u64) -> Self {
        let mut seed = [0; 32];
        for (slot, byte) in seed[8..].iter_mut().zip(format.bytes()) {
            *slot = byte;
        }
        seed[..8].copy_from_slice(&case.to_le_bytes());
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// A number below `bound`; 0 where nothing is.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let drawn = self.0.next_u64();
        if bound == 0 { 0 } else { (drawn % bound as u64) as usize }
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of the items, of which there must be one.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of the words, of which there must be one.
    pub(crate) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A part of a sequence of `length`, at most `longest` long.
    pub(crate) fn part(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let begin = self.below(length + 1);
        let longest = longest.min(length - begin);
        begin..begin + self.below(longest + 1)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0.next_u64() as u8
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.byte()).collect()
    }

    /// A number that code likes to get wrong: near 0, near a power of two, or anything.
    pub(crate) fn extreme(&mut self) -> u64 {
        match self.below(5) {
            0 => self.below(4) as u64,
            1 => 0_u64.wrapping_sub(self.below(4) as u64 + 1),
            2 => (1_u64 << self.below(64)).wrapping_sub(1),
            3 => (1_u64 << self.below(64)).wrapping_add(self.below(3) as u64),
            _ => self.0.next_u64() >> self.below(64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_follows_from_format_and_number() {
        let first = |format, case| Draw::of_case(format, case).bytes(8);
        assert_eq!(first("png", 1), first("png", 1));
        assert_ne!(first("png", 1), first("png", 2));
        assert_ne!(first("png", 1), first("npy", 1));
    }

    #[test]
    fn parts_lie_within_and_reach_both_ends() {
        let mut draw = Draw::of_case("parts", 0);
        let parts: Vec<_> = (0..1000).map(|_| draw.part(5, 3)).collect();
        assert!(parts.iter().all(|part| part.end <= 5 && part.len() <= 3));
        assert!(parts.iter().any(|part| part.start == 0) && parts.iter().any(|part| part.end == 5));
        assert_eq!(draw.part(0, 3), 0..0);
    }
}
