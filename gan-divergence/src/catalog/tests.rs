use super::*;
use crate::discrete;
use crate::pmf::Pmf;
use crate::points::Points;

const MASSES: ([f64; 3], [f64; 3]) = ([0.36, 0.48, 0.16], [0.25, 0.25, 0.5]);

fn points() -> (Vec<f64>, Vec<f64>) {
    let wave = |n: usize, a: f64| (0..n).map(|i| (i as f64 * a).sin() * 2.0).collect();
    (wave(40, 0.37), wave(40, 1.13))
}

/// Runs an entry on a small input that suits it.
fn run(entry: &Entry, options: &Options) -> Result<Estimate, DivergenceError> {
    let (x, y) = points();
    let dim = if entry.name.contains("1d") { 1 } else { 2 };
    let (p, q) = (Points::new(&x, dim)?, Points::new(&y, dim)?);
    let input = match entry.input {
        InputKind::Masses => Input::Masses { p: &MASSES.0, q: &MASSES.1 },
        InputKind::Points => Input::Points { p, q },
        InputKind::Scores => Input::Scores { real: &x, fake: &y },
        InputKind::Logits => Input::Logits { real: p, fake: q },
    };
    entry.run(&input, options)
}

/// Options that an entry needs on small inputs.
fn needed(entry: &Entry) -> Options {
    let mut options = Options::default();
    let has = |key: &str| entry.options.iter().any(|spec| spec.key == key);
    let values =
        [("subset-size", "10"), ("low", "-2"), ("high", "2"), ("bins", "3"), ("alpha", "1")];
    for (key, value) in values {
        if has(key) {
            options.set(key, value);
        }
    }
    options
}

#[test]
fn every_entry_runs_on_a_small_input() {
    for entry in catalog() {
        let estimate = run(entry, &needed(entry)).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        assert!(estimate.value.is_finite(), "{} {estimate:?}", entry.name);
        assert!(!estimate.estimator.is_empty() && !entry.summary.is_empty(), "{}", entry.name);
    }
}

#[test]
fn every_stated_default_is_the_default() {
    for entry in catalog() {
        let plain = run(entry, &needed(entry)).unwrap();
        for spec in entry.options.iter().filter(|s| s.default != "none" && s.key != "alpha") {
            let mut options = needed(entry);
            if spec.key == "subset-size" {
                continue;
            }
            options.set(spec.key, spec.default);
            let explicit = run(entry, &options).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
            assert_eq!(plain.value, explicit.value, "{} {}", entry.name, spec.key);
        }
    }
}

#[test]
fn names_are_unique_and_unknown_ones_are_errors() {
    let mut names: Vec<&str> = catalog().map(|entry| entry.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    let message = find_divergence("kullback").unwrap_err().to_string();
    assert_eq!(message, "no divergence is called \"kullback\"");
}

#[test]
fn values_are_those_of_the_functions() {
    let (p, q) = (Pmf::new(MASSES.0.to_vec()).unwrap(), Pmf::new(MASSES.1.to_vec()).unwrap());
    let by_name =
        |name: &str| run(find_divergence(name).unwrap(), &Options::default()).unwrap().value;
    assert_eq!(by_name("kl"), discrete::kl(&p, &q).unwrap());
    assert_eq!(by_name("renyi"), discrete::renyi(2.0, &p, &q).unwrap());
    assert!((by_name("weighted-js") - by_name("js")).abs() < 1e-15);
    assert!((by_name("f-divergence") - 2.0 * by_name("js")).abs() < 1e-15);
}

#[test]
fn wrong_kinds_and_options_are_named() {
    let message = |name: &str, key: &str, value: &str| {
        let mut options = Options::default();
        options.set(key, value);
        run(find_divergence(name).unwrap(), &options).unwrap_err().to_string()
    };
    assert_eq!(message("kl", "k", "1"), "unknown option \"k\", expected one of: normalize");
    assert_eq!(message("frechet", "k", "1"), "unknown option \"k\", expected one of: none");
    assert_eq!(message("knn-kl", "k", "-1"), "option k is \"-1\", expected a whole number");
    assert_eq!(
        message("precision", "comparison", ">"),
        "option comparison is \">\", expected < or <="
    );
    assert!(message("critic-f", "row", "x").contains("squared-hellinger"));
    assert!(message("histogram-js", "bins", "4").contains("no default range"));
    assert!(message("mmd", "bandwidth", "1,x").contains("median"));
    let scores = Input::Scores { real: &[1.0], fake: &[2.0] };
    let error = find_divergence("kl").unwrap().run(&scores, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "kl compares masses, found scores");
}

#[test]
fn masses_are_normalized_only_on_demand() {
    let kl = find_divergence("kl").unwrap();
    let input = Input::Masses { p: &[3.0, 1.0], q: &[1.0, 1.0] };
    assert!(kl.run(&input, &Options::default()).is_err());
    let mut options = Options::default();
    options.set("normalize", "true");
    assert!(kl.run(&input, &options).unwrap().value > 0.0);
    let holes = Input::Masses { p: &[0.5, 0.5], q: &[1.0, 0.0] };
    let found = kl.run(&holes, &Options::default()).unwrap();
    assert_eq!((found.value, found.warnings.len()), (f64::INFINITY, 1));
}

#[test]
fn units_convert_by_their_kind() {
    let half = 0.5f64.sqrt();
    assert!(
        (Unit::RootNats.convert(half, LogBase::Bits).powi(2) - LogBase::Bits.convert(0.5)).abs()
            < 1e-15
    );
    assert_eq!(Unit::Kernel.convert(2.0, LogBase::Hartleys), 2.0);
    assert_eq!(Unit::Nats.name(LogBase::Hartleys), "hartleys");
}

/// The family roots, from whose `pub use` lines the public functions follow.
const FAMILIES: [&str; 10] = [
    include_str!("../critic.rs"),
    include_str!("../density.rs"),
    include_str!("../discrete.rs"),
    include_str!("../f_divergence.rs"),
    include_str!("../gaussian.rs"),
    include_str!("../histogram.rs"),
    include_str!("../kernel.rs"),
    include_str!("../neighbors.rs"),
    include_str!("../score.rs"),
    include_str!("../transport.rs"),
];

#[test]
fn every_public_function_is_in_the_readme() {
    let readme = include_str!("../../README.md");
    let mut functions = 0;
    for family in FAMILIES {
        for exported in family.split("pub use ").skip(1) {
            let exported = exported.split(';').next().unwrap();
            let names = exported.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            for name in names.filter_map(|path| path.rsplit("::").next()) {
                if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
                    continue;
                }
                functions += 1;
                let named = [format!("[`{name}`]"), format!("[`{name}()`]")];
                assert!(named.iter().any(|link| readme.contains(link)), "{name}");
            }
        }
    }
    assert!(functions > 60, "{functions} functions found");
}

#[test]
fn the_table_of_the_readme_is_the_catalog() {
    let rows = catalog().map(|Entry { name, summary, range, unit, .. }| {
        let (summary, unit) = (summary.replace('|', "\\|"), unit.name(LogBase::Nats));
        format!("| `{name}` | {summary} | `{range}` | {unit} |\n")
    });
    let table = format!("|---|---|---|---|\n{}\n", rows.collect::<String>());
    assert!(include_str!("../../README.md").contains(&table), "expected this table:\n{table}");
}
