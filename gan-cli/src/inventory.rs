//! What the data was read as, in JSON: for the manifest, for `--json` and for `gan data inspect`.

use gan_data::{ClassCount, Inventory, PassedOver, TableLayout};
use serde::Serialize;

/// An [`Inventory`] as other programs read it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct InventoryRecord {
    samples: usize,
    shape: Vec<usize>,
    /// How many classes.
    classes: usize,
    /// The position is the label.
    class_names: Vec<String>,
    samples_of_class: Vec<usize>,
    /// The smallest and the largest value, as a batch sees them.
    range: [f32; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Layout>,
    passed_over: Vec<Passed>,
    remarks: Vec<String>,
}

/// How a table's file was read.
#[derive(Clone, Debug, Serialize)]
struct Layout {
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<bool>,
    columns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
}

/// Files or columns of one kind that were not read.
#[derive(Clone, Debug, Serialize)]
struct Passed {
    kind: String,
    count: usize,
    examples: Vec<String>,
}

impl From<&Inventory> for InventoryRecord {
    fn from(inventory: &Inventory) -> Self {
        let Inventory { samples, shape, classes, range, table, passed_over, remarks, .. } =
            inventory.clone();
        let (class_names, samples_of_class): (Vec<String>, Vec<usize>) =
            classes.into_iter().map(|ClassCount { name, samples }| (name, samples)).unzip();
        Self {
            samples,
            shape,
            classes: class_names.len(),
            class_names,
            samples_of_class,
            range,
            table: table.map(Layout::from),
            passed_over: passed_over.into_iter().map(Passed::from).collect(),
            remarks,
        }
    }
}

impl From<TableLayout> for Layout {
    fn from(layout: TableLayout) -> Self {
        let TableLayout { header, columns, delimiter, .. } = layout;
        Self { header, columns, delimiter }
    }
}

impl From<PassedOver> for Passed {
    fn from(passed: PassedOver) -> Self {
        let PassedOver { kind, count, examples } = passed;
        Self { kind, count, examples }
    }
}
