//! A sum of terms that come one after the other, by a fixed binary tree.

/// A sum of `terms` terms in their order: that of the first half (the larger one) and that of the rest,
/// each summed in the same way.
///
/// The order of additions is a function of the number of terms alone. If terms are shared out over a
/// power of two of processes, each of which has as many next to each other, every process has a whole
/// subtree. At most `log₂ terms + 1` partial sums are kept.
pub(super) struct TreeSum<T> {
    terms: usize,
    added: usize,
    /// Partial sums that wait for their other half, the newest last.
    waiting: Vec<T>,
}

impl<T> TreeSum<T> {
    pub(super) fn of(terms: usize) -> Self {
        Self { terms, added: 0, waiting: Vec::new() }
    }

    /// The next term; `add` adds two partial sums, the earlier one first.
    pub(super) fn push(&mut self, term: T, add: impl Fn(T, T) -> T) {
        let mut sum = term;
        for _ in 0..halves_that_end_with(self.added, self.terms) {
            let Some(first) = self.waiting.pop() else { unreachable!("a half comes before it") };
            sum = add(first, sum);
        }
        self.waiting.push(sum);
        self.added += 1;
    }

    /// The sum; `None` of no terms.
    pub(super) fn total(mut self) -> Option<T> {
        debug_assert_eq!(self.added, self.terms);
        self.waiting.pop()
    }
}

/// How many second halves are complete with the term `index` of `terms`.
fn halves_that_end_with(mut index: usize, mut terms: usize) -> usize {
    let mut complete = 0;
    while terms > 1 {
        let first_half = terms.div_ceil(2);
        if index < first_half {
            (terms, complete) = (first_half, 0);
        } else {
            (index, terms, complete) = (index - first_half, terms - first_half, complete + 1);
        }
    }
    complete
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(terms: usize) -> String {
        let mut sum = TreeSum::of(terms);
        for term in 0..terms {
            sum.push(term.to_string(), |a, b| format!("({a}{b})"));
        }
        sum.total().unwrap_or_default()
    }

    #[test]
    fn terms_are_added_by_halves() {
        let found: Vec<String> = (0..=8).map(order).collect();
        let expected = [
            "",
            "0",
            "(01)",
            "((01)2)",
            "((01)(23))",
            "(((01)2)(34))",
            "(((01)2)((34)5))",
            "(((01)(23))((45)6))",
            "(((01)(23))((45)(67)))",
        ];
        assert_eq!(found, expected);
    }

    /// What makes the bits independent of the number of processes.
    #[test]
    fn a_share_of_a_power_of_two_is_a_subtree() {
        for per_rank in 1..=6 {
            for ranks in [2, 4, 8] {
                let shares: Vec<String> = (0..ranks)
                    .map(|rank| {
                        let mut sum = TreeSum::of(per_rank);
                        for term in 0..per_rank {
                            let term = rank * per_rank + term;
                            sum.push(term.to_string(), |a, b| format!("({a}{b})"));
                        }
                        sum.total().unwrap_or_default()
                    })
                    .collect();
                let mut sum = TreeSum::of(ranks);
                shares.into_iter().for_each(|share| sum.push(share, |a, b| format!("({a}{b})")));
                assert_eq!(sum.total(), Some(order(per_rank * ranks)), "{ranks} x {per_rank}");
            }
        }
    }
}
