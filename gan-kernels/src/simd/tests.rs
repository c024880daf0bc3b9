//! Every SIMD level, not only the processor's best.

use std::cell::Cell;

use super::*;
use crate::contraction::Tiling;
use crate::lanes::{for_each_vector, read, write};
use crate::reference::numbers;

thread_local! {
    /// What [`Level::here`] returns on this thread.
    pub(super) static CHOSEN: Cell<Option<Level>> = const { Cell::new(None) };
}

/// Takes the choice back, and names the level of a test that fails.
struct Chosen(Level);

impl Drop for Chosen {
    #[expect(clippy::print_stderr, reason = "stands beside the message of the panic")]
    fn drop(&mut self) {
        CHOSEN.set(None);
        if std::thread::panicking() {
            eprintln!("with the instructions of {:?}", self.0);
        }
    }
}

impl Level {
    /// Runs the kernels that `work` calls with the instructions of this level.
    pub(crate) fn on<R>(self, work: impl FnOnce() -> R) -> R {
        let _chosen = Chosen(self);
        CHOSEN.set(Some(self));
        work()
    }

    /// Runs `check` on every level that this processor has, in every tiling. What it returns must be the
    /// same to the bit on all levels with fused multiply-add.
    pub(crate) fn each<const N: usize>(check: impl Fn() -> [Vec<f32>; N]) {
        let bits = |made: &[Vec<f32>; N]| {
            made.each_ref().map(|made| made.iter().map(|x| x.to_bits()).collect::<Vec<_>>())
        };
        let mut others = None;
        let ways = Self::available().iter().flat_map(|level| Tiling::ALL.map(|t| (*level, t)));
        for way in ways {
            let (level, tiling) = way;
            let made = tiling.on(|| level.on(&check));
            if level == Self::Portable {
                continue;
            }
            let (other, expected) = others.get_or_insert_with(|| (way, made.clone()));
            assert!(bits(expected) == bits(&made), "{other:?} and {way:?} differ");
        }
    }
}

#[test]
fn the_best_level_is_chosen_where_no_other_is() {
    let best = Level::here();
    assert_eq!(Some(&best), Level::available().last());
    assert_eq!(Level::Portable.on(Level::here), Level::Portable);
    assert_eq!(Level::here(), best);
}

at_level! {
    fn add_1_at_level(from: *const f32, to: *mut f32, length: usize) = add_1
}

#[inline(always)]
unsafe fn add_1<S: Simd>(from: *const f32, to: *mut f32, length: usize) {
    for_each_vector!(S, length, |at, n| {
        // SAFETY: the caller's, for `length` numbers.
        unsafe { write::<S>(to.add(at), S::add(read::<S>(from.add(at), n), S::splat(1.0)), n) };
    });
}

#[test]
fn the_last_vector_of_a_row_touches_nothing_behind_it() {
    for level in Level::available() {
        for length in 0..40 {
            // Not a number more than there is.
            let from = numbers(length, 1);
            let mut to = [5.0; 60];
            // SAFETY: the level is the processor's, and both have at least this many numbers.
            unsafe { add_1_at_level(*level, from.as_ptr(), to.as_mut_ptr(), length) };
            let (written, untouched) = to.split_at(length);
            assert!(written.iter().zip(&from).all(|(to, from)| *to == from + 1.0), "{level:?}");
            assert!(untouched.iter().all(|to| *to == 5.0), "{level:?}, {length} numbers");
        }
    }
}
