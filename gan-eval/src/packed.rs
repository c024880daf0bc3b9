//! What was found in a chunk of samples as bytes, which go from one rank to another.

/// What goes from one rank to another.
pub(crate) trait Packed: Sized {
    /// As bytes.
    fn pack(&self) -> Vec<u8>;

    /// From the bytes of another rank; none, if it was not this that made them.
    fn unpack(bytes: &[u8]) -> Option<Self>;
}

/// Writes lists of numbers one after the other, each with its length before it.
#[derive(Default)]
pub(crate) struct Packer(Vec<u8>);

impl Packer {
    pub(crate) fn sizes(self, numbers: &[usize]) -> Self {
        self.list(numbers.iter().map(|&number| (number as u64).to_le_bytes()))
    }

    pub(crate) fn floats(self, numbers: &[f32]) -> Self {
        self.list(numbers.iter().map(|number| number.to_le_bytes()))
    }

    pub(crate) fn doubles(self, numbers: &[f64]) -> Self {
        self.list(numbers.iter().map(|number| number.to_le_bytes()))
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }

    fn list<const N: usize>(mut self, numbers: impl ExactSizeIterator<Item = [u8; N]>) -> Self {
        self.0.extend((numbers.len() as u64).to_le_bytes());
        self.0.extend(numbers.flatten());
        self
    }
}

/// Reads what a [`Packer`] has written, in the same order.
pub(crate) struct Unpacker<'a>(pub(crate) &'a [u8]);

impl Unpacker<'_> {
    pub(crate) fn sizes(&mut self) -> Option<Vec<usize>> {
        self.list(|bytes| u64::from_le_bytes(bytes) as usize)
    }

    pub(crate) fn floats(&mut self) -> Option<Vec<f32>> {
        self.list(f32::from_le_bytes)
    }

    pub(crate) fn doubles(&mut self) -> Option<Vec<f64>> {
        self.list(f64::from_le_bytes)
    }

    fn list<const N: usize, T>(&mut self, number: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?.checked_mul(N)?;
        let (list, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        let numbers = list.chunks_exact(N).filter_map(|bytes| bytes.try_into().ok());
        Some(numbers.map(number).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_in_their_order_and_bytes_that_end_early_do_not() {
        let bytes = Packer::default()
            .sizes(&[3, 0])
            .floats(&[])
            .doubles(&[0.1, f64::NEG_INFINITY])
            .finish();
        let mut all = Unpacker(&bytes);
        assert_eq!(all.sizes(), Some(vec![3, 0]));
        assert_eq!(all.floats(), Some(vec![]));
        assert_eq!(all.doubles(), Some(vec![0.1, f64::NEG_INFINITY]));
        assert_eq!(all.sizes(), None);
        for end in [0, 7, 8, 23] {
            assert_eq!(Unpacker(&bytes[..end]).sizes(), None, "{end} bytes");
        }
    }
}
