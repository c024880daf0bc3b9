//! The network from images to features and logits.

use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Tensor, TensorData};
use gan_core::kernels::Activation::Identity;

use super::blocks::Block;
use super::layer::{Layer, Step};
use super::pooling::Pooling;
use super::weights::Weights;
use super::{CLASSES, FEATURES};
use crate::EvalError;

/// Inception v3 in the form that FID is computed with.
#[derive(Module, Debug)]
pub(super) struct Network {
    /// To the first pooling.
    begin: Vec<Layer>,
    /// To the second.
    middle: Vec<Layer>,
    blocks: Vec<Block>,
    output: Linear,
}

impl Network {
    pub(super) fn load(weights: &Weights<'_>) -> Result<Self, EvalError> {
        let begin = [
            Step::halving("Conv2d_1a_3x3", 32),
            Step::inside("Conv2d_2a_3x3", 32),
            Step::same("Conv2d_2b_3x3", 64, [3, 3]),
        ];
        let middle = [Step::one("Conv2d_3b_1x1", 80), Step::inside("Conv2d_4a_3x3", 192)];
        Ok(Self {
            begin: Layer::load_chain(weights, "", 3, &begin)?,
            middle: Layer::load_chain(weights, "", 64, &middle)?,
            blocks: blocks(weights)?,
            output: output(weights)?,
        })
    }

    /// Features `[n, 2048]` of images `[n, 3, 299, 299]`.
    pub(super) fn features(&self, images: Tensor<4>) -> Tensor<2> {
        let through = |x, layers: &[Layer]| layers.iter().fold(x, |x, layer| layer.forward(x));
        let x = Pooling::Halving.forward(through(images, &self.begin));
        let x = Pooling::Halving.forward(through(x, &self.middle));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let [n, channels, _, _] = x.dims();
        x.mean_dim(3).mean_dim(2).reshape([n, channels])
    }

    /// Logits `[n, 1008]` of features.
    pub(super) fn logits(&self, features: Tensor<2>) -> Tensor<2> {
        gan_kernels::linear(&self.output, features, Identity)
    }
}

fn blocks(weights: &Weights<'_>) -> Result<Vec<Block>, EvalError> {
    Ok(vec![
        Block::a(weights, "Mixed_5b", 192, 32)?,
        Block::a(weights, "Mixed_5c", 256, 64)?,
        Block::a(weights, "Mixed_5d", 288, 64)?,
        Block::b(weights, "Mixed_6a", 288)?,
        Block::c(weights, "Mixed_6b", 768, 128)?,
        Block::c(weights, "Mixed_6c", 768, 160)?,
        Block::c(weights, "Mixed_6d", 768, 160)?,
        Block::c(weights, "Mixed_6e", 768, 192)?,
        Block::d(weights, "Mixed_7a", 768)?,
        Block::e(weights, "Mixed_7b", 1280, Pooling::Average)?,
        Block::e(weights, "Mixed_7c", 2048, Pooling::Max)?,
    ])
}

/// The linear layer; PyTorch has its weights as `[out, in]`, Burn as `[in, out]`.
fn output(weights: &Weights<'_>) -> Result<Linear, EvalError> {
    let device = weights.device;
    let by_class =
        TensorData::new(weights.values("fc.weight", &[CLASSES, FEATURES])?, [CLASSES, FEATURES]);
    let biases = TensorData::new(weights.values("fc.bias", &[CLASSES])?, [CLASSES]);
    let mut output = LinearConfig::new(FEATURES, CLASSES).init(device);
    output.weight = Param::from_tensor(Tensor::<2>::from_data(by_class, device).transpose());
    output.bias = Some(Param::from_tensor(Tensor::from_data(biases, device)));
    Ok(output)
}
