//! The crate's error type: what prevents a network from being built.

use crate::Sides;
use crate::sides::remedy;

/// Why an architecture cannot be built for the data at hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The data's samples have a shape that the architecture does not make.
    #[error("the {architecture} architecture makes samples of shape {expected}, found {found:?}")]
    SampleShape {
        /// The architecture's name.
        architecture: &'static str,
        /// The shapes that it makes, in words.
        expected: &'static str,
        /// The shape of the data's samples, without the batch.
        found: Vec<usize>,
    },
    /// The data's samples are no images of a size that the architecture makes.
    #[error(
        "the {architecture} architecture makes square images with a side of {sides}, found \
         {found:?}: {}",
        remedy(*sides, found)
    )]
    ImageShape {
        /// The architecture's name.
        architecture: &'static str,
        /// The sides that it makes.
        sides: Sides,
        /// The shape of the data's samples, without the batch.
        found: Vec<usize>,
    },
    /// A width or a number of coordinates is zero.
    #[error("`{name}` must be at least 1, found 0")]
    Zero {
        /// The configuration key.
        name: &'static str,
    },
    /// A size above what can be trained.
    #[error("`{name}` must be at most {most}, found {found}")]
    TooLarge {
        /// The configuration key.
        name: &'static str,
        /// The largest that is accepted.
        most: usize,
        /// The size.
        found: usize,
    },
    /// Networks that would not fit into a machine's memory.
    #[error(
        "networks of these sizes have about {parameters} parameters, which take about {gib} GiB to \
         train, expected at most {most} GiB; make `{keys}` smaller"
    )]
    Memory {
        /// Weights of both players, estimated.
        parameters: u64,
        /// Weights, gradients and two moments of an optimizer.
        gib: u64,
        /// The most that is accepted.
        most: u64,
        /// The configuration keys that the size comes from.
        keys: &'static str,
    },
    /// The maps of a grouped convolution do not fall into groups.
    #[error("`{name}` must be below {group} or a multiple of it, found {found}")]
    Groups {
        /// The configuration key.
        name: &'static str,
        /// Maps in a group.
        group: usize,
        /// The width.
        found: usize,
    },
    /// A network for one class only has nothing to distinguish.
    #[error("`model.classes` must be 0 (no labels) or at least 2, found 1")]
    OneClass,
    /// A conditional critic was asked to see several samples, and so several labels, at once.
    #[error(
        "packing must be 1 where the critic sees labels: it scores one sample under one label; \
         found {packing} with {classes} classes"
    )]
    PackedLabels {
        /// Samples in one critic input.
        packing: usize,
        /// Classes that the critic knows.
        classes: usize,
    },
}

/// Refuse the first of the named numbers that is zero.
pub(crate) fn ensure_positive(
    numbers: impl IntoIterator<Item = (&'static str, usize)>,
) -> Result<(), ModelError> {
    match numbers.into_iter().find(|(_, number)| *number == 0) {
        Some((name, _)) => Err(ModelError::Zero { name }),
        None => Ok(()),
    }
}

/// Refuse numbers of classes and of packed samples that no critic can have.
pub(crate) fn ensure_conditioning(classes: usize, packing: usize) -> Result<(), ModelError> {
    ensure_positive([("train.packing", packing)])?;
    match (classes, packing) {
        (1, _) => Err(ModelError::OneClass),
        (0, _) | (_, 1) => Ok(()),
        _ => Err(ModelError::PackedLabels { packing, classes }),
    }
}
