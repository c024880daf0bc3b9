//! The words that a page has from the program, in its language.

use crate::claim::State;

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Language {
    /// American English.
    English,
    /// Simplified Chinese, in which the course is held.
    Chinese,
}

/// A word of tables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word {
    Claim,
    State,
    Measured,
    Against,
    Seeds,
    Seed,
    Spread,
    Diverged,
    Epoch,
    Step,
    Kernels,
    Build,
}

impl Language {
    /// All of them.
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The folder of its templates.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// What stands before the extension of its files.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::English => "",
            Self::Chinese => ".zh",
        }
    }

    /// A word of tables.
    pub(super) fn word(self, word: Word) -> &'static str {
        let (english, chinese) = match word {
            Word::Claim => ("claim", "论断"),
            Word::State => ("state", "结论"),
            Word::Measured => ("measured", "测得"),
            Word::Against => ("beside", "对照"),
            Word::Seeds => ("seeds", "种子数"),
            Word::Seed => ("seed", "种子"),
            Word::Spread => ("mean (lowest … highest)", "均值（最小 … 最大）"),
            Word::Diverged => ("diverged", "发散"),
            Word::Epoch => ("epoch", "轮（epoch）"),
            Word::Step => ("step", "步"),
            Word::Kernels => ("kernels", "计算内核"),
            Word::Build => ("build", "版本"),
        };
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// What became of a claim.
    pub(super) fn state(self, state: State) -> &'static str {
        match (self, state) {
            (Self::English, State::Held) => "**held**",
            (Self::English, State::NotHeld) => "**not held**",
            (Self::English, State::CannotSay) => "cannot say",
            (Self::English, State::NotRun) => "not run yet",
            (Self::Chinese, State::Held) => "**成立**",
            (Self::Chinese, State::NotHeld) => "**不成立**",
            (Self::Chinese, State::CannotSay) => "无法判断",
            (Self::Chinese, State::NotRun) => "尚未运行",
        }
    }

    /// What stands in the place of something that is not kept.
    pub(super) fn not_run(self, experiment: &str) -> String {
        match self {
            Self::English => format!("not run yet (`cargo xtask experiment {experiment}`)"),
            Self::Chinese => format!("尚未运行（`cargo xtask experiment {experiment}`）"),
        }
    }

    /// The same in a cell, where the command stands below the table.
    pub(super) fn not_run_cell(self) -> &'static str {
        self.state(State::NotRun)
    }

    /// What stands in the place of prose about a claim that is not decided.
    pub(super) fn undecided(self, experiment: &str) -> String {
        match self {
            Self::English => {
                format!(
                    "What is kept does not decide this (`cargo xtask claims {experiment}` says why)."
                )
            }
            Self::Chinese => {
                format!("现有结果不足以判断（原因见 `cargo xtask claims {experiment}`）。")
            }
        }
    }

    /// A whole sentence of an experiment that was not run.
    pub(super) fn not_run_sentence(self, experiment: &str) -> String {
        match self {
            Self::English => format!("Not run yet: `cargo xtask experiment {experiment}`."),
            Self::Chinese => format!("尚未运行：`cargo xtask experiment {experiment}`。"),
        }
    }

    /// A sentence of an experiment of which some trainings are kept, and not all.
    pub(super) fn incomplete(self, experiment: &str) -> String {
        match self {
            Self::English => {
                format!("Some seeds are missing yet: `cargo xtask experiment {experiment}`.")
            }
            Self::Chinese => format!("尚缺部分种子：`cargo xtask experiment {experiment}`。"),
        }
    }

    /// How many of the seeds that are planned are there.
    pub(super) fn of(self, n: usize, all: usize) -> String {
        match self {
            _ if n == all => n.to_string(),
            Self::English => format!("{n} of {all}"),
            Self::Chinese => format!("{n}/{all}"),
        }
    }
}
