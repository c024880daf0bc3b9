//! Every level at work, not only the processor's best.

use std::cell::Cell;

use super::*;
use crate::lanes::{read, write};
use crate::reference::numbers;

thread_local! {
    /// What [`Level::here`] says on this thread.
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

    /// Runs `check` on every level that this processor has.
    pub(crate) fn each(check: impl Fn()) {
        Self::available().iter().for_each(|level| level.on(&check));
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
    fn copy_at_level(from: *const f32, to: *mut f32, n: usize) = copy
}

/// The first `n` numbers of a vector, or a whole one if they are as many.
#[inline(always)]
unsafe fn copy<S: Simd>(from: *const f32, to: *mut f32, n: usize) {
    let n = n.min(S::LANES);
    // SAFETY: the caller's, for `n` numbers.
    unsafe { write::<S>(to, S::add(read::<S>(from, n), S::splat(1.0)), n) };
}

#[test]
fn the_last_vector_of_a_row_touches_nothing_behind_it() {
    for level in Level::available() {
        let lanes = if *level == Level::Avx512 { 16 } else { 8 };
        for n in 1..=lanes {
            // Not a number more than there is.
            let from = numbers(n, 1);
            let mut to = [5.0; 17];
            // SAFETY: the level is the processor's, and both have `n` numbers.
            unsafe { copy_at_level(*level, from.as_ptr(), to.as_mut_ptr(), n) };
            assert!(to[..n].iter().zip(&from).all(|(to, from)| *to == from + 1.0), "{level:?}");
            assert!(to[n..].iter().all(|untouched| *untouched == 5.0), "{level:?}, {n} numbers");
        }
    }
}
