//! Keys of random numbers, as in counter-based generators.

use rand_chacha::ChaCha8Rng;

use crate::seed::Seed;

/// The random numbers of one micro-batch: a function of the run's seed, of the purpose and of the
/// micro-batch's index, whatever was drawn before. Nothing of it needs to be saved in a checkpoint.
///
/// # Example
/// ```
/// use gan_core::seed::{RngKey, Seed};
/// use rand::RngExt;
///
/// let key = RngKey::new(Seed(1), 12);
/// let share: f32 = key.rng("interpolation").random();
/// assert_eq!(share, RngKey::new(Seed(1), 12).rng("interpolation").random::<f32>());
/// assert_ne!(share, key.rng("instance noise").random::<f32>());
/// ```
#[doc(alias = "Chance")]
#[doc(alias = "PRNGKey")]
#[derive(Clone, Copy, Debug)]
pub struct RngKey {
    seed: Seed,
    index: u64,
}

impl RngKey {
    /// The key of micro-batch number `index` of the run with this seed.
    pub fn new(seed: Seed, index: u64) -> Self {
        Self { seed, index }
    }

    /// A random number generator for one purpose, at its beginning.
    pub fn rng(&self, purpose: &str) -> ChaCha8Rng {
        self.seed.stream(purpose).draw(self.index)
    }
}
