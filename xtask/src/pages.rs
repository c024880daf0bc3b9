//! `cargo xtask pages`: the answers to the course's questions, written from what is kept.
//!
//! A page is a template in each language, `xtask/pages/LANGUAGE/NAME.md`: prose, with what is measured
//! left to functions ([`template`]) that read it from `results/` ([`kept`]): states of claims
//! ([`verdicts`]), tables ([`table`], [`cell`]), pictures, and curves ([`chart`]), which `gan plot`
//! draws. What is not kept is said to be not run yet, with the command that runs it ([`language`]).
//! The pages and the tables behind the curves are compared or written whole ([`mod@write`]).

mod cell;
mod chart;
mod gallery;
mod kept;
mod language;
mod moment;
mod table;
mod template;
mod verdicts;
mod write;

pub(crate) use write::{Pages, check, write};
