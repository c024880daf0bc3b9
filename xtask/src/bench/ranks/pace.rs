//! How fast a run is in its middle, from the moments at which it tells of its steps.

use std::io::BufRead;
use std::time::Instant;

use anyhow::Context;
use serde::Deserialize;

/// When a run told of which steps, in seconds of a clock.
#[derive(Debug, PartialEq)]
pub(super) struct Pace(Vec<(u64, f64)>);

/// What is read of a line of `gan train --json`.
#[derive(Deserialize)]
struct Told {
    event: String,
    step: u64,
}

impl Pace {
    /// Reads what a run prints, to its end.
    pub(super) fn of(printed: impl BufRead) -> Self {
        let began = Instant::now();
        Self::by(printed, || began.elapsed().as_secs_f64())
    }

    fn by(printed: impl BufRead, mut clock: impl FnMut() -> f64) -> Self {
        let measured = |line: String| {
            let at = clock();
            let told: Told = serde_json::from_str(&line).ok()?;
            (told.event == "measured").then_some((told.step, at))
        };
        Self(printed.lines().map_while(Result::ok).filter_map(measured).collect())
    }

    /// Seconds of a step, the mean over the middle half of `steps`: neither the start, when nothing
    /// is in a cache, nor the end.
    ///
    /// # Errors
    /// The run did not tell of a quarter and of three quarters of its steps.
    pub(super) fn in_the_middle(&self, steps: u64) -> anyhow::Result<f64> {
        let (from, to) = (steps / 4, steps - steps / 4);
        Ok((self.at(to)? - self.at(from)?) / (to - from) as f64)
    }

    /// Seconds of each step after the first quarter but the last, where every step was told of; as
    /// multiples of their mean.
    ///
    /// # Errors
    /// There is no such step.
    pub(super) fn jitter(&self, steps: u64) -> anyhow::Result<Vec<f64>> {
        let took = |step| Ok(self.at(step)? - self.at(step - 1)?);
        let each: Vec<f64> = (steps / 4 + 1..steps).map(took).collect::<anyhow::Result<_>>()?;
        let mean = each.iter().sum::<f64>() / each.len() as f64;
        anyhow::ensure!(mean > 0.0, "{steps} steps are too few to see how much they differ");
        Ok(each.into_iter().map(|seconds| seconds / mean).collect())
    }

    fn at(&self, step: u64) -> anyhow::Result<f64> {
        let found = self.0.iter().find(|(told, _)| *told == step);
        found.map(|(_, at)| *at).with_context(|| format!("the run did not tell of step {step}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(printed: &str, times: &[f64]) -> Pace {
        let mut times = times.iter().copied();
        Pace::by(printed.as_bytes(), || times.next().unwrap())
    }

    fn measured(steps: &[u64]) -> String {
        steps.iter().map(|step| format!("{{\"event\":\"measured\",\"step\":{step}}}\n")).collect()
    }

    #[test]
    fn the_start_and_the_end_do_not_count() {
        let pace = pace(&measured(&[1, 2, 4, 6, 8]), &[10.0, 11.0, 13.0, 14.0, 99.0]);
        assert_eq!(pace.in_the_middle(8).unwrap(), 0.75);
        let missing = pace.in_the_middle(12).unwrap_err().to_string();
        assert_eq!(missing, "the run did not tell of step 9");
    }

    #[test]
    fn other_lines_are_passed_over() {
        let printed =
            "{\"event\":\"started\",\"step\":0}\nno object\n{\"event\":\"measured\",\"step\":1}\n";
        assert_eq!(pace(printed, &[1.0, 2.0, 3.0]), Pace(vec![(1, 3.0)]));
    }

    #[test]
    fn jitter_is_relative_to_the_mean() {
        let pace = pace(&measured(&[1, 2, 3, 4]), &[5.0, 6.0, 9.0, 99.0]);
        assert_eq!(pace.jitter(4).unwrap(), [0.5, 1.5]);
        assert!(pace.jitter(1).is_err());
    }
}
