//! Tasks as the indices of arrays.

/// The tasks of one array: their indices in it count from `first`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: usize,
    /// In the array, rising.
    pub(super) indices: Vec<usize>,
}

impl Block {
    /// Arrays of indices below `size` for these tasks, which rise.
    pub(super) fn all(tasks: &[usize], size: usize) -> Vec<Self> {
        let size = size.max(1);
        let same_array = |one: &usize, other: &usize| one / size == other / size;
        let block = |tasks: &[usize]| {
            let first = tasks[0] / size * size;
            Self { first, indices: tasks.iter().map(|task| task - first).collect() }
        };
        tasks.chunk_by(same_array).map(block).collect()
    }

    /// As `sbatch --array` has it: `0-3,7`.
    pub(super) fn ranges(&self) -> String {
        let rows = self.indices.chunk_by(|one, next| one + 1 == *next);
        let range = |row: &[usize]| match row {
            [one] => one.to_string(),
            row => format!("{}-{}", row[0], row[row.len() - 1]),
        };
        rows.map(range).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_has_no_index_beyond_the_limit() {
        let tasks: Vec<usize> = (0..25).filter(|task| *task != 3).collect();
        let blocks = Block::all(&tasks, 10);
        let ranges: Vec<_> = blocks.iter().map(|block| (block.first, block.ranges())).collect();
        let expected = [(0, "0-2,4-9"), (10, "0-9"), (20, "0-4")];
        assert_eq!(ranges, expected.map(|(first, ranges)| (first, ranges.to_owned())));
        assert_eq!(Block::all(&[], 10), []);
        assert_eq!(Block::all(&[12], 10), [Block { first: 10, indices: vec![2] }]);
    }
}
