#![doc = include_str!("../README.md")]

mod recipe;
mod registry;

mod dcgan;
mod mlp;

mod course_dcgan;
mod gan;

mod error;

pub use dcgan::{DcganConfig, DcganCritic, DcganGenerator};
pub use error::ModelError;
pub use mlp::{MlpConfig, MlpCritic, MlpGenerator};
pub use recipe::{Architecture, Ema, Networks, Recipe, Source, Training};
pub use registry::RecipeKind;
