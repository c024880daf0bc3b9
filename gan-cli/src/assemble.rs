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

/// Build the networks of `architecture` on `device` and let `next` go on with them.
pub(crate) fn assemble<N: WithNetworks>(
    architecture: Architecture,
    sample_shape: &[usize],
    device: &Device,
    next: N,
) -> anyhow::Result<N::Output> {
    match architecture {
        Architecture::Mlp(mlp) => next.with(mlp.init(sample_shape, device)?),
        Architecture::Dcgan(dcgan) => next.with(dcgan.init(sample_shape, device)?),
        other => anyhow::bail!("this program cannot build the networks {other:?}"),
    }
}
