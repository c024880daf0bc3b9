//! A number that speaks for a diagnosis, beside its threshold.

use std::fmt;

use serde::Serialize;

use crate::number;
use crate::trace::Window;

/// On which side of its threshold a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Below it.
    Below,
    /// Above it.
    Above,
    /// Equal to it.
    Equal,
}

impl Relation {
    /// Whether `value` lies on this side of `threshold`; NaN lies on none.
    #[must_use]
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Below => value < threshold,
            Self::Above => value > threshold,
            Self::Equal => value == threshold,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::Above => ">",
            Self::Equal => "=",
        }
    }
}

/// A number that speaks for a diagnosis: what it is of, its value, the threshold that it passes,
/// and where it was computed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// The series, or the fact of the case.
    pub series: String,
    /// What of it: `median`, `lowest`, `share of spikes`; empty for a fact.
    pub statistic: &'static str,
    /// The value.
    #[serde(serialize_with = "number::serialize")]
    pub value: f64,
    /// On which side of the threshold it lies.
    pub relation: Relation,
    /// The threshold.
    #[serde(serialize_with = "number::serialize")]
    pub threshold: f64,
    /// The stretch that it was computed from; none for a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

impl Evidence {
    /// A fact of the case, if it lies on the stated side of the threshold.
    #[must_use]
    pub fn of_fact(name: &str, value: f64, relation: Relation, threshold: f64) -> Option<Self> {
        relation.holds(value, threshold).then(|| Self {
            series: name.to_owned(),
            statistic: "",
            value,
            relation,
            threshold,
            window: None,
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.statistic.is_empty() {
            write!(f, "{} of ", self.statistic)?;
        }
        let (value, threshold) = (number::short(self.value), number::short(self.threshold));
        write!(f, "{} {value} {} {threshold}", self.series, self.relation.symbol())?;
        match &self.window {
            Some(window) => write!(f, " ({window})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_reads_as_an_inequality() {
        let window = Some(Window { from: 900, to: 1000, points: 21 });
        let evidence = Evidence {
            series: "critic/loss".to_owned(),
            statistic: "median",
            value: 0.000_3,
            relation: Relation::Below,
            threshold: 0.01,
            window,
        };
        let text = "median of critic/loss 3.00e-4 < 0.0100 (steps 900 to 1000, 21 points)";
        assert_eq!(evidence.to_string(), text);
    }

    #[test]
    fn nan_is_on_no_side() {
        for relation in [Relation::Below, Relation::Above, Relation::Equal] {
            assert_eq!(Evidence::of_fact("x", f64::NAN, relation, 1.0), None);
        }
    }
}
