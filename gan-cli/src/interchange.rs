//! Interchange of weights with PyTorch: its names, its layouts, its files.
//!
//! A tensor's name is the path of fields that leads to it, with dots between them. What Burn keeps
//! otherwise is translated on the way: weights of linear layers are `[out, in]` in PyTorch and
//! `[in, out]` in Burn; scales and shifts of normalization layers are `weight` and `bias` there and
//! `gamma` and `beta` here. Convolutions, embeddings and running statistics are alike.
//! `num_batches_tracked` has no counterpart: it is neither written nor missed.

mod names;
mod place;
mod safetensors;
mod state_dict;
#[cfg(test)]
mod tests;
mod weights_file;

pub(crate) use safetensors::safetensors;
pub(crate) use state_dict::StateDict;
