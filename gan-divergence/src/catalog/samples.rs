//! Estimates between samples that are not transport, by name.

use crate::catalog::kernels::{energy, kid, mmd, mmd_test};
use crate::catalog::{Entry, Input, InputKind, OptionSpec, Options, Unit};
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::gaussian::{
    Extrapolation, Gaussian, Moments, frechet_distance, frechet_infinity, gaussian_kl,
    gaussian_wasserstein_2,
};
use crate::histogram::{
    Binning, HistogramEstimate, histogram_js, histogram_kl, histogram_total_variation,
};
use crate::neighbors::{Comparison, Prdc, authenticity, knn_kl, precision_recall_density_coverage};

const SEED: OptionSpec =
    OptionSpec { key: "seed", default: "0", meaning: "the seed of random draws" };
const K: OptionSpec = OptionSpec { key: "k", default: "5", meaning: "which nearest neighbor" };
const BALLS: &[OptionSpec] = &[
    K,
    OptionSpec {
        key: "comparison",
        default: "<",
        meaning: "< as prdc, or <= as the papers: is a point on the rim inside",
    },
];
const BANDWIDTH: OptionSpec = OptionSpec {
    key: "bandwidth",
    default: "median",
    meaning: "of the Gaussian kernel: numbers separated by commas, or median",
};
const BINS: &[OptionSpec] = &[
    OptionSpec { key: "low", default: "none", meaning: "lower end of the range, needed" },
    OptionSpec { key: "high", default: "none", meaning: "upper end of the range, needed" },
    OptionSpec { key: "bins", default: "none", meaning: "bins in each coordinate, needed" },
];
const BINS_AND_ALPHA: &[OptionSpec] = &[
    BINS[0],
    BINS[1],
    BINS[2],
    OptionSpec { key: "alpha", default: "0", meaning: "added to every count" },
];

/// An entry over two samples.
macro_rules! entry {
    ($name:literal, $summary:literal, $range:literal, $unit:ident, $cost:literal, $options:expr,
     $compute:expr) => {
        Entry {
            name: $name,
            summary: $summary,
            range: $range,
            unit: Unit::$unit,
            input: InputKind::Points,
            cost: $cost,
            options: $options,
            compute: $compute,
        }
    };
}

pub(super) const ENTRIES: &[Entry] = &[
    entry!(
        "frechet",
        "Fréchet distance of sample moments",
        "[0, ∞)",
        SquaredPoints,
        "(n + m)·d² + d³",
        &[],
        |i, _| frechet_distance(i.rows()?.0, i.rows()?.1)
    ),
    entry!(
        "frechet-infinity",
        "Fréchet distance extrapolated in 1/N",
        "(−∞, ∞)",
        SquaredPoints,
        "sizes·((n + m)·d² + d³)",
        &[
            OptionSpec { key: "sizes", default: "15", meaning: "sample sizes that are tried" },
            OptionSpec { key: "smallest", default: "0", meaning: "the smallest; 0 for a tenth" },
            SEED,
        ],
        extrapolated
    ),
    entry!(
        "gaussian-kl",
        "KL(p ‖ q) of Gaussians fitted to both samples",
        "[0, ∞)",
        Nats,
        "(n + m)·d² + d³",
        &[],
        |i, _| fitted(i, "KL of fitted Gaussians", gaussian_kl)
    ),
    entry!(
        "gaussian-w2",
        "W₂ of Gaussians fitted to both samples",
        "[0, ∞)",
        Points,
        "(n + m)·d² + d³",
        &[],
        |i, _| fitted(i, "W_2 of fitted Gaussians", gaussian_wasserstein_2)
    ),
    entry!(
        "mmd",
        "squared MMD with a Gaussian kernel",
        "(−∞, ∞)",
        Kernel,
        "(n + m)²·d",
        &[
            OptionSpec {
                key: "estimator",
                default: "unbiased",
                meaning: "unbiased, biased or paired (equal sizes)",
            },
            BANDWIDTH,
            SEED,
        ],
        mmd
    ),
    entry!(
        "kid",
        "mean unbiased MMD² over subsets with the cubic kernel",
        "(−∞, ∞)",
        Kernel,
        "subsets·size²·d",
        &[
            OptionSpec { key: "subsets", default: "100", meaning: "how many subsets" },
            OptionSpec { key: "subset-size", default: "1000", meaning: "points in each" },
            SEED,
        ],
        kid
    ),
    entry!(
        "mmd-test",
        "permutation p-value of the biased MMD²",
        "(0, 1]",
        Probability,
        "(n + m)²·(d + permutations)",
        &[
            OptionSpec { key: "permutations", default: "199", meaning: "random relabelings" },
            BANDWIDTH,
            SEED,
        ],
        mmd_test
    ),
    entry!(
        "energy",
        "2·E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖, without a root",
        "(−∞, ∞)",
        Points,
        "(n + m)²·d",
        &[OptionSpec { key: "estimator", default: "biased", meaning: "biased or unbiased" }],
        energy
    ),
    entry!(
        "knn-kl",
        "nearest-neighbor estimate of KL(p ‖ q)",
        "(−∞, ∞)",
        Nats,
        "n·ln(n + m) up to 5 dimensions, else n·(n + m)·d",
        &[K],
        |i, o| knn_kl(o.count("k", 5)?, i.rows()?.0, i.rows()?.1)
    ),
    entry!(
        "precision",
        "share of fake points in real balls",
        "[0, 1]",
        Probability,
        "(n + m)²·d",
        BALLS,
        |i, o| balls(i, o, "precision", |s| (s.precision, s.errors.precision))
    ),
    entry!(
        "recall",
        "share of real points in fake balls",
        "[0, 1]",
        Probability,
        "(n + m)²·d",
        BALLS,
        |i, o| balls(i, o, "recall", |s| (s.recall, s.errors.recall))
    ),
    entry!(
        "density",
        "fake points per real ball and k",
        "[0, ∞)",
        Number,
        "(n + m)²·d",
        BALLS,
        |i, o| balls(i, o, "density", |s| (s.density, s.errors.density))
    ),
    entry!(
        "coverage",
        "share of real balls with a fake point",
        "[0, 1]",
        Probability,
        "(n + m)²·d",
        BALLS,
        |i, o| balls(i, o, "coverage", |s| (s.coverage, s.errors.coverage))
    ),
    entry!(
        "authenticity",
        "share of fake points that are no near copies of real ones",
        "[0, 1]",
        Probability,
        "n·(n + m)·d",
        &[],
        |i, _| authenticity(i.rows()?.1, i.rows()?.0)
    ),
    entry!(
        "histogram-js",
        "Jensen–Shannon of histograms",
        "[0, ln 2]",
        Nats,
        "(n + m)·d + bins^d",
        BINS,
        |i, o| binned(o, i.rows()?.0.dim(), |b| histogram_js(i.rows()?.0, i.rows()?.1, b))
    ),
    entry!(
        "histogram-kl",
        "KL(p ‖ q) of histograms",
        "[0, ∞]",
        Nats,
        "(n + m)·d + bins^d",
        BINS_AND_ALPHA,
        |i, o| {
            let ((p, q), alpha) = (i.rows()?, o.number("alpha", 0.0)?);
            binned(o, p.dim(), |b| histogram_kl(p, q, b, alpha))
        }
    ),
    entry!(
        "histogram-total-variation",
        "total variation of histograms",
        "[0, 1]",
        Probability,
        "(n + m)·d + bins^d",
        BINS,
        |i, o| {
            let (p, q) = i.rows()?;
            binned(o, p.dim(), |b| histogram_total_variation(p, q, b))
        }
    ),
];

fn extrapolated(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let (real, fake) = input.rows()?;
    let settings = Extrapolation {
        sizes: options.count("sizes", 15)?,
        smallest: options.count("smallest", 0)?,
        seed: options.seed()?,
    };
    frechet_infinity(real, fake, settings)
}

fn fitted(
    input: &Input<'_>,
    name: &str,
    divergence: fn(&Gaussian, &Gaussian) -> Result<f64, DivergenceError>,
) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    let fit = |points| Gaussian::from_moments(Moments::of(points)?);
    Ok(Estimate::new(divergence(&fit(p)?, &fit(q)?)?, p.len(), q.len(), name))
}

fn balls(
    input: &Input<'_>,
    options: &Options,
    name: &str,
    pick: fn(&Prdc) -> (f64, f64),
) -> Result<Estimate, DivergenceError> {
    let (real, fake) = input.rows()?;
    let k = options.count("k", 5)?;
    let choices = [("<", Comparison::Less), ("<=", Comparison::LessOrEqual)];
    let comparison = options.choice("comparison", "< or <=", &choices)?;
    let scores = precision_recall_density_coverage(real, fake, k, comparison)?;
    let name = format!("{name}, k = {k}, {}", options.text("comparison").unwrap_or("<"));
    let (value, error) = pick(&scores);
    let mut estimate = Estimate::new(value, scores.n, scores.m, name).with_error(error);
    estimate.warnings = scores.warnings;
    Ok(estimate)
}

fn binned(
    options: &Options,
    dim: usize,
    divergence: impl Fn(&[Binning]) -> Result<HistogramEstimate, DivergenceError>,
) -> Result<Estimate, DivergenceError> {
    for option in ["low", "high", "bins"] {
        if options.text(option).is_none() {
            let expected = "given: a histogram has no default range";
            return Err(DivergenceError::OptionValue { option, expected, found: String::new() });
        }
    }
    let (low, high) = (options.number("low", 0.0)?, options.number("high", 0.0)?);
    let binning = Binning::new(low, high, options.count("bins", 0)?)?;
    let found = divergence(&vec![binning; dim])?;
    let mut estimate = found.estimate;
    estimate.estimator += &format!(", noise floor {:e}", found.noise_floor);
    Ok(estimate)
}
