//! Transposes: how numbers are converted to the layout of the kernels and back.

use crate::operand::Operand;
use crate::simd::{Level, Simd, at_level};
use crate::threads::{STREAMED, Shared, for_each};

/// Equal matrices to be transposed, each somewhere in a larger array.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transpose {
    /// Rows of each matrix; columns of its transpose.
    pub rows: usize,
    /// Columns of each matrix.
    pub columns: usize,
    /// From one row to the next, where it is read.
    pub from_stride: usize,
    /// From one row of the transpose to the next, where it is written.
    pub to_stride: usize,
}

/// Rows that one task transposes.
const STRIPE: usize = 64;

impl Transpose {
    /// A single matrix of `rows` by `columns` without gaps.
    pub(crate) fn dense(rows: usize, columns: usize) -> Self {
        Self { rows, columns, from_stride: columns, to_stride: rows }
    }

    /// The transposes of `matrices` matrices, of which number `i` begins at `at(i)`: where it is
    /// read and where it is written, in a result of `length` numbers.
    ///
    /// Numbers that no matrix covers are 0.
    ///
    /// # Panics
    /// If a matrix reaches beyond its array.
    pub(crate) fn run<F: Operand>(
        &self,
        from: &[F],
        length: usize,
        matrices: usize,
        at: impl Fn(usize) -> (usize, usize) + Sync,
    ) -> Vec<F> {
        let &Self { rows, columns, from_stride, to_stride } = self;
        let covered = matrices * rows * columns;
        const { assert!(size_of::<F>() == size_of::<f32>(), "32 bits are moved at a time") };
        let mut to: Vec<F> = Vec::with_capacity(length);
        if covered < length {
            to.resize(length, F::default());
        }
        if covered > 0 {
            let stripes = rows.div_ceil(STRIPE);
            to.clear();
            let place = Shared::new(to.spare_capacity_mut());
            let level = Level::here();
            for_each(matrices * stripes, STREAMED * covered, |task| {
                let (matrix, stripe) = (task / stripes, task % stripes);
                let (read, write) = at(matrix);
                assert!(read + (rows - 1) * from_stride + columns <= from.len(), "reads too far");
                assert!(write + (columns - 1) * to_stride + rows <= length, "writes too far");
                let first = stripe * STRIPE;
                let rows = STRIPE.min(rows - first);
                // SAFETY: both ends were checked just now; matrices and stripes are disjoint.
                unsafe {
                    let from = from.as_ptr().cast::<f32>().add(read + first * from_stride);
                    let to = place.at(write + first).cast::<f32>();
                    stripe_at_level(level, self, rows, from, to);
                }
            });
        }
        // SAFETY: every number was written, by a matrix or as the 0 before.
        unsafe { to.set_len(length) };
        to
    }
}

at_level! {
    /// The first `rows` rows of one matrix.
    fn stripe_at_level(job: &Transpose, rows: usize, from: *const f32, to: *mut f32) = stripe
}

#[inline(always)]
unsafe fn stripe<S: Simd>(job: &Transpose, rows: usize, from: *const f32, to: *mut f32) {
    let &Transpose { columns, from_stride, to_stride, .. } = job;
    let (whole_rows, whole_columns) = (rows - rows % 16, columns - columns % 16);
    // SAFETY: the caller's; every place is inside the stripe.
    unsafe {
        let one = |r: usize, c: usize| *to.add(c * to_stride + r) = *from.add(r * from_stride + c);
        for c in (0..whole_columns).step_by(16) {
            for r in (0..whole_rows).step_by(16) {
                let (from, to) = (from.add(r * from_stride + c), to.add(c * to_stride + r));
                S::transpose_16(from, from_stride, to, to_stride);
            }
            for r in whole_rows..rows {
                (c..c + 16).for_each(|c| one(r, c));
            }
        }
        for c in whole_columns..columns {
            (0..rows).for_each(|r| one(r, c));
        }
    }
}

#[cfg(test)]
mod tests;
