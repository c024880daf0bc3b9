//! What can keep a network from being built.

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
    /// A width or a number of coordinates is zero.
    #[error("`model.{name}` must be at least 1, found 0")]
    Zero {
        /// The configuration key.
        name: &'static str,
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
