//! Names that the divergences of the catalog have elsewhere.

/// Another name of a divergence in the [`catalog`](crate::catalog::catalog()): of exactly what it computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The other name, in lower case with hyphens.
    pub name: &'static str,
    /// The name in the catalog.
    pub stands_for: &'static str,
    /// The options that make it the same.
    pub options: &'static [(&'static str, &'static str)],
    /// What the name means beyond the computation, or nothing.
    pub note: &'static str,
}

const fn alias(name: &'static str, stands_for: &'static str) -> Alias {
    Alias { name, stands_for, options: &[], note: "" }
}

const ON_FEATURES: &str = "published values are of Inception features, which the files must hold";

const fn on_features(name: &'static str, stands_for: &'static str) -> Alias {
    Alias { name, stands_for, options: &[], note: ON_FEATURES }
}

const fn with(
    name: &'static str,
    stands_for: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> Alias {
    Alias { name, stands_for, options, note: "" }
}

const ALIASES: &[Alias] = &[
    on_features("fid", "frechet"),
    on_features("frechet-inception-distance", "frechet"),
    alias("frechet-distance", "frechet"),
    on_features("fid-infinity", "frechet-infinity"),
    on_features("kernel-inception-distance", "kid"),
    alias("kld", "kl"),
    alias("kl-divergence", "kl"),
    alias("kullback-leibler", "kl"),
    alias("relative-entropy", "kl"),
    alias("reverse-kld", "reverse-kl"),
    alias("j-divergence", "jeffreys"),
    alias("jsd", "js"),
    alias("js-divergence", "js"),
    alias("jensen-shannon", "js"),
    alias("jensen-shannon-divergence", "js"),
    alias("jensen-shannon-distance", "js-distance"),
    alias("jensenshannon", "js-distance"),
    alias("tv", "total-variation"),
    alias("tvd", "total-variation"),
    alias("total-variation-distance", "total-variation"),
    alias("hellinger-distance", "hellinger"),
    alias("bhattacharyya-distance", "bhattacharyya"),
    alias("pearson-chi-squared", "pearson"),
    alias("neyman-chi-squared", "neyman"),
    alias("renyi-divergence", "renyi"),
    with("emd", "wasserstein", &[("order", "1")]),
    with("earth-movers-distance", "wasserstein", &[("order", "1")]),
    with("w1", "wasserstein", &[("order", "1")]),
    with("w2", "wasserstein", &[("order", "2")]),
    with("wasserstein-1", "wasserstein", &[("order", "1")]),
    with("wasserstein-2", "wasserstein", &[("order", "2")]),
    with("sliced-w1", "sliced-wasserstein", &[("order", "1")]),
    with("sliced-w2", "sliced-wasserstein", &[("order", "2")]),
    alias("sinkhorn-divergence", "sinkhorn-debiased"),
    alias("mmd2", "mmd"),
    alias("mmd-squared", "mmd"),
    alias("mmd-rbf", "mmd"),
    alias("rbf-mmd", "mmd"),
    with("mmd-unbiased", "mmd", &[("estimator", "unbiased")]),
    with("mmd-biased", "mmd", &[("estimator", "biased")]),
];

/// All other names.
///
/// # Example
/// ```
/// use gan_divergence::catalog::{aliases, find_divergence};
/// assert!(aliases().iter().all(|alias| find_divergence(alias.stands_for).is_ok()));
/// ```
#[must_use]
pub fn aliases() -> &'static [Alias] {
    ALIASES
}

/// What a name from elsewhere stands for; capitals do not matter, nor does `_` for `-`.
///
/// # Example
/// ```
/// use gan_divergence::catalog::find_alias;
/// assert_eq!(find_alias("FID").unwrap().stands_for, "frechet");
/// assert_eq!(find_alias("Wasserstein_2").unwrap().options, [("order", "2")]);
/// assert_eq!(find_alias("inception-score"), None); // of one sample, no divergence between two
/// ```
#[must_use]
pub fn find_alias(name: &str) -> Option<&'static Alias> {
    let plain = name.to_lowercase().replace(['_', ' '], "-");
    ALIASES.iter().find(|alias| alias.name == plain)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::{catalog, find_divergence};

    #[test]
    fn every_alias_is_new_and_has_options_that_its_entry_knows() {
        let names: BTreeSet<&str> = catalog().map(|entry| entry.name).collect();
        let mut seen = BTreeSet::new();
        for alias in ALIASES {
            assert!(!names.contains(alias.name) && seen.insert(alias.name), "{}", alias.name);
            let entry = find_divergence(alias.stands_for).unwrap();
            for (key, _) in alias.options {
                assert!(entry.options.iter().any(|spec| spec.key == *key), "{}", alias.name);
            }
        }
    }
}
