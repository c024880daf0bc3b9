//! The records of a run.

use std::path::Path;

use super::Format;
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;
use crate::oracle::Reading;
use crate::text;

pub(super) const FORMAT: Format = Format { name: "metrics", seeds, mutate, respell, read };

const NAME: &str = "metrics.jsonl";

fn seeds() -> Vec<Input> {
    let line = |step: u64, penalty: &str| {
        format!(
            "{{\"step\":{step},\"epoch\":{},\"critic/loss\":1.25,\"generator/loss\":0.75,\
             \"critic/real_probability\":0.5,\"critic/fake_probability\":0.25,\"critic/gradient_norm\":0.125,\
             \"generator/gradient_norm\":3e-7{penalty}}}\n",
            step / 10
        )
    };
    let lines = |penalty| (1..=20).map(|step| line(10 * step, penalty)).collect::<String>();
    vec![Input::file(NAME, lines("")), Input::file(NAME, lines(",\"penalty\":0.5"))]
}

fn mutate(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    if draw.once_in(3) {
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        mutate::parts(&mut lines, draw);
        *bytes = lines.concat();
    } else {
        text::tokens(bytes, draw);
    }
}

/// Blanks within a line mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let text = String::from_utf8(input.bytes(NAME).to_vec()).ok()?;
    let blanks = " ".repeat(draw.below(3));
    Some(Input::file(NAME, text.replace(',', &format!("{blanks},{blanks}"))))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    let steps = gan_cli::torture::metrics(&folder.join(NAME))?;
    Ok(Reading::of(format!("{steps:?}")))
}
