//! Transposes of random shapes, number by number.

use proptest::prelude::*;

use super::*;
use crate::reference::numbers;

fn check(job: &Transpose, matrices: usize, gaps: [usize; 2]) {
    let &Transpose { rows, columns, from_stride, to_stride } = job;
    let from = numbers(matrices * (rows * from_stride + gaps[0]), 1);
    let length = matrices * (columns * to_stride + gaps[1]);
    let at = |matrix: usize| {
        (matrix * (rows * from_stride + gaps[0]), matrix * (columns * to_stride + gaps[1]))
    };
    let mut expected = vec![0.0; length];
    for matrix in 0..matrices {
        let (read, write) = at(matrix);
        for (r, c) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
            expected[write + c * to_stride + r] = from[read + r * from_stride + c];
        }
    }
    Level::each(|| {
        assert_eq!(job.run(&from, length, matrices, at), expected);
        []
    });
}

proptest! {
    #[test]
    fn rows_become_columns_and_gaps_are_0(
        (rows, columns, matrices) in (1usize..150, 1usize..70, 0usize..4),
        [beside_rows, beside_columns, behind_from, behind_to] in [0usize..3, 0..3, 0..9, 0..9],
    ) {
        let (from_stride, to_stride) = (columns + beside_columns, rows + beside_rows);
        let job = Transpose { rows, columns, from_stride, to_stride };
        check(&job, matrices, [behind_from, behind_to]);
        check(&Transpose::dense(rows, columns), matrices, [0, 0]);
    }
}
