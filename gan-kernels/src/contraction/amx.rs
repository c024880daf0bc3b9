//! Products of bfloat16 pairs in tiles (AMX): 16 by 16 sums over 16 pairs by one instruction.
//!
//! The rows of a first tile are rows of the weights, whose pairs must be neighbors; the rows of a second one
//! are the lanes of 16 neighbors along `d`, as they are in a map already. Sums are in `f32` and
//! begin anew in every 16 pairs, so they are in another order than those of [`tall`](super::tall);
//! numbers below 2⁻¹²⁶ are 0.

use std::arch::asm;
use std::ops::Range;

use super::{Contraction, Term};
use crate::lanes::{for_each_vector, read, write};
use crate::operand::Bf16x2;
use crate::simd::{Avx512, Simd};

/// Rows, lanes and pairs of a tile at most.
const SIDE: usize = 16;
/// Products that follow one another before the next rows are taken up: their lanes, 32 KiB, stay in the
/// first cache meanwhile.
const STEPS: usize = 16;

/// Where the operands of a product begin.
#[derive(Clone, Copy)]
#[repr(C)]
struct Step {
    weights: *const Bf16x2,
    input: *const Bf16x2,
}

/// Some rows of one output.
///
/// # Safety
/// The processor and the system have tiles ([`crate::processor::has_tiles`]); the weights of a row are
/// neighbors along `d`; the terms stay inside their operands, the rows inside `out`.
pub(super) unsafe fn task(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    operands: (*const Bf16x2, *const Bf16x2),
    out: *mut f32,
) {
    debug_assert_eq!(job.weight_stride, 1, "pairs of a row are neighbors");
    let terms = job.terms.of(output);
    let mut configured = None;
    for lane in (0..job.lanes).step_by(2 * SIDE) {
        let block = Block { job, operands, out, lane, lanes: (job.lanes - lane).min(2 * SIDE) };
        // SAFETY: the caller's.
        unsafe {
            block.sum(terms, rows.clone(), &mut configured);
            finish(&block, rows.clone());
        }
    }
    if configured.is_some() {
        // SAFETY: the processor has tiles.
        unsafe { asm!("tilerelease", options(nostack, preserves_flags)) };
    }
}

/// Lanes that are computed together, for all rows of a task.
struct Block<'a> {
    job: &'a Contraction<'a>,
    operands: (*const Bf16x2, *const Bf16x2),
    out: *mut f32,
    lane: usize,
    lanes: usize,
}

impl Block<'_> {
    /// The sums of all terms: first over whole tiles of 16 pairs, then over what each term has beyond.
    ///
    /// # Safety
    /// That of [`task`].
    unsafe fn sum(&self, terms: &[Term], rows: Range<usize>, configured: &mut Option<Shape>) {
        let depth = self.job.depth;
        let whole = depth - depth % SIDE;
        let mut begun = false;
        for (from, to, pairs) in [(0, whole, SIDE), (whole, depth, depth % SIDE)] {
            let places = terms.iter().flat_map(|term| {
                (from..to).step_by(SIDE).map(move |d| (term.weight + d, term.input, d))
            });
            let mut steps = [Step { weights: std::ptr::null(), input: std::ptr::null() }; STEPS];
            let mut n = 0;
            let mut left = terms.len() * (to - from).div_ceil(SIDE);
            for (weight, input, d) in places {
                // SAFETY: the caller's: both are inside the operands.
                steps[n] = unsafe {
                    Step {
                        weights: self.operands.0.add(weight),
                        input: self.operands.1.add(input + d * self.job.input_stride + self.lane),
                    }
                };
                (n, left) = (n + 1, left - 1);
                if n == STEPS || left == 0 {
                    // SAFETY: the caller's.
                    unsafe { self.add(&steps[..n], pairs, rows.clone(), begun, configured) };
                    (n, begun) = (0, true);
                }
            }
        }
        if !begun {
            // SAFETY: the rows are the caller's.
            unsafe { self.clear(rows) };
        }
    }

    /// What an output without terms is the sum of.
    ///
    /// # Safety
    /// That of [`task`].
    unsafe fn clear(&self, rows: Range<usize>) {
        for row in rows {
            // SAFETY: inside the output.
            unsafe {
                self.out.add(row * self.job.lanes + self.lane).write_bytes(0, self.lanes);
            }
        }
    }

    /// Adds some steps of `pairs` pairs each to all rows, or begins with them.
    ///
    /// # Safety
    /// That of [`task`].
    unsafe fn add(
        &self,
        steps: &[Step],
        pairs: usize,
        rows: Range<usize>,
        begun: bool,
        configured: &mut Option<Shape>,
    ) {
        let job = self.job;
        for row in rows.clone().step_by(2 * SIDE) {
            let shape = Shape { rows: (rows.end - row).min(2 * SIDE), lanes: self.lanes, pairs };
            if *configured != Some(shape) {
                // SAFETY: the processor has tiles, and the shape is one of theirs.
                unsafe { shape.configure() };
                *configured = Some(shape);
            }
            let first_weight = row * job.row_stride * size_of::<Bf16x2>();
            // SAFETY: the tiles are inside the operands and the output.
            unsafe {
                let strides = Strides {
                    weights: job.row_stride * size_of::<Bf16x2>(),
                    input: job.input_stride * size_of::<Bf16x2>(),
                    out: job.lanes * size_of::<f32>(),
                };
                let out = self.out.add(row * job.lanes + self.lane);
                match (shape.rows > SIDE, shape.lanes > SIDE) {
                    (true, true) => four_tiles(steps, first_weight, strides, out, begun),
                    (true, false) => two_rows_of_tiles(steps, first_weight, strides, out, begun),
                    (false, true) => two_tiles_in_a_row(steps, first_weight, strides, out, begun),
                    (false, false) => one_tile(steps, first_weight, strides, out, begun),
                }
            }
        }
    }
}

/// Bytes from one row to the next.
#[derive(Clone, Copy)]
struct Strides {
    weights: usize,
    input: usize,
    out: usize,
}

/// Extent of what is computed at once: up to two tiles of rows by two of lanes, over a tile of pairs.
#[derive(Clone, Copy, PartialEq)]
struct Shape {
    rows: usize,
    lanes: usize,
    pairs: usize,
}

/// What `ldtilecfg` reads: for each of eight tiles the bytes of a row and the rows.
#[repr(C, align(64))]
struct Configuration {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

impl Shape {
    /// Tiles 0 to 3 hold the sums, 4 and 5 rows of weights, 6 and 7 lanes of the input.
    ///
    /// # Safety
    /// The processor has tiles.
    unsafe fn configure(self) {
        let halves = |n: usize| [n.min(SIDE), n.saturating_sub(SIDE)];
        let ([top, bottom], [left, right]) = (halves(self.rows), halves(self.lanes));
        let pairs = self.pairs;
        let tiles = [
            (top, left),
            (top, right),
            (bottom, left),
            (bottom, right),
            (top, pairs),
            (bottom, pairs),
            (pairs, left),
            (pairs, right),
        ];
        let mut configuration = Configuration {
            palette: 1,
            start_row: 0,
            reserved: [0; 14],
            row_bytes: [0; 16],
            rows: [0; 16],
        };
        for (tile, (rows, columns)) in tiles.into_iter().enumerate() {
            // A tile without rows must be without columns.
            let empty = rows == 0 || columns == 0;
            configuration.rows[tile] = if empty { 0 } else { rows as u8 };
            configuration.row_bytes[tile] = if empty { 0 } else { 4 * columns as u16 };
        }
        // SAFETY: 64 bytes that the instruction reads.
        unsafe {
            asm!("ldtilecfg [{}]", in(reg) &raw const configuration, options(nostack, readonly));
        }
    }
}

/// A loop over steps that adds the products of tiles 4, 5 and 6, 7 to tiles 0 to 3.
///
/// All of it is one block of assembly, for the compiler knows of no tiles.
macro_rules! tiles {
    (
        $(#[$doc:meta])* $name:ident,
        zero: [$($zero:literal),*], load: [$($load:literal),*],
        step: [$($step:literal),*], store: [$($store:literal),*]
    ) => {
        $(#[$doc])*
        ///
        /// # Safety
        /// The tiles are configured; rows and lanes are inside the operands and the output.
        unsafe fn $name(
            steps: &[Step],
            first_weight: usize,
            strides: Strides,
            out: *mut f32,
            begun: bool,
        ) {
            let range = steps.as_ptr_range();
            // SAFETY: the caller's; there is at least one step.
            unsafe {
                asm!(
                    "test {begun}, {begun}",
                    "jnz 2f",
                    $($zero,)*
                    "jmp 3f",
                    "2:",
                    $($load,)*
                    "3:",
                    "mov {a}, qword ptr [{step}]",
                    "mov {b}, qword ptr [{step} + 8]",
                    "add {a}, {first}",
                    $($step,)*
                    "add {step}, 16",
                    "cmp {step}, {end}",
                    "jne 3b",
                    $($store,)*
                    // Named for tiles of one row too.
                    "/* {next_a} {below} */",
                    begun = in(reg) u64::from(begun),
                    step = inout(reg) range.start => _,
                    end = in(reg) range.end,
                    first = in(reg) first_weight,
                    sa = in(reg) strides.weights,
                    sb = in(reg) strides.input,
                    sc = in(reg) strides.out,
                    next_a = in(reg) SIDE * strides.weights,
                    c = in(reg) out,
                    below = in(reg) out.wrapping_byte_add(SIDE * strides.out),
                    a = out(reg) _,
                    b = out(reg) _,
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack),
                );
            }
        }
    };
}

tiles! {
    /// 17 to 32 rows by 17 to 32 lanes.
    four_tiles,
    zero: ["tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3"],
    load: [
        "tileloadd tmm0, [{c} + {sc}*1]", "tileloadd tmm1, [{c} + {sc}*1 + 64]",
        "tileloadd tmm2, [{below} + {sc}*1]", "tileloadd tmm3, [{below} + {sc}*1 + 64]"
    ],
    step: [
        "tileloadd tmm4, [{a} + {sa}*1]", "tileloadd tmm6, [{b} + {sb}*1]",
        "tdpbf16ps tmm0, tmm4, tmm6",
        "tileloadd tmm7, [{b} + {sb}*1 + 64]",
        "tdpbf16ps tmm1, tmm4, tmm7",
        "add {a}, {next_a}",
        "tileloadd tmm5, [{a} + {sa}*1]",
        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7"
    ],
    store: [
        "tilestored [{c} + {sc}*1], tmm0", "tilestored [{c} + {sc}*1 + 64], tmm1",
        "tilestored [{below} + {sc}*1], tmm2", "tilestored [{below} + {sc}*1 + 64], tmm3"
    ]
}

tiles! {
    /// 17 to 32 rows by up to 16 lanes.
    two_rows_of_tiles,
    zero: ["tilezero tmm0", "tilezero tmm2"],
    load: ["tileloadd tmm0, [{c} + {sc}*1]", "tileloadd tmm2, [{below} + {sc}*1]"],
    step: [
        "tileloadd tmm4, [{a} + {sa}*1]", "tileloadd tmm6, [{b} + {sb}*1]",
        "tdpbf16ps tmm0, tmm4, tmm6",
        "add {a}, {next_a}",
        "tileloadd tmm5, [{a} + {sa}*1]",
        "tdpbf16ps tmm2, tmm5, tmm6"
    ],
    store: ["tilestored [{c} + {sc}*1], tmm0", "tilestored [{below} + {sc}*1], tmm2"]
}

tiles! {
    /// Up to 16 rows by 17 to 32 lanes.
    two_tiles_in_a_row,
    zero: ["tilezero tmm0", "tilezero tmm1"],
    load: ["tileloadd tmm0, [{c} + {sc}*1]", "tileloadd tmm1, [{c} + {sc}*1 + 64]"],
    step: [
        "tileloadd tmm4, [{a} + {sa}*1]", "tileloadd tmm6, [{b} + {sb}*1]",
        "tdpbf16ps tmm0, tmm4, tmm6",
        "tileloadd tmm7, [{b} + {sb}*1 + 64]",
        "tdpbf16ps tmm1, tmm4, tmm7"
    ],
    store: ["tilestored [{c} + {sc}*1], tmm0", "tilestored [{c} + {sc}*1 + 64], tmm1"]
}

tiles! {
    /// Up to 16 rows by up to 16 lanes.
    one_tile,
    zero: ["tilezero tmm0"],
    load: ["tileloadd tmm0, [{c} + {sc}*1]"],
    step: [
        "tileloadd tmm4, [{a} + {sa}*1]", "tileloadd tmm6, [{b} + {sb}*1]",
        "tdpbf16ps tmm0, tmm4, tmm6"
    ],
    store: ["tilestored [{c} + {sc}*1], tmm0"]
}

/// Bias and activation of a block.
///
/// # Safety
/// That of [`task`].
#[target_feature(enable = "avx512f")]
unsafe fn finish(block: &Block<'_>, rows: Range<usize>) {
    let &Contraction { bias, activation, lanes, .. } = block.job;
    if bias.is_none() && activation == crate::Activation::Identity {
        return;
    }
    for row in rows {
        // SAFETY: the rows and lanes are inside the output, which has been written.
        unsafe {
            let of_row = Avx512::splat(bias.map_or(0.0, |bias| bias[row]));
            let sums = block.out.add(row * lanes + block.lane);
            for_each_vector!(Avx512, block.lanes, |at, n| {
                let sum = Avx512::add(read::<Avx512>(sums.add(at), n), of_row);
                write::<Avx512>(sums.add(at), activation.apply::<Avx512>(sum), n);
            });
        }
    }
}
