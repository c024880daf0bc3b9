//! Feature maps in their memory layout, and operations on them channel by channel.

use crate::activation::Activation;
use crate::lanes::{Sum, for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::{STREAMED, Shared, for_each};

/// The shape of a map: `[pixels][channels][batch]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Map {
    /// Pixels; 1 for the features of a fully connected layer.
    pub pixels: usize,
    /// Channels, or features.
    pub channels: usize,
    /// Samples.
    pub batch: usize,
}

/// Channels that one task takes along: together they are whole pages and lines of memory.
pub(crate) const BLOCK: usize = 8;

impl Map {
    /// Numbers in all.
    pub(crate) fn len(&self) -> usize {
        self.pixels * self.channels * self.batch
    }

    /// Calls `task(first, n)` for every block of `n` channels.
    pub(crate) fn for_each_block(&self, passes: usize, task: impl Fn(usize, usize) + Sync) {
        let blocks = self.channels.div_ceil(BLOCK);
        for_each(blocks, STREAMED * passes * self.len(), |block| {
            let first = block * BLOCK;
            task(first, BLOCK.min(self.channels - first));
        });
    }

    /// The gradient before an activation, and the sum over pixels and samples of each channel of
    /// it: the gradient of a bias. `y` is what the activation has made.
    ///
    /// # Panics
    /// If a slice has another length than the map.
    pub(crate) fn activation_backward(
        &self,
        activation: Activation,
        y: &[f32],
        gradient: &[f32],
    ) -> (Vec<f32>, Vec<f32>) {
        assert_eq!(y.len(), self.len(), "numbers of the activation's result");
        assert_eq!(gradient.len(), self.len(), "numbers of its gradient");
        let mut before = Vec::with_capacity(self.len());
        let mut sums = vec![0.0; self.channels];
        let (place, sums_place) =
            (Shared::new(before.spare_capacity_mut()), Shared::new(&mut sums));
        let level = Level::here();
        self.for_each_block(1, |first, n| {
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe {
                let before = place.at(0).cast::<f32>();
                let given = (y.as_ptr(), gradient.as_ptr());
                let sums = sums_place.at(first);
                backward_at_level(level, self, activation, (first, n), given, before, sums);
            }
        });
        // SAFETY: every channel was written.
        unsafe { before.set_len(self.len()) };
        (before, sums)
    }

    /// The sum over pixels and samples of each channel.
    ///
    /// # Panics
    /// If there are not as many numbers as the map has.
    pub(crate) fn sums(&self, numbers: &[f32]) -> Vec<f32> {
        assert_eq!(numbers.len(), self.len(), "numbers of the map");
        let mut sums = vec![0.0; self.channels];
        let place = Shared::new(&mut sums);
        let level = Level::here();
        self.for_each_block(1, |first, n| {
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe { sums_at_level(level, self, (first, n), numbers.as_ptr(), place.at(first)) };
        });
        sums
    }
}

/// `activation` of every number.
pub(crate) fn activate(activation: Activation, numbers: &[f32]) -> Vec<f32> {
    let mut out = Vec::with_capacity(numbers.len());
    let place = Shared::new(out.spare_capacity_mut());
    let level = Level::here();
    in_stretches(numbers.len(), |first, n| {
        // SAFETY: the level is the processor's; each stretch is written once.
        unsafe {
            let out = place.at(first).cast::<f32>();
            activate_at_level(level, activation, numbers.as_ptr().add(first), out, n);
        }
    });
    // SAFETY: every stretch was written.
    unsafe { out.set_len(numbers.len()) };
    out
}

/// `a + b`, number by number.
///
/// # Panics
/// If there are not equally many.
pub(crate) fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    assert_eq!(a.len(), b.len(), "one length");
    let mut out = Vec::with_capacity(a.len());
    let place = Shared::new(out.spare_capacity_mut());
    let level = Level::here();
    in_stretches(a.len(), |first, n| {
        // SAFETY: the level is the processor's; each stretch is written once.
        unsafe {
            let both = (a.as_ptr().add(first), b.as_ptr().add(first));
            sum_at_level(level, both, place.at(first).cast::<f32>(), n);
        }
    });
    // SAFETY: every stretch was written.
    unsafe { out.set_len(a.len()) };
    out
}

/// Adds `other` to `to`, number by number.
///
/// # Panics
/// If there are not equally many.
pub(crate) fn add_to(to: &mut [f32], other: &[f32]) {
    assert_eq!(to.len(), other.len(), "one length");
    let (length, place) = (to.len(), Shared::new(to));
    let level = Level::here();
    in_stretches(length, |first, n| {
        // SAFETY: the level is the processor's; each stretch is read and written by one task.
        unsafe {
            let to = place.at(first);
            sum_at_level(level, (to.cast_const(), other.as_ptr().add(first)), to, n);
        }
    });
}

/// Calls `task(first, n)` for stretches of numbers that cover `length` of them.
pub(crate) fn in_stretches(length: usize, task: impl Fn(usize, usize) + Sync) {
    const STRETCH: usize = 32 * 1024;
    for_each(length.div_ceil(STRETCH), STREAMED * length, |stretch| {
        let first = stretch * STRETCH;
        task(first, STRETCH.min(length - first));
    });
}

at_level! {
    fn backward_at_level(
        map: &Map,
        activation: Activation,
        block: (usize, usize),
        y_gradient: (*const f32, *const f32),
        before: *mut f32,
        sums: *mut f32,
    ) = backward
}

#[inline(always)]
unsafe fn backward<S: Simd>(
    map: &Map,
    activation: Activation,
    (first, n): (usize, usize),
    (y, gradient): (*const f32, *const f32),
    before: *mut f32,
    sums: *mut f32,
) {
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        let mut of_channel = [Sum::<S>::zero(); BLOCK];
        for pixel in 0..map.pixels {
            for c in 0..n {
                let row = (pixel * map.channels + first + c) * map.batch;
                let (y, gradient, before) = (y.add(row), gradient.add(row), before.add(row));
                for_each_vector!(S, map.batch, |at, n| {
                    let (y, gradient) = (read::<S>(y.add(at), n), read::<S>(gradient.add(at), n));
                    let dz = activation.backward::<S>(y, gradient);
                    of_channel[c].add(at, dz);
                    write::<S>(before.add(at), dz, n);
                });
            }
        }
        for (c, sum) in of_channel.into_iter().enumerate().take(n) {
            *sums.add(c) = sum.total();
        }
    }
}

at_level! {
    fn sums_at_level(map: &Map, block: (usize, usize), x: *const f32, sums: *mut f32) = add_up
}

#[inline(always)]
unsafe fn add_up<S: Simd>(map: &Map, (first, n): (usize, usize), x: *const f32, sums: *mut f32) {
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        let mut of_channel = [Sum::<S>::zero(); BLOCK];
        for pixel in 0..map.pixels {
            for c in 0..n {
                let row = x.add((pixel * map.channels + first + c) * map.batch);
                for_each_vector!(S, map.batch, |at, n| {
                    of_channel[c].add(at, read::<S>(row.add(at), n));
                });
            }
        }
        for (c, sum) in of_channel.into_iter().enumerate().take(n) {
            *sums.add(c) = sum.total();
        }
    }
}

at_level! {
    fn activate_at_level(activation: Activation, x: *const f32, y: *mut f32, length: usize)
        = activate_all
}

#[inline(always)]
unsafe fn activate_all<S: Simd>(activation: Activation, x: *const f32, y: *mut f32, length: usize) {
    for_each_vector!(S, length, |at, n| {
        // SAFETY: the caller's, for `length` numbers.
        unsafe { write::<S>(y.add(at), activation.apply::<S>(read::<S>(x.add(at), n)), n) }
    });
}

at_level! {
    fn sum_at_level(both: (*const f32, *const f32), sum: *mut f32, length: usize) = sum_all
}

#[inline(always)]
unsafe fn sum_all<S: Simd>((a, b): (*const f32, *const f32), sum: *mut f32, length: usize) {
    for_each_vector!(S, length, |at, n| {
        // SAFETY: the caller's, for `length` numbers; a number is read before it is written.
        unsafe {
            let both = S::add(read::<S>(a.add(at), n), read::<S>(b.add(at), n));
            write::<S>(sum.add(at), both, n);
        }
    });
}

#[cfg(test)]
mod tests;
