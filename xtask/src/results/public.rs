//! What a run was, without what only the machine knows on which it was trained.

use anyhow::Context;
use serde_json::Value;

/// Keys of a manifest that are left out.
const PRIVATE: &[&str] = &["command", "host", "hostname", "user"];
/// Keys whose values are paths, of which the last part stays.
const PATHS: &[&str] = &["dir", "file", "folder", "path", "run"];

/// A manifest without the command line, and with the last parts of paths only.
///
/// # Errors
/// It is not JSON.
pub(super) fn manifest(text: &str) -> anyhow::Result<String> {
    let mut value: Value = serde_json::from_str(text).context("is not JSON")?;
    hide(&mut value, false);
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// A configuration with the last parts of paths only; otherwise as it was written.
///
/// # Errors
/// It is not TOML.
pub(super) fn config(text: &str) -> anyhow::Result<String> {
    let table: toml::Table = toml::from_str(text).context("is not TOML")?;
    let mut hidden = table.clone();
    hidden.iter_mut().for_each(|(key, value)| hide_in_toml(value, PATHS.contains(&key.as_str())));
    Ok(if hidden == table { text.to_owned() } else { toml::to_string(&hidden)? })
}

fn hide(value: &mut Value, is_path: bool) {
    match value {
        Value::Object(fields) => {
            PRIVATE.iter().for_each(|key| drop(fields.remove(*key)));
            fields.iter_mut().for_each(|(key, value)| hide(value, PATHS.contains(&key.as_str())));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, is_path)),
        Value::String(text) => *text = hidden(text, is_path),
        _ => {}
    }
}

fn hide_in_toml(value: &mut toml::Value, is_path: bool) {
    match value {
        toml::Value::Table(table) => table
            .iter_mut()
            .for_each(|(key, value)| hide_in_toml(value, PATHS.contains(&key.as_str()))),
        toml::Value::Array(items) => items.iter_mut().for_each(|item| hide_in_toml(item, is_path)),
        toml::Value::String(text) => *text = hidden(text, is_path),
        _ => {}
    }
}

/// A text of which absolute paths have become their last parts; all of it is a path if `is_path`.
fn hidden(text: &str, is_path: bool) -> String {
    if is_path {
        return last_part(text).to_owned();
    }
    let words = text.split(' ').map(|word| {
        let bare = word.trim_start_matches(['"', '\'', '`', '(', '[', '=']);
        let opening = &word[..word.len() - bare.len()];
        let has_drive = bare.as_bytes().get(1..3).is_some_and(|rest| rest == b":\\");
        let is_absolute = bare.starts_with(['/', '~']) && bare.len() > 1 || has_drive;
        if is_absolute { format!("{opening}{}", last_part(bare)) } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches(['/', '\\']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_loses_its_command_and_the_folders_of_its_paths() {
        let text = r#"{"command": ["/home/me/gan", "train"], "kernels": "avx512", "seed": 3,
            "source": {"locator": "doi:10.1109/18.61115, 3×3 / 2"},
            "data": {"remarks": ["passed over `/home/me/a b.png`"], "passed_over": [{"file": "x/y.png"}]},
            "branched_from": {"run": "runs/dcgan-seed3", "step": 9}}"#;
        let public = manifest(text).unwrap();
        let value: Value = serde_json::from_str(&public).unwrap();
        assert!(value.get("command").is_none());
        assert_eq!((&value["kernels"], &value["seed"]), (&"avx512".into(), &3.into()));
        assert_eq!(value["source"]["locator"], "doi:10.1109/18.61115, 3×3 / 2");
        assert_eq!(value["data"]["remarks"][0], "passed over `a b.png`");
        assert_eq!(value["data"]["passed_over"][0]["file"], "y.png");
        assert_eq!(value["branched_from"]["run"], "dcgan-seed3");
        assert!(!public.contains("home"), "{public}");
        assert_eq!(manifest(&public).unwrap(), public);
    }

    #[test]
    fn a_configuration_without_paths_stays_as_it_is() {
        let text = "seed = 0\n\n[data]\nkind = \"mnist\"\ndir = \"\"\n";
        assert_eq!(config(text).unwrap(), text);
        let of_file = config("[data]\nfile = \"/home/me/data/ring.csv\"\n").unwrap();
        assert_eq!(of_file, "[data]\nfile = \"ring.csv\"\n");
        assert_eq!(config("a = 'C:\\me\\ring.csv'\n").unwrap(), "a = \"ring.csv\"\n");
        assert!(config("[data").is_err());
    }
}
