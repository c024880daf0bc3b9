//! Every architecture against its description, and in play.

mod architectures;
mod play;
