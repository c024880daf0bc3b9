//! Which tiling a processor is given.
//!
//! By a table and not by a timer: the same machine decides alike every time. All tilings make the same
//! bits, so a run may be continued on another machine.

use crate::processor::Vendor;

/// How the work of a contraction is cut up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tiling {
    /// Twelve rows of two vectors ([`tall`](super::tall)).
    Tall,
    /// Six rows of four vectors, fetched ahead ([`wide`](super::wide)).
    Wide,
}

impl Tiling {
    /// That of this processor; in tests, the one set by `Tiling::on`.
    pub(crate) fn here() -> Self {
        #[cfg(test)]
        if let Some(tiling) = tests::CHOSEN.get() {
            return tiling;
        }
        Self::of(Vendor::here())
    }

    /// Whether pairs of bfloat16 are multiplied in tiles of the processor's own (`contraction/amx.rs`).
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn has_tiles(self) -> bool {
        self == Self::Wide && crate::processor::has_tiles()
    }

    /// Measured on Emerald Rapids; on Zen 5 only the tall one has been, and on AArch64 none.
    fn of(vendor: Vendor) -> Self {
        match vendor {
            Vendor::Intel => Self::Wide,
            Vendor::Amd | Vendor::Other => Self::Tall,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// What [`Tiling::here`] returns on this thread.
        pub(super) static CHOSEN: Cell<Option<Tiling>> = const { Cell::new(None) };
    }

    /// Takes the choice back.
    struct Chosen;

    impl Drop for Chosen {
        fn drop(&mut self) {
            CHOSEN.set(None);
        }
    }

    impl Tiling {
        pub(crate) const ALL: [Self; 2] = [Self::Tall, Self::Wide];

        /// Runs the contractions that `work` calls with this tiling.
        pub(crate) fn on<R>(self, work: impl FnOnce() -> R) -> R {
            let _chosen = Chosen;
            CHOSEN.set(Some(self));
            work()
        }
    }

    #[test]
    fn a_processor_has_one_tiling() {
        assert_eq!(Tiling::here(), Tiling::here());
        assert_eq!(Tiling::of(Vendor::Intel), Tiling::Wide);
        assert_eq!(Tiling::of(Vendor::Amd), Tiling::Tall);
        for tiling in Tiling::ALL {
            assert_eq!(tiling.on(Tiling::here), tiling);
        }
    }
}
