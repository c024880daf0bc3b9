//! A line for every evaluation of images.

use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::measurement::{Measurement, Quantity};
use gan_eval::quantities::{COVERAGE, FRECHET, LABEL_AGREEMENT, PRECISION, RECALL};
use gan_eval::stacked::{CONFIDENT, MODES_FOUND, MODES_KL};

use crate::args::DisplayArguments;
use crate::streams;

/// The first numbers to look at, with what they are called in a line.
const SHOWN: [(Quantity, &str); 5] = [
    (FRECHET, "Fréchet"),
    (PRECISION, "precision"),
    (RECALL, "recall"),
    (COVERAGE, "coverage"),
    (LABEL_AGREEMENT, "agreement"),
];

/// The same of stacked digits.
const SHOWN_OF_STACKED: [(Quantity, &str); 4] = [
    (MODES_FOUND, "modes"),
    (MODES_KL, "KL"),
    (CONFIDENT, "confident"),
    (LABEL_AGREEMENT, "agreement"),
];

/// Says how good the images are, each number beside that of real ones.
pub(crate) struct Evaluations {
    /// [`streams::say`], or [`streams::log`] beside a display that has the terminal.
    say: fn(&str),
}

impl Evaluations {
    pub(crate) fn beside(display: DisplayArguments) -> Self {
        Self { say: if display.has_the_terminal() { streams::log } else { streams::say } }
    }
}

/// What is said of measurements; nothing unless images are among them.
fn line(measurements: &[Measurement]) -> Option<String> {
    let of = |quantity| measurements.iter().find(|each| each.quantity == quantity);
    let shown = match of(MODES_FOUND) {
        Some(_) => &SHOWN_OF_STACKED[..],
        None => of(FRECHET).map(|_| &SHOWN[..])?,
    };
    let numbers = shown.iter().filter_map(|(quantity, name)| {
        let Measurement { value, of_real, .. } = of(*quantity)?;
        let real = of_real.map_or_else(String::new, |real| format!(" (real {})", short(real)));
        Some(format!("{name} {}{real}", short(*value)))
    });
    Some(numbers.collect::<Vec<_>>().join(" · "))
}

/// Whole numbers as they are, others to three decimals.
fn short(value: f64) -> String {
    if value.fract() == 0.0 && value > 1.0 { value.to_string() } else { format!("{value:.3}") }
}

impl<G, C> Observer<G, C> for Evaluations {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Measured { progress, measurements } = event
            && let Some(line) = line(measurements)
        {
            (self.say)(&format!("epoch {} · step {}: {line}", progress.epochs(), progress.step));
        }
        Ok(Control::Continue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_each_number_beside_that_of_real_images() {
        let measured = [FRECHET.measured(8.8359).of_real(0.0617), COVERAGE.measured(0.0987)];
        assert_eq!(line(&measured).unwrap(), "Fréchet 8.836 (real 0.062) · coverage 0.099");
        assert_eq!(line(&measured[1..]), None);
        let stacked = [MODES_FOUND.measured(99.0).of_real(394.0), MODES_KL.measured(3.4)];
        assert_eq!(line(&stacked).unwrap(), "modes 99 (real 394) · KL 3.400");
    }
}
