//! Samples as pictures: a sheet, a scatter plot, or a folder with a file for each.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use super::{Contents, Make};
use crate::args::LookArguments;
use crate::labels::ClassNames;
use crate::run_folder::{is_empty_folder, name_aside};
use crate::streams;
use crate::unfinished::{MadeFolders, parent_of, without_temporary_name};
use gan_plot::Sheet;

/// The minimum number of digits in a file's name.
const DIGITS: usize = 5;

/// All images on one sheet, which they are drawn on as they are made.
pub(super) fn write_sheet(
    file: &mut impl Write,
    shape: [usize; 3],
    contents: &Contents,
    look: LookArguments,
    make: Make<'_>,
) -> anyhow::Result<()> {
    let mut sheet = Sheet::new(shape, &contents.arrangement, look.sheet())?;
    make(&mut |image, _| {
        sheet.add(image);
        Ok(())
    })?;
    Ok(file.write_all(&sheet.to_png())?)
}

/// All points in one plot, beside real ones.
pub(super) fn write_points(
    file: &mut impl Write,
    real: &[[f32; 2]],
    make: Make<'_>,
) -> anyhow::Result<()> {
    let mut points = Vec::new();
    make(&mut |point, _| {
        points.push([point[0], point.get(1).copied().unwrap_or(0.0)]);
        Ok(())
    })?;
    let title = format!("{} samples", points.len());
    Ok(file.write_all(&gan_plot::scatter(real, &points, &title))?)
}

/// A file for each image, `00000.png` and so on, in a folder for each class if there are any.
///
/// The folder appears when it is complete. One that was there is moved aside.
pub(super) fn write_folder(
    path: &Path,
    force: bool,
    shape: [usize; 3],
    scale: usize,
    classes: &ClassNames,
    make: Make<'_>,
) -> anyhow::Result<()> {
    let cannot_write = || format!("cannot write {}", path.display());
    let target = target(path)?;
    let parent = parent_of(&target);
    let made = MadeFolders::down_to(parent).with_context(cannot_write)?;
    let unfinished =
        unfinished_folder(parent).map_err(without_temporary_name).with_context(cannot_write)?;
    let folders = classes.folders();
    let mut counts = vec![0_usize; folders.len().max(1)];
    make(&mut |image, label| {
        let folder = match label.and_then(|class| folders.get(class)) {
            Some(name) => unfinished.path().join(name),
            None => unfinished.path().to_owned(),
        };
        let count = &mut counts[label.filter(|class| *class < folders.len()).unwrap_or(0)];
        if *count == 0 {
            fs::create_dir_all(&folder).with_context(cannot_write)?;
        }
        let name = format!("{count:0DIGITS$}.png");
        *count += 1;
        let png = gan_plot::single(image, shape, scale);
        fs::write(folder.join(name), png).with_context(cannot_write)
    })?;
    // It may have come to be, or been filled, in the meantime.
    ensure_free_folder(path, force)?;
    move_aside(&target)?;
    fs::rename(unfinished.path(), &target).with_context(cannot_write)?;
    let _: PathBuf = unfinished.keep();
    made.keep();
    Ok(())
}

/// Whether a folder of samples may be written there: nothing is, an empty folder, or with `force`
/// older samples.
pub(super) fn ensure_free_folder(path: &Path, force: bool) -> anyhow::Result<()> {
    // A separator at its end would hide a file.
    let as_named: PathBuf = path.components().collect();
    if !as_named.exists() {
        return target(path).map(|_| ());
    }
    ensure!(as_named.is_dir(), "{} exists and is no folder", path.display());
    let target = target(path)?;
    if is_empty_folder(path) {
        return Ok(());
    }
    ensure!(
        force,
        "the folder {} is not empty; move it aside by --force, or name another one",
        path.display()
    );
    match first_stranger(&target, true)? {
        Some(stranger) => bail!(
            "{} holds {}, which is no sample; --force moves only folders of samples aside, name \
             another one",
            path.display(),
            stranger.display()
        ),
        None => Ok(()),
    }
}

/// The folder itself, behind symbolic links and without dots; one that can be replaced.
fn target(path: &Path) -> anyhow::Result<PathBuf> {
    // A separator at the end is none of the name.
    let path: PathBuf = path.components().collect();
    let target = match path.exists() {
        true => fs::canonicalize(&path)
            .with_context(|| format!("cannot read the folder {}", path.display()))?,
        false => path,
    };
    let is_named = matches!(target.components().next_back(), Some(Component::Normal(_)));
    let is_working = std::env::current_dir().is_ok_and(|working| working.starts_with(&target));
    ensure!(
        is_named && !is_working,
        "{} cannot be replaced by a folder of samples; name a folder in it",
        target.display()
    );
    Ok(target)
}

/// What is in a folder and is neither a file such as `00000.png` nor a folder of such files.
fn first_stranger(folder: &Path, with_classes: bool) -> anyhow::Result<Option<PathBuf>> {
    let cannot_read = || format!("cannot read the folder {}", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let path = entry.with_context(cannot_read)?.path();
        let is_number = |stem: &OsStr| stem.as_encoded_bytes().iter().all(u8::is_ascii_digit);
        let is_sample = path.extension().is_some_and(|ending| ending == "png")
            && path.file_stem().is_some_and(is_number);
        let stranger = match path.is_dir() {
            true if with_classes => first_stranger(&path, false)?,
            false if is_sample => None,
            _ => Some(path),
        };
        if stranger.is_some() {
            return Ok(stranger);
        }
    }
    Ok(None)
}

/// Nothing is lost: what was there is kept under another name.
fn move_aside(target: &Path) -> anyhow::Result<()> {
    if !target.exists() {
        return Ok(());
    }
    if is_empty_folder(target) {
        return fs::remove_dir(target)
            .with_context(|| format!("cannot replace {}", target.display()));
    }
    let aside = name_aside(target);
    fs::rename(target, &aside)
        .with_context(|| format!("cannot move {} aside", target.display()))?;
    streams::say(&format!("moved the old {} to {}", target.display(), aside.display()));
    Ok(())
}

/// A folder that is gone again unless it is kept, with the permissions of an ordinary one.
fn unfinished_folder(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}
