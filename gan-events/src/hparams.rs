//! What TensorBoard's page HPARAMS compares: the settings that a run began with, and how it ended.
//!
//! The page finds settings and metrics by itself: it takes the settings of every run that has a
//! [`session_start`], and every scalar of these runs as a metric. An [`experiment`] chooses what the
//! page shows; TensorBoard takes one of a whole folder of runs, so it belongs where all runs are known,
//! and no run has one of its own.
//!
//! # Source
//! `tensorboard/plugins/hparams/{api,plugin_data}.proto` and `metadata.py`.

use crate::protobuf::Message;
use crate::value::Value;

const PLUGIN: &str = "hparams";
/// Under what the end of a run is told.
pub(crate) const SESSION_END: &str = "_hparams_/session_end_info";

/// A setting of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number; TensorBoard leaves out what is not finite.
    Number(f64),
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It made its steps, or was stopped as it should be.
    Finished,
    /// Its numbers were not finite any more, or an error ended it.
    Failed,
}

/// The settings that a run begins with, by name, in one session whose name is that of its folder.
pub fn session_start(settings: &[(String, Setting)], unix_seconds: f64) -> Value {
    // In the order of their names, as every writer has them: they are a map.
    let mut settings: Vec<&(String, Setting)> = settings.iter().collect();
    settings.sort_by(|(one, _), (other, _)| one.cmp(other));
    let entries: Vec<Message> = settings
        .into_iter()
        .map(|(name, setting)| Message::default().text(1, name).message(2, &dynamic(setting)))
        .collect();
    let session = Message::default().messages(1, &entries).double(5, unix_seconds);
    of_hparams("_hparams_/session_start_info", 3, &session)
}

/// The end of a run.
pub fn session_end(ending: Ending, unix_seconds: f64) -> Value {
    let status = match ending {
        Ending::Finished => 1,
        Ending::Failed => 2,
    };
    let session = Message::default().varint(1, status).double(2, unix_seconds);
    of_hparams(SESSION_END, 4, &session)
}

/// Which settings and which metrics of the runs of a folder are shown.
///
/// A setting stands with all values that it has in these runs.
pub fn experiment(settings: &[(String, Vec<Setting>)], metrics: &[String]) -> Value {
    let settings: Vec<Message> = settings.iter().map(|(name, values)| info(name, values)).collect();
    let metrics: Vec<Message> = metrics
        .iter()
        .map(|tag| Message::default().message(1, &Message::default().text(2, tag)))
        .collect();
    let experiment = Message::default().messages(4, &settings).messages(5, &metrics);
    of_hparams("_hparams_/experiment", 2, &experiment)
}

fn of_hparams(tag: &str, field: u64, data: &Message) -> Value {
    Value::of_plugin(tag, PLUGIN, &Message::default().message(field, data))
}

/// A setting as `google.protobuf.Value`.
fn dynamic(setting: &Setting) -> Message {
    match setting {
        Setting::Number(number) => Message::default().double(2, *number),
        Setting::Text(text) => Message::default().text(3, text),
        Setting::Flag(flag) => Message::default().varint(4, u64::from(*flag)),
    }
}

/// The name of a setting, its type and its values.
fn info(name: &str, values: &[Setting]) -> Message {
    let numbers: Vec<f64> = values.iter().filter_map(number).collect();
    let named = Message::default().text(1, name);
    if !values.is_empty() && numbers.len() == values.len() {
        let lowest = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let interval = Message::default().double(1, lowest).double(2, highest);
        return named.varint(4, 3).message(6, &interval);
    }
    let are_flags = values.iter().all(|value| matches!(value, Setting::Flag(_)));
    let kind = if are_flags { 2 } else { 1 };
    let values: Vec<Message> = values.iter().map(dynamic).collect();
    let list = Message::default().messages(1, &values);
    named.varint(4, kind).message(5, &list)
}

fn number(setting: &Setting) -> Option<f64> {
    match setting {
        Setting::Number(number) if number.is_finite() => Some(*number),
        _ => None,
    }
}
