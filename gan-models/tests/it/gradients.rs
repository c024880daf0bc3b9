//! Burn's gradients of every weight against finite differences of the loss along them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use gan_core::batch::Batch;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::loss::{AdversarialLoss, NonSaturating};
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_models::{DcganConfig, Networks, RecipeKind};

/// Moves one parameter along a direction.
struct Nudge<'a> {
    id: ParamId,
    along: &'a GradientsParams,
    by: f64,
}

impl ModuleMapper for Nudge<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if param.id != self.id {
            return param;
        }
        let Some(direction) = self.along.get::<D>(param.id) else { return param };
        let moved = param.val().inner() + direction * self.by;
        Param::initialized(param.id, Tensor::from_inner(moved).require_grad())
    }
}

struct Norms<'a>(&'a GradientsParams, Vec<(ParamId, f64, Vec<usize>)>);

impl ModuleVisitor for Norms<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D == 1 {
            return;
        }
        if let Some(gradient) = self.0.get::<D>(param.id) {
            let square = gradient.square().sum().into_scalar::<f64>();
            self.1.push((param.id, square, param.dims().to_vec()));
        }
    }
}

/// Along its own gradient `g`, the loss rises with slope `|g|`.
///
/// Checked for every weight, not for biases, scales and shifts: those move all pixels of a map at
/// once, over the kinks of its rectifiers. The step is small because the networks have kinks, and not smaller because the loss is an
/// `f32`: its rounding alone can make the slope wrong by 1e-3.
fn gradients_are_slopes<M: Module>(module: &M, loss: impl Fn(&M) -> Tensor<1>) {
    const STEP: f64 = 3e-4;
    let gradients = GradientsParams::from_grads(loss(module).backward(), module);
    let mut norms = Norms(&gradients, Vec::new());
    module.visit(&mut norms);
    assert!(!norms.1.is_empty());
    for (id, square, shape) in norms.1 {
        let norm = square.sqrt();
        let at = |distance: f64| {
            let by = distance / norm;
            let moved = module.clone().map(&mut Nudge { id, along: &gradients, by });
            loss(&moved).into_scalar::<f64>()
        };
        let slope = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        let tolerance = 0.05 * norm + 1e-3;
        assert!((slope - norm).abs() < tolerance, "{shape:?}: gradient {norm}, slope {slope}");
    }
}

#[test]
fn gradients_of_the_dcgan_are_slopes_of_its_losses() {
    let device = Device::flex().autodiff();
    let config = DcganConfig { latent: 20, generator_width: 8, critic_width: 4 };
    let training = RecipeKind::Dcgan.recipe().training;
    let networks = config.init(&[1, 32, 32], 1, &device).unwrap();
    let players = training.players(networks, Seed(1), &device);
    let Networks { generator, critic } =
        Networks { generator: players.generator.module, critic: players.critic.module };
    let latents = || {
        let mut rng = Seed(2).stream("latent").draw(0);
        Latents::unlabeled(LatentPrior::Normal.draw([16, 20], &mut rng, &device))
    };
    gradients_are_slopes(&generator, |generator| {
        let fake = critic.score(generator.generate(latents()));
        NonSaturating::default().generator(&|| unreachable!("it is not relativistic"), &fake)
    });
    gradients_are_slopes(&critic, |critic| {
        let mut rng = Seed(2).stream("real").draw(0);
        let real = LatentPrior::Uniform.draw([16, 1024], &mut rng, &device);
        let real = real.reshape([16, 1, 32, 32]);
        NonSaturating::default().critic(
            &critic.score(Batch::unlabeled(real)),
            &critic.score(generator.generate(latents())),
        )
    });
}
