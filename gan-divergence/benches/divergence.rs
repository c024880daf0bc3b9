//! Times the crate's heavy functions, and their Python twins in the same run if there is a Python.
//!
//! `cargo bench -p gan-divergence` prints a table. With `GAN_BENCH_PYTHON` set to an interpreter, the
//! script beside this file is started and both sides take turns; the ratio is the twin's time over
//! ours, turn by turn. A name as an argument runs the tasks that contain it.

#![expect(clippy::print_stdout, reason = "the table is what the program is for")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed step ends the benchmark")]

use std::hint::black_box;
use std::io::{BufRead, BufReader, PipeReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use gan_divergence::density::Density;
use gan_divergence::discrete::kl;
use gan_divergence::gaussian::{Gaussian, Moments, frechet_distance, frechet_from_moments};
use gan_divergence::kernel::{Kernel, MmdEstimator, mmd_squared};
use gan_divergence::neighbors::{Comparison, knn_kl, precision_recall_density_coverage};
use gan_divergence::transport::{
    Sinkhorn, Slicing, sinkhorn_sharp, sliced_wasserstein, wasserstein_matched,
};
use gan_divergence::{Pmf, Points};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Two samples of one size and dimension.
struct Samples {
    real: Vec<f64>,
    fake: Vec<f64>,
    dim: usize,
}

impl Samples {
    fn new(n: usize, dim: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let unit = Gaussian::isotropic(vec![0.0], 1.0).unwrap();
        let real = unit.sample_n(n * dim, &mut rng);
        let fake = unit.sample_n(n * dim, &mut rng).into_iter().map(|x| x + 0.3).collect();
        Self { real, fake, dim }
    }

    fn points(&self) -> (Points<'_>, Points<'_>) {
        let view = |data| Points::new(data, self.dim).unwrap();
        (view(&self.real), view(&self.fake))
    }
}

type Timed = Box<dyn Fn() -> f64>;

/// A task over two samples.
fn on_samples(
    n: usize,
    dim: usize,
    work: impl Fn(Points<'_>, Points<'_>) -> f64 + 'static,
) -> Timed {
    let samples = Samples::new(n, dim);
    Box::new(move || {
        let (real, fake) = samples.points();
        work(real, fake)
    })
}

/// The moments of two samples whose coordinates are correlated and lose a factor of 60 in scale.
fn moments(n: usize, dim: usize) -> (Moments, Moments) {
    let mut samples = Samples::new(n, dim);
    let rows = samples.real.chunks_exact_mut(dim).chain(samples.fake.chunks_exact_mut(dim));
    for row in rows {
        let mut last = 0.0;
        for (i, x) in row.iter_mut().enumerate() {
            last = *x + 0.5 * last;
            *x = last * (-4.1 * i as f64 / dim as f64).exp();
        }
    }
    let (real, fake) = samples.points();
    (Moments::of(real).unwrap(), Moments::of(fake).unwrap())
}

/// The Fréchet distance of two such moments.
fn on_moments(n: usize, dim: usize) -> Timed {
    let (real, fake) = moments(n, dim);
    Box::new(move || frechet_from_moments(&real, &fake).unwrap())
}

/// A hundred rounds, whether or not they converge.
fn hundred_rounds(p: Points<'_>, q: Points<'_>) -> f64 {
    let options = Sinkhorn { epsilon: 0.5, tolerance: 0.0, max_iterations: 100 };
    sinkhorn_sharp(2.0, p, q, options).unwrap().value
}

/// The work of a task on our side.
fn task(name: &str) -> Timed {
    match name {
        "prdc" => on_samples(10_000, 64, |p, q| {
            precision_recall_density_coverage(p, q, 5, Comparison::Less).unwrap().density
        }),
        "frechet" => on_samples(10_000, 64, |p, q| frechet_distance(p, q).unwrap().value),
        "moments-2048" => on_samples(10_000, 2048, |p, _| Moments::of(p).unwrap().covariance()[0]),
        "frechet-64-moments" => on_moments(3_000, 64),
        name if name.starts_with("frechet-2048") => on_moments(6_000, 2048),
        "sliced" => on_samples(10_000, 2, |p, q| {
            let options = Slicing { directions: 1000, seed: 0 };
            sliced_wasserstein(2.0, p, q, options).unwrap().value
        }),
        "assignment" | "emd" => {
            on_samples(1_000, 2, |p, q| wasserstein_matched(1.0, p, q).unwrap().value)
        }
        "sinkhorn-log" | "sinkhorn" => on_samples(1_000, 2, hundred_rounds),
        "knn-kl" => on_samples(10_000, 2, |p, q| knn_kl(5, p, q).unwrap().value),
        "kl" => {
            let samples = Samples::new(1_000_000, 1);
            let masses =
                |v: &[f64]| Pmf::normalized(v.iter().map(|x| 0.1 + x.abs()).collect()).unwrap();
            let (p, q) = (masses(&samples.real), masses(&samples.fake));
            Box::new(move || kl(&p, &q).unwrap())
        }
        _ => on_samples(5_000, 64, |p, q| {
            mmd_squared(MmdEstimator::Unbiased, &Kernel::rbf(8.0), p, q).unwrap().value
        }),
    }
}

/// The tasks in the order of the table: name, what it is, and the twin.
const TASKS: [(&str, &str, &str); 16] = [
    ("prdc", "precision, recall, density, coverage, 10,000 × 10,000 × 64", "prdc"),
    ("frechet", "Fréchet distance, 10,000 × 64", "NumPy cov, SciPy sqrtm"),
    ("moments-2048", "mean and covariance, 10,000 × 2,048", "NumPy cov"),
    ("frechet-64-moments", "Fréchet distance of 64-d moments", "SciPy Cholesky, eigvalsh (evd)"),
    ("frechet-2048-numpy", "Fréchet distance of 2,048-d moments", "SciPy Cholesky, NumPy eigvalsh"),
    ("frechet-2048-evd", "Fréchet distance of 2,048-d moments", "SciPy Cholesky, eigvalsh (evd)"),
    ("frechet-2048-ev", "Fréchet distance of 2,048-d moments", "SciPy Cholesky, eigvalsh (ev)"),
    ("frechet-2048-evr", "Fréchet distance of 2,048-d moments", "SciPy Cholesky, eigvalsh (evr)"),
    ("sliced", "sliced W₂, 1,000 directions, 10,000 × 2", "POT"),
    ("assignment", "W₁ by assignment, n = 1,000", "SciPy linear_sum_assignment"),
    ("emd", "W₁ by assignment, n = 1,000", "POT emd2"),
    ("sinkhorn-log", "Sinkhorn, 1,000 × 1,000, 100 rounds", "POT sinkhorn_log"),
    ("sinkhorn", "Sinkhorn, 1,000 × 1,000, 100 rounds", "POT sinkhorn (not in log domain)"),
    ("knn-kl", "nearest-neighbor KL, 10,000 × 2, k = 5", "SciPy cKDTree"),
    ("kl", "KL over 1,000,000 masses", "SciPy rel_entr"),
    ("mmd", "unbiased MMD², 5,000 × 5,000 × 64", "scikit-learn rbf_kernel"),
];

/// A Python process that answers names with seconds.
struct Twin {
    child: Child,
    answers: BufReader<PipeReader>,
}

impl Twin {
    fn start() -> Option<Self> {
        let python = std::env::var_os("GAN_BENCH_PYTHON")?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/divergence.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::piped());
        let (reader, writer) = std::io::pipe().expect("a pipe opens");
        let child = command.stdout(writer).spawn().expect("GAN_BENCH_PYTHON starts");
        Some(Self { child, answers: BufReader::new(reader) })
    }

    fn ask(&mut self, request: &str) -> String {
        let mut requests = self.child.stdin.as_ref().expect("the input is piped");
        writeln!(requests, "{request}").expect("the twin listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the twin answers");
        answer.trim().to_owned()
    }

    fn seconds(&mut self, name: &str) -> f64 {
        self.ask(name).parse().expect("the twin answers with seconds")
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // The twin ends by itself once its input does; if that fails there is nothing left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn seconds(work: &Timed) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One line of the table.
fn measure(name: &str, what: &str, twin_name: &str, twin: Option<&mut Twin>) {
    let work = task(name);
    let rounds = if seconds(&work) > 0.5 { 3 } else { 7 };
    let Some(twin) = twin else {
        let mut ours: Vec<f64> = (0..rounds).map(|_| seconds(&work)).collect();
        println!("| {what} | {:.2} ms |", 1e3 * median(&mut ours));
        return;
    };
    twin.seconds(name);
    let turns: Vec<(f64, f64)> =
        (0..rounds).map(|_| (seconds(&work), twin.seconds(name))).collect();
    let mut ours: Vec<f64> = turns.iter().map(|t| t.0).collect();
    let mut theirs: Vec<f64> = turns.iter().map(|t| t.1).collect();
    let mut ratios: Vec<f64> = turns.iter().map(|t| t.1 / t.0).collect();
    let middle = median(&mut ratios);
    println!(
        "| {what} | {:.2} ms | {twin_name} | {:.2} ms | {:.2} / {middle:.2} / {:.2} |",
        1e3 * median(&mut ours),
        1e3 * median(&mut theirs),
        ratios[0],
        ratios[ratios.len() - 1],
    );
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let mut twin = Twin::start();
    if let Some(twin) = &mut twin {
        println!("{}\n", twin.ask("versions"));
        println!("| task | this crate | twin | its time | ratio, min / median / max |");
        println!("|---|---|---|---|---|");
    } else {
        println!("| task | time |\n|---|---|");
    }
    for (name, what, twin_name) in TASKS {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            measure(name, what, twin_name, twin.as_mut());
        }
    }
}
