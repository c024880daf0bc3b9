//! The crate's error type: what can go wrong in an evaluation.

use gan_divergence::DivergenceError;

/// Why samples could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// Samples or parameters that no divergence can be computed from.
    #[error("cannot evaluate the samples")]
    Divergence(#[from] DivergenceError),

    /// A feature extractor has not one row of features for each sample.
    #[error("the features `{id}` have {found} rows for {expected} samples, expected one a sample")]
    FeatureRows {
        /// The extractor.
        id: String,
        /// Samples that it was given.
        expected: usize,
        /// Rows that it returned.
        found: usize,
    },

    /// A classifier cannot look at images of this shape.
    #[error(
        "the classifier `{id}` takes images of {expected} channels and at least 8×8 pixels, found \
         {}×{}×{}",
        found[0], found[1], found[2]
    )]
    ImageShape {
        /// The classifier.
        id: String,
        /// Its channels.
        expected: usize,
        /// Channels, height and width of the images.
        found: [usize; 3],
    },

    /// Samples that were looked at by another extractor than those that they are compared with.
    #[error(
        "the samples have {} features and {} classes, those to compare them with {} and {}: they were \
         looked at by different extractors",
        found[0], found[1], expected[0], expected[1]
    )]
    OtherFeatures {
        /// Features and classes of the real samples.
        expected: [usize; 2],
        /// Features and classes of the samples.
        found: [usize; 2],
    },
}
