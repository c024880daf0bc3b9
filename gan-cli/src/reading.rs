//! Progress while images are read, where that takes long.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use gan_data::ImagesRead;

use crate::streams;

const EVERY: Duration = Duration::from_secs(5);

/// Prints a line every few seconds: how many images have been read, or what else is read of them.
pub(crate) fn progress(what: &'static str) -> impl Fn(ImagesRead) + Sync {
    let said = Mutex::new(Instant::now());
    move |ImagesRead { read, n_images }| {
        // Another thread that is about to print is as good as this one.
        let Ok(mut said) = said.try_lock() else { return };
        if read < n_images && said.elapsed() >= EVERY {
            *said = Instant::now();
            streams::say(&format!("reading {what}: {read} of {n_images}"));
        }
    }
}
