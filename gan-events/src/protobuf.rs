//! Protocol buffers, as far as events need them: the fields of a message, one after the other.
//!
//! A field is its number and the kind of its value in one varint, then the value. Fields are written in
//! the order in which they are given; Python's reader and TensorBoard's take any order.
//!
//! # Source
//! <https://protobuf.dev/programming-guides/encoding/>

/// Kinds of values on the wire.
const VARINT: u64 = 0;
const EIGHT_BYTES: u64 = 1;
const DELIMITED: u64 = 2;
const FOUR_BYTES: u64 = 5;

/// A message being written.
///
/// Every field that is given is written, also one that has its default: proto3 leaves those out but
/// inside a `oneof`, and that is known by who calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// An unsigned number, an enum or a flag.
    pub(crate) fn varint(mut self, field: u64, value: u64) -> Self {
        self.key(field, VARINT);
        push_varint(value, &mut self.bytes);
        self
    }

    pub(crate) fn float(mut self, field: u64, value: f32) -> Self {
        self.key(field, FOUR_BYTES);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn double(mut self, field: u64, value: f64) -> Self {
        self.key(field, EIGHT_BYTES);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.key(field, DELIMITED);
        push_varint(value.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(value);
        self
    }

    pub(crate) fn text(self, field: u64, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    pub(crate) fn message(self, field: u64, value: &Self) -> Self {
        self.bytes(field, &value.bytes)
    }

    /// A field that may occur more than once, for each message.
    pub(crate) fn messages<'a>(
        self,
        field: u64,
        values: impl IntoIterator<Item = &'a Self>,
    ) -> Self {
        values.into_iter().fold(self, |message, value| message.message(field, value))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn key(&mut self, field: u64, kind: u64) {
        push_varint(field << 3 | kind, &mut self.bytes);
    }
}

/// The value of a field that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Field<'a> {
    Varint(u64),
    EightBytes([u8; 8]),
    Delimited(&'a [u8]),
    FourBytes([u8; 4]),
}

/// The fields of a message with their numbers, up to the first that cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn split(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            VARINT => Field::Varint(self.varint()?),
            EIGHT_BYTES => Field::EightBytes(*self.take()?),
            DELIMITED => {
                let length = usize::try_from(self.varint()?).ok()?;
                let (value, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Field::Delimited(value)
            }
            FOUR_BYTES => Field::FourBytes(*self.take()?),
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn take<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = *self.take()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if bits << shift >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let field = self.split();
        if field.is_none() {
            self.rest = &[];
        }
        field
    }
}

/// Seven bits a byte, the lowest first; the highest bit of a byte says that there are more.
fn push_varint(mut value: u64, bytes: &mut Vec<u8>) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn varint(value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_varint(value, &mut bytes);
        bytes
    }

    #[test]
    fn the_examples_of_the_encoding_guide() {
        assert_eq!(varint(150), [0x96, 0x01]);
        assert_eq!(Message::default().varint(1, 150).as_bytes(), [0x08, 0x96, 0x01]);
        let text = Message::default().text(2, "testing");
        assert_eq!(text.as_bytes(), b"\x12\x07testing");
        let inner = Message::default().varint(1, 150);
        let outer = Message::default().message(3, &inner);
        assert_eq!(outer.as_bytes(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
        assert_eq!(varint(u64::MAX).len(), 10);
    }

    #[test]
    fn a_varint_that_is_too_long_is_none() {
        let mut eleven = vec![0x80; 10];
        eleven.push(1);
        assert_eq!(Fields::of(&eleven).varint(), None);
        let mut beyond_64_bits = vec![0xff; 9];
        beyond_64_bits.push(2);
        assert_eq!(Fields::of(&beyond_64_bits).varint(), None);
    }

    proptest! {
        #[test]
        fn a_varint_is_read_back_and_is_as_short_as_it_can_be(value: u64) {
            let bytes = varint(value);
            let bits = (u64::BITS - value.leading_zeros()).max(1);
            prop_assert_eq!(bytes.len(), bits.div_ceil(7) as usize);
            let mut fields = Fields::of(&bytes);
            prop_assert_eq!(fields.varint(), Some(value));
            prop_assert!(fields.rest.is_empty());
        }

        #[test]
        fn fields_are_read_back(
            number in 1..1_u64 << 29, unsigned: u64, double: f64, float: f32, bytes: Vec<u8>,
        ) {
            let message = Message::default()
                .varint(number, unsigned)
                .double(number, double)
                .float(number, float)
                .bytes(number, &bytes);
            let fields: Vec<_> = Fields::of(message.as_bytes()).collect();
            prop_assert_eq!(fields, [
                (number, Field::Varint(unsigned)),
                (number, Field::EightBytes(double.to_le_bytes())),
                (number, Field::FourBytes(float.to_le_bytes())),
                (number, Field::Delimited(&bytes)),
            ]);
        }

        #[test]
        fn reading_garbage_ends(garbage: Vec<u8>) {
            prop_assert!(Fields::of(&garbage).count() <= garbage.len());
        }
    }
}
