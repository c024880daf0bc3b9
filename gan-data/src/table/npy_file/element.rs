//! The types of the values of an array.

use super::literal::Literal;
use crate::table::{Number, Precision, TableFault};
use crate::text::shortened;

/// One number of an array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Element {
    kind: Kind,
    pub(super) bytes: usize,
    is_big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Boolean,
    Signed,
    Unsigned,
    Float,
}

/// What an array has at each place: a number, or a row of named numbers.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    pub(super) stride: usize,
    /// Each number with the byte that it begins at.
    pub(super) fields: Vec<(usize, Element)>,
    /// The names of the fields, where they have any.
    pub(super) names: Option<Vec<String>>,
}

impl Record {
    /// The type that NumPy describes in this way.
    pub(super) fn of(descr: &Literal) -> Result<Self, TableFault> {
        match descr {
            Literal::Text(name) => {
                let element = Element::called(name)?;
                Ok(Self { stride: element.bytes, fields: vec![(0, element)], names: None })
            }
            Literal::List(fields) => Self::of_fields(fields),
            _ => Err(TableFault::NpyHeader),
        }
    }

    fn of_fields(descr: &[Literal]) -> Result<Self, TableFault> {
        let (mut stride, mut fields, mut names) = (0, Vec::new(), Vec::new());
        for field in descr {
            let Literal::List(parts) = field else { return Err(TableFault::NpyHeader) };
            let (name, kind) = match parts.as_slice() {
                [Literal::Text(name), Literal::Text(kind)] => (name, kind),
                // A title stands before the name.
                [Literal::List(both), Literal::Text(kind)] => match both.as_slice() {
                    [_, Literal::Text(name)] => (name, kind),
                    _ => return Err(nested(descr)),
                },
                _ => return Err(nested(descr)),
            };
            if name.is_empty()
                && let Some(padding) = kind.strip_prefix("|V").and_then(|n| n.parse::<u16>().ok())
            {
                stride += usize::from(padding);
                continue;
            }
            let element = Element::called(kind)?;
            fields.push((stride, element));
            names.push(name.clone());
            stride += element.bytes;
        }
        if fields.is_empty() {
            return Err(nested(descr));
        }
        Ok(Self { stride, fields, names: Some(names) })
    }

    /// The coarsest precision of the numbers in it.
    pub(super) fn precision(&self) -> Precision {
        let of = |element: &Element| match (element.kind, element.bytes) {
            (Kind::Float, 2) => Precision::Half,
            (Kind::Float, 4) => Precision::Single,
            (Kind::Float, _) => Precision::Double,
            _ => Precision::Integer,
        };
        let all = self.fields.iter().map(|(_, element)| of(element));
        let coarsest = all.max_by(|a, b| a.epsilon().total_cmp(&b.epsilon()));
        coarsest.unwrap_or(Precision::Double)
    }
}

fn nested(descr: &[Literal]) -> TableFault {
    let names = descr.iter().filter_map(|field| match field {
        Literal::List(parts) => match parts.first() {
            Some(Literal::Text(name)) => Some(name.as_str()),
            _ => None,
        },
        _ => None,
    });
    let names: Vec<&str> = names.take(8).collect();
    let found = shortened(&format!("record ({})", names.join(", ")));
    TableFault::NpyType { found, hint: "; save its fields as one array" }
}

impl Element {
    /// The type of this name, such as `<f4`, if its values are real numbers.
    fn called(name: &str) -> Result<Self, TableFault> {
        let (is_big_endian, plain) = match name.strip_prefix(['<', '>', '|', '=']) {
            Some(plain) if name.starts_with('>') => (true, plain),
            Some(plain) if name.starts_with('=') => (cfg!(target_endian = "big"), plain),
            Some(plain) => (false, plain),
            None => (cfg!(target_endian = "big"), name),
        };
        let (kind, bytes) = match plain {
            "b1" | "?" => (Kind::Boolean, 1),
            "i1" => (Kind::Signed, 1),
            "i2" => (Kind::Signed, 2),
            "i4" => (Kind::Signed, 4),
            "i8" => (Kind::Signed, 8),
            "u1" => (Kind::Unsigned, 1),
            "u2" => (Kind::Unsigned, 2),
            "u4" => (Kind::Unsigned, 4),
            "u8" => (Kind::Unsigned, 8),
            "f2" => (Kind::Float, 2),
            "f4" => (Kind::Float, 4),
            "f8" => (Kind::Float, 8),
            other => {
                let hint = hint(other);
                return Err(TableFault::NpyType { found: shortened(name), hint });
            }
        };
        Ok(Self { kind, bytes, is_big_endian })
    }

    /// The number, and whether it is the one in the file rather than the nearest to it; rounding a
    /// float is no change.
    pub(super) fn decode<T: Number>(self, bytes: &[u8]) -> (T, bool) {
        let mut wide = [0; 8];
        for (i, byte) in bytes.iter().enumerate() {
            wide[if self.is_big_endian { bytes.len() - 1 - i } else { i }] = *byte;
        }
        let bits = u64::from_le_bytes(wide);
        let integer = match self.kind {
            Kind::Boolean => i128::from(bits != 0),
            Kind::Unsigned => i128::from(bits),
            Kind::Signed => {
                let unused = 64 - 8 * bytes.len();
                i128::from((bits << unused) as i64 >> unused)
            }
            Kind::Float => return (T::from_double(self.float(bits)), true),
        };
        let value = T::from_integer(integer);
        (value, value.to_double() as i128 == integer)
    }

    fn float(self, bits: u64) -> f64 {
        match self.bytes {
            2 => half(bits as u16),
            4 => f32::from_bits(bits as u32).into(),
            _ => f64::from_bits(bits),
        }
    }
}

/// What to do about a type that is not read.
fn hint(plain: &str) -> &'static str {
    match plain.chars().next() {
        Some('c') => ": complex numbers; save their parts as columns",
        Some('O') => ": Python objects, which are never unpickled; save array.astype(float)",
        Some('S' | 'U' | 'a') => ": text; save array.astype(float)",
        Some('M' | 'm') => ": dates or times; save array.astype('int64')",
        Some('f' | 'g') => ": an extended float; save array.astype('float64')",
        _ => "",
    }
}

/// The value of a number in half precision.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    sign * match (exponent, fraction == 0.0) {
        (31, true) => f64::INFINITY,
        (31, false) => f64::NAN,
        (0, _) => fraction * 2_f64.powi(-14),
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_has_its_values() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x3555, 0.333_251_953_125),
            (0x8000, 0.0),
            (0x7c00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:#x}");
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn whole_numbers_say_whether_they_were_rounded() {
        let long = Element::called("<i8").unwrap();
        let exact = |value: i64| long.decode::<f32>(&value.to_le_bytes()).1;
        assert!(exact(1 << 24) && !exact((1 << 24) + 1));
        let (value, is_exact) = long.decode::<f64>(&((1_i64 << 53) + 1).to_le_bytes());
        assert_eq!((value, is_exact), (9_007_199_254_740_992.0, false));
        let (value, is_exact) = Element::called("|u1").unwrap().decode::<f64>(&[255]);
        assert_eq!((value, is_exact), (255.0, true));
        assert_eq!(Element::called(">i2").unwrap().decode::<f64>(&[0xff, 0xfe]).0, -2.0);
    }
}
