//! A user-defined probe: `cargo run --example own_probe`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::tensor::{Device, Tensor};
use gan_core::event::ObserverError;
use gan_core::prelude::*;
use gan_models::{MlpConfig, RecipeKind};

const OFF: Quantity = Quantity::new("samples/off_center", "1").better(Direction::Lower);

/// How far the mean of 1,000 samples is from where it should be, (2, 2).
struct OffCenter;

impl<G: Generator<2>, C> Probe<G, C, 2> for OffCenter {
    fn name(&self) -> &str {
        "off-center"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![OFF]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, 2>) -> Result<Vec<Measurement>, ProbeError> {
        let points: Tensor<2> = game.sampler("off-center").draw(&Selection::Unlabeled(1_000));
        let distance = (points.mean_dim(0) - 2.0).square().sum().sqrt();
        Ok(vec![OFF.measured(f64::from(distance.into_scalar::<f32>()))])
    }
}

/// Prints what is measured.
struct Print;

impl<G, C> Observer<G, C> for Print {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Measured { progress, measurements } = event {
            measurements.iter().for_each(|each| println!("step {}: {each}", progress.step));
        }
        Ok(Control::Continue)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (seed, device) = (Seed(0), Device::default());
    let training = RecipeKind::Gan.recipe().training;
    let networks = MlpConfig::default().init(&[2], 1, &device.clone().autodiff())?;
    let players = training.players(networks, seed, &device);
    let source = Drawn::new(seed.stream("blob"), 100, 100, |rng| {
        Batch::unlabeled(LatentPrior::Normal.draw([100, 2], rng, &Device::default()) + 2.0)
    });
    let (rules, prior, config) = (training.rules, training.prior, String::new());
    let game = Game { players, rules, source, prior, seed, device, config };
    let every = Span::Steps(250).into();
    let mut print = Print;
    let mut session = Session::new().probe(every, &OffCenter).observer(&mut print);
    Learner::new(game)?.fit(Span::Steps(1_000), &mut session)?;
    Ok(())
}
