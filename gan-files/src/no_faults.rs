//! No fault injection: what a default build has in its place.

use std::io;
use std::path::Path;

use crate::operation::Operation;

pub(crate) fn at(_: Operation, _: &Path, _half: impl FnOnce()) -> io::Result<()> {
    Ok(())
}

pub(crate) fn made(_: &Path) {}

pub(crate) fn renames(_from: &Path, _to: &Path) {}

pub(crate) fn removes(_: &Path) {}

pub(crate) fn wrote(_: &Path, _length: u64) {}

pub(crate) fn synced(_: &Path) {}

pub(crate) fn folder_synced(_: &Path) {}
