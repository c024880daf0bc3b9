//! Mode collapse: evaluates a generator that has lost three of eight modes, with five measures.
//!
//! `cargo run -p gan-divergence --example ring`

#![expect(clippy::print_stdout, reason = "the numbers are what the program is for")]

use gan_divergence::density::{Density, Mixture, sample_js_to_density, sample_kl_to_density};
use gan_divergence::gaussian::Gaussian;
use gan_divergence::neighbors::{Comparison, precision_recall_density_coverage};
use gan_divergence::score::mode_quality;
use gan_divergence::transport::{Slicing, sliced_wasserstein};
use gan_divergence::{DivergenceError, Pmf, Points};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn main() -> Result<(), DivergenceError> {
    let deviation = 0.1;
    let truth = Mixture::ring(8, 2.0, deviation)?;
    let kept: Vec<Gaussian> = truth.components()[..5].to_vec();
    let generator = Mixture::new(Pmf::uniform(5)?, kept)?;

    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (real, fake) = (truth.sample_n(2500, &mut rng), generator.sample_n(2500, &mut rng));
    let (real, fake) = (Points::new(&real, 2)?, Points::new(&fake, 2)?);

    let centers = truth.centers();
    let modes = mode_quality(fake, Points::new(&centers, 2)?, deviation, 3.0)?;
    println!("{} of {} modes covered", modes.modes_covered, modes.modes);
    println!("{:.1} % of high quality", 100.0 * modes.high_quality);

    let scores = precision_recall_density_coverage(real, fake, 5, Comparison::Less)?;
    println!("precision {:.3}, coverage {:.3}", scores.precision, scores.coverage);

    // Exactly ln(8/5) = 0.470: the generator is right wherever it draws, and misses the rest.
    let kl = sample_kl_to_density(5, fake, &truth)?;
    println!(
        "KL(generator ‖ truth) = {:.3} ± {:.3} nats",
        kl.value,
        kl.standard_error.unwrap_or(0.0)
    );

    let js = sample_js_to_density(fake, &truth, 40)?;
    println!("JS = {:.3} nats, of which noise {:.3}", js.estimate.value, js.noise_floor);

    let slicing = Slicing { directions: 500, seed: 0 };
    let w2 = sliced_wasserstein(2.0, real, fake, slicing)?;
    println!("{}: {:.3}", w2.estimator, w2.value);
    Ok(())
}
