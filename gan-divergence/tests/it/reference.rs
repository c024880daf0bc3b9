//! Agreement with SciPy, scikit-learn, POT, prdc, torch and torch-fidelity on recorded random inputs.

use std::collections::BTreeMap;

use gan_divergence::density::Density;
use gan_divergence::discrete::{
    entropy, hellinger, js_distance, kl, pearson_chi_squared, rel_entr, reverse_kl, total_variation,
};
use gan_divergence::gaussian::{
    Gaussian, Moments, frechet_distance, frechet_from_moments, frechet_to_moments, gaussian_kl,
    gaussian_wasserstein_2,
};
use gan_divergence::kernel::{Kernel, MmdEstimator, mmd_squared};
use gan_divergence::neighbors::{
    Comparison, DataCopying, authenticity, data_copying, near_duplicates,
    precision_recall_density_coverage,
};
use gan_divergence::score::classifier_score;
use gan_divergence::transport::{
    Atoms, Sinkhorn, assign, energy_distance_1d, sinkhorn_debiased_sharp, sinkhorn_sharp,
    wasserstein_1d, wasserstein_1d_power, wasserstein_matched, wasserstein_weighted,
};
use gan_divergence::{DivergenceError, Pmf, Points};
use serde_json::Value;

const CASES: &str = include_str!("../reference/cases.json");

/// The inputs of one case.
struct Inputs<'a>(&'a Value);

/// Rows of equal length, one after the other.
struct Matrix {
    data: Vec<f64>,
    columns: usize,
}

impl Matrix {
    fn points(&self) -> Points<'_> {
        Points::new(&self.data, self.columns).unwrap()
    }
}

impl Inputs<'_> {
    fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap()
    }

    fn list(&self, key: &str) -> Vec<f64> {
        numbers(&self.0[key])
    }

    fn matrix(&self, key: &str) -> Matrix {
        let rows = self.0[key].as_array().unwrap();
        let columns = rows[0].as_array().unwrap().len();
        Matrix { data: rows.iter().flat_map(numbers).collect(), columns }
    }

    fn pmf(&self, key: &str) -> Pmf {
        Pmf::normalized(self.list(key)).unwrap()
    }

    fn atoms(&self, key: &str) -> Atoms {
        Atoms::weighted(&self.list(key), &self.list(&format!("w{key}"))).unwrap()
    }

    fn gaussian(&self, which: &str) -> Gaussian {
        let covariance = self.matrix(&format!("cov_{which}")).data;
        Gaussian::new(self.list(&format!("mean_{which}")), covariance).unwrap()
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn on_masses(name: &str, i: &Inputs<'_>) -> Option<Result<f64, DivergenceError>> {
    let pair = |f: fn(&Pmf, &Pmf) -> Result<f64, DivergenceError>| f(&i.pmf("p"), &i.pmf("q"));
    Some(match name {
        "kl" => pair(kl),
        "reverse_kl" => pair(reverse_kl),
        "js_distance" => pair(js_distance),
        "total_variation" => pair(total_variation),
        "hellinger" => pair(hellinger),
        "pearson_chi_squared" => pair(pearson_chi_squared),
        "entropy" => Ok(entropy(&i.pmf("p"))),
        "rel_entr" => Ok(rel_entr(i.number("x"), i.number("y"))),
        _ => return None,
    })
}

fn on_transport(name: &str, i: &Inputs<'_>) -> Option<Result<f64, DivergenceError>> {
    let order = || i.number("order");
    let sinkhorn = |f: fn(f64, Points<'_>, Points<'_>, Sinkhorn) -> Result<_, DivergenceError>| {
        let options =
            Sinkhorn { epsilon: i.number("epsilon"), tolerance: 1e-12, max_iterations: 50_000 };
        f(2.0, i.matrix("x").points(), i.matrix("y").points(), options)
            .map(|e: gan_divergence::Estimate| e.value)
    };
    Some(match name {
        "wasserstein_1d" => wasserstein_1d(order(), &i.atoms("x"), &i.atoms("y")),
        "wasserstein_1d_power" => wasserstein_1d_power(order(), &i.atoms("x"), &i.atoms("y")),
        "energy_distance_1d" => Ok(energy_distance_1d(&i.atoms("x"), &i.atoms("y"))),
        "wasserstein_weighted" => {
            let (x, y) = (i.matrix("x"), i.matrix("y"));
            wasserstein_weighted(order(), x.points(), &i.pmf("wx"), y.points(), &i.pmf("wy"))
                .map(|e| e.value)
        }
        "wasserstein_matched" => {
            let (x, y) = (i.matrix("x"), i.matrix("y"));
            wasserstein_matched(order(), x.points(), y.points()).map(|e| e.value)
        }
        "assign" => assign(&i.matrix("cost").data, i.matrix("cost").columns).map(|a| a.total),
        "sinkhorn_sharp" => sinkhorn(sinkhorn_sharp),
        "sinkhorn_debiased_sharp" => sinkhorn(sinkhorn_debiased_sharp),
        _ => return None,
    })
}

fn on_gaussians(name: &str, i: &Inputs<'_>) -> Option<Result<f64, DivergenceError>> {
    let pair = || (i.gaussian("p"), i.gaussian("q"));
    Some(match name {
        "gaussian_kl" => gaussian_kl(&pair().0, &pair().1),
        "gaussian_wasserstein_2" => gaussian_wasserstein_2(&pair().0, &pair().1),
        "frechet_from_moments" => frechet_from_moments(pair().0.moments(), pair().1.moments()),
        "ln_pdf" => Ok(pair().0.ln_pdf(&i.list("x"))),
        _ => return None,
    })
}

fn on_logits(name: &str, i: &Inputs<'_>) -> f64 {
    let splits = i.number("splits") as usize;
    let score = classifier_score(i.matrix("logits").points(), splits, None).unwrap();
    let deviation = score.standard_error.unwrap_or(0.0) * (splits as f64).sqrt();
    if name == "classifier_score" { score.value } else { deviation }
}

fn on_features(name: &str, i: &Inputs<'_>) -> Option<Result<f64, DivergenceError>> {
    if name.starts_with("classifier_score") {
        return Some(Ok(on_logits(name, i)));
    }
    let (real, fake) = (i.matrix("real"), i.matrix("fake"));
    let (real, fake) = (real.points(), fake.points());
    let mmd = |kernel: Kernel| {
        let estimator = match i.text("kind") {
            "biased" => MmdEstimator::Biased,
            "unbiased" => MmdEstimator::Unbiased,
            _ => MmdEstimator::PairedUnbiased,
        };
        mmd_squared(estimator, &kernel, real, fake).map(|e| e.value)
    };
    Some(match name {
        "mmd_poly" => mmd(Kernel::kid()),
        "mmd_rbf" => mmd(Kernel::rbf(i.number("bandwidth"))),
        "frechet_distance" => frechet_distance(real, fake).map(|e| e.value),
        "precision" | "recall" | "density" | "coverage" => {
            let strict = i.text("comparison") == "<";
            let comparison = if strict { Comparison::Less } else { Comparison::LessOrEqual };
            let k = i.number("k") as usize;
            precision_recall_density_coverage(real, fake, k, comparison).map(|s| match name {
                "precision" => s.precision,
                "recall" => s.recall,
                "density" => s.density,
                _ => s.coverage,
            })
        }
        _ => return None,
    })
}

fn on_copies(name: &str, i: &Inputs<'_>) -> Option<Result<f64, DivergenceError>> {
    let duplicates = || near_duplicates(i.matrix("points").points(), i.number("radius"));
    let to_moments = || {
        let real = Moments::new(i.list("mean"), i.matrix("covariance").data)?;
        frechet_to_moments(&real, i.matrix("fake").points())
    };
    Some(match name {
        "authenticity" => authenticity(i.matrix("fake").points(), i.matrix("train").points())
            .map(|estimate| estimate.value),
        "data_copying" => {
            let sets = ["fake", "train", "test"].map(|key| i.matrix(key));
            let [fake, train, test] = sets.each_ref().map(Matrix::points);
            let options = DataCopying { cells: i.number("cells") as usize, seed: 0 };
            data_copying(fake, train, test, options).map(|estimate| estimate.value)
        }
        "duplicate_pairs" => duplicates().map(|found| found.pairs as f64),
        "duplicate_share" => duplicates().map(|found| found.share),
        "frechet_to_moments" => to_moments().map(|estimate| estimate.value),
        "frechet_jackknife" => to_moments().map(|estimate| estimate.standard_error.unwrap()),
        _ => return None,
    })
}

#[test]
fn every_recorded_case_agrees() {
    let recorded: Value = serde_json::from_str(CASES).unwrap();
    let mut failures = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, case) in recorded["cases"].as_array().unwrap().iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        let inputs = Inputs(&case["inputs"]);
        let found = on_masses(name, &inputs)
            .or_else(|| on_transport(name, &inputs))
            .or_else(|| on_gaussians(name, &inputs))
            .or_else(|| on_copies(name, &inputs))
            .or_else(|| on_features(name, &inputs))
            .unwrap_or_else(|| panic!("case {index}: nothing computes {name}"))
            .unwrap_or_else(|error| panic!("case {index}, {name}: {error}"));
        let expected = case["expected"].as_f64().unwrap_or(f64::INFINITY);
        let tolerance = case["tolerance"].as_f64().unwrap() * expected.abs().max(1.0);
        if found != expected && (found.is_nan() || (found - expected).abs() > tolerance) {
            failures.push(format!("{index} {name}: {found}, {} says {expected}", case["source"]));
        }
        *seen.entry(name.to_owned()).or_default() += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(seen.values().sum::<usize>() >= 300 && seen.len() >= 25, "{seen:?}");
}

#[test]
fn the_record_names_the_versions_it_was_made_with() {
    let recorded: Value = serde_json::from_str(CASES).unwrap();
    for library in ["scipy", "POT", "prdc", "torch_fidelity", "torch", "numpy"] {
        assert!(recorded["versions"][library].is_string(), "{library}");
    }
}
