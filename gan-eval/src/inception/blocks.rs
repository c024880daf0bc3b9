//! The blocks of the network: branches side by side, whose maps are put one after the other.

use burn::module::Module;
use burn::tensor::Tensor;

use super::layer::{Layer, Step};
use super::pooling::Pooling;
use super::weights::Weights;
use crate::EvalError;

/// What a branch is made of: a pooling, convolutions one after the other, and convolutions side by side.
struct Plan {
    pooling: Option<Pooling>,
    chain: Vec<Step>,
    ends: Vec<Step>,
}

impl Plan {
    fn chain(chain: impl Into<Vec<Step>>) -> Self {
        Self { pooling: None, chain: chain.into(), ends: Vec::new() }
    }

    fn forked(chain: impl Into<Vec<Step>>, ends: impl Into<Vec<Step>>) -> Self {
        Self { ends: ends.into(), ..Self::chain(chain) }
    }

    fn pooled(pooling: Pooling, chain: impl Into<Vec<Step>>) -> Self {
        Self { pooling: Some(pooling), ..Self::chain(chain) }
    }
}

#[derive(Module, Debug)]
struct Branch {
    #[module(skip)]
    pooling: Option<Pooling>,
    chain: Vec<Layer>,
    ends: Vec<Layer>,
}

impl Branch {
    fn load(
        weights: &Weights<'_>,
        block: &str,
        channels: usize,
        plan: &Plan,
    ) -> Result<Self, EvalError> {
        let chain = Layer::load_chain(weights, block, channels, &plan.chain)?;
        let channels = plan.chain.last().map_or(channels, |step| step.maps);
        let ends = plan.ends.iter().map(|step| Layer::load(weights, block, channels, *step));
        Ok(Self { pooling: plan.pooling, chain, ends: ends.collect::<Result<_, _>>()? })
    }

    fn forward(&self, x: Tensor<4>) -> Vec<Tensor<4>> {
        let x = match (self.pooling, &self.chain[..]) {
            (Some(Pooling::Average), [layer]) => layer.forward_of_mean(x),
            (Some(pooling), chain) => forward(chain, pooling.forward(x)),
            (None, chain) => forward(chain, x),
        };
        if self.ends.is_empty() {
            return vec![x];
        }
        self.ends.iter().map(|layer| layer.forward(x.clone())).collect()
    }
}

fn forward(chain: &[Layer], x: Tensor<4>) -> Tensor<4> {
    chain.iter().fold(x, |x, layer| layer.forward(x))
}

/// Branches side by side.
#[derive(Module, Debug)]
pub(super) struct Block {
    branches: Vec<Branch>,
}

impl Block {
    fn load(
        weights: &Weights<'_>,
        name: &str,
        channels: usize,
        plans: &[Plan],
    ) -> Result<Self, EvalError> {
        let block = format!("{name}.");
        let branches = plans.iter().map(|plan| Branch::load(weights, &block, channels, plan));
        Ok(Self { branches: branches.collect::<Result<_, _>>()? })
    }

    /// At 35×35 pixels: 1×1, 5×5, two of 3×3, and `pooled` maps of the mean around each pixel.
    pub(super) fn a(
        weights: &Weights<'_>,
        name: &str,
        channels: usize,
        pooled: usize,
    ) -> Result<Self, EvalError> {
        let fives = [Step::one("branch5x5_1", 48), Step::same("branch5x5_2", 64, [5, 5])];
        let threes = [
            Step::one("branch3x3dbl_1", 64),
            Step::same("branch3x3dbl_2", 96, [3, 3]),
            Step::same("branch3x3dbl_3", 96, [3, 3]),
        ];
        let plans = [
            Plan::chain([Step::one("branch1x1", 64)]),
            Plan::chain(fives),
            Plan::chain(threes),
            Plan::pooled(Pooling::Average, [Step::one("branch_pool", pooled)]),
        ];
        Self::load(weights, name, channels, &plans)
    }

    /// From 35×35 to 17×17 pixels.
    pub(super) fn b(weights: &Weights<'_>, name: &str, channels: usize) -> Result<Self, EvalError> {
        let threes = [
            Step::one("branch3x3dbl_1", 64),
            Step::same("branch3x3dbl_2", 96, [3, 3]),
            Step::halving("branch3x3dbl_3", 96),
        ];
        let plans = [
            Plan::chain([Step::halving("branch3x3", 384)]),
            Plan::chain(threes),
            Plan::pooled(Pooling::Halving, []),
        ];
        Self::load(weights, name, channels, &plans)
    }

    /// At 17×17 pixels: 1×1, 7×7 and two of 7×7 as pairs of 1×7 and 7×1 with `narrow` maps in between, and the
    /// mean around each pixel.
    pub(super) fn c(
        weights: &Weights<'_>,
        name: &str,
        channels: usize,
        narrow: usize,
    ) -> Result<Self, EvalError> {
        let (wide, high) = ([1, 7], [7, 1]);
        let seven = [
            Step::one("branch7x7_1", narrow),
            Step::same("branch7x7_2", narrow, wide),
            Step::same("branch7x7_3", 192, high),
        ];
        let sevens = [
            Step::one("branch7x7dbl_1", narrow),
            Step::same("branch7x7dbl_2", narrow, high),
            Step::same("branch7x7dbl_3", narrow, wide),
            Step::same("branch7x7dbl_4", narrow, high),
            Step::same("branch7x7dbl_5", 192, wide),
        ];
        let plans = [
            Plan::chain([Step::one("branch1x1", 192)]),
            Plan::chain(seven),
            Plan::chain(sevens),
            Plan::pooled(Pooling::Average, [Step::one("branch_pool", 192)]),
        ];
        Self::load(weights, name, channels, &plans)
    }

    /// From 17×17 to 8×8 pixels.
    pub(super) fn d(weights: &Weights<'_>, name: &str, channels: usize) -> Result<Self, EvalError> {
        let threes = [Step::one("branch3x3_1", 192), Step::halving("branch3x3_2", 320)];
        let sevens = [
            Step::one("branch7x7x3_1", 192),
            Step::same("branch7x7x3_2", 192, [1, 7]),
            Step::same("branch7x7x3_3", 192, [7, 1]),
            Step::halving("branch7x7x3_4", 192),
        ];
        let plans = [Plan::chain(threes), Plan::chain(sevens), Plan::pooled(Pooling::Halving, [])];
        Self::load(weights, name, channels, &plans)
    }

    /// At 8×8 pixels: 1×1, 3×3 and 3×3 after another, each as 1×3 beside 3×1, and what `pooling` leaves.
    pub(super) fn e(
        weights: &Weights<'_>,
        name: &str,
        channels: usize,
        pooling: Pooling,
    ) -> Result<Self, EvalError> {
        let (wide, high) = ([1, 3], [3, 1]);
        let doubled = [Step::one("branch3x3dbl_1", 448), Step::same("branch3x3dbl_2", 384, [3, 3])];
        let threes = [Step::same("branch3x3_2a", 384, wide), Step::same("branch3x3_2b", 384, high)];
        let doubled_threes =
            [Step::same("branch3x3dbl_3a", 384, wide), Step::same("branch3x3dbl_3b", 384, high)];
        let plans = [
            Plan::chain([Step::one("branch1x1", 320)]),
            Plan::forked([Step::one("branch3x3_1", 384)], threes),
            Plan::forked(doubled, doubled_threes),
            Plan::pooled(pooling, [Step::one("branch_pool", 192)]),
        ];
        Self::load(weights, name, channels, &plans)
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        // In the kernels' order, batch innermost: what a kernel made is copied as it is, and read so.
        let maps = self.branches.iter().flat_map(|branch| branch.forward(x.clone()));
        let maps = maps.map(|maps| maps.permute([2, 3, 1, 0])).collect();
        Tensor::cat(maps, 2).permute([3, 2, 0, 1])
    }
}
