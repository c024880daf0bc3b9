//! Limits on output: sizes are known before anything is made.

use anyhow::{anyhow, bail, ensure};

use super::{Contents, Format};
use crate::args::LookArguments;
use gan_plot::{Arrangement, Sheet};

/// What one output may take on the disk.
const LARGEST: u128 = 16 << 30;
/// What samples that are all held in memory may take there.
const MOST_IN_MEMORY: u128 = 1 << 30;
/// A file takes as much, however small it is.
const LEAST_OF_A_FILE: u128 = 4_096;
/// About the length of a number as text, with its comma.
const TEXT_OF_A_VALUE: u128 = 12;
/// More points hide each other in a picture.
const MOST_POINTS: u128 = 1_000_000;

/// Whether the format can hold the contents.
pub(super) fn check(
    format: Format,
    contents: &Contents,
    look: LookArguments,
) -> anyhow::Result<()> {
    let values = contents.values() as u128;
    let labels = if contents.classes.len() > 0 { 8 } else { 0 };
    let (each, what) = match (format, contents.image()) {
        (Format::Png, Some(shape)) => {
            return Sheet::check(shape, &contents.arrangement, look.sheet()).map_err(|error| {
                anyhow!(
                    "{error}; write a file for each sample by --out FOLDER/, levels into a file \
                     that ends in .npz, or ask for less by -n or --scale"
                )
            });
        }
        (Format::Png, None) => {
            let count = contents.count();
            ensure!(
                count <= MOST_POINTS,
                "{count} points are more than the {MOST_POINTS} that a picture shows; write \
                 numbers into a file that ends in .npy, or ask for fewer by -n"
            );
            return Ok(());
        }
        (Format::Npz, Some(_)) => (values + labels, "as .npz"),
        (Format::Npz, None) => (4 * values + labels, "as .npz"),
        (Format::Npy, _) => (4 * values, "as .npy"),
        (Format::Csv, _) => (TEXT_OF_A_VALUE * values, "as .csv"),
        (Format::Folder, _) => {
            let scale = u128::from(look.scale.unwrap_or(1));
            let image = values.saturating_mul(scale * scale);
            (image.max(LEAST_OF_A_FILE), "as a file for each")
        }
    };
    ensure_at_most(LARGEST, contents, each, what, "of one output")
}

/// Whether `n` samples of `values` values each can be held in memory.
pub(crate) fn ensure_in_memory(n: usize, values: usize) -> anyhow::Result<()> {
    let contents = Contents {
        shape: vec![values],
        arrangement: Arrangement::Square(n),
        classes: crate::labels::ClassNames::default(),
    };
    ensure_at_most(MOST_IN_MEMORY, &contents, 4 * values as u128, "in memory", "of a data set")
}

/// Whether samples of `each` bytes stay within a limit; the message states how many would.
fn ensure_at_most(
    limit: u128,
    contents: &Contents,
    each: u128,
    what: &str,
    of: &str,
) -> anyhow::Result<()> {
    let (count, each) = (contents.count(), each.max(1));
    if count.saturating_mul(each) <= limit {
        return Ok(());
    }
    let (most, asked) = match contents.arrangement {
        Arrangement::Square(n) => (limit / each, format!("{n} samples")),
        Arrangement::Groups { groups, n, .. } => (
            limit / each / groups.max(1) as u128,
            format!("{n} samples of each of {groups} classes"),
        ),
    };
    bail!(
        "{asked} would take {} {what}, more than the {} {of}; ask for at most {most} by -n",
        size(count.saturating_mul(each)),
        size(limit)
    );
}

/// Bytes, formatted for a user.
fn size(bytes: u128) -> String {
    const UNITS: [&str; 6] = ["GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
    let mut value = bytes as f64 / f64::from(1 << 30);
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, larger);
    }
    format!("{} {unit}", (value * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::ClassNames;

    fn contents(shape: &[usize], arrangement: Arrangement) -> Contents {
        Contents { shape: shape.to_vec(), arrangement, classes: ClassNames::default() }
    }

    fn refused(format: Format, shape: &[usize], arrangement: Arrangement) -> String {
        let look = LookArguments::default();
        let error = check(format, &contents(shape, arrangement), look).unwrap_err();
        format!("{error:#}")
    }

    #[test]
    fn sizes_are_those_of_the_format() {
        let fits = |format, shape: &[usize], n| {
            let contents = contents(shape, Arrangement::Square(n));
            check(format, &contents, LookArguments::default()).is_ok()
        };
        // Fifty thousand images of 256 pixels a side are what FID is computed from.
        assert!(fits(Format::Npz, &[3, 256, 256], 50_000));
        assert!(!fits(Format::Npy, &[3, 256, 256], 50_000));
        assert!(fits(Format::Npy, &[2], 2_147_483_648));
        assert!(!fits(Format::Npy, &[2], 2_147_483_649));
        assert!(fits(Format::Folder, &[1, 8, 8], 4_194_304));
        assert!(!fits(Format::Folder, &[1, 8, 8], 4_194_305));
        assert!(fits(Format::Png, &[2], 1_000_000) && !fits(Format::Png, &[2], 1_000_001));
    }

    #[test]
    fn a_refusal_says_what_it_would_take_and_how_many_would_do() {
        assert_eq!(
            refused(Format::Npy, &[2], Arrangement::Square(1_000_000_000_000)),
            "1000000000000 samples would take 7.3 TiB as .npy, more than the 16 GiB of one output; \
             ask for at most 2147483648 by -n"
        );
        let classes = Arrangement::Groups { groups: 10, n: usize::MAX, names: Vec::new() };
        assert_eq!(
            refused(Format::Npz, &[3, 64, 64], classes.clone()),
            "18446744073709551615 samples of each of 10 classes would take 1.9 YiB as .npz, more \
             than the 16 GiB of one output; ask for at most 139810 by -n"
        );
        let message = refused(Format::Png, &[3, 64, 64], classes);
        assert!(message.contains("--out FOLDER/") && message.contains(".npz"), "{message}");
    }
}
