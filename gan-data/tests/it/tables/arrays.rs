use std::io::{Cursor, Write as _};

use gan_data::SampleSet as _;
use gan_data::{DataError, Points, Precision, Table, TableConfig, TableFault};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{fault, open};
use crate::errors::check;

/// An array file, format version 1.0.
fn npy(descr: &str, fortran: bool, shape: &str, values: &[u8]) -> Vec<u8> {
    let descr = if descr.starts_with('[') { descr.to_owned() } else { format!("'{descr}'") };
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values);
    bytes
}

fn points(bytes: &[u8]) -> Points {
    open("a.npy", bytes, &TableConfig::default()).unwrap()
}

fn refused(bytes: &[u8]) -> DataError {
    open("a.npy", bytes, &TableConfig::default()).unwrap_err()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[test]
fn every_type_and_byte_order_is_read() {
    let values = [0_i64, 1, 2, 127, 1, 0];
    let bytes = |encode: &dyn Fn(i64) -> Vec<u8>| values.map(encode).concat();
    for (descr, bytes) in [
        ("|i1", bytes(&|x| (x as i8).to_le_bytes().into())),
        ("|u1", bytes(&|x| (x as u8).to_le_bytes().into())),
        ("<i2", bytes(&|x| (x as i16).to_le_bytes().into())),
        (">u2", bytes(&|x| (x as u16).to_be_bytes().into())),
        ("=i4", bytes(&|x| (x as i32).to_ne_bytes().into())),
        (">u4", bytes(&|x| (x as u32).to_be_bytes().into())),
        ("<i8", bytes(&|x| x.to_le_bytes().into())),
        (">i8", bytes(&|x| x.to_be_bytes().into())),
        ("<u8", bytes(&|x| (x as u64).to_le_bytes().into())),
        ("<f4", bytes(&|x| (x as f32).to_le_bytes().into())),
        (">f8", bytes(&|x| (x as f64).to_be_bytes().into())),
        ("f8", bytes(&|x| (x as f64).to_ne_bytes().into())),
    ] {
        let points = points(&npy(descr, false, "(3, 2)", &bytes));
        assert_eq!(points.as_slice(), [0.0, 1.0, 2.0, 127.0, 1.0, 0.0], "{descr}");
    }
    assert_eq!(points(&npy("|b1", false, "(2, 1)", &[1, 0])).as_slice(), [1.0, 0.0]);
    let halves = [0x3c00_u16, 0xc000, 0x3800, 0x0001].map(u16::to_be_bytes).concat();
    let expected = [1.0, -2.0, 0.5, 2_f32.powi(-24)];
    assert_eq!(points(&npy(">f2", false, "(2, 2)", &halves)).as_slice(), expected);
}

#[test]
fn the_precision_of_the_file_is_known() {
    let precision = |descr: &str, bytes: usize| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        std::fs::write(&path, npy(descr, false, "(1,)", &vec![0; bytes])).unwrap();
        Table::open(path).unwrap().precision()
    };
    assert_eq!(precision("<f2", 2), Precision::Half);
    assert_eq!(precision("<f4", 4), Precision::Single);
    assert_eq!(precision("<f8", 8), Precision::Double);
    assert_eq!(precision("<i8", 8), Precision::Integer);
    assert_eq!(Precision::Half.epsilon(), 2_f64.powi(-10));
    assert_eq!(Precision::Integer.epsilon(), 0.0);
}

#[test]
fn axes_after_the_first_are_flattened_and_it_is_said() {
    let values: Vec<f32> = (0..24).map(|x| x as f32).collect();
    let flat = points(&npy("<f4", false, "(4, 1, 2, 3)", &floats(&values)));
    assert_eq!((flat.dim(), flat.as_slice()), (6, &values[..]));
    let said = flat.inventory().to_string();
    assert_eq!(
        said,
        "4 points of 6 coordinates, values 0 to 23; axes 1×2×3 flattened to 6 columns"
    );

    let list = points(&npy("<f4", false, "(3,)", &floats(&[1.0, 2.0, 3.0])));
    assert_eq!((list.dim(), list.as_slice()), (1, &[1.0, 2.0, 3.0][..]));
    assert!(list.inventory().to_string().contains("points of 1 coordinate"));
}

#[test]
fn whole_numbers_that_single_precision_lacks_are_counted() {
    let values = [1_i64 << 24, (1 << 24) + 1].map(i64::to_le_bytes).concat();
    let said = points(&npy("<i8", false, "(2,)", &values)).inventory().to_string();
    assert!(said.contains("1 whole numbers rounded to f32"), "{said}");
}

#[test]
fn fields_of_a_record_are_columns_with_names() {
    let descr = "[('x', '<f4'), ('', '|V2'), ('n', '<i2')]";
    let row = |x: f32, n: i16| [&x.to_le_bytes()[..], &[9, 9], &n.to_le_bytes()].concat();
    let array = npy(descr, false, "(2,)", &[row(0.5, 3), row(-1.0, -4)].concat());
    let points = points(&array);
    assert_eq!((points.dim(), points.as_slice()), (2, &[0.5, 3.0, -1.0, -4.0][..]));
    assert_eq!(points.inventory().table.unwrap().columns, ["x", "n"]);
    let config = TableConfig { columns: vec!["n".into()], ..TableConfig::default() };
    assert_eq!(open("a.npy", &array, &config).unwrap().as_slice(), [3.0, -4.0]);
}

#[test]
fn types_that_are_no_real_numbers_are_named() {
    for (descr, part) in [
        ("<c8", "complex"),
        ("|O", "never unpickled"),
        ("<U5", "text"),
        ("|S5", "text"),
        ("<M8[ns]", "dates"),
        ("<f16", "extended"),
        ("[('x', '<f4', (2,))]", "record (x)"),
    ] {
        let error = refused(&npy(descr, false, "(1,)", &[0; 16]));
        check(&error, &["a.npy", "float32 or float64", part]);
        assert!(matches!(fault(&error), TableFault::NpyType { .. }));
    }
    let error = refused(&npy(&"x".repeat(60_000), false, "(1,)", &[0]));
    assert!(error.to_string().len() < 400, "{error}");
}

#[test]
fn shapes_that_are_no_table_are_named_and_take_no_memory() {
    for (shape, part) in [
        ("()", "at least one axis"),
        ("(4611686018427387904, 16)", "memory"),
        ("(1, 1099511627776)", "bytes of values"),
        ("(-1, 2)", "no header"),
        ("(1", "no header"),
    ] {
        let error = refused(&npy("<f4", false, shape, &[0; 16]));
        check(&error, &["a.npy", part]);
        assert!(error.to_string().len() < 300);
    }
    let many = format!("({})", "1, ".repeat(20_000));
    assert_eq!(points(&npy("<f4", false, &many, &[0; 4])).dim(), 1);
    for shape in ["(0, 2)", "(2, 0)", "(0, 4611686018427387904, 9)"] {
        assert!(matches!(refused(&npy("<f4", false, shape, &[])), DataError::Empty { .. }));
    }
}

/// An archive of arrays.
fn npz(arrays: &[(&str, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn one_array_of_an_archive_is_read_or_the_one_that_is_named() {
    let array = |x: f32| npy("<f4", false, "(2, 1)", &floats(&[x, x + 1.0]));
    let open = |name: &str, bytes: &[u8]| open(name, bytes, &TableConfig::default());
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let one = npz(&[("arr_0", array(1.0))], method);
        assert_eq!(open("a.npz", &one).unwrap().as_slice(), [1.0, 2.0]);
        let two = npz(&[("real", array(1.0)), ("fake", array(3.0))], method);
        assert_eq!(open("A.npz:fake", &two).unwrap().as_slice(), [3.0, 4.0]);
        assert_eq!(open("A.npz:real.npy", &two).unwrap().as_slice(), [1.0, 2.0]);
        check(&open("a.npz", &two).unwrap_err(), &["2 arrays (real, fake)", "FILE.npz:NAME"]);
        check(&open("a.npz:fkae", &two).unwrap_err(), &["`fkae`", "real, fake", "mean `fake`"]);
    }
    check(&open("a.npz", &npz(&[], CompressionMethod::Stored)).unwrap_err(), &["0 arrays"]);
}

#[test]
fn a_damaged_or_swollen_archive_is_refused() {
    let open = |bytes: &[u8]| open("a.npz", bytes, &TableConfig::default());
    let array = npy("<f4", false, "(2, 1)", &floats(&[1.0, 2.0]));
    let sound = npz(&[("a", array.clone())], CompressionMethod::Stored);
    let last = sound.windows(4).position(|bytes| bytes == 2_f32.to_le_bytes()).unwrap();
    let mut flipped = sound.clone();
    flipped[last] ^= 1;
    assert!(open(&flipped).is_err());
    assert!((0..sound.len()).all(|cut| open(&sound[..cut]).is_err()));
    // 64 MB of zeros behind an array of 8 bytes are not unpacked.
    let swollen = [array, vec![0; 64 << 20]].concat();
    let error = open(&npz(&[("a", swollen)], CompressionMethod::Deflated)).unwrap_err();
    assert!(matches!(fault(&error), TableFault::NpyLength { expected: 8, .. }), "{error}");
}

proptest! {
    #[test]
    fn fortran_order_is_the_same_table(
        shape in prop::collection::vec(1_usize..5, 1..5),
        seed in 0_u32..1000,
    ) {
        let count: usize = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|i| (i as u32 ^ seed) as f32).collect();
        let mut stored = vec![0.0; count];
        for (place, value) in values.iter().enumerate() {
            let (mut rest, mut stride, mut at) = (place, count, 0);
            for size in shape.iter().rev() {
                stride /= size;
                at += rest % size * stride;
                rest /= size;
            }
            stored[at] = *value;
        }
        let axes: String = shape.iter().map(|size| format!("{size}, ")).collect();
        let plain = points(&npy("<f4", false, &format!("({axes})"), &floats(&values)));
        let other = points(&npy("<f4", true, &format!("({axes})"), &floats(&stored)));
        prop_assert_eq!(other.as_slice(), &values[..]);
        prop_assert_eq!(other, plain);
    }

    #[test]
    fn no_bytes_in_an_array_or_archive_are_worse_than_an_error(
        at in 0_usize..200, byte: u8, cut in 0_usize..260,
    ) {
        let array = npy("<i8", false, "(4, 2)", &[1; 64]);
        let archive = npz(&[("a", array.clone())], CompressionMethod::Deflated);
        for (name, mut bytes) in [("a.npy", array), ("a.npz", archive)] {
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(cut.max(1));
            if let Ok(points) = open(name, &bytes, &TableConfig::default()) {
                prop_assert!(points.as_slice().iter().all(|value| value.is_finite()));
            }
        }
    }
}
