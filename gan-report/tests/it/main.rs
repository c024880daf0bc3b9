//! Reports made of run folders that the tests write.

mod browser;
mod damage;
mod escaping;
mod fixture;
mod one_run;
mod several_runs;
mod size;
