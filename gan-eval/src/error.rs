//! The crate's error type: what can go wrong in an evaluation.

#[cfg(feature = "inception")]
use std::path::PathBuf;

use gan_core::GanError;
use gan_divergence::DivergenceError;

#[cfg(feature = "inception")]
use crate::inception::InceptionFileError;

/// Why samples could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// Samples or parameters that no divergence can be computed from.
    #[error("cannot evaluate the samples")]
    Divergence(#[from] DivergenceError),

    /// The ranks that look at samples together have lost each other.
    #[error("the ranks cannot look at the samples together")]
    Ranks(#[from] GanError),

    /// What another rank has found is not what this program makes.
    #[error("what another rank has found cannot be read: it has another program")]
    OtherRank,

    /// Values that are no images of the size stated, or images too small for a patch.
    #[error(
        "{found} values are no images of shape {shape:?}, expected images × channels × rows × \
         columns, and at least 7 rows and columns"
    )]
    ImageValues {
        /// Images, channels, rows, columns.
        shape: [usize; 4],
        /// Values given.
        found: usize,
    },

    /// Two sets of images differ in number or in size.
    #[error(
        "{} real images of {}×{}×{} and {} fake ones of {}×{}×{}, expected as many of the same size",
        real[0], real[1], real[2], real[3], fake[0], fake[1], fake[2], fake[3]
    )]
    ImageSets {
        /// Images, channels, rows, columns of the real ones.
        real: [usize; 4],
        /// The same of the fake ones.
        fake: [usize; 4],
    },

    /// More principal components than samples can have.
    #[error(
        "{components} components of {samples} samples of {values} values were asked for, expected \
         at least 1, at most one a value, and fewer than samples"
    )]
    Components {
        /// Components asked for.
        components: usize,
        /// Samples that they should be fitted on.
        samples: usize,
        /// Values of a sample.
        values: usize,
    },

    /// The samples vary in fewer directions than principal components were asked for.
    #[error("{components} components were asked for, but the samples vary along {rank} only")]
    Rank {
        /// Components asked for.
        components: usize,
        /// Directions that they vary along.
        rank: usize,
    },

    /// Samples have another size than those that features were fitted on.
    #[error("the features `{id}` are of samples of {expected} values, found {found}")]
    SampleValues {
        /// The extractor.
        id: String,
        /// Values of a sample that it was fitted on.
        expected: usize,
        /// Values of a sample that it was given.
        found: usize,
    },

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

    /// A file from which no Inception network can be made.
    #[cfg(feature = "inception")]
    #[error("{} {problem}", path.display())]
    InceptionFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: InceptionFileError,
    },

    /// Images that the Inception network cannot look at.
    #[cfg(feature = "inception")]
    #[error(
        "the network `{id}` takes images of 1 or 3 channels and at least 1×1 pixel, found {}×{}×{}",
        found[0], found[1], found[2]
    )]
    InceptionImages {
        /// The network.
        id: String,
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

    /// Samples that are no images of three digits.
    #[error(
        "stacked digits are images of 3 channels, a digit in each, found samples of {}",
        found.iter().map(usize::to_string).collect::<Vec<_>>().join("×")
    )]
    StackedShape {
        /// The shape of a sample.
        found: Vec<usize>,
    },

    /// A classifier that tells no ten classes apart cannot tell which mode stacked digits are in.
    #[error(
        "stacked digits are told apart by a classifier of 10 classes, `{id}` has {found}; expected one of digits"
    )]
    StackedClasses {
        /// The extractor.
        id: String,
        /// Its classes; 0 if it knows none.
        found: usize,
    },
}
