//! What a report lacks, and why.

use gan_run::LeftOut;

/// Something that a reader of the report should know about what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A file is not there.
    Missing(&'static str),
    /// There is no summary: the run is in progress, or was ended by force.
    Unfinished,
    /// A file is there and cannot be used.
    Unreadable { file: String, why: String },
    /// The last line of a file is half a line.
    Torn { file: &'static str, line: usize },
    /// Lines that could not be read.
    Damaged { file: &'static str, lines: Vec<usize> },
    /// Lines whose step is not above the one before, the first of them.
    GoesBack { file: &'static str, lines: usize, first: usize },
    /// There is no picture of samples.
    NoPictures,
    /// Pictures of points lack the contours of a density that is known.
    NoContours,
    /// So many pictures of so many fit.
    Thinned { shown: usize, of: usize },
    /// The latent walk does not fit.
    LargeWalk { file: String, bytes: usize },
}

impl Note {
    /// Of lines of a file that were left out.
    pub(crate) fn of_lines(
        file: &'static str,
        damaged: &[LeftOut],
        torn: Option<&LeftOut>,
    ) -> impl Iterator<Item = Self> {
        let torn = torn.map(|left_out| Self::Torn { file, line: left_out.line });
        let lines: Vec<usize> = damaged.iter().map(|left_out| left_out.line).collect();
        let damaged = (!lines.is_empty()).then_some(Self::Damaged { file, lines });
        torn.into_iter().chain(damaged)
    }
}
