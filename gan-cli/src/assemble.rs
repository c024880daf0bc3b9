//! From the words of a configuration to networks with types: the one place that knows them all.

use burn::tensor::Device;
use gan_core::{Critic, Generator};
use gan_models::{Architecture, Networks};

/// Somebody who can go on with networks for samples of any rank.
pub(crate) trait WithNetworks {
    /// What comes of it.
    type Output;

    /// Go on.
    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Self::Output>;
}

/// Build the networks of `architecture` on `device`, the critic for `packing` samples at once, and let `next` go on with them.
pub(crate) fn assemble<N: WithNetworks>(
    architecture: Architecture,
    sample_shape: &[usize],
    packing: usize,
    device: &Device,
    next: N,
) -> anyhow::Result<N::Output> {
    match architecture {
        Architecture::Mlp(mlp) => {
            let networks = mlp.init(sample_shape, packing, device)?;
            // The same networks play with points and with images.
            match sample_shape.len() {
                1 => next.with::<_, _, 2>(networks),
                _ => next.with::<_, _, 4>(networks),
            }
        }
        Architecture::Dcgan(dcgan) => next.with(dcgan.init(sample_shape, packing, device)?),
        Architecture::Conv(conv) => next.with(conv.init(sample_shape, packing, device)?),
        Architecture::Residual(residual) => {
            next.with(residual.init(sample_shape, packing, device)?)
        }
        other => anyhow::bail!("this program cannot build the networks {other:?}"),
    }
}
