//! `config.toml`, key by key.

use toml::{Table, Value};

/// The keys of a configuration in alphabetical order, with their values as they are typed.
pub(crate) type Config = Vec<(String, String)>;

/// Reads a configuration; a table within it gives keys with a dot.
pub(super) fn read(text: &str) -> Result<Config, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        error.message().lines().next().unwrap_or_default().to_owned()
    })?;
    let mut config = Vec::new();
    flatten("", &table, &mut config);
    Ok(config)
}

fn flatten(prefix: &str, table: &Table, config: &mut Config) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => flatten(&key, inner, config),
            Value::String(text) => config.push((key, text.clone())),
            value => config.push((key, value.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_keys_with_dots() {
        let text = "seed = 3\n[train]\nbatch = 64\naugment = []\n[train.loss]\nkind = \"hinge\"\n\
                    [[train.penalties]]\nkind = \"r1\"\n";
        let config = read(text).unwrap();
        let value = |key: &str| config.iter().find(|(found, _)| found == key).map(|(_, v)| &**v);
        assert_eq!(value("seed"), Some("3"));
        assert_eq!(value("train.loss.kind"), Some("hinge"));
        assert_eq!(value("train.penalties"), Some("[{ kind = \"r1\" }]"));
        assert!(read("seed = ").is_err());
    }
}
