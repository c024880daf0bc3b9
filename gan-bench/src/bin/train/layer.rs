//! What a layer is, as numbers: its shapes and what it costs.

use gan_core::kernels::Activation;

/// Slope of the leaky rectifiers below zero.
pub(crate) const SLOPE: f64 = 0.2;
/// Maps that a 3×3 kernel of a residual block sees at once.
const GROUP: usize = 16;

/// Channels, height and width of one sample; vectors have the latter two 1.
pub(crate) type Shape = [usize; 3];

/// A layer as a paper's table has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layer {
    Linear {
        to: usize,
    },
    Conv(Kernel),
    /// A convolution with its weights divided by their largest singular value.
    SpectralConv(Kernel),
    /// A transposed convolution.
    Up(Kernel),
    BatchNorm,
    /// Of one group, which is layer normalization: over all maps and pixels of a sample, with a scale
    /// and a shift for each map.
    GroupNorm,
    /// For each map a scale and a shift of the label's own.
    ClassAffine {
        classes: usize,
    },
    /// 1×1, grouped 3×3 and 1×1 convolutions beside what they are added to.
    Block,
    /// The mean of each square of 2×2 pixels.
    Halve,
    /// Each pixel as a square of 2×2.
    Double,
    /// To a score: one convolution over the whole map, and the inner product of a vector of the
    /// label's own with the maps, each summed over its pixels.
    Projection {
        classes: usize,
    },
    Relu,
    LeakyRelu,
    Tanh,
    /// A vector as maps.
    Maps(Shape),
}

/// A square kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    pub(crate) to: usize,
    pub(crate) side: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) groups: usize,
    pub(crate) bias: bool,
}

impl Kernel {
    /// From map to map, pixel by pixel.
    pub(crate) fn point_by_point(to: usize) -> Self {
        Self { to, side: 1, stride: 1, padding: 0, groups: 1, bias: true }
    }

    /// What a convolution with it makes of maps.
    fn conv_output(self, [_, height, width]: Shape) -> Shape {
        let shrunk = |n: usize| (n + 2 * self.padding - self.side) / self.stride + 1;
        [self.to, shrunk(height), shrunk(width)]
    }

    fn up_output(self, [_, height, width]: Shape) -> Shape {
        let grown = |n: usize| (n - 1) * self.stride + self.side - 2 * self.padding;
        [self.to, grown(height), grown(width)]
    }

    fn conv_products(self, from: Shape) -> usize {
        entries(self.conv_output(from)) * from[0] / self.groups * self.side.pow(2)
    }
}

/// The convolutions of a residual block, in their order.
pub(crate) fn block_kernels(width: usize) -> [Kernel; 3] {
    let around = Kernel { side: 3, padding: 1, ..Kernel::point_by_point(width) };
    [
        Kernel::point_by_point(width),
        Kernel { groups: (width / GROUP).max(1), ..around },
        Kernel { bias: false, ..Kernel::point_by_point(width) },
    ]
}

fn entries([maps, height, width]: Shape) -> usize {
    maps * height * width
}

impl Layer {
    /// The shape that comes out where `from` goes in.
    pub(crate) fn output(self, from: Shape) -> Shape {
        let [maps, height, width] = from;
        match self {
            Self::Linear { to } => [to, 1, 1],
            Self::Conv(kernel) | Self::SpectralConv(kernel) => kernel.conv_output(from),
            Self::Up(kernel) => kernel.up_output(from),
            Self::Maps(shape) => shape,
            Self::Halve => [maps, height / 2, width / 2],
            Self::Double => [maps, 2 * height, 2 * width],
            Self::Projection { .. } => [1, 1, 1],
            Self::BatchNorm | Self::GroupNorm | Self::ClassAffine { .. } | Self::Block => from,
            Self::Relu | Self::LeakyRelu | Self::Tanh => from,
        }
    }

    /// Multiplications with an addition in one pass over one sample: as many forward as for the
    /// gradient of the input and as for that of the weights. Only matrix products are counted.
    pub(crate) fn products(self, from: Shape) -> usize {
        match self {
            Self::Linear { to } => entries(from) * to,
            Self::Conv(kernel) | Self::SpectralConv(kernel) => kernel.conv_products(from),
            Self::Up(kernel) => entries(from) * kernel.to * kernel.side.pow(2),
            Self::Block => {
                block_kernels(from[0]).iter().map(|kernel| kernel.conv_products(from)).sum()
            }
            Self::Projection { .. } => entries(from) + from[0],
            _ => 0,
        }
    }

    /// Whether it has weights.
    pub(crate) fn learns(self) -> bool {
        match self {
            Self::Linear { .. } | Self::Conv(_) | Self::SpectralConv(_) | Self::Up(_) => true,
            Self::BatchNorm | Self::GroupNorm | Self::ClassAffine { .. } => true,
            Self::Block | Self::Projection { .. } => true,
            Self::Halve | Self::Double | Self::Maps(_) => false,
            Self::Relu | Self::LeakyRelu | Self::Tanh => false,
        }
    }

    /// Whether its slope depends on its input, kinks of rectifiers aside.
    pub(crate) fn bends(self) -> bool {
        matches!(self, Self::BatchNorm | Self::GroupNorm | Self::Tanh)
    }

    /// What it is to the layer before it, if it is an activation.
    pub(crate) fn activation(self) -> Option<Activation> {
        match self {
            Self::Relu => Some(Activation::Relu),
            Self::LeakyRelu => Some(Activation::LeakyRelu(SLOPE as f32)),
            Self::Tanh => Some(Activation::Tanh),
            _ => None,
        }
    }

    /// One line for a table.
    pub(crate) fn name(self, from: Shape) -> String {
        let [maps, height, width] = self.output(from);
        let named = |kind: &str, kernel: Kernel| {
            let (side, stride) = (kernel.side, kernel.stride);
            format!("{kind} {} to {maps} maps of {height}×{width}, {side}×{side}/{stride}", from[0])
        };
        let sized = |kind: &str| format!("{kind} {maps} maps of {height}×{width}");
        match self {
            Self::Linear { to } => format!("linear {} to {to}", entries(from)),
            Self::Conv(kernel) => named("convolution", kernel),
            Self::SpectralConv(kernel) => named("convolution of spectral norm 1", kernel),
            Self::Up(kernel) => named("transposed convolution", kernel),
            Self::BatchNorm => "batch normalization".to_owned(),
            Self::GroupNorm => "layer normalization".to_owned(),
            Self::ClassAffine { .. } => "scale and shift of the class".to_owned(),
            Self::Block => sized("residual block of"),
            Self::Halve => sized("average pooling to"),
            Self::Double => sized("repeated pixels to"),
            Self::Projection { .. } => format!("projection of {} maps to a score", from[0]),
            Self::Relu => "ReLU".to_owned(),
            Self::LeakyRelu => "leaky ReLU".to_owned(),
            Self::Tanh => "tanh".to_owned(),
            Self::Maps(_) => "reshape".to_owned(),
        }
    }
}

/// Every layer with the shape of its input.
pub(crate) fn inputs(layers: &[Layer], from: Shape) -> impl Iterator<Item = (Layer, Shape)> {
    layers.iter().scan(from, |from, &layer| {
        let input = *from;
        *from = layer.output(input);
        Some((layer, input))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_counted_by_hand() {
        let down = Kernel { side: 4, stride: 2, padding: 1, ..Kernel::point_by_point(8) };
        // 8 maps of 3×3 pixels, each of which sees 2 maps of 4×4.
        assert_eq!(Layer::Conv(down).output([2, 6, 6]), [8, 3, 3]);
        assert_eq!(Layer::Conv(down).products([2, 6, 6]), 8 * 9 * 2 * 16);
        assert_eq!(Layer::SpectralConv(down).products([2, 6, 6]), 8 * 9 * 2 * 16);
        // Each of 2·3·3 entries goes to 8 maps of 4×4.
        assert_eq!(Layer::Up(down).output([2, 3, 3]), [8, 6, 6]);
        assert_eq!(Layer::Up(down).products([2, 3, 3]), 18 * 8 * 16);
        assert_eq!(Layer::Linear { to: 5 }.products([2, 3, 3]), 18 * 5);
        // In two groups of 16 maps: 25 pixels, 32 maps, of which a 3×3 kernel sees half.
        assert_eq!(Layer::Block.products([32, 5, 5]), 25 * (32 * 32 + 32 * 16 * 9 + 32 * 32));
        assert_eq!(Layer::Projection { classes: 10 }.products([7, 4, 4]), 7 * 16 + 7);
        assert_eq!(Layer::ClassAffine { classes: 10 }.products([7, 4, 4]), 0);
    }
}
