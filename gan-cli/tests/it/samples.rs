//! `gan sample` and `gan data`: numbers and pictures in files.

use crate::program::Place;

fn trained() -> Place {
    let place = Place::new();
    place.train("--steps 20 --out run").succeed();
    place
}

/// The values of an NPY file of single precision, behind its header.
pub(crate) fn npy_values(bytes: &[u8]) -> Vec<f32> {
    assert_eq!(&bytes[..6], b"\x93NUMPY");
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let values = bytes[10 + header..].as_chunks::<4>().0;
    values.iter().map(|&value| f32::from_le_bytes(value)).collect()
}

#[test]
fn a_csv_of_samples_has_a_line_for_each() {
    let place = trained();
    let outcome = place.gan("sample run -n 10 --out s.csv").succeed();
    assert_eq!(outcome.stdout, "s.csv\n");
    let text = place.text("s.csv");
    assert_eq!(text.lines().count(), 10);
    for line in text.lines() {
        let numbers: Vec<f32> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!(numbers.len() == 2 && numbers.iter().all(|number| number.is_finite()), "{line}");
    }
}

#[test]
fn a_sample_is_the_same_however_many_are_drawn() {
    let place = trained();
    for n in [1, 10, 300] {
        place.gan(&format!("sample run -n {n} --out {n}.npy")).succeed();
    }
    let all = npy_values(&place.bytes("300.npy"));
    assert_eq!(all.len(), 600);
    for n in [1, 10] {
        let few = npy_values(&place.bytes(&format!("{n}.npy")));
        assert_eq!(few.len(), 2 * n);
        // To the last bit is promised on `flex` alone.
        assert!(few.iter().zip(&all).all(|(one, other)| (one - other).abs() < 1e-5), "{few:?}");
    }
}

#[test]
fn another_seed_or_checkpoint_gives_other_samples() {
    let place = Place::new();
    place.train("--steps 40 --out run").succeed();
    for (name, words) in [("a", ""), ("b", "--seed 9"), ("c", "--from-step 20"), ("d", "--seed 0")]
    {
        place.gan(&format!("sample run -n 5 --out {name}.csv {words}")).succeed();
    }
    assert_ne!(place.text("a.csv"), place.text("b.csv"));
    assert_ne!(place.text("a.csv"), place.text("c.csv"));
    assert_eq!(place.text("a.csv"), place.text("d.csv"));
}

#[test]
fn a_picture_of_samples_goes_into_the_run_folder_by_default() {
    let place = trained();
    let path = place.gan("sample run -n 4").succeed().stdout;
    assert!(path.starts_with("run/samples/"), "{path}");
    assert_eq!(&place.bytes(path.trim_end())[..8], b"\x89PNG\r\n\x1a\n");
}

#[test]
fn a_file_that_exists_is_replaced_only_by_force() {
    let place = trained();
    place.write("s.csv", "mine");
    for words in ["sample run -n 3", "data moons -n 3"] {
        place.refuses(place.gan(&format!("{words} --out s.csv")), &["s.csv exists", "--force"]);
    }
    place.gan("sample run -n 3 --out s.csv --force").succeed();
    assert_eq!(place.text("s.csv").lines().count(), 3);
    place.gan("data moons -n 4 --out s.csv --force").succeed();
    assert_eq!(place.text("s.csv").lines().count(), 4);
}

#[test]
fn an_ending_that_means_nothing_is_refused() {
    let place = trained();
    for words in ["sample run -n 3", "data moons -n 3"] {
        let program = place.gan(&format!("{words} --out s.txt"));
        place.refuses(program, &["s.txt", ".png, .npy, .npz or .csv", "/"]);
    }
}

#[test]
fn no_samples_at_all_are_refused() {
    let place = trained();
    place.refuses(place.gan("sample run -n 0 --out s.csv"), &["-n", "found 0"]);
    place.refuses(place.gan("data moons -n 0 --out s.csv"), &["-n", "found 0"]);
}

#[test]
fn labels_are_for_generators_that_take_them() {
    let place = trained();
    for (labels, part) in
        [("0-9", "class 0-9 was asked for"), ("nine", "class nine was asked for"), ("1,,2", "``")]
    {
        let program = place.gan(&format!("sample run --labels {labels} --out s.csv"));
        place.refuses(program, &["--labels", part]);
    }
    let program = place.gan("sample run --labels 3 --out s.csv");
    place.refuses(program, &["this run's generator is unconditional"]);
}

#[test]
fn truncated_noise_is_for_the_normal_prior() {
    let place = trained();
    for (name, words) in [("a", ""), ("b", "--truncation 0.5"), ("c", "--truncation 1e-6")] {
        place.gan(&format!("sample run -n 20 --out {name}.npy {words}")).succeed();
    }
    assert_ne!(place.bytes("a.npy"), place.bytes("b.npy"));
    let middle = npy_values(&place.bytes("c.npy"));
    assert!(middle.chunks_exact(2).all(|point| (point[0] - middle[0]).abs() < 1e-4), "{middle:?}");

    for threshold in ["0", "-1", "NaN", "inf"] {
        let program = place.gan(&format!("sample run --truncation {threshold} --out s.csv"));
        place.refuses(program, &["`truncation` must be finite and above 0"]);
    }
    place.train("--steps 1 --out uniform").set("train.prior=uniform").succeed();
    let program = place.gan("sample uniform --truncation 0.5 --out s.csv");
    place.refuses(program, &["--truncation is for the normal prior", "is \"uniform\""]);
}

#[test]
fn a_run_that_is_missing_is_named() {
    let place = Place::new();
    place.refuses(place.gan("sample nowhere --out s.csv"), &["nowhere is not a run folder"]);
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let place = trained();
    place.write("file", "mine");
    for words in ["sample run -n 3", "data moons -n 3"] {
        let program = place.gan(&format!("{words} --out file/s.csv"));
        place.refuses(program, &["cannot write file/s.csv", "file is no folder"]);
        let program = place.gan(&format!("{words} --out file/new/s.csv"));
        place.refuses(program, &["cannot write file/new/s.csv", "cannot make the folder file/new"]);
    }
}

#[test]
fn the_folder_of_an_output_is_made() {
    let place = trained();
    for (words, out) in [
        ("sample run -n 3", "a/b/s.npy"),
        ("interpolate run", "c/walk.PNG"),
        ("export run", "d/g.SAFETENSORS"),
        ("data moons -n 3", "e/f/g/m.CSV"),
        ("montage c/walk.PNG", "h/both.Png"),
    ] {
        let outcome = place.gan(&format!("{words} --out {out}")).succeed();
        assert_eq!(outcome.stdout, format!("{out}\n"));
        assert!(!place.bytes(out).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_told_without_temporary_names_and_nothing_stays() {
    let place = trained();
    place.train_images("--steps 1 --out images").succeed();
    for words in [
        "sample run -n 5000 --out a/s.npy",
        "sample run -n 5000 --out a/s.npz",
        "sample run -n 5000 --out a/s.csv",
        "sample images -n 5 --out a/s.png --scale 9",
        "sample images -n 5 --out a/s/ --scale 9",
        "export run --out a/g.safetensors",
        "interpolate run --out a/walk.png",
        "data mnist -n 90 --out a/m.npz",
    ] {
        let before = place.listing();
        let outcome = place.gan_with_little_disk(2, words).run();
        outcome.failed_saying(&["cannot write a/"]);
        for noise in [".tmp", "unfinished", "at path", "ZipWriter"] {
            assert!(!outcome.stderr.contains(noise), "{words}: {}", outcome.stderr);
        }
        assert_eq!(place.listing(), before, "{words}");
    }
}

#[test]
fn sizes_are_checked_before_anything_is_made() {
    let place = trained();
    place.train_images("--steps 1 --out images").succeed();
    for (words, parts) in [
        ("sample run -n 1000000000000 --out s.npy", ["7.3 TiB as .npy", "at most 2147483648"]),
        ("sample run -n 18446744073709551615 --out s.csv", ["384 EiB as .csv", "16 GiB"]),
        ("sample run -n 18446744073709551615 --out s.npz", ["128 EiB as .npz", "16 GiB"]),
        ("sample run -n 18446744073709551615", ["more than the 1000000", ".npy"]),
        ("sample images -n 1000000000000", ["pixels", "--out FOLDER/"]),
        ("sample images -n 18446744073709551615 --out s/", ["as a file for each", "4194304"]),
        ("sample images --scale 4294967295", ["pixels", ".npz"]),
        ("data moons -n 1000000000000 --out b.npy", ["in memory", "at most 134217728"]),
        ("data grid -n 18446744073709551615 --out b.npy", ["in memory", "1 GiB"]),
        ("data mnist -n 18446744073709551615 --out b.npy", ["asked for", "70000"]),
        ("interpolate run --rows 1000000000000", ["--rows must be at most", "5000"]),
        ("interpolate images --rows 1000000000000", ["--rows", "pixels"]),
        ("interpolate images --steps 18446744073709551615", ["--steps", "pixels"]),
        ("interpolate images --rows 400", ["9600 frames", "--rows or --scale"]),
    ] {
        place.refuses(place.gan(words), &parts);
    }
}

#[test]
fn synthetic_data_is_a_function_of_its_seed() {
    let place = Place::new();
    for name in ["moons", "ring", "grid"] {
        let bytes = |seed: u64, file: &str| {
            place.gan(&format!("data {name} -n 100 --seed {seed} --out {file}")).succeed();
            place.bytes(file)
        };
        let (once, twice) =
            (bytes(3, &format!("{name}-1.csv")), bytes(3, &format!("{name}-2.csv")));
        assert_eq!(once, twice);
        assert_eq!(String::from_utf8(once.clone()).unwrap().lines().count(), 100);
        assert_ne!(bytes(4, &format!("{name}-3.csv")), once);
    }
}

#[test]
fn noise_is_for_synthetic_data() {
    let place = Place::new();
    place.gan("data moons -n 5 --noise 0 --out a.csv").succeed();
    place.gan("data moons -n 5 --out b.csv").succeed();
    assert_ne!(place.text("a.csv"), place.text("b.csv"));
    place.refuses(place.gan("data moons -n 5 --noise=-1 --out c.csv"), &["noise is -1"]);
    place.refuses(place.gan("data mnist -n 5 --noise 0.1 --out c.csv"), &["--noise", "digits"]);
}

#[test]
fn the_digits_are_as_many_as_they_are() {
    let place = Place::new();
    place.gan("data mnist -n 2 --out digits.npy").succeed();
    assert_eq!(npy_values(&place.bytes("digits.npy")).len(), 2 * 28 * 28);
    let program = place.gan("data mnist -n 70001 --out more.npy");
    place.refuses(program, &["70001", "70000"]);
}

#[test]
fn a_reader_that_has_gone_away_makes_no_panic() {
    let place = trained();
    for words in ["sample run -n 3 --out a.csv", "data moons -n 3 --out b.csv", "list"] {
        let stderr = place.gan(words).stderr_without_reader();
        assert!(!stderr.contains("panicked"), "{words}: {stderr}");
    }
    let stderr = place.train("--steps 1 --out other").stderr_without_reader();
    assert!(!stderr.contains("panicked"), "{stderr}");
}
