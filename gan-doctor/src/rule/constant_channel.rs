//! A channel or a coordinate of the data has one value in all samples.
//!
//! # What it means
//! Real samples have an exact value somewhere that a generator only approaches: a cue by which a
//! critic tells them apart without looking at anything else.
//!
//! # What one sees
//! A critic that wins although samples look good; a channel that carries nothing.
//!
//! # Why it happens
//! Padding with exact zeros, an alpha channel, gray pictures with an empty channel, a column of a
//! table that is a constant.
//!
//! # Told apart from
//! Borders that are black in most pictures are no constant: `critic-won` is then a matter of the
//! game. Equal samples are `duplicate-data`.
//!
//! # Cure
//! Leave the channel or the column out; where it has to stay, add noise to what the critic sees.
//!
//! # Source
//! Thread pose-with-style #23, where exact zeros around the real pictures gave them away.

use super::Rule;
use crate::{Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity, cure};

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct ConstantChannel;

impl Rule for ConstantChannel {
    fn id(&self) -> &'static str {
        "constant-channel"
    }

    fn source(&self) -> &'static str {
        include_str!("constant_channel.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::ConstantChannels]
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-won", "generator-gradient-gone"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let constant = patient.case.data.constant_channels?;
        let evidence =
            Evidence::of_fact("data.constant_channels", constant as f64, Relation::Above, 0.0)?;
        let cause = format!("{constant} channels or coordinates are the same in every real sample");
        Some(
            Diagnosis::of_case(Severity::Warning, cause)
                .with([evidence])
                .cure(Remedy::advise("leave them out of the data"))
                .cure(cure::instance_noise(patient.case)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    Examples {
        ill: (Run::healthy().case(|case| case.data.constant_channels = Some(1)), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().critic_wins(0.5), Some("critic-won")),
    }
}
