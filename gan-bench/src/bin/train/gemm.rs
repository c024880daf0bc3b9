//! GEMM: the speed of one large matrix product, as the machine's peak.

use std::time::Instant;

use burn::tensor::{Device, Distribution, Tensor};

const SIDES: [usize; 3] = [1024, 1536, 2048];
const REPETITIONS: usize = 4;

/// GFLOP/s of the best of several products of square matrices.
pub(crate) fn peak() -> f64 {
    SIDES.into_iter().map(speed).fold(0.0, f64::max)
}

fn speed(side: usize) -> f64 {
    let device = Device::flex();
    let matrix = || Tensor::<2>::random([side, side], Distribution::Uniform(-1.0, 1.0), &device);
    let (a, b) = (matrix(), matrix());
    let seconds = (0..REPETITIONS).map(|_| {
        let (a, b) = (a.clone(), b.clone());
        let began = Instant::now();
        let product = a.matmul(b);
        let elapsed = began.elapsed().as_secs_f64();
        drop(product);
        elapsed
    });
    2.0 * (side as f64).powi(3) / seconds.fold(f64::INFINITY, f64::min) / 1e9
}
