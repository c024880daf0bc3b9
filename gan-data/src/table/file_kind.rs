//! What a file holds, by the end of its name.

use std::path::{Path, PathBuf};

/// The kinds of files that tables are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// Numbers as text.
    Text,
    /// Numbers as text, compressed with gzip.
    TextGz,
    /// One array of NumPy's.
    Npy,
    /// An archive of arrays, and which of them is meant.
    Npz(Option<String>),
}

const TEXT: [&str; 4] = ["csv", "tsv", "txt", "dat"];

impl FileKind {
    /// The kind, and the file on the disk: of `FILE.npz:NAME` the part before the name.
    pub(crate) fn of(path: &Path) -> Option<(Self, PathBuf)> {
        if let Some((file, name)) = path.to_str().and_then(split_npz) {
            return Some((Self::Npz(Some(name.to_owned())), file.into()));
        }
        let extension = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
        let kind = match extension(path)?.as_str() {
            text if TEXT.contains(&text) => Self::Text,
            "npy" => Self::Npy,
            "npz" => Self::Npz(None),
            "gz" if TEXT.contains(&extension(Path::new(path.file_stem()?))?.as_str()) => {
                Self::TextGz
            }
            _ => return None,
        };
        Some((kind, path.to_owned()))
    }
}

/// The file and the array of `FILE.npz:NAME`.
fn split_npz(path: &str) -> Option<(&str, &str)> {
    let end = path.to_ascii_lowercase().rfind(".npz:")? + ".npz".len();
    Some((&path[..end], &path[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_the_end_of_the_name_in_any_case() {
        let kind = |path: &str| FileKind::of(Path::new(path)).map(|(kind, _)| kind);
        for name in ["a.csv", "UPPER.CSV", "a.Tsv", "a.b.txt", "a.dat"] {
            assert_eq!(kind(name), Some(FileKind::Text), "{name}");
        }
        assert_eq!(kind("a.CSV.GZ"), Some(FileKind::TextGz));
        assert_eq!(kind("a.NPY"), Some(FileKind::Npy));
        assert_eq!(kind("a.npz"), Some(FileKind::Npz(None)));
        for name in ["a", "csv", ".csv", "a.gz", "a.npy.gz", "a.xlsx", "a.csv/b"] {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn an_array_in_an_archive_is_named_after_a_colon() {
        let (kind, file) = FileKind::of(Path::new("some.dir/A.NPZ:arr_0")).unwrap();
        assert_eq!(kind, FileKind::Npz(Some("arr_0".into())));
        assert_eq!(file, Path::new("some.dir/A.NPZ"));
    }
}
