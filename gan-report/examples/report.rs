//! A report about run folders: `cargo run -p gan-report --example report -- RUN… --out FILE.html --lang zh`.
//! Without any it is about a small run that was made up, in the folder of temporary files.
#![expect(clippy::print_stdout, reason = "an example shows what came of it")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use gan_report::{Language, Report};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut folders, mut out, mut language) = (Vec::new(), None, Language::English);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = Some(PathBuf::from(arguments.next().ok_or("--out needs a file")?)),
            "--lang" => language = arguments.next().ok_or("--lang needs en or zh")?.parse()?,
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    if folders.is_empty() {
        folders.push(made_up()?);
    }
    let out = out.unwrap_or_else(|| std::env::temp_dir().join("gan-report.html"));
    let page = Report::of_runs(folders)?.to_html(language);
    fs::write(&out, &page)?;
    println!("{} bytes in {}", page.len(), out.display());
    Ok(())
}

/// A folder with the losses of a critic that wins, until a number is none.
fn made_up() -> Result<PathBuf, Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("gan-report-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut metrics = String::new();
    for step in (0..=10_000).step_by(50) {
        let fake = if step > 6_000 { 0.001 } else { 0.3 };
        let critic = -2.0 * f64::ln(1.0 - fake);
        let generator =
            if step > 9_000 { "\"nan\"".to_owned() } else { (-f64::ln(fake)).to_string() };
        writeln!(
            metrics,
            "{{\"step\":{step},\"epoch\":0,\"critic/loss\":{critic},\"generator/loss\":{generator},\
             \"critic/real_probability\":{},\"critic/fake_probability\":{fake}}}",
            1.0 - fake,
        )?;
    }
    fs::write(folder.join("metrics.jsonl"), metrics)?;
    Ok(folder)
}
