//! Events: what a record of an event file holds.
//!
//! # Source
//! `tensorboard/compat/proto/event.proto`: `Event`, `SessionLog`.

use crate::protobuf::{Field, Fields, Message};
use crate::record::append;
use crate::value::Value;

/// The first event of every file.
const FILE_VERSION: &str = "brain.Event:2";
/// `SessionLog.START`.
const START: u64 = 1;

/// When something was measured.
///
/// Both numbers come from the caller, so the same measurements give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The step of the training.
    pub step: u64,
    /// Seconds since 1970, in UTC. TensorBoard's axes "relative" and "wall" are made of it.
    pub unix_seconds: f64,
}

/// What is told of a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    /// How the file is written.
    Version,
    /// A process goes on with the training here: what an earlier one told of this step and later ones is
    /// void. TensorBoard forgets nothing at the first `Start` of a run, so its first file has one too.
    Start,
    /// Summaries.
    Values(&'a [Value]),
}

/// Encodes an event with the frame of its record, at the end of `file`.
pub(crate) fn encode(at: Moment, content: Content<'_>, file: &mut Vec<u8>) {
    let mut event = Message::default().double(1, at.unix_seconds);
    if at.step != 0 {
        event = event.varint(2, at.step);
    }
    event = match content {
        Content::Version => event.text(3, FILE_VERSION),
        Content::Start => event.message(7, &Message::default().varint(1, START)),
        Content::Values(values) => {
            let values = values.iter().map(Value::as_message);
            event.message(5, &Message::default().messages(1, values))
        }
    };
    append(event.as_bytes(), file);
}

/// The step of an encoded event.
pub(crate) fn step_of(event: &[u8]) -> u64 {
    let step = |(number, field)| match (number, field) {
        (2, Field::Varint(step)) => Some(step),
        _ => None,
    };
    Fields::of(event).filter_map(step).last().unwrap_or(0)
}

/// The tags of the values in an encoded event.
pub(crate) fn tags_of(event: &[u8]) -> impl Iterator<Item = &[u8]> {
    nested(event, 5).flat_map(|summary| nested(summary, 1)).flat_map(|value| nested(value, 1))
}

/// The messages and texts that a message has under a number.
pub(crate) fn nested(message: &[u8], wanted: u64) -> impl Iterator<Item = &[u8]> {
    Fields::of(message).filter_map(move |(number, field)| match field {
        Field::Delimited(bytes) if number == wanted => Some(bytes),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Records;

    /// `Event(wall_time=1.5, file_version="brain.Event:2")` as TensorFlow's `EventsWriter` begins a file.
    #[test]
    fn a_file_begins_with_its_version() {
        let mut file = Vec::new();
        encode(Moment { step: 0, unix_seconds: 1.5 }, Content::Version, &mut file);
        let event = Records::of(&file).next().unwrap();
        assert_eq!(event, b"\x09\0\0\0\0\0\0\xf8\x3f\x1a\x0dbrain.Event:2");
    }

    #[test]
    fn steps_and_tags_are_read_back() {
        let values = [Value::scalar("critic/loss", 1.0), Value::text("config.toml", "")];
        for step in [0, 1, 300, u64::from(u32::MAX)] {
            let mut file = Vec::new();
            encode(Moment { step, unix_seconds: 0.0 }, Content::Values(&values), &mut file);
            let event = Records::of(&file).next().unwrap();
            assert_eq!(step_of(event), step);
            let tags: Vec<&[u8]> = tags_of(event).collect();
            assert_eq!(tags, [&b"critic/loss"[..], b"config.toml"]);
        }
    }
}
