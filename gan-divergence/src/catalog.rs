//! Every divergence between two inputs under one signature, for programs that choose by name.

mod alias;
mod classes;
mod critics;
mod geometry;
mod input;
mod kernels;
mod masses;
mod options;
mod samples;

pub use alias::{Alias, aliases, find_alias};
pub use input::{Input, InputKind};
pub use options::{OptionSpec, Options};

use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::unit::LogBase;

/// One divergence that can be computed by name.
///
/// # Example
/// ```
/// use gan_divergence::catalog::{Input, Options, find_divergence};
/// let kl = find_divergence("kl")?;
/// let input = Input::Masses { p: &[0.5, 0.5], q: &[0.9, 0.1] };
/// let estimate = kl.run(&input, &Options::default())?;
/// assert!((estimate.value - 0.510_825_623_765_990_6).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Debug)]
pub struct Entry {
    /// What it is called.
    pub name: &'static str,
    /// One line on what it compares.
    pub summary: &'static str,
    /// The range of its values.
    pub range: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// What it takes.
    pub input: InputKind,
    /// How the work grows with sizes `n` and `m` and dimension `d`.
    pub cost: &'static str,
    /// The options it has.
    pub options: &'static [OptionSpec],
    compute: fn(&Input<'_>, &Options) -> Result<Estimate, DivergenceError>,
}

impl Entry {
    /// Computes the divergence; values of logarithmic divergences are in nats.
    ///
    /// # Errors
    /// [`DivergenceError::InputKind`] for input of another kind, [`DivergenceError::UnknownOption`]
    /// naming the known ones, [`DivergenceError::OptionValue`], and those of the divergence itself.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::catalog::{Input, Options, find_divergence};
    /// let mut options = Options::default();
    /// options.set("odrer", "2");
    /// let input = Input::Masses { p: &[0.5, 0.5], q: &[0.9, 0.1] };
    /// let error = find_divergence("renyi")?.run(&input, &options).unwrap_err();
    /// let expected = "unknown option \"odrer\", expected one of: normalize, order";
    /// assert_eq!(error.to_string(), expected);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn run(&self, input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
        if input.kind() != self.input {
            return Err(DivergenceError::InputKind {
                name: self.name,
                expected: self.input.name(),
                found: input.kind().name(),
            });
        }
        options.check_against(self.options)?;
        (self.compute)(input, options)
    }
}

/// All divergences between two inputs, by kind of input.
///
/// # Example
/// ```
/// assert!(gan_divergence::catalog::catalog().any(|entry| entry.name == "sinkhorn-debiased"));
/// ```
pub fn catalog() -> impl Iterator<Item = &'static Entry> {
    let parts: [&'static [Entry]; 5] =
        [masses::ENTRIES, samples::ENTRIES, geometry::ENTRIES, critics::ENTRIES, classes::ENTRIES];
    parts.into_iter().flatten()
}

/// The divergence of exactly that name; [`find_alias`] knows others.
///
/// # Errors
/// [`DivergenceError::UnknownName`].
///
/// # Example
/// ```
/// assert_eq!(gan_divergence::catalog::find_divergence("js")?.range, "[0, ln 2]");
/// assert!(gan_divergence::catalog::find_divergence("fid").is_err());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn find_divergence(name: &str) -> Result<&'static Entry, DivergenceError> {
    let unknown = || DivergenceError::UnknownName { name: name.to_owned() };
    catalog().find(|entry| entry.name == name).ok_or_else(unknown)
}

/// The unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nats, which convert to any [`LogBase`].
    Nats,
    /// The square root of nats.
    RootNats,
    /// A pure number.
    Number,
    /// A probability or a share.
    Probability,
    /// The unit of the points.
    Points,
    /// The root of the unit of the points.
    RootPoints,
    /// The squared unit of the points.
    SquaredPoints,
    /// The unit of the points to the order.
    PointsToTheOrder,
    /// The unit of the kernel.
    Kernel,
}

impl Unit {
    /// The name of the unit, in the given logarithm where it has one.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::LogBase;
    /// use gan_divergence::catalog::Unit;
    /// assert_eq!(Unit::RootNats.name(LogBase::Bits), "√bits");
    /// ```
    #[must_use]
    pub fn name(self, base: LogBase) -> String {
        match self {
            Self::Nats => base.name().to_owned(),
            Self::RootNats => format!("√{}", base.name()),
            Self::Number => "1".to_owned(),
            Self::Probability => "probability".to_owned(),
            Self::Points => "unit of the points".to_owned(),
            Self::RootPoints => "√(unit of the points)".to_owned(),
            Self::SquaredPoints => "(unit of the points)²".to_owned(),
            Self::PointsToTheOrder => "(unit of the points)^order".to_owned(),
            Self::Kernel => "unit of the kernel".to_owned(),
        }
    }

    /// Converts a value, or its standard error, to the given logarithm where the unit has one.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::LogBase;
    /// use gan_divergence::catalog::Unit;
    /// assert_eq!(Unit::Points.convert(3.0, LogBase::Bits), 3.0);
    /// let distance = 2f64.ln().sqrt();
    /// assert!((Unit::RootNats.convert(distance, LogBase::Bits) - 1.0).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn convert(self, value: f64, base: LogBase) -> f64 {
        match self {
            Self::Nats => base.convert(value),
            Self::RootNats => value * base.convert(1.0).sqrt(),
            _ => value,
        }
    }
}

#[cfg(test)]
mod tests;
