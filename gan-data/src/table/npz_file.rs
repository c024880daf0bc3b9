//! Reading a table of numbers from NumPy's archives of arrays.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zip::ZipArchive;

use super::pick::nearest;
use super::{Number, Reading, TableConfig, TableFault, npy_file};
use crate::DataError;
use crate::text::{listed, shortened};

/// The named array of an archive, or its only one.
pub(crate) fn read<T: Number>(
    path: &Path,
    array: Option<&str>,
    config: &TableConfig,
) -> Result<Reading<T>, DataError> {
    let file = File::open(path).map_err(|source| DataError::Read { path: path.into(), source })?;
    let entry = |error: zip::result::ZipError| archive(&error).at(path);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(entry)?;
    let index = find(&archive, array).map_err(|fault| fault.at(path))?;
    let entry = archive.by_index(index).map_err(entry)?;
    let length = entry.size();
    npy_file::read_from(entry, length, path, config)
}

fn archive(error: &zip::result::ZipError) -> TableFault {
    TableFault::Archive { cause: shortened(&error.to_string()) }
}

/// The position of the array in the archive.
fn find(archive: &ZipArchive<BufReader<File>>, array: Option<&str>) -> Result<usize, TableFault> {
    let names: Vec<(usize, String)> = (0..archive.len())
        .filter_map(|index| Some((index, archive.name_for_index(index)?.ok()?.into_owned())))
        .filter_map(|(index, name)| Some((index, name.strip_suffix(".npy")?.to_owned())))
        .collect();
    let listed = || listed(names.iter().map(|(_, name)| name.as_str()));
    let Some(wanted) = array else {
        return match names.as_slice() {
            [(index, _)] => Ok(*index),
            _ => Err(TableFault::ArchiveMany { count: names.len(), names: listed() }),
        };
    };
    let plain = wanted.strip_suffix(".npy").unwrap_or(wanted);
    let found = names.iter().find(|(_, name)| name == plain).map(|(index, _)| *index);
    found.ok_or_else(|| TableFault::ArchiveName {
        wanted: shortened(wanted),
        names: listed(),
        nearest: nearest(wanted, names.iter().map(|(_, name)| name.as_str())),
    })
}
