//! Files of one JSON value a line.

use serde::de::DeserializeOwned;

/// The values of such a file, with the numbers of their lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines<T> {
    /// By the number of the line, from 1 on.
    pub values: Vec<(usize, T)>,
    /// Lines that are no such value.
    pub damaged: Vec<LeftOut>,
    /// The last line, if the file ends within it.
    pub torn: Option<LeftOut>,
}

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number, from 1 on.
    pub line: usize,
    /// Why.
    pub why: String,
}

impl<T: DeserializeOwned> Lines<T> {
    /// Reads every line that can be read; empty ones are passed over.
    ///
    /// A last line that has no end and is no value is torn: its program was killed while it wrote.
    ///
    /// # Example
    /// ```
    /// use gan_run::Lines;
    ///
    /// let read = Lines::<u32>::read(b"1\ntwo\n3\n4x");
    /// assert_eq!(read.values, [(1, 1), (3, 3)]);
    /// assert_eq!((read.damaged[0].line, read.torn.unwrap().line), (2, 4));
    /// ```
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let (mut values, mut damaged) = (Vec::new(), Vec::new());
        let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
        for (number, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
            match serde_json::from_slice(line) {
                Ok(value) => values.push((number, value)),
                Err(error) => damaged.push(LeftOut { line: number, why: error.to_string() }),
            }
        }
        let newest = values.last().map_or(0, |(number, _)| *number);
        let is_open = bytes.last().is_some_and(|byte| *byte != b'\n');
        let torn = damaged.pop_if(|left_out| is_open && left_out.line > newest);
        Self { values, damaged, torn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unfinished_last_line_is_torn() {
        let torn = |text: &str| {
            let read = Lines::<u8>::read(text.as_bytes());
            (read.values.len(), read.damaged.len(), read.torn.map(|left_out| left_out.line))
        };
        assert_eq!(torn(""), (0, 0, None));
        assert_eq!(torn("1\n\n2"), (2, 0, None));
        assert_eq!(torn("1\nx\n"), (1, 1, None));
        assert_eq!(torn("1\nx"), (1, 0, Some(2)));
        assert_eq!(torn("x\n1"), (1, 1, None));
        assert_eq!(torn("\u{fffd}\nx"), (0, 1, Some(2)));
    }
}
