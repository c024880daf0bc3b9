//! Which characters separate the cells and the decimals of a file.

use crate::table::{TableConfig, TableFault};

/// Lines that are looked at, and their bytes at most.
const SAMPLE: (usize, usize) = (20, 1 << 16);

/// The separators that are recognized; of equally good ones the first. `' '` is any run of blanks.
const CANDIDATES: [char; 5] = [',', ';', '\t', '|', ' '];

/// The separator of cells, and what is known of the decimal sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dialect {
    /// `None` for a single column.
    pub(super) delimiter: Option<char>,
    /// `None` until a number shows it.
    pub(super) decimal: Option<char>,
    /// A better separator than the one that was set.
    pub(super) looks_like: Option<char>,
}

impl Dialect {
    /// The settings, and for the rest what the first lines look like.
    pub(super) fn of(text: &str, config: &TableConfig) -> Result<Self, TableFault> {
        check(config)?;
        let recognized = recognize(text, config.decimal);
        let delimiter = config.delimiter.or(recognized);
        let decimal = match (config.decimal, delimiter) {
            (None, Some(',')) => Some('.'),
            (None, None) => Some('.'),
            (decimal, _) => decimal,
        };
        let looks_like = recognized.filter(|_| config.delimiter.is_some_and(|set| !has(text, set)));
        Ok(Self { delimiter, decimal, looks_like })
    }

    pub(super) fn is_blank(self) -> bool {
        self.delimiter == Some(' ')
    }

    /// The byte that the reader splits at.
    pub(super) fn byte(self) -> u8 {
        let alone = if self.decimal == Some(',') { ';' } else { ',' };
        self.delimiter.unwrap_or(alone) as u8
    }

    /// The cells of the last comment before the first row.
    pub(super) fn comment(self, text: &str) -> Option<Vec<String>> {
        let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
        let comment = lines.take_while(|line| line.starts_with('#')).last()?;
        let delimiter = self.delimiter.unwrap_or(self.byte().into());
        let cells = cells(comment.trim_start_matches('#').trim(), delimiter);
        Some(cells.into_iter().map(str::to_owned).collect())
    }
}

fn check(config: &TableConfig) -> Result<(), TableFault> {
    let fault = |option, expected, found: char| {
        Err(TableFault::Option { option, expected, found: found.into() })
    };
    if let Some(found) = config.decimal.filter(|decimal| !['.', ','].contains(decimal)) {
        return fault("decimal", "`.` or `,`", found);
    }
    let Some(found) = config.delimiter else { return Ok(()) };
    let is_mark = found.is_ascii_punctuation() && !"\"'#.+-_".contains(found);
    if !(is_mark || [' ', '\t'].contains(&found)) {
        return fault("delimiter", "a mark such as `,` or `;`, a tab or a blank", found);
    }
    if config.decimal == Some(found) {
        return fault("delimiter", "another character than `data.decimal`", found);
    }
    Ok(())
}

/// Whether a separator occurs in the first lines.
fn has(text: &str, delimiter: char) -> bool {
    sample(text).iter().any(|line| cells(line, delimiter).len() > 1)
}

/// The separator that makes the most sense of the first lines.
fn recognize(text: &str, decimal: Option<char>) -> Option<char> {
    let lines = sample(text);
    let scores = CANDIDATES.iter().filter(|&&candidate| Some(candidate) != decimal);
    let scores = scores.filter_map(|&candidate| Some((candidate, score(&lines, candidate)?)));
    scores.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(best, _)| best)
}

/// The first lines that are neither blank nor comments.
fn sample(text: &str) -> Vec<&str> {
    let mut end = text.len().min(SAMPLE.1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lines = text[..end].split(['\n', '\r']).map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).take(SAMPLE.0).collect()
}

/// How consistent the lines are when they are split in this way, times the share of cells that are
/// numbers less those that have other separators in them. `None` where most lines are one cell.
fn score(lines: &[&str], delimiter: char) -> Option<f64> {
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| cells(line, delimiter)).collect();
    let agreeing = |width: usize| rows.iter().filter(|row| row.len() == width).count();
    let widths = rows.iter().map(Vec::len);
    let width = widths.max_by_key(|&width| (agreeing(width), width))?;
    if width < 2 {
        return None;
    }
    // A first line of names is no evidence about numbers.
    let numeric = if rows.len() > 1 { &rows[1..] } else { &rows[..] };
    let cells: Vec<&str> = numeric.iter().flatten().copied().collect();
    let is_suspicious = |cell: &&&str| !is_number(cell) && cell.contains([',', ';', '\t', '|']);
    let count = cells.iter().filter(|cell| is_number(cell)).count() as f64;
    let count = count - cells.iter().filter(is_suspicious).count() as f64;
    Some(agreeing(width) as f64 / rows.len() as f64 * count / cells.len() as f64)
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() || cell.replacen(',', ".", 1).parse::<f64>().is_ok()
}

/// The cells of a line, quotes taken off; a separator between quotes is none.
fn cells(line: &str, delimiter: char) -> Vec<&str> {
    let mut in_quotes = false;
    let mut is_end = |character: char| {
        in_quotes ^= character == '"';
        let is_blank = delimiter == ' ' && character == '\t';
        !in_quotes && (character == delimiter || is_blank)
    };
    let cells = line.split(&mut is_end).map(str::trim);
    let cells = cells.filter(|cell| delimiter != ' ' || !cell.is_empty());
    cells.map(|cell| cell.trim_matches('"').trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_recognized_by_the_numbers_between_them() {
        for (text, expected) in [
            ("x,y\n1,2\n", Some(',')),
            ("1, 2\n3, 4\n", Some(',')),
            ("1 , 2\n3 , 4\n", Some(',')),
            ("x;y\n1;2\n", Some(';')),
            ("1,5;2,5\n1,25;-3,5e1\n", Some(';')),
            ("0,1;2,3\n", Some(';')),
            ("name;city;value\nAnn;Oslo;1,5\nBob;Rome;2,5\n", Some(';')),
            ("a;b,1,2\nc;d,3,4\n", Some(',')),
            ("1\t2\n", Some('\t')),
            ("1|2\n3|4\n", Some('|')),
            ("  1   2\n 10 20\n", Some(' ')),
            ("1,5 2,5\n3,5 4,5\n", Some(' ')),
            ("1 \t2\n", Some('\t')),
            ("\"a, b\";\"c\"\n1;2\n3;4\n", Some(';')),
            ("1\n2\n", None),
            ("my value\n1\n2\n", None),
            ("1,2\n3\n", Some(',')),
            ("", None),
        ] {
            assert_eq!(recognize(text, None), expected, "{text:?}");
        }
        assert_eq!(recognize("1,5\n2,5\n", Some(',')), None);
    }
}
