//! Fork-join parallelism: work in parts, each on a thread of its own where the system can start one.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, available_parallelism, scope};

/// The results of `work` on each part, in the order of the parts.
///
/// A part for which no thread can be started is worked on by this one.
pub(crate) fn in_parts<P: Send, T: Send>(
    parts: impl IntoIterator<Item = P>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let slots: Vec<Mutex<Option<P>>> =
        parts.into_iter().map(|part| Mutex::new(Some(part))).collect();
    let run = |slot: &Mutex<Option<P>>| {
        let part = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        part.map(&work)
    };
    scope(|scope| {
        let begin = |slot| (slot, Builder::new().spawn_scoped(scope, move || run(slot)).ok());
        let begun: Vec<_> = slots.iter().map(begin).collect();
        let end =
            |(slot, thread): (&Mutex<Option<P>>, Option<std::thread::ScopedJoinHandle<'_, _>>)| {
                match thread {
                    Some(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                    None => run(slot),
                }
            };
        begun.into_iter().filter_map(end).collect()
    })
}

/// The results of `work` on each part, in the order of the parts, on all cores.
///
/// A thread that is done with a part takes the next one, so that all of them end at about the same
/// time, however long each part takes.
pub(crate) fn in_turns<P: Send, T: Send>(
    parts: impl IntoIterator<Item = P, IntoIter: Send>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let waiting = Mutex::new(parts.into_iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work_in_turns = |_| -> Vec<(usize, T)> {
        std::iter::from_fn(|| next().map(|(index, part)| (index, work(part)))).collect()
    };
    let n_threads = available_parallelism().map_or(1, NonZero::get);
    let mut results: Vec<_> = in_parts(0..n_threads, work_in_turns).into_iter().flatten().collect();
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_parts() {
        assert_eq!(in_parts(0..100, |part| part * 2), (0..200).step_by(2).collect::<Vec<_>>());
        assert!(in_parts(Vec::<u8>::new(), |part| part).is_empty());
    }

    #[test]
    fn parts_that_take_unequally_long_come_back_in_their_order() {
        let work = |part: u64| {
            std::thread::sleep(std::time::Duration::from_micros(part % 7 * 100));
            part * 2
        };
        assert_eq!(in_turns(0..100, work), (0..200).step_by(2).collect::<Vec<_>>());
        assert!(in_turns(Vec::<u64>::new(), work).is_empty());
    }

    #[test]
    #[should_panic(expected = "the third part")]
    fn a_panic_is_propagated() {
        in_parts(1..=4, |part| assert_ne!(part, 3, "the third part"));
    }
}
