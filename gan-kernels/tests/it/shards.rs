//! Batch normalization of shards by the statistics of all of them, beside that of the whole batch.

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Device, Tensor};
use gan_kernels::{Activation, Shards, synchronize_batch_norm};

use crate::compare::{ACTIVATIONS, assert_within, random};

/// Relative to the largest number, what may be off behind two layers.
const TOLERANCE: f32 = 3e-5;

/// What shards on threads add up.
#[derive(Debug)]
struct Meeting {
    own: Mutex<Vec<Vec<f32>>>,
    arrived: Barrier,
    left: Barrier,
}

/// A shard on a thread.
#[derive(Debug)]
struct Member {
    meeting: Arc<Meeting>,
    shard: usize,
}

impl Shards for Member {
    fn count(&self) -> usize {
        self.meeting.own.lock().expect("no shard panics").len()
    }

    fn moves_statistics(&self) -> bool {
        self.shard == 0
    }

    fn sum(&self, own: Vec<f32>) -> Vec<f32> {
        self.meeting.own.lock().expect("no shard panics")[self.shard] = own;
        self.meeting.arrived.wait();
        let all = self.meeting.own.lock().expect("no shard panics").clone();
        self.meeting.left.wait();
        (0..all[0].len()).map(|at| all.iter().map(|own| own[at]).sum()).collect()
    }
}

/// Two layers with what each sample is scaled and shifted by, if anything.
#[derive(Clone)]
struct Layers<const D: usize> {
    norms: [BatchNorm; 2],
    by_sample: Option<[Tensor<2>; 2]>,
    x: Tensor<D>,
    weights: Tensor<D>,
}

/// The result, the gradients of the input and of the samples' numbers, and those of the layers.
struct Made<const D: usize> {
    of_samples: Vec<Tensor<D>>,
    of_numbers: Vec<Tensor<2>>,
    of_layers: Vec<Tensor<1>>,
}

impl Layers<4> {
    fn run(self, activation: Activation) -> Made<4> {
        let (x, by_sample) =
            (self.x.require_grad(), self.by_sample.map(|of| of.map(Tensor::require_grad)));
        let layer = |norm, x, activation| match &by_sample {
            None => gan_kernels::batch_norm(norm, x, activation),
            Some(affine) => {
                gan_kernels::conditional_batch_norm(norm, x, affine.clone(), activation)
            }
        };
        let hidden = layer(&self.norms[0], x.clone(), activation);
        // The second normalization would undo the first one's scale and shift.
        let hidden = (hidden + 1.0) * self.weights.clone();
        let y = layer(&self.norms[1], hidden, Activation::Identity);
        let found = (y.clone() * self.weights).sum().backward();
        let of_norm = |norm: &BatchNorm| {
            [&norm.gamma, &norm.beta].map(|of| of.val().grad(&found).expect("a gradient"))
        };
        Made {
            of_samples: vec![y.inner(), x.grad(&found).expect("a gradient")],
            of_numbers: by_sample.map_or_else(Vec::new, |of| {
                of.map(|of| of.grad(&found).expect("a gradient")).into()
            }),
            of_layers: self.norms.iter().flat_map(of_norm).collect(),
        }
    }

    /// The rows of one of as many shards, with layers whose graphs are their own.
    fn shard(&self, shard: usize, shards: usize) -> Self {
        let rows = self.x.dims()[0] / shards;
        let own = shard * rows..(shard + 1) * rows;
        let device = self.x.device();
        Self {
            norms: self.norms.clone().map(|norm| norm.fork(&device)),
            by_sample: self.by_sample.clone().map(|of| of.map(|of| of.slice([own.clone()]))),
            x: self.x.clone().slice([own.clone()]),
            weights: self.weights.clone().slice([own]),
        }
    }

    fn run_in(&self, shards: usize, activation: Activation) -> Vec<Made<4>> {
        let meeting = Arc::new(Meeting {
            own: Mutex::new(vec![Vec::new(); shards]),
            arrived: Barrier::new(shards),
            left: Barrier::new(shards),
        });
        thread::scope(|scope| {
            let all: Vec<_> = (0..shards)
                .map(|shard| {
                    let member = Member { meeting: meeting.clone(), shard };
                    let own = self.shard(shard, shards);
                    scope.spawn(move || {
                        synchronize_batch_norm(Arc::new(member), || own.run(activation))
                    })
                })
                .collect();
            all.into_iter().map(|shard| shard.join().expect("no shard panics")).collect()
        })
    }
}

/// Shards are together what the batch is: their results, every gradient, the running statistics.
pub(crate) fn synchronized(device: &Device) {
    device.seed(23);
    for (shape, shards, mean) in
        [([32, 5, 3, 3], 2, 0.0), ([12, 24, 2, 2], 4, 3.0), ([16, 3, 1, 1], 8, -1.0)]
    {
        for activation in ACTIVATIONS {
            for is_conditional in [false, true] {
                let norm = || -> BatchNorm { BatchNormConfig::new(shape[1]).init(device) };
                let of_sample = || random([shape[0], shape[1]], device);
                // No shard is like another.
                let drift = Tensor::arange(0..shape[0] as i64, device).float() * 0.1;
                let layers = Layers {
                    norms: [norm(), norm()],
                    by_sample: is_conditional.then(|| [of_sample(), of_sample()]),
                    x: random(shape, device) + drift.reshape([shape[0] as i64, 1, 1, 1]) + mean,
                    weights: random(shape, device),
                };
                let twin = Layers { norms: [norm(), norm()], ..layers.clone() };
                let what = format!("{shape:?} in {shards}, {activation:?}, {is_conditional}");
                let whole = twin.clone().run(activation);
                assert_are_the_whole(&what, &layers.run_in(shards, activation), &whole);
                for (found, expected) in layers.norms.iter().zip(&twin.norms) {
                    assert_follow(&what, found, expected);
                }
            }
        }
    }
}

fn assert_are_the_whole(what: &str, shards: &[Made<4>], whole: &Made<4>) {
    for (at, expected) in whole.of_samples.iter().enumerate() {
        let found = shards.iter().map(|made| made.of_samples[at].clone()).collect();
        assert_within(TOLERANCE, what, &Tensor::cat(found, 0), expected);
    }
    for (at, expected) in whole.of_numbers.iter().enumerate() {
        let found = shards.iter().map(|made| made.of_numbers[at].clone()).collect();
        assert_within(TOLERANCE, what, &Tensor::cat(found, 0), expected);
    }
    for (at, expected) in whole.of_layers.iter().enumerate() {
        let found = shards.iter().map(|made| made.of_layers[at].clone());
        let sum = found.reduce(|a, b| a + b).expect("a shard");
        assert_within(TOLERANCE, what, &sum, expected);
    }
}

/// The running statistics of one layer are those of the other.
fn assert_follow(what: &str, found: &BatchNorm, expected: &BatchNorm) {
    let both =
        |norm: &BatchNorm| [&norm.running_mean, &norm.running_var].map(|of| of.valid().value());
    for (found, expected) in both(found).iter().zip(&both(expected)) {
        assert_within(TOLERANCE, what, found, expected);
    }
}

/// Shards that nobody is to ask.
#[derive(Debug)]
struct Unasked;

impl Shards for Unasked {
    fn count(&self) -> usize {
        2
    }

    fn moves_statistics(&self) -> bool {
        true
    }

    fn sum(&self, _: Vec<f32>) -> Vec<f32> {
        panic!("nothing is trained")
    }
}

/// A layer in inference has no batch; one of another rank cannot be synchronized, and says so.
pub(crate) fn not_synchronized(device: &Device) {
    let norm: BatchNorm = BatchNormConfig::new(3).init(device);
    let plain = Device::flex();
    let shards = || Arc::new(Unasked);
    let inference = norm.valid();
    let x = Tensor::<4>::ones([2, 3, 2, 2], &plain);
    let y = synchronize_batch_norm(shards(), || {
        gan_kernels::batch_norm(&inference, x.clone(), Activation::Identity)
    });
    assert_eq!(y.dims(), x.dims());
    let message = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let x = Tensor::<3>::ones([2, 3, 2], device);
        synchronize_batch_norm(shards(), || gan_kernels::batch_norm(&norm, x, Activation::Relu))
    }));
    let payload = message.expect_err("a panic").downcast::<String>();
    let message = payload.expect("a message");
    assert!(message.contains("synchronized by the kernels alone"), "{message}");
    assert!(message.ends_with("found [2, 3, 2]"), "{message}");
}
