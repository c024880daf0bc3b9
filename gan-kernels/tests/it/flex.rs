//! The layers on the Flex backend, and what only its memory layout requires.

use burn::module::Module;
use burn::nn::conv::Conv2dConfig;
use burn::tensor::{Device, Tensor};
use gan_kernels::Activation;

use crate::compare::{assert_close, random, with_kernels};

fn flex() -> Device {
    Device::flex().autodiff()
}

test_layers_on!(flex());

/// What Burn's own operations do with tensors in the memory layout of the kernels.
#[test]
fn burns_operations_read_what_the_kernels_wrote() {
    with_kernels(flex(), |device| {
        device.seed(6);
        let layer = Conv2dConfig::new([2, 6], [3, 3]).init(device);
        let x = random([18, 2, 6, 5], device);
        let (ours, theirs) = (
            gan_kernels::conv2d(&layer, x.clone(), Activation::Identity).inner(),
            layer.forward(x).inner(),
        );
        assert_close("flatten", &ours.clone().flatten::<2>(1, 3), &theirs.clone().flatten(1, 3));
        assert_close(
            "slice",
            &ours.clone().slice([3..9, 1..4]),
            &theirs.clone().slice([3..9, 1..4]),
        );
        let cat = |x: &Tensor<4>| Tensor::cat(vec![x.clone(), x.clone() * 2.0], 0);
        assert_close("cat", &cat(&ours), &cat(&theirs));
        assert_close("sum", &ours.clone().sum_dim(3), &theirs.clone().sum_dim(3));
        assert_close("add", &(ours.clone() + theirs.clone()), &(theirs.clone() + ours.clone()));
        let data = |x: &Tensor<4>| x.clone().into_data().iter::<f32>().collect::<Vec<_>>();
        for (found, expected) in data(&ours).into_iter().zip(data(&theirs)) {
            assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    });
}

#[test]
fn a_sample_has_the_same_bits_whatever_is_beside_it() {
    with_kernels(flex(), |device| {
        device.seed(11);
        let layer = Conv2dConfig::new([3, 10], [3, 3]).init(device);
        let x = random([70, 3, 5, 5], device).inner();
        let layer = layer.valid();
        let bits = |samples: std::ops::Range<usize>| {
            let y = gan_kernels::conv2d(&layer, x.clone().slice([samples]), Activation::Tanh);
            y.into_data().iter::<f32>().map(f32::to_bits).collect::<Vec<_>>()
        };
        let (all, of_one) = (bits(0..70), 10 * 3 * 3);
        for samples in [0..1, 3..4, 5..20, 16..69] {
            let alone = &all[samples.start * of_one..samples.end * of_one];
            assert!(bits(samples.clone()) == alone, "{samples:?}");
        }
    });
}
