//! Scores of generated samples: over a classifier's logits, its labels, or the modes of a mixture.

mod classes;
mod inception;
mod modes;

pub use classes::{ClassBalance, class_balance};
pub use inception::classifier_score;
pub use modes::{ModeQuality, mode_quality};

#[cfg(test)]
mod tests;
