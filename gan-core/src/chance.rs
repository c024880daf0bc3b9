//! The random numbers of one turn of the game.

use rand_chacha::ChaCha8Rng;

use crate::Seed;

/// What one turn of one player may draw: numbers that follow from the seed, the purpose of the
/// draw and the number of the turn, whatever was drawn before.
///
/// # Example
/// ```
/// use gan_core::{Chance, Seed};
/// use rand::RngExt;
///
/// let turn = Chance::new(Seed(1), 12);
/// let place: f32 = turn.draw("interpolation").random();
/// assert_eq!(place, Chance::new(Seed(1), 12).draw("interpolation").random::<f32>());
/// assert_ne!(place, turn.draw("instance noise").random::<f32>());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    seed: Seed,
    turn: u64,
}

impl Chance {
    /// The chance of turn number `turn` of the run with this seed.
    pub fn new(seed: Seed, turn: u64) -> Self {
        Self { seed, turn }
    }

    /// A generator of random numbers for one purpose, from its beginning.
    pub fn draw(&self, purpose: &str) -> ChaCha8Rng {
        self.seed.stream(purpose).draw(self.turn)
    }
}
