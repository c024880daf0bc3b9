//! A configuration as flat settings, for TensorBoard's page HPARAMS.

use toml::{Table, Value};

use crate::error::EventsError;
use crate::hparams::Setting;

/// Beyond it, not every integer is a float.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// Every setting of a configuration in TOML, by its key (`train.critic.lr`), as `gan train --set` takes it.
///
/// Lists stay whole, as text: what is in them has no key of its own. So do numbers that a float does not hold.
///
/// # Errors
/// [`EventsError::Configuration`]: the text is no TOML.
pub fn settings(configuration: &str) -> Result<Vec<(String, Setting)>, EventsError> {
    let table: Table = configuration.parse().map_err(|error| damaged(configuration, &error))?;
    let mut settings = Vec::new();
    flatten("", &table, &mut settings);
    settings.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(settings)
}

fn flatten(prefix: &str, table: &Table, settings: &mut Vec<(String, Setting)>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => flatten(&format!("{key}."), inner, settings),
            other => settings.push((key, setting(other))),
        }
    }
}

fn damaged(configuration: &str, error: &toml::de::Error) -> EventsError {
    let before = configuration.get(..error.span().map_or(0, |span| span.start));
    let line = before.unwrap_or_default().matches('\n').count() + 1;
    EventsError::Configuration { line, why: error.message().to_owned() }
}

fn setting(value: &Value) -> Setting {
    match value {
        Value::Boolean(flag) => Setting::Flag(*flag),
        Value::Float(number) if number.is_finite() => Setting::Number(*number),
        Value::Integer(number) if number.unsigned_abs() <= EXACT => Setting::Number(*number as f64),
        Value::String(text) => Setting::Text(text.clone()),
        other => Setting::Text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_command_line() {
        let configuration = "seed = 9223372036854775807\n[train]\nlr = 1e-4\naugment = []\n\
                             [train.ema]\nkind = \"none\"\non = true\nlimit = inf\n\
                             [[train.penalties]]\nkind = \"r1\"\nweight = 0.1\n";
        let text = |text: &str| Setting::Text(text.to_owned());
        let expected = [
            ("seed", text("9223372036854775807")),
            ("train.augment", text("[]")),
            ("train.ema.kind", text("none")),
            ("train.ema.limit", text("inf")),
            ("train.ema.on", Setting::Flag(true)),
            ("train.lr", Setting::Number(1e-4)),
            ("train.penalties", text("[{ kind = \"r1\", weight = 0.1 }]")),
        ];
        let found = settings(configuration).unwrap();
        assert_eq!(found, expected.map(|(key, setting)| (key.to_owned(), setting)));
    }

    #[test]
    fn what_is_no_toml_is_named() {
        let message = settings("seed = 1\nlr = 0.1.2\n").unwrap_err().to_string();
        assert!(message.starts_with("line 2 of the configuration is no TOML: "), "{message}");
    }
}
