//! Pictures that runs have left, on a page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::kept::Kept;
use super::language::Language;

/// A row of pictures, each `[label, EXPERIMENT/RUN, seed, which]`: that of the `first`, the `middle` or the
/// `last` step of those that are kept. `from` is the folder of the page.
///
/// # Errors
/// There is no such run or no such word, or a folder cannot be read.
pub(super) fn row(
    kept: &mut Kept,
    language: Language,
    pictures: &[Vec<String>],
    from: &Path,
) -> anyhow::Result<String> {
    let (mut heads, mut cells, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for picture in pictures {
        let [label, path, seed, which] = picture.as_slice() else {
            bail!(
                "a picture is a label, a run, a seed and `first`, `middle` or `last`, found {picture:?}"
            );
        };
        let seed: u32 = seed.parse().with_context(|| format!("`{seed}` is no seed"))?;
        let run = kept.run(path)?;
        let shown = run.trainings.iter().find(|shown| shown.training.seed == seed);
        heads.push(label.clone());
        match shown.map(|shown| chosen(&shown.folder, which)).transpose()?.flatten() {
            Some(file) => cells.push(format!("![{label}]({})", relative(&file, from))),
            None => {
                cells.push(language.not_run_cell().to_owned());
                if !missing.contains(&run.experiment.to_owned()) {
                    missing.push(run.experiment.to_owned());
                }
            }
        }
    }
    let rule = "---|".repeat(heads.len());
    let mut text = format!("| {} |\n|{rule}\n| {} |\n", heads.join(" | "), cells.join(" | "));
    for experiment in missing {
        text += &format!("\n{}\n", language.not_run_sentence(&experiment));
    }
    Ok(text)
}

/// A picture that a run of seed 0 has left under this name, with a text for those who do not see it.
///
/// # Errors
/// There is no such run.
pub(super) fn single(
    kept: &mut Kept,
    language: Language,
    (path, name): (&str, &str),
    (alt, from): (&str, &Path),
) -> anyhow::Result<String> {
    let run = kept.run(path)?;
    let file = run.trainings.first().map(|shown| shown.folder.join(name));
    Ok(match file.filter(|file| file.exists()) {
        Some(file) => format!("![{alt}]({})", relative(&file, from)),
        None => language.not_run_sentence(run.experiment),
    })
}

/// The table that a command has left, for the run of seed 0.
///
/// # Errors
/// There is no such run, or the table cannot be read.
pub(super) fn own_table(kept: &mut Kept, language: Language, path: &str) -> anyhow::Result<String> {
    let run = kept.run(path)?;
    let Some(file) = run.trainings.first().map(|shown| shown.folder.join("table.md")) else {
        return Ok(language.not_run_sentence(run.experiment) + "\n");
    };
    fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// The picture of samples of that place in a training's order.
fn chosen(folder: &Path, which: &str) -> anyhow::Result<Option<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder.join("samples"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    // Steps have as many digits as the last one.
    found.sort();
    let idx = match which {
        "first" => 0,
        "middle" => found.len() / 2,
        "last" => found.len().saturating_sub(1),
        _ => bail!("a picture is the `first`, the `middle` or the `last`, found `{which}`"),
    };
    Ok((idx < found.len()).then(|| found.swap_remove(idx)))
}

/// The path of a file as a page in the folder `from` links to it.
fn relative(file: &Path, from: &Path) -> String {
    let (file, from): (Vec<_>, Vec<_>) = (file.components().collect(), from.components().collect());
    let n_same = file.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let up = from[n_same..].iter().map(|_| "..".to_owned());
    let down = file[n_same..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_links_to_what_stands_elsewhere_in_the_repository() {
        let link = |file| relative(Path::new(file), Path::new("/r/course"));
        assert_eq!(link("/r/results/a/b.png"), "../results/a/b.png");
        assert_eq!(link("/r/course/charts/b.svg"), "charts/b.svg");
    }

    #[test]
    fn pictures_are_chosen_by_their_place() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("samples")).unwrap();
        assert_eq!(chosen(folder.path(), "last").unwrap(), None);
        for step in ["0100", "0050", "0200"] {
            fs::write(folder.path().join(format!("samples/step-{step}.png")), "").unwrap();
        }
        let name = |which| {
            let path = chosen(folder.path(), which).unwrap().unwrap();
            path.file_name().unwrap().to_string_lossy().into_owned()
        };
        let names = ["first", "middle", "last"].map(name);
        assert_eq!(names, ["step-0050.png", "step-0100.png", "step-0200.png"]);
        assert!(chosen(folder.path(), "best").is_err());
    }
}
