//! What was measured, as a text that can be pasted into a README, and as parts for the model.

use std::fmt;

use super::super::parts::OfRecipe;
use super::super::report::caution;
use super::super::spread::Spread;
use super::side::{BATCH, BESIDE, CUT, ONE, ONE_CUT, ONE_SMALL, PIECES, RANKS, SIDES, WHOLE};
use super::twin::Twin;

/// How much longer a step of two ranks should take at most than one of two threads.
const AIM: f64 = 1.1;

/// Seconds of a step of every side, round by round.
pub(super) struct Measured {
    pub(super) recipe: &'static str,
    pub(super) sides: [Vec<Option<f64>>; SIDES.len()],
    /// Single steps of one thread, as multiples of their mean.
    pub(super) jitter: Vec<f64>,
}

impl Measured {
    pub(super) fn of(recipe: &'static str) -> Self {
        Self { recipe, sides: Default::default(), jitter: Vec::new() }
    }

    /// Steps a second.
    fn speed(&self, side: usize) -> String {
        speed(&self.sides[side])
    }

    /// How many times as long a step of `side` takes as one of `base`, round by round.
    fn times(&self, side: usize, base: usize) -> Option<Spread> {
        Spread::of_ratios(&self.sides[side], &self.sides[base])
    }

    /// The line of the table.
    fn line(&self) -> String {
        let speeds = [WHOLE, CUT, RANKS, BESIDE].map(|side| self.speed(side)).join(" | ");
        let times = [(CUT, WHOLE), (RANKS, CUT), (RANKS, BESIDE)];
        let times = times.map(|(side, base)| shown(self.times(side, base))).join(" | ");
        let verdict = match self.times(RANKS, CUT) {
            Some(times) if times.median <= AIM => "met",
            Some(_) => "missed",
            None => "-",
        };
        format!("| {} | {speeds} | {times} | {verdict} |", self.recipe)
    }

    /// The line of the table of one thread.
    fn line_of_one(&self) -> String {
        let speeds = [ONE, ONE_CUT, ONE_SMALL].map(|side| self.speed(side)).join(" | ");
        let jitter = Spread::of(self.jitter.iter().copied());
        format!("| {} | {speeds} | {} |", self.recipe, shown(jitter))
    }

    /// What the model of scaling takes from it; nothing where a side was not measured.
    pub(super) fn parts(&self) -> Option<OfRecipe> {
        let median =
            |side: usize| Some(Spread::of(self.sides[side].iter().flatten().copied())?.median);
        Some(OfRecipe {
            name: self.recipe.to_owned(),
            batch: BATCH,
            pieces: PIECES,
            whole: median(ONE)?,
            cut: median(ONE_CUT)?,
            small: median(ONE_SMALL)?,
            ranks: median(RANKS)?,
            beside: median(BESIDE)?,
            jitter: self.jitter.clone(),
        })
    }
}

/// Steps a second of a side.
fn speed(seconds: &[Option<f64>]) -> String {
    shown(Spread::of(seconds.iter().flatten().map(|seconds| 1.0 / seconds)))
}

fn shown(spread: Option<Spread>) -> String {
    spread.map_or("-".to_owned(), |spread| spread.to_string())
}

/// Everything that was measured.
pub(super) struct Report {
    pub(super) machine: String,
    /// Of the machine by other programs, before the measurement.
    pub(super) load: Option<f64>,
    pub(super) rows: Vec<Measured>,
    /// PyTorch, where it takes part.
    pub(super) twin: Option<Twin>,
}

const HEADER: &str = "\
| recipe | 1 × 2, whole | 1 × 2, 2 shards | 2 × 1, 2 shards | 2 × 1, no exchange | price of cutting \
| price of processes | price of exchange | aim of 1.10 |
|---|---|---|---|---|---|---|---|---|";

const HEADER_OF_ONE: &str = "\
| recipe | 1 × 1, whole | 1 × 1, 4 shards | 1 × 1, batch 16 | single steps, as multiples of their mean |
|---|---|---|---|---|";

const HEADER_OF_TWIN: &str = "\
| PyTorch's DCGAN | 1 × 2 | 2 × 1, DistributedDataParallel over gloo | price of processes |
|---|---|---|---|";

const EXPLANATION: &str = "\
Steps a second of the whole loop of `gan train`, median (lowest … highest) over the rounds, in which the sides take \
turns; each is timed over the middle half of a run. `2 × 1` is two processes of one thread. Prices are times of a \
step as multiples, round by round: 2 shards against a whole batch by two threads; two ranks against one process of \
two threads, both with 2 shards; two ranks against the slower of two processes that train on half the batch each \
and exchange nothing.";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}; batches of {BATCH}", self.machine)?;
        if let Some(load) = self.load {
            writeln!(f, "Load before the measurement: {load:.2}{}", caution(load))?;
        }
        writeln!(f, "\n{HEADER}")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", row.line()))?;
        writeln!(f, "\n{EXPLANATION}\n\n{HEADER_OF_ONE}")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", row.line_of_one()))?;
        let Some(Twin { versions, alone, ranks }) = &self.twin else {
            return writeln!(f, "\nWithout PyTorch, for want of --python.");
        };
        let price = shown(Spread::of_ratios(ranks, alone));
        writeln!(f, "\n{HEADER_OF_TWIN}")?;
        writeln!(f, "| {versions} | {} | {} | {price} |", speed(alone), speed(ranks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        let each = |seconds: f64| vec![Some(seconds), Some(2.0 * seconds)];
        let sides = [0.040, 0.050, 0.054, 0.050, 0.08, 0.1, 0.025].map(each);
        Measured { recipe: "dcgan", sides, jitter: vec![0.9, 1.1] }
    }

    fn report(rows: Vec<Measured>, twin: Option<Twin>) -> String {
        Report { machine: "2 cores".to_owned(), load: Some(0.1), rows, twin }.to_string()
    }

    #[test]
    fn prices_are_told_apart_and_the_aim_is_judged() {
        let line = "| dcgan | 18.8 (12.5 … 25.0) | 15.0 (10.0 … 20.0) | 13.9 (9.26 … 18.5) \
                    | 15.0 (10.0 … 20.0) | 1.25 (1.25 … 1.25) | 1.08 (1.08 … 1.08) \
                    | 1.08 (1.08 … 1.08) | met |";
        let text = report(vec![measured()], None);
        assert!(text.contains(&format!("{HEADER}\n{line}\n")), "{text}");
        assert!(text.contains("| 1.00 (0.900 … 1.10) |\n"), "{text}");
        assert!(text.contains("for want of --python"), "{text}");
        let mut slow = measured();
        slow.sides[RANKS] = vec![Some(0.06), Some(0.12)];
        assert!(report(vec![slow], None).contains("| 1.20 (1.20 … 1.20) | missed |"));
    }

    #[test]
    fn pytorch_stands_beside_it_where_it_takes_part() {
        let twin = Twin {
            versions: "PyTorch 2.9".to_owned(),
            alone: vec![Some(0.05)],
            ranks: vec![Some(0.1)],
        };
        let line = "| PyTorch 2.9 | 20.0 (20.0 … 20.0) | 10.0 (10.0 … 10.0) | 2.00 (2.00 … 2.00) |";
        let text = report(vec![measured()], Some(twin));
        assert!(text.ends_with(&format!("{HEADER_OF_TWIN}\n{line}\n")), "{text}");
    }

    #[test]
    fn parts_are_medians() {
        let parts = measured().parts().unwrap();
        assert_eq!((parts.whole, parts.jitter), (0.12, vec![0.9, 1.1]));
        assert_eq!(Measured::of("cgan").parts(), None);
    }
}
