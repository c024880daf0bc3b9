//! What is to be written to one stream, and the thread that writes it.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a waiting caller checks whether to keep waiting.
const LOOK: Duration = Duration::from_millis(50);

/// Texts on their way into a stream that may be slow, full, closed or never read.
///
/// A thread of its own writes, so that only what wants to wait for the stream does.
pub(super) struct Queue {
    shared: Arc<Shared>,
    room: usize,
    /// Where there is no thread to be had, the stream is written to at once.
    direct: Option<Mutex<Box<dyn Write + Send>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Vec<u8>>,
    is_writing: bool,
    /// Texts written or given up.
    done: u64,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self) {
        let mut state = self.state();
        state.is_writing = false;
        state.done += 1;
        self.changed.notify_all();
    }

    /// Write whatever comes, for as long as the program runs.
    fn serve(&self, stream: &mut dyn Write, mut when_it_fails: impl FnMut(&io::Error)) {
        loop {
            let mut state = self.state();
            while state.waiting.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let text = state.waiting.pop_front().unwrap_or_default();
            state.is_writing = true;
            drop(state);
            if let Err(error) = write(stream, &text) {
                when_it_fails(&error);
            }
            self.count();
        }
    }
}

fn write(stream: &mut dyn Write, text: &[u8]) -> io::Result<()> {
    stream.write_all(text).and_then(|()| stream.flush())
}

impl Queue {
    /// A queue of at most `room` texts into the stream.
    pub(super) fn into<W: Write + Send + 'static>(stream: W, room: usize) -> Self {
        Self::telling(stream, room, |_| {})
    }

    /// A queue that reports the error of each text that could not be written.
    pub(super) fn telling<W: Write + Send + 'static>(
        stream: W,
        room: usize,
        when_it_fails: impl FnMut(&io::Error) + Send + 'static,
    ) -> Self {
        let shared = Arc::<Shared>::default();
        // Handed over through here, for a thread that does not start would take the stream along.
        let stream = Arc::new(Mutex::new(Some(stream)));
        let take =
            |from: &Mutex<Option<W>>| from.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (its, its_stream) = (Arc::clone(&shared), Arc::clone(&stream));
        let writer = thread::Builder::new().name("writer".to_owned()).spawn(move || {
            if let Some(mut stream) = take(&its_stream) {
                its.serve(&mut stream, when_it_fails);
            }
        });
        let direct = match writer {
            Ok(_) => None,
            Err(_) => take(&stream).map(|it| Mutex::new(Box::new(it) as Box<dyn Write + Send>)),
        };
        Self { shared, room, direct }
    }

    /// Have the text written, unless there is no room for it.
    pub(super) fn offer(&self, text: Vec<u8>) {
        if let Some(stream) = &self.direct {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            // What cannot be written is dropped, as everywhere here.
            let _ = write(&mut **stream, &text);
            return;
        }
        let mut state = self.shared.state();
        if state.waiting.len() < self.room {
            state.waiting.push_back(text);
            self.shared.changed.notify_all();
        }
    }

    /// Wait until all is written, and return whether it is; given up as soon as the stream has taken
    /// nothing for as long as `patience`.
    pub(super) fn settle(&self, patience: Duration) -> bool {
        let (mut since, mut state) = (Instant::now(), self.shared.state());
        let mut done = state.done;
        while state.is_writing || !state.waiting.is_empty() {
            if state.done != done {
                (since, done) = (Instant::now(), state.done);
            }
            if since.elapsed() >= patience {
                return false;
            }
            let waited = self.shared.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Takes a text for each word that it is given.
    struct Gate(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Gate {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(|_| ErrorKind::BrokenPipe)?;
            self.1.send(text.to_vec()).map_err(|_| ErrorKind::BrokenPipe)?;
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_stream_that_takes_nothing_is_given_up_and_what_finds_no_room_is_dropped() {
        let ((open, gate), (taken, seen)) = (channel(), channel());
        let queue = Queue::into(Gate(gate, taken), 2);
        queue.offer(b"0".to_vec());
        while queue.shared.state().waiting.len() == 1 {
            thread::yield_now();
        }
        (1..10).for_each(|n| queue.offer(n.to_string().into_bytes()));
        assert!(!queue.settle(Duration::from_millis(1)));
        for _ in 0..3 {
            open.send(()).unwrap();
        }
        assert!(queue.settle(Duration::from_secs(60)));
        assert_eq!(seen.try_iter().collect::<Vec<_>>().concat(), b"012");
    }

    #[test]
    fn a_failure_is_told_and_the_texts_after_it_are_tried() {
        let ((open, gate), (taken, _seen)) = (channel(), channel());
        let (fails, failures) = channel();
        let queue =
            Queue::telling(Gate(gate, taken), 9, move |error| fails.send(error.kind()).unwrap());
        drop(open);
        queue.offer(b"a".to_vec());
        queue.offer(b"b".to_vec());
        assert!(queue.settle(Duration::from_secs(60)));
        assert_eq!(failures.try_iter().collect::<Vec<_>>(), [ErrorKind::BrokenPipe; 2]);
    }
}
