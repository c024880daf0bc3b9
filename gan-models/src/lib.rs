#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod recipe;
mod registry;

mod activation;
mod bounds;
mod image_shape;
mod labels;
mod sides;

mod conv;
mod dcgan;
mod mlp;
mod residual;

mod error;

pub use activation::Activation;
pub use conv::{ConvolutionalConfig, ConvolutionalCritic, ConvolutionalGenerator, CriticNorm};
pub use dcgan::{DcganConfig, DcganCritic, DcganGenerator};
pub use error::ModelError;
pub use mlp::{MlpConfig, MlpCritic, MlpGenerator};
pub use recipe::{Architecture, Networks, Recipe, Source, Training};
pub use registry::RecipeKind;
pub use residual::{ResidualConfig, ResidualCritic, ResidualGenerator};
pub use sides::Sides;
