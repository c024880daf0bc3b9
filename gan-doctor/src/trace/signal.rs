//! The finite points of a series, and what rules ask of them.

use super::onset::onset;
use super::statistics::{cycle, deviation, median, quantile};
use super::{Trend, Window};
use crate::evidence::{Evidence, Relation};

/// A recent or an early part of a series is one in this many of its steps, counted in steps and not
/// in points, so that an irregular cadence does not shift it.
const PART: u64 = 10;
/// The least points of such a part: the median of three outvotes one outlier.
const LEAST: usize = 3;

/// A change of less than this share of the median is none that a verdict turns on.
const NOTABLE: f64 = 0.1;

/// The finite points of a series, or of a part of it, by step.
///
/// # Example
/// ```
/// use gan_doctor::Signal;
///
/// let loss = Signal::new("critic/loss", (0..=100).map(|step| (step, 1.0 / (1 + step) as f64)));
/// assert_eq!(loss.recent().window().from, 90);
/// assert!(loss.trend().falls(0.9));
/// let evidence = loss.recent().median_below(0.02).unwrap();
/// let text = "median of critic/loss 0.0104 < 0.0200 (steps 90 to 100, 11 points)";
/// assert_eq!(evidence.to_string(), text);
/// assert_eq!(loss.since(|value| value < 0.5), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    name: String,
    points: Vec<(u64, f64)>,
}

impl Signal {
    /// From points in the order of their steps; what is not finite is left out.
    pub fn new(name: impl Into<String>, points: impl IntoIterator<Item = (u64, f64)>) -> Self {
        let points = points.into_iter().filter(|(_, value)| value.is_finite()).collect();
        Self { name: name.into(), points }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its points.
    #[must_use]
    pub fn points(&self) -> &[(u64, f64)] {
        &self.points
    }

    /// Its values.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.points.iter().map(|(_, value)| *value).collect()
    }

    /// How many points it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The newest value.
    #[must_use]
    pub fn last_value(&self) -> Option<f64> {
        self.points.last().map(|(_, value)| *value)
    }

    /// The newest step.
    #[must_use]
    pub fn last_step(&self) -> Option<u64> {
        self.points.last().map(|(step, _)| *step)
    }

    /// From its first step to its last.
    #[must_use]
    pub fn window(&self) -> Window {
        let step = |point: Option<&(u64, f64)>| point.map_or(0, |(step, _)| *step);
        let (from, to) = (step(self.points.first()), step(self.points.last()));
        Window { from, to, points: self.len() }
    }

    /// The last tenth of its steps, and at least three points.
    #[must_use]
    pub fn recent(&self) -> Self {
        let Window { from, to, .. } = self.window();
        let is_late = |step: u64| u128::from(to - step) * u128::from(PART) <= u128::from(to - from);
        let n = self.points.iter().rev().take_while(|(step, _)| is_late(*step)).count();
        self.last(n.max(LEAST))
    }

    /// The first tenth of its steps, and at least three points.
    #[must_use]
    pub fn early(&self) -> Self {
        let Window { from, to, .. } = self.window();
        let is_early =
            |step: u64| u128::from(step - from) * u128::from(PART) <= u128::from(to - from);
        let n = self.points.iter().take_while(|(step, _)| is_early(*step)).count();
        self.part(0, n.max(LEAST).min(self.len()))
    }

    /// The `n` newest points, or all.
    #[must_use]
    pub fn last(&self, n: usize) -> Self {
        self.part(self.len().saturating_sub(n), self.len())
    }

    /// The points up to `step` that are not among the recent ones.
    #[must_use]
    pub fn before(&self, step: u64) -> Self {
        let n = self.points.iter().take_while(|(at, _)| *at < step).count();
        self.part(0, n)
    }

    /// The points from `step` on.
    #[must_use]
    pub fn from_step(&self, step: u64) -> Self {
        let n = self.points.iter().take_while(|(at, _)| *at < step).count();
        self.part(n, self.len())
    }

    fn part(&self, from: usize, to: usize) -> Self {
        Self { name: self.name.clone(), points: self.points[from..to].to_vec() }
    }

    /// The medians of every `n` neighbors, each at the step of the last of them; what remains at the
    /// end is left out.
    #[must_use]
    pub fn medians(&self, n: usize) -> Self {
        let of_chunk = |chunk: &[(u64, f64)]| {
            let values: Vec<f64> = chunk.iter().map(|(_, value)| *value).collect();
            Some((chunk.last()?.0, median(&values)))
        };
        let points = self.points.chunks_exact(n.max(1)).filter_map(of_chunk);
        Self::new(self.name.clone(), points)
    }

    /// Each value divided by the newest one of `other` at its step, both without their sign.
    #[must_use]
    pub fn ratio_to(&self, other: &Self) -> Self {
        let mut others = other.points.iter().copied().peekable();
        let mut newest = None;
        let ratio = |(step, value): &(u64, f64)| {
            while let Some(point) = others.next_if(|(at, _)| at <= step) {
                newest = Some(point.1);
            }
            newest.map(|below| (*step, value.abs() / below.abs()))
        };
        let points: Vec<(u64, f64)> = self.points.iter().filter_map(ratio).collect();
        Self::new(format!("|{}| ÷ |{}|", self.name, other.name), points)
    }

    /// Values of both at the steps that both have.
    #[must_use]
    pub fn pairs(&self, other: &Self) -> Vec<(f64, f64)> {
        let value_at = |step: u64| {
            let found = other.points.binary_search_by_key(&step, |(at, _)| *at).ok()?;
            Some(other.points[found].1)
        };
        self.points.iter().filter_map(|(step, a)| Some((*a, value_at(*step)?))).collect()
    }

    /// The median; 0 of none.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(&self.values())
    }

    /// The quantile of a share in `[0, 1]`, interpolated; 0 of none.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        quantile(&self.values(), share)
    }

    /// A robust standard deviation: 1.4826 times the median distance from the median.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        deviation(&self.values())
    }

    /// The direction of the series and how far it went.
    #[must_use]
    pub fn trend(&self) -> Trend {
        Trend::of(&self.points)
    }

    /// Whether it falls, net, by `tau` of its pairs, by more of them than chance has where points are
    /// few, and by more than a tenth of its median: medians of many points show the direction of a
    /// change that does not matter.
    #[must_use]
    pub fn falls_notably(&self, tau: f64) -> bool {
        let trend = self.trend();
        trend.falls(tau.max(trend.chance)) && trend.change.abs() > NOTABLE * self.median().abs()
    }

    /// Whether it rises, net, by `tau` of its pairs, by more of them than chance has where points are
    /// few, and by more than a tenth of its median.
    #[must_use]
    pub fn rises_notably(&self, tau: f64) -> bool {
        let trend = self.trend();
        trend.rises(tau.max(trend.chance)) && trend.change.abs() > NOTABLE * self.median().abs()
    }

    /// The least value and the first step that has it.
    #[must_use]
    pub fn lowest(&self) -> Option<(u64, f64)> {
        self.points.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The largest value and the first step that has it.
    #[must_use]
    pub fn highest(&self) -> Option<(u64, f64)> {
        self.points.iter().copied().rev().max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The period, in points, and the strength of a cycle around the trend, if there is one.
    #[must_use]
    pub fn cycle(&self) -> Option<(usize, f64)> {
        let Window { from, to, .. } = self.window();
        let slope = self.trend().change / (to - from).max(1) as f64;
        let level = |(step, value): &(u64, f64)| value - slope * (step - from) as f64;
        let level: Vec<f64> = self.points.iter().map(level).collect();
        cycle(&level)
    }

    /// Since when `holds`, up to the newest point, short interruptions apart; the newest step if it
    /// does not hold there.
    pub fn since(&self, holds: impl Fn(f64) -> bool) -> u64 {
        onset(&self.points, holds).unwrap_or(self.window().to)
    }

    /// The median as evidence, if it is below a threshold.
    #[must_use]
    pub fn median_below(&self, threshold: f64) -> Option<Evidence> {
        self.evidence("median", self.median(), Relation::Below, threshold)
    }

    /// The median as evidence, if it is above a threshold.
    #[must_use]
    pub fn median_above(&self, threshold: f64) -> Option<Evidence> {
        self.evidence("median", self.median(), Relation::Above, threshold)
    }

    /// The largest value as evidence, if all are below a threshold.
    #[must_use]
    pub fn all_below(&self, threshold: f64) -> Option<Evidence> {
        self.evidence("highest", self.highest()?.1, Relation::Below, threshold)
    }

    /// The least value as evidence, if all are above a threshold.
    #[must_use]
    pub fn all_above(&self, threshold: f64) -> Option<Evidence> {
        self.evidence("lowest", self.lowest()?.1, Relation::Above, threshold)
    }

    /// A statistic of the series as evidence, if it is on the stated side of the threshold.
    #[must_use]
    pub fn evidence(
        &self,
        statistic: &'static str,
        value: f64,
        relation: Relation,
        threshold: f64,
    ) -> Option<Evidence> {
        let holds = !self.is_empty() && relation.holds(value, threshold);
        holds.then(|| Evidence {
            series: self.name.clone(),
            statistic,
            value,
            relation,
            threshold,
            window: Some(self.window()),
        })
    }
}

#[cfg(test)]
mod tests;
