//! Prefetching of latents: noise drawn on a background thread, before it is requested.

use std::ops::Range;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::latent::LatentPrior;
use crate::seed::Stream;

/// Numbers that are handed over at once, about: handing over costs some microseconds, and so little
/// noise as a small batch needs is not worth them.
const AT_ONCE: usize = 1 << 15;
/// Handfuls that wait in the channel; one more waits in the thread's hands.
const IN_THE_CHANNEL: usize = 1;

/// What is drawn, and in which order: the noise of a draw is a function of its index, so that it does
/// not matter who draws it when.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    /// The stream that draw `i` is number `i` of.
    pub(crate) stream: Stream,
    /// What each coordinate is drawn from.
    pub(crate) prior: LatentPrior,
    /// `[batch, latent_dim]`.
    pub(crate) shape: [usize; 2],
    /// Updates of a step; indices go on from update to update.
    pub(crate) updates: u64,
    /// The first so many of them are drawn for.
    pub(crate) drawn_for: u64,
    /// Indices of an update.
    pub(crate) accumulation: u64,
    /// Of these, the ones that this rank draws.
    pub(crate) own: Range<u64>,
}

impl Draws {
    /// The noise of draw `index`, row by row.
    fn noise(&self, index: u64) -> Vec<f32> {
        self.prior.numbers(self.shape, &mut self.stream.draw(index))
    }

    /// The index that is drawn after `index`.
    fn after(&self, index: u64) -> u64 {
        if index % self.accumulation + 1 < self.own.end {
            return index + 1;
        }
        let next = index / self.accumulation + 1;
        let is_drawn_for = next % self.updates < self.drawn_for;
        let update = if is_drawn_for { next } else { next.next_multiple_of(self.updates) };
        update * self.accumulation + self.own.start
    }
}

/// The draws of a game, the next of which are ready when they are asked for in their order.
pub(crate) struct NoiseAhead {
    draws: Draws,
    drawing: Option<Drawing>,
}

/// A thread at work.
struct Drawing {
    handfuls: Receiver<Vec<Vec<f32>>>,
    /// What is left of a handful, the next one last.
    handful: Vec<Vec<f32>>,
    /// The index of the next.
    next: u64,
}

impl NoiseAhead {
    /// Nothing is drawn before it is asked for.
    pub(crate) fn new(draws: Draws) -> Self {
        Self { draws, drawing: None }
    }

    /// The noise of draw `index`, row by row.
    pub(crate) fn draw(&mut self, index: u64) -> Vec<f32> {
        if self.drawing.as_ref().is_none_or(|drawing| drawing.next != index) {
            self.drawing = Drawing::begin(&self.draws, index);
        }
        // Without a thread, for the system has none to give, it is drawn here.
        let ahead = self.drawing.as_mut().and_then(|drawing| drawing.take(&self.draws));
        ahead.unwrap_or_else(|| self.draws.noise(index))
    }
}

impl Drawing {
    fn begin(draws: &Draws, first: u64) -> Option<Self> {
        let (sender, handfuls) = sync_channel(IN_THE_CHANNEL);
        let draws = draws.clone();
        let numbers = draws.shape.iter().product::<usize>();
        let count = (AT_ONCE / numbers.max(1)).max(1);
        let draw_until_nobody_waits = move || {
            let mut index = first;
            loop {
                let mut handful = Vec::with_capacity(count);
                for _ in 0..count {
                    handful.push(draws.noise(index));
                    index = draws.after(index);
                }
                handful.reverse();
                if sender.send(handful).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("noise".to_owned()).spawn(draw_until_nobody_waits).ok()?;
        Some(Self { handfuls, handful: Vec::new(), next: first })
    }

    /// The next one; `None` if the thread is gone.
    fn take(&mut self, draws: &Draws) -> Option<Vec<f32>> {
        if self.handful.is_empty() {
            self.handful = self.handfuls.recv().ok()?;
        }
        self.next = draws.after(self.next);
        self.handful.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn draws(updates: u64, drawn_for: u64, accumulation: u64, own: Range<u64>) -> Draws {
        let (stream, prior) = (Seed(3).stream("latent"), LatentPrior::Normal);
        Draws { stream, prior, shape: [300, 40], updates, drawn_for, accumulation, own }
    }

    #[test]
    fn what_is_drawn_ahead_is_what_is_drawn_when_asked_for() {
        for (updates, drawn_for, accumulation, own) in [
            (1, 1, 1, 0..1),
            (2, 2, 1, 0..1),
            (3, 2, 1, 0..1),
            (2, 1, 3, 0..3),
            (6, 5, 1, 0..1),
            (2, 1, 4, 2..4),
            (3, 3, 4, 1..2),
        ] {
            let draws = draws(updates, drawn_for, accumulation, own.clone());
            let mut ahead = NoiseAhead::new(draws.clone());
            let is_drawn = |index: &u64| {
                (index / accumulation) % updates < drawn_for
                    && own.contains(&(index % accumulation))
            };
            let indices: Vec<u64> = (0..40).filter(is_drawn).collect();
            for pair in indices.windows(2) {
                assert_eq!(draws.after(pair[0]), pair[1], "{updates} {drawn_for} {own:?}");
            }
            for index in indices.into_iter().take(12) {
                assert_eq!(ahead.draw(index), draws.noise(index), "{index} of {updates}");
            }
        }
    }

    #[test]
    fn any_draw_may_be_asked_for() {
        let draws = draws(3, 2, 1, 0..1);
        let mut ahead = NoiseAhead::new(draws.clone());
        for index in [7, 7, 0, 1, 2, 3, 100, 99, 102] {
            assert_eq!(ahead.draw(index), draws.noise(index), "{index}");
        }
    }
}
