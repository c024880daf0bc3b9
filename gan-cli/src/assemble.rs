//! From a configuration to networks with types: the one place that knows every architecture.

use burn::tensor::Device;
use gan_core::player::{Critic, Generator};
use gan_models::{Architecture, Networks};

/// A computation on networks for samples of any rank.
pub(crate) trait NetworkVisitor {
    /// Its result.
    type Output;

    /// Compute.
    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Self::Output>;
}

/// Build the networks of `architecture` on `device`, the critic for `packing` samples at once, and
/// hand them to `visitor`.
pub(crate) fn assemble<V: NetworkVisitor>(
    architecture: Architecture,
    sample_shape: &[usize],
    packing: usize,
    device: &Device,
    visitor: V,
) -> anyhow::Result<V::Output> {
    match architecture {
        Architecture::Mlp(mlp) => {
            let networks = mlp.init(sample_shape, packing, device)?;
            // The same networks play with points and with images.
            match sample_shape.len() {
                1 => visitor.visit::<_, _, 2>(networks),
                _ => visitor.visit::<_, _, 4>(networks),
            }
        }
        Architecture::Dcgan(dcgan) => visitor.visit(dcgan.init(sample_shape, packing, device)?),
        Architecture::Conv(conv) => visitor.visit(conv.init(sample_shape, packing, device)?),
        Architecture::Residual(residual) => {
            visitor.visit(residual.init(sample_shape, packing, device)?)
        }
        other => anyhow::bail!("this program cannot build the networks {other:?}"),
    }
}
