//! Files of one JSON object a line.

use serde_json::{Map, Value};

/// What is in such a file, by the number of the line.
pub(super) struct Lines {
    pub(super) objects: Vec<(usize, Map<String, Value>)>,
    /// Lines that are no object.
    pub(super) damaged: Vec<usize>,
    /// The last line, if the file ends within it.
    pub(super) torn: Option<usize>,
}

/// Reads the objects of a file.
pub(super) fn objects(bytes: &[u8]) -> Lines {
    let (mut objects, mut damaged) = (Vec::new(), Vec::new());
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    for (number, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice(line) {
            Ok(object) => objects.push((number, object)),
            Err(_) => damaged.push(number),
        }
    }
    let newest = objects.last().map_or(0, |(number, _)| *number);
    let is_open = bytes.last().is_some_and(|byte| *byte != b'\n');
    let torn = damaged.pop_if(|number| is_open && *number > newest);
    Lines { objects, damaged, torn }
}
