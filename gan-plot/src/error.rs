//! The crate's error type: what a sheet cannot be.

/// Why a sheet of images cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The border or the enlargement is out of range.
    #[error(
        "a border of {border} pixels and a scale of {scale} were asked for, expected at most {most} \
         pixels"
    )]
    Look {
        /// The border asked for, in pixels.
        border: usize,
        /// The pixels asked for in place of one, in each direction.
        scale: usize,
        /// The most of either.
        most: usize,
    },

    /// The sheet has more pixels than a picture may have.
    #[error(
        "a sheet of {n_images} images would have {width}×{height} pixels, more than the {most} of the \
         largest picture"
    )]
    TooLarge {
        /// Images of the sheet.
        n_images: usize,
        /// Its width in pixels.
        width: usize,
        /// Its height in pixels.
        height: usize,
        /// The most pixels of a picture.
        most: u128,
    },
}
