//! A report about run folders: `cargo run -p gan-report --example report -- RUN… --out FILE.html [--lang zh]`.

use std::error::Error;

use gan_report::{Language, Report};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut folders, mut out, mut language) =
        (Vec::new(), "report.html".into(), Language::English);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = arguments.next().ok_or("--out needs a file")?,
            "--lang" => language = arguments.next().ok_or("--lang needs a language")?.parse()?,
            _ => folders.push(argument),
        }
    }
    std::fs::write(out, Report::of_runs(folders)?.to_html(language))?;
    Ok(())
}
