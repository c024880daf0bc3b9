//! Pooling by sums, and its transpose: pixels that are repeated.
//!
//! What lies at a pixel is contiguous in memory, so a pixel of one map is a row that is added up from
//! rows of the other, or copied to them.

use crate::lanes::{for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::{STREAMED, Shared, for_each};

/// Windows that tile the finer map, each a pixel of the coarser one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pooling {
    /// Height and width of the finer map.
    pub fine: [usize; 2],
    /// Height and width of a window; pixels behind the last whole window are in none.
    pub window: [usize; 2],
    /// What the sums, or the repeated pixels, are multiplied by.
    pub scale: f32,
}

impl Pooling {
    /// Height and width of the coarser map.
    pub(crate) fn coarse(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.fine[axis] / self.window[axis])
    }

    /// `scale` times the sum of each window, row by row. A pixel is `length` numbers.
    ///
    /// # Panics
    /// If the map has another length.
    pub(crate) fn pool(&self, fine: &[f32], length: usize) -> Vec<f32> {
        assert_eq!(fine.len(), self.fine.iter().product::<usize>() * length, "numbers of the map");
        let [height, width] = self.coarse();
        let mut coarse = Vec::with_capacity(height * width * length);
        let place = Shared::new(coarse.spare_capacity_mut());
        let level = Level::here();
        for_each(height * width, STREAMED * fine.len(), |pixel| {
            // SAFETY: the level is the processor's; the window is inside the finer map, and each
            // pixel of the coarser one is written once.
            unsafe {
                let [y, x] = [pixel / width * self.window[0], pixel % width * self.window[1]];
                let first = fine.as_ptr().add((y * self.fine[1] + x) * length);
                let to = place.at(pixel * length).cast::<f32>();
                pool_at_level(level, self, first, to, length);
            }
        });
        // SAFETY: every pixel was written.
        unsafe { coarse.set_len(height * width * length) };
        coarse
    }

    /// `scale` times the coarser map, each of its pixels all over its window; 0 outside of the
    /// windows. A pixel is `length` numbers.
    ///
    /// # Panics
    /// If the map has another length.
    pub(crate) fn repeat(&self, coarse: &[f32], length: usize) -> Vec<f32> {
        let [rows, columns] = self.coarse();
        assert_eq!(coarse.len(), rows * columns * length, "numbers of the map");
        let [height, width] = self.fine;
        let mut fine = Vec::with_capacity(height * width * length);
        let place = Shared::new(fine.spare_capacity_mut());
        let level = Level::here();
        for_each(height * width, STREAMED * height * width * length, |pixel| {
            let [y, x] = [pixel / width / self.window[0], pixel % width / self.window[1]];
            // SAFETY: the level is the processor's; the pixel that is read is inside the coarser
            // map, and each of the finer one is written once.
            unsafe {
                let to = place.at(pixel * length).cast::<f32>();
                if y < rows && x < columns {
                    let from = coarse.as_ptr().add((y * columns + x) * length);
                    scale_at_level(level, self.scale, from, to, length);
                } else {
                    to.write_bytes(0, length);
                }
            }
        });
        // SAFETY: every pixel was written.
        unsafe { fine.set_len(height * width * length) };
        fine
    }
}

at_level! {
    fn pool_at_level(pooling: &Pooling, first: *const f32, to: *mut f32, length: usize) = pool
}

#[inline(always)]
unsafe fn pool<S: Simd>(pooling: &Pooling, first: *const f32, to: *mut f32, length: usize) {
    let [height, width] = pooling.window;
    for_each_vector!(S, length, |at, n| {
        // SAFETY: the caller's, for `length` numbers at each pixel of the window.
        unsafe {
            let mut sum = S::splat(0.0);
            for y in 0..height {
                for x in 0..width {
                    let pixel = first.add((y * pooling.fine[1] + x) * length);
                    sum = S::add(sum, read::<S>(pixel.add(at), n));
                }
            }
            write::<S>(to.add(at), S::mul(sum, S::splat(pooling.scale)), n);
        }
    });
}

at_level! {
    fn scale_at_level(scale: f32, from: *const f32, to: *mut f32, length: usize) = scale_all
}

#[inline(always)]
unsafe fn scale_all<S: Simd>(scale: f32, from: *const f32, to: *mut f32, length: usize) {
    for_each_vector!(S, length, |at, n| {
        // SAFETY: the caller's, for `length` numbers.
        unsafe { write::<S>(to.add(at), S::mul(read::<S>(from.add(at), n), S::splat(scale)), n) };
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{assert_near, numbers};

    /// Both maps by plain loops: `visit` is given a place of each for every number in a window.
    fn pairs(pooling: &Pooling, length: usize, mut visit: impl FnMut(usize, usize)) {
        let [rows, columns] = pooling.coarse();
        for (y, x) in (0..rows * pooling.window[0])
            .flat_map(|y| (0..columns * pooling.window[1]).map(move |x| (y, x)))
        {
            let coarse = y / pooling.window[0] * columns + x / pooling.window[1];
            for i in 0..length {
                visit((y * pooling.fine[1] + x) * length + i, coarse * length + i);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn windows_are_added_up_and_filled_as_by_plain_loops(
            window in [1usize..=4, 1usize..=4],
            tiles in [1usize..=4, 1usize..=4],
            beyond in [0usize..=3, 0usize..=3],
            length in 1usize..=70,
            scale in prop_oneof![Just(1.0f32), Just(0.25), Just(1.0 / 9.0)],
        ) {
            let side = |axis: usize| window[axis] * tiles[axis] + beyond[axis].min(window[axis] - 1);
            let pooling = Pooling { fine: [side(0), side(1)], window, scale };
            let fine = numbers(side(0) * side(1) * length, 1);
            let coarse = numbers(tiles[0] * tiles[1] * length, 2);
            let mut pooled = vec![0.0; coarse.len()];
            let mut repeated = vec![0.0; fine.len()];
            pairs(&pooling, length, |of_fine, of_coarse| {
                pooled[of_coarse] += f64::from(fine[of_fine]) * f64::from(scale);
                repeated[of_fine] = f64::from(coarse[of_coarse]) * f64::from(scale);
            });
            Level::each(|| {
                let found = [pooling.pool(&fine, length), pooling.repeat(&coarse, length)];
                assert_near("the coarser map", &found[0], &pooled);
                assert_near("the finer map", &found[1], &repeated);
                found
            });
        }
    }
}
