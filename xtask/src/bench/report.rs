//! What was measured, as a text that can be pasted into a README.

use std::fmt;

use anyhow::{Context, ensure};

use super::case::{Case, Data, MEMORY, Precision};
use super::spread::{Spread, short};
use super::train::PICTURES;
use super::training::Finished;

const BYTES_PER_MIB: f64 = 1_048_576.0;
/// What the start of a training on digits should stay below, in seconds.
const START_GOAL: f64 = 0.5;

/// A load from which on a machine is not at rest.
const BUSY: f64 = 0.5;

/// What is counted rather than measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facts {
    /// Floating-point operations of a step.
    flops: f64,
    /// Real samples in a step.
    samples: f64,
    /// Weights of the generator and of the critic.
    weights: [u64; 2],
}

impl Facts {
    /// From `FLOPS SAMPLES GENERATOR CRITIC`.
    ///
    /// # Errors
    /// It is not four numbers.
    pub(super) fn read(line: &str) -> anyhow::Result<Self> {
        let unread = || format!("expected four numbers, found `{line}`");
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[flops, samples, generator, critic] = words.as_slice() else {
            anyhow::bail!(unread());
        };
        Ok(Self {
            flops: flops.parse().with_context(unread)?,
            samples: samples.parse().with_context(unread)?,
            weights: [
                generator.parse().with_context(unread)?,
                critic.parse().with_context(unread)?,
            ],
        })
    }

    /// Whether another side's networks, `GENERATOR CRITIC`, have as many weights as ours.
    ///
    /// # Errors
    /// They have not: then the sides do not compute the same.
    pub(super) fn check_weights(&self, whose: &str, theirs: &str) -> anyhow::Result<()> {
        let [generator, critic] = self.weights;
        let ours = format!("{generator} {critic}");
        ensure!(ours == theirs, "our players have {ours} weights, {whose}'s {theirs}");
        Ok(())
    }
}

/// Seconds of a step of every side, round by round.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) case: Case,
    pub(super) facts: Facts,
    pub(super) ours: Vec<Option<f64>>,
    pub(super) plain: Vec<Option<f64>>,
    pub(super) eager: Vec<Option<f64>>,
    pub(super) compiled: Vec<Option<f64>>,
    pub(super) autocast: Vec<Option<f64>>,
    pub(super) channels_last: Vec<Option<f64>>,
    pub(super) jax: Vec<Option<f64>>,
    /// Bytes that our program needed at most.
    pub(super) peak_bytes: f64,
    /// Seconds until our program had made its first step.
    pub(super) to_first_step: Vec<f64>,
}

impl Measured {
    pub(super) fn of(case: Case, facts: Facts) -> Self {
        let none = Vec::new;
        Self {
            case,
            facts,
            ours: none(),
            plain: none(),
            eager: none(),
            compiled: none(),
            autocast: none(),
            channels_last: none(),
            jax: none(),
            peak_bytes: 0.0,
            to_first_step: Vec::new(),
        }
    }

    /// A turn of our program.
    pub(super) fn add_ours(&mut self, run: &Finished) -> anyhow::Result<()> {
        self.ours.push(Some(run.seconds_per_step()?));
        self.to_first_step.push(run.number("seconds_to_first_step")?);
        // Not every system reports how much memory a process needed.
        self.peak_bytes = self.peak_bytes.max(run.number("peak_memory_bytes").unwrap_or(0.0));
        Ok(())
    }

    /// Times of the sides in milliseconds, then how many times ours they are.
    fn compared(&self, with: &[&[Option<f64>]]) -> String {
        let time = |side: &[Option<f64>]| shown(seconds(side).map(|spread| spread.scaled(1e3)));
        let ratio = |side: &[Option<f64>]| shown(Spread::of_ratios(side, &self.ours));
        let times = std::iter::once(time(&self.ours)).chain(with.iter().map(|side| time(side)));
        let cells: Vec<String> = times.chain(with.iter().map(|side| ratio(side))).collect();
        let Case { title, recipe, batch, .. } = self.case;
        format!("| {title} ({recipe}) | {batch} | {} |", cells.join(" | "))
    }

    /// The median of our step, in seconds.
    fn ours(&self) -> f64 {
        seconds(&self.ours).map_or(f64::NAN, |spread| spread.median)
    }

    /// The line of the table.
    fn line(&self, gemm_gflops: f64) -> String {
        let compared = self.compared(&[&self.plain, &self.eager, &self.compiled]);
        let (samples, gflops) = (self.facts.samples / self.ours(), self.gflops());
        let share = 100.0 * gflops / gemm_gflops;
        format!("{compared} {} | {} | {share:.0} % |", short(samples), short(gflops))
    }

    /// The line of the table of those in bfloat16.
    fn line_of_bf16(&self) -> String {
        let compared = self.compared(&[&self.eager, &self.autocast]);
        let samples = short(self.facts.samples / self.ours());
        format!("{compared} {samples} | {} |", short(self.gflops()))
    }

    /// The line of the table of further peers, where there was one.
    fn line_of_peers(&self) -> Option<String> {
        let mut theirs = self.channels_last.iter().chain(&self.jax);
        theirs.any(Option::is_some).then(|| self.compared(&[&self.channels_last, &self.jax]))
    }

    fn gflops(&self) -> f64 {
        self.facts.flops / self.ours() / 1e9
    }

    /// How long our program took to get going.
    fn start(&self) -> Option<String> {
        let start = Spread::of(self.to_first_step.iter().copied())?;
        let step = Spread::of(self.ours.iter().flatten().copied())?;
        let verdict = match (start.median - step.median).max(0.0) {
            _ if self.case.data == Data::Pictures => format!("with {PICTURES} JPEG files to read"),
            seconds if seconds < START_GOAL => {
                format!("under the goal of {START_GOAL} s before it")
            }
            _ => format!("OVER the goal of {START_GOAL} s before it"),
        };
        Some(format!(
            "- {}: {start} s to the end of the first step, a step being {} s: {verdict}",
            self.case,
            short(step.median),
        ))
    }
}

fn seconds(side: &[Option<f64>]) -> Option<Spread> {
    Spread::of(side.iter().flatten().copied())
}

/// What a load at the start has spoiled.
pub(super) fn caution(load: f64) -> &'static str {
    match load < BUSY {
        true => "",
        false => "; other programs were computing: times are too long, PyTorch's most of all",
    }
}

fn shown(spread: Option<Spread>) -> String {
    spread.map_or("-".to_owned(), |spread| spread.to_string())
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) machine: String,
    /// What our program trains on.
    pub(super) device: String,
    /// Of the machine by other programs, before the measurement.
    pub(super) load: Option<f64>,
    /// Of PyTorch and Python, where they take part.
    pub(super) versions: Option<String>,
    pub(super) gemm_gflops: f64,
    pub(super) rows: Vec<Measured>,
    /// Bytes that PyTorch's process needed at most in the case of [`MEMORY`].
    pub(super) their_peak_bytes: Option<f64>,
    pub(super) notes: Vec<String>,
}

const HEADER: &str = "\
| recipe | batch | ours, ms | plain Burn, ms | PyTorch, ms | torch.compile, ms | plain Burn / ours \
| PyTorch / ours | torch.compile / ours | samples/s | GFLOP/s | of the peak |
|---|---|---|---|---|---|---|---|---|---|---|---|";

const HEADER_OF_BF16: &str = "\
| recipe | batch | ours, ms | PyTorch f32, ms | PyTorch autocast, ms | PyTorch f32 / ours \
| PyTorch autocast / ours | samples/s | GFLOP/s |
|---|---|---|---|---|---|---|---|---|";

const HEADER_OF_PEERS: &str = "\
| recipe | batch | ours, ms | PyTorch channels-last, ms | JAX jit, ms | channels-last / ours \
| JAX / ours |
|---|---|---|---|---|---|---|";

const EXPLANATION: &str = "\
Time of one step: median (lowest … highest) over the rounds, in which the sides take turns. `ours` is \
the whole loop of `gan train` with its data, logging, pictures and checkpoints; the others are the \
bare step on one batch that stays the same. Ratios are taken round by round; above 1, ours is \
faster. GFLOP/s are ours: the matrix products that a step cannot do without, counted from the \
layers' shapes; the peak is the best matrix product.";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.machine)?;
        match &self.versions {
            Some(versions) => writeln!(f, "; {versions}")?,
            None => writeln!(f, "; without PyTorch, for want of --python")?,
        }
        if let Some(load) = self.load {
            writeln!(f, "Load before the measurement: {load:.2}{}", caution(load))?;
        }
        writeln!(f, "Peak of a matrix product: {} GFLOP/s", short(self.gemm_gflops))?;
        writeln!(f, "Ours on the device {}\n\n{HEADER}", self.device)?;
        let (bf16, single): (Vec<_>, Vec<_>) =
            self.rows.iter().partition(|row| row.case.precision == Precision::Bf16);
        for row in &single {
            writeln!(f, "{}", row.line(self.gemm_gflops))?;
        }
        writeln!(f, "\n{EXPLANATION}")?;
        let peers: Vec<String> = single.iter().filter_map(|row| row.line_of_peers()).collect();
        if !peers.is_empty() {
            writeln!(f, "\nBeside further peers, bare steps too:\n\n{HEADER_OF_PEERS}")?;
            writeln!(f, "{}", peers.join("\n"))?;
        }
        if !bf16.is_empty() {
            writeln!(f, "\nWith products in bfloat16:\n\n{HEADER_OF_BF16}")?;
        }
        for row in bf16 {
            writeln!(f, "{}", row.line_of_bf16())?;
        }
        self.write_memory(f)?;
        let mnist = single.iter().filter(|row| row.case.recipe != "gan");
        let starts: Vec<String> = mnist.filter_map(|row| row.start()).collect();
        if !starts.is_empty() {
            writeln!(f, "\nFrom the start of the program, on images:\n\n{}", starts.join("\n"))?;
        }
        if !self.notes.is_empty() {
            writeln!(f, "\nNot measured:\n\n- {}", self.notes.join("\n- "))?;
        }
        Ok(())
    }
}

impl Report {
    fn write_memory(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measured = self.rows.iter().find(|row| row.case == MEMORY && row.peak_bytes > 0.0);
        let Some(row) = measured else { return Ok(()) };
        let mib = |bytes: f64| format!("{:.0} MiB", bytes / BYTES_PER_MIB);
        let (title, batch) = (MEMORY.title, MEMORY.batch);
        write!(f, "\nPeak memory of the {title} at batch {batch}: ours {}", mib(row.peak_bytes))?;
        match self.their_peak_bytes {
            Some(bytes) => {
                let times = short(bytes / row.peak_bytes);
                writeln!(f, ", PyTorch's process {}, {times} times as much", mib(bytes))
            }
            None => writeln!(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        let facts = Facts::read("5e9 64 10 20").unwrap();
        Measured {
            ours: vec![Some(0.05), Some(0.04), Some(0.1)],
            plain: vec![Some(0.2), Some(0.2), Some(0.2)],
            eager: vec![Some(0.1), Some(0.1), Some(0.1)],
            peak_bytes: 128.0 * BYTES_PER_MIB,
            to_first_step: vec![0.3, 0.3, 0.7],
            ..Measured::of(MEMORY, facts)
        }
    }

    #[test]
    fn a_line_has_times_ratios_and_the_share_of_the_peak() {
        assert_eq!(
            measured().line(200.0),
            "| course DCGAN (dcgan) | 64 | 50.0 (40.0 … 100) | 200 (200 … 200) \
             | 100 (100 … 100) | - | 4.00 (2.00 … 5.00) | 2.00 (1.00 … 2.50) | - | 1280 | 100 \
             | 50 % |"
        );
    }

    #[test]
    fn bfloat16_has_a_table_of_its_own() {
        let case = Case { precision: Precision::Bf16, ..MEMORY };
        let autocast = vec![Some(0.05), None, Some(0.2)];
        let rows = vec![Measured { case, autocast, ..measured() }];
        let text = Report { gemm_gflops: 200.0, rows, ..Report::default() }.to_string();
        let line = "| course DCGAN (dcgan) | 64 | 50.0 (40.0 … 100) | 100 (100 … 100) \
                    | 125 (50.0 … 200) | 2.00 (1.00 … 2.50) | 1.50 (1.00 … 2.00) | 1280 | 100 |";
        assert!(text.contains(&format!("{HEADER_OF_BF16}\n{line}\n")), "{text}");
        assert!(!text.contains("first step"), "{text}");
    }

    #[test]
    fn further_peers_have_a_table_where_they_took_part() {
        let row = Measured { jax: vec![Some(0.025), None, Some(0.2)], ..measured() };
        let text = Report { gemm_gflops: 1.0, rows: vec![row], ..Report::default() }.to_string();
        let line = "| course DCGAN (dcgan) | 64 | 50.0 (40.0 … 100) | - | 112 (25.0 … 200) | - \
                    | 1.25 (0.500 … 2.00) |";
        assert!(text.contains(&format!("{HEADER_OF_PEERS}\n{line}\n")), "{text}");
        let alone = Report { gemm_gflops: 1.0, rows: vec![measured()], ..Report::default() };
        assert!(!alone.to_string().contains("further peers"));
    }

    #[test]
    fn without_python_the_report_is_ours_alone() {
        let rows = vec![Measured { eager: Vec::new(), ..measured() }];
        let load = Some(2.0);
        let text = Report { load, gemm_gflops: 200.0, rows, ..Report::default() }.to_string();
        assert!(text.contains("2.00; other programs were computing"), "{text}");
        assert!(text.contains("for want of --python"), "{text}");
        assert!(text.contains("at batch 64: ours 128 MiB\n"), "{text}");
        assert!(text.contains("0.300 (0.300 … 0.700) s to the end of the first step"), "{text}");
        assert!(text.contains("under the goal of 0.5 s"), "{text}");
        assert!(!text.contains("Not measured"), "{text}");
    }

    #[test]
    fn memory_is_compared_where_both_are_known() {
        let report = Report {
            gemm_gflops: 1.0,
            rows: vec![measured()],
            their_peak_bytes: Some(512.0 * BYTES_PER_MIB),
            ..Report::default()
        };
        let text = report.to_string();
        assert!(text.contains("PyTorch's process 512 MiB, 4.00 times as much"), "{text}");
    }

    #[test]
    fn facts_are_four_numbers_and_both_sides_have_as_many_weights() {
        let facts = Facts::read("5090312192 64 783937 155073").unwrap();
        facts.check_weights("PyTorch", "783937 155073").unwrap();
        let message = facts.check_weights("JAX", "783937 155074").unwrap_err();
        let message = message.to_string();
        assert!(message.contains("155073 weights, JAX's 783937 155074"), "{message}");
        assert!(Facts::read("1 2 3").is_err());
        assert!(Facts::read("1 2 3 x").is_err());
    }
}
