//! A series as a few lines of text.

use crate::Signal;
use crate::number::short;

/// Columns of the plot; with the labels it has fewer than 80.
const WIDTH: usize = 60;
/// Rows of the plot.
const HEIGHT: usize = 6;
/// Positive values that span more than this ratio are drawn on a logarithmic scale.
const LOGARITHMIC: f64 = 100.0;
/// Columns of the labels.
const LABEL: usize = 9;

/// What is marked in a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Marks {
    /// A threshold: a dotted line.
    pub threshold: Option<f64>,
    /// The step of an onset: an arrow under the axis.
    pub since: Option<u64>,
}

/// A chart of a series: the medians of 60 equal stretches of its steps, with what is marked. Empty
/// for fewer than two points.
///
/// # Example
/// ```
/// use gan_doctor::{Marks, Signal, plot};
///
/// let value = |step: u64| 1.0 - step as f64 / 100.0;
/// let falling = Signal::new("samples/spread", (0..100).map(|step| (step, value(step))));
/// let chart = plot(&falling, Marks { threshold: Some(0.5), since: Some(51) });
/// assert!(chart.starts_with("samples/spread\n"));
/// assert!(chart.contains('▲') && chart.lines().all(|line| line.chars().count() <= 80));
/// ```
#[must_use]
pub fn plot(signal: &Signal, marks: Marks) -> String {
    let Some(scale) = Scale::of(signal, marks.threshold) else { return String::new() };
    let columns = columns(signal);
    let marked = marks.threshold.map(|threshold| scale.row(threshold));
    let mut chart =
        format!("{}{}\n", signal.name(), if scale.is_log { " (logarithmic)" } else { "" });
    for row in (0..HEIGHT).rev() {
        let label = match row {
            _ if row == HEIGHT - 1 => short(scale.high),
            0 => short(scale.low),
            _ => String::new(),
        };
        let cell = |value: &Option<f64>| match value {
            Some(value) if scale.row(*value) == row => '•',
            _ if marked == Some(row) => '┄',
            _ => ' ',
        };
        let line: String = columns.iter().map(cell).collect();
        chart += format!("{label:>LABEL$} │{line}").trim_end();
        chart.push('\n');
    }
    chart += &axis(signal, marks.since);
    chart
}

/// The range of a plot.
struct Scale {
    low: f64,
    high: f64,
    is_log: bool,
}

impl Scale {
    fn of(signal: &Signal, threshold: Option<f64>) -> Option<Self> {
        if signal.len() < 2 {
            return None;
        }
        let finite = threshold.filter(|threshold| threshold.is_finite());
        let low = signal.lowest()?.1.min(finite.unwrap_or(f64::INFINITY));
        let high = signal.highest()?.1.max(finite.unwrap_or(f64::NEG_INFINITY));
        Some(Self { low, high, is_log: low > 0.0 && high / low > LOGARITHMIC })
    }

    /// The row of a value, from 0 at the bottom.
    fn row(&self, value: f64) -> usize {
        let place = |value: f64| if self.is_log { value.ln() } else { value };
        // Halves, because the difference of two finite numbers may be infinite.
        let (low, high, value) =
            (place(self.low) / 2.0, place(self.high) / 2.0, place(value) / 2.0);
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        ((share * HEIGHT as f64) as usize).min(HEIGHT - 1)
    }
}

/// The column of a step.
fn column(step: u64, signal: &Signal) -> usize {
    let window = signal.window();
    let (from, to) = (u128::from(window.from), u128::from(window.to));
    let place = (u128::from(step).clamp(from, to) - from) * WIDTH as u128 / (to - from + 1);
    usize::try_from(place).unwrap_or(0).min(WIDTH - 1)
}

/// The median of each column that has points.
fn columns(signal: &Signal) -> Vec<Option<f64>> {
    let points = signal.points();
    let mut columns = vec![None; WIDTH];
    let mut first = 0;
    while first < points.len() {
        let at = column(points[first].0, signal);
        let n = points[first..].iter().take_while(|(step, _)| column(*step, signal) == at).count();
        let values = points[first..first + n].iter().copied();
        columns[at] = Some(Signal::new("", values).median());
        first += n.max(1);
    }
    columns
}

/// The axis, and under it the first and the last step and the onset.
fn axis(signal: &Signal, since: Option<u64>) -> String {
    let window = signal.window();
    let mut below: Vec<char> = vec![' '; WIDTH];
    let (from, to) = (window.from.to_string(), window.to.to_string());
    let right = WIDTH.saturating_sub(to.len());
    for (index, digit) in
        from.chars().enumerate().chain(to.chars().enumerate().map(|(i, c)| (right + i, c)))
    {
        below[index.min(WIDTH - 1)] = digit;
    }
    let numbers: String = below.into_iter().collect();
    let mut axis = format!("{:>LABEL$} └{}\n", "", "─".repeat(WIDTH));
    if let Some(step) = since {
        let at = column(step, signal);
        let text = format!("▲ step {step}");
        let at = at.min(WIDTH.saturating_sub(text.chars().count()));
        axis += &format!("{:>LABEL$}  {}{text}\n", "", " ".repeat(at));
    }
    axis + format!("{:>LABEL$}  {numbers}", "step").trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_seen_with_threshold_and_onset() {
        let value = |step: u64| if step < 60 { 1.0 } else { 0.0 };
        let signal = Signal::new("x", (0..120).map(|step| (step, value(step))));
        let chart = plot(&signal, Marks { threshold: Some(0.5), since: Some(60) });
        let lines: Vec<&str> = chart.lines().collect();
        assert_eq!(lines[1], format!("        1 │{}", "•".repeat(30)));
        assert_eq!(lines[6], format!("        0 │{}{}", " ".repeat(30), "•".repeat(30)));
        assert!(lines[3].contains('┄'));
        assert_eq!(lines[8].find('▲'), Some(11 + 30));
        assert!(lines[9].ends_with("119"));
    }

    #[test]
    fn a_wide_range_is_logarithmic_and_few_points_have_no_chart() {
        let wide = Signal::new("x", [(0, 1e-3), (1, 1e3)]);
        assert!(plot(&wide, Marks::default()).starts_with("x (logarithmic)"));
        assert_eq!(plot(&Signal::new("x", [(0, 1.0)]), Marks::default()), "");
    }

    #[test]
    fn extreme_numbers_fit() {
        let steps = [0, 1, u64::MAX];
        let values = [f64::MAX, f64::MIN, 5e-324];
        let chart = plot(&Signal::new("x", steps.into_iter().zip(values)), Marks::default());
        assert!(chart.lines().all(|line| line.chars().count() <= 80), "{chart}");
    }
}
