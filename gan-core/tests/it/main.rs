//! The game played on data small enough to know the answer.

mod checkpoints;
mod game;
mod learning;
