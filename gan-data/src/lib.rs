#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod batches;
mod bilinear;
mod error;
mod fingerprint;
mod idx;
mod image_folder;
mod images;
mod inspection;
mod inventory;
mod memory;
mod mixture;
mod mnist;
mod moons;
mod natural_order;
mod normal;
mod order;
mod parts;
mod points;
mod sample_set;
mod stacked_mnist;
mod subset;
mod table;
mod text;

pub use batches::Batches;
pub use error::DataError;
pub use fingerprint::Fingerprint;
pub use idx::IdxError;
pub use image_folder::{
    BrokenImage, Color, FormatCount, ImageFolder, ImageFolderConfig, ImageFolderError, ImageSurvey,
    ImagesRead, MAX_IMAGE_BYTES, MAX_SIDE, SizeCount,
};
pub use inspection::{Duplicate, Inspection};
pub use inventory::{ClassCount, Inventory, PassedOver, TableLayout};
pub use mixture::{Grid, GridConfig, Ring, RingConfig};
pub use mnist::{Mnist, MnistSize, MnistSplit, ShippedError};
pub use moons::{Moons, MoonsConfig};
pub use points::Points;
pub use sample_set::{Sample, SampleSet};
pub use stacked_mnist::StackedMnist;
pub use subset::Subset;
pub use table::{CellHint, Header, NpyHeader, Precision, Table, TableConfig, TableFault};
