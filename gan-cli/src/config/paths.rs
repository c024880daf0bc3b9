//! Paths as users type them: with a `~` that no shell has expanded.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

/// `path` with a leading `~` replaced by the home folder, as a shell does.
pub(crate) fn expand_home(path: &Path) -> anyhow::Result<PathBuf> {
    let Some(text) = path.to_str().filter(|text| text.starts_with('~')) else {
        return Ok(path.to_owned());
    };
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    below_home(text, home.map(PathBuf::from))
}

fn below_home(text: &str, home: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let rest = match text.strip_prefix('~') {
        Some("") => "",
        Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/'),
        _ if Path::new(text).exists() => return Ok(PathBuf::from(text)),
        _ => bail!(
            "`{}` begins with the home folder of another user: give its whole path",
            super::excerpt(text)
        ),
    };
    let text = super::excerpt(text);
    let home = home.with_context(|| format!("`{text}` needs HOME, which is not set"))?;
    ensure!(home.is_absolute(), "`{text}` needs HOME to be a whole path, found {}", home.display());
    Ok(if rest.is_empty() { home } else { home.join(rest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_stands_for_a_tilde() {
        let home = || Some(PathBuf::from("/home/ada"));
        assert_eq!(below_home("~", home()).unwrap(), Path::new("/home/ada"));
        assert_eq!(below_home("~/x/y", home()).unwrap(), Path::new("/home/ada/x/y"));
        let message = below_home("~bob/x", home()).unwrap_err().to_string();
        assert!(message.contains("`~bob/x`") && message.contains("another user"), "{message}");
        assert!(below_home("~/x", None).unwrap_err().to_string().contains("HOME"));
        assert_eq!(expand_home(Path::new("a/~b")).unwrap(), Path::new("a/~b"));
    }
}
