//! Penalties against PyTorch, and what is particular to each.

mod critics;
mod points;
mod reference;
mod refusals;
mod registry;
mod special_cases;
