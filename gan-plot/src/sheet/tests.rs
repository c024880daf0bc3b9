use super::*;
use crate::image::MARKER;
use crate::raster::tests::decode;

const GAP: usize = 2;

/// A sheet in about as many rows as columns.
fn square(images: &[f32], shape: [usize; 3]) -> Vec<u8> {
    let area: usize = shape.iter().product();
    let arrangement = Arrangement::Square(images.len() / area);
    rendered(images, shape, &arrangement, Look::default())
}

fn rendered(images: &[f32], shape: [usize; 3], arrangement: &Arrangement, look: Look) -> Vec<u8> {
    let mut sheet = Sheet::new(shape, arrangement, look).unwrap();
    images.chunks_exact(shape.iter().product()).for_each(|image| sheet.add(image));
    sheet.to_png()
}

fn groups(groups: usize, n: usize, names: &[&str]) -> Arrangement {
    Arrangement::Groups { groups, n, names: names.iter().map(|&name| name.to_owned()).collect() }
}

fn look(scale: usize, border: usize) -> Look {
    Look { scale: Some(scale), border }
}

#[test]
fn a_gray_sheet_shows_each_image_in_its_cell() {
    // Three images of 1 x 2 pixels in two columns.
    let file = square(&[-1.0, 1.0, 0.0, -0.5, 0.5, 7.0], [1, 1, 2]);
    let (width, height, color, levels) = decode(&file);
    let scale = (900 - 3 * GAP) / 4;
    assert_eq!(color, png::ColorType::Grayscale);
    assert_eq!((width, height), (3 * GAP + 4 * scale, 3 * GAP + 2 * scale));

    let at = |x: usize, y: usize| levels[y * width + x];
    let (second, below) = (2 * GAP + 2 * scale, 2 * GAP + scale);
    assert_eq!([at(0, 0), at(GAP - 1, 9), at(second - 1, 9), at(9, below - 1)], [255; 4]);
    assert_eq!([at(GAP, GAP), at(GAP + scale - 1, GAP), at(GAP + scale, GAP)], [0, 0, 255]);
    assert_eq!([at(second, GAP), at(second + scale, GAP)], [128, 64]);
    assert_eq!([at(GAP, below), at(GAP + scale, below)], [191, 255]);
    assert_eq!(at(second, below), PAPER, "the fourth cell is empty");
}

#[test]
fn color_channels_are_planes() {
    let (width, _, color, bytes) = decode(&square(&[1.0, -1.0, 0.0], [3, 1, 1]));
    assert_eq!(color, png::ColorType::Rgb);
    let start = 3 * (GAP * width + GAP);
    assert_eq!(bytes[start..start + 3], [255, 0, 128]);
}

#[test]
fn a_value_that_is_not_finite_is_magenta_on_an_otherwise_gray_sheet() {
    let (width, _, color, bytes) = decode(&square(&[f32::NAN, 0.0], [1, 1, 2]));
    assert_eq!(color, png::ColorType::Rgb);
    let row = &bytes[3 * GAP * width..3 * (GAP + 1) * width];
    assert_eq!(row[3 * GAP..3 * GAP + 3], MARKER);
    assert_eq!(row[row.len() - 3 * GAP - 3..row.len() - 3 * GAP], [128; 3]);
}

#[test]
fn sixty_four_images_fill_a_sheet_of_readable_size() {
    for (side, expected) in [(28, 690), (32, 786), (64, 530)] {
        let images = vec![0.0; 64 * side * side];
        let (width, height, ..) = decode(&square(&images, [1, side, side]));
        assert_eq!((width, height), (expected, expected));
    }
}

#[test]
fn no_image_still_makes_a_sheet() {
    for arrangement in [Arrangement::Square(0), groups(0, 0, &[])] {
        let file = rendered(&[], [1, 28, 28], &arrangement, Look::default());
        let (width, _, _, levels) = decode(&file);
        assert!(width > 28 && levels.iter().all(|&level| level == PAPER));
    }
}

#[test]
fn scale_and_border_are_exact() {
    let images = [-1.0, 1.0, 0.0, 0.5];
    let (width, height, _, levels) =
        decode(&rendered(&images, [1, 1, 1], &groups(2, 2, &[]), look(3, 0)));
    assert_eq!((width, height), (6, 6), "no border at all");
    assert_eq!(levels[..6], [0, 0, 0, 255, 255, 255]);
    assert_eq!(levels[30..], [128, 128, 128, 191, 191, 191]);
    let (width, height, ..) = decode(&rendered(&images, [1, 1, 1], &groups(2, 2, &[]), look(3, 5)));
    assert_eq!((width, height), (21, 21));
}

#[test]
fn long_rows_are_broken_and_groups_stay_together() {
    // Two groups of 100 images of 4 pixels a side: black ones, then white ones.
    let images = [vec![-1.0; 1_600], vec![0.0; 1_600]].concat();
    let (width, height, _, levels) =
        decode(&rendered(&images, [1, 4, 4], &groups(2, 100, &[]), look(1, 2)));
    assert_eq!((width, height), (2 + 50 * 6, 2 + 4 * 6 + 6), "two rows of 50 for each group");
    let at = |row: usize| levels[row * width + 2];
    assert_eq!([at(2), at(8), at(20), at(26)], [0, 0, 128, 128]);
    assert_eq!([at(14), at(19)], [PAPER; 2], "more space between the groups than within");
    let (width, ..) = decode(&rendered(&[0.0; 64], [1, 1, 1], &groups(1, 64, &[]), look(1, 2)));
    assert_eq!(width, 2 + 64 * 3, "64 images still are one row");
    let wide = Layout::new([256, 256], &groups(10, 1_000, &[]), Look::default());
    assert!(wide.width() <= WIDEST && wide.columns == 15, "{}", wide.width());
}

#[test]
fn a_name_stands_to_the_left_of_its_rows_and_moves_the_images_aside() {
    let images = [0.0; 2 * 32 * 32];
    let plain = decode(&rendered(&images, [1, 32, 32], &groups(2, 1, &[]), look(1, 2)));
    let named =
        decode(&rendered(&images, [1, 32, 32], &groups(2, 1, &["cats", "dogs"]), look(1, 2)));
    let gutter = Face::Body.width("cats") + 2 * MARGIN;
    assert_eq!((named.0, named.1), (plain.0 + gutter, plain.1));
    let is_inked = |rows: std::ops::Range<usize>| {
        rows.flat_map(|y| (0..gutter).map(move |x| (x, y)))
            .any(|(x, y)| named.3[y * named.0 + x] < 99)
    };
    assert!(is_inked(2..34) && is_inked(36..68), "a name beside each row");
    assert!(!is_inked(0..2) && !is_inked(34..36));
    for y in 0..named.1 {
        let images = &named.3[y * named.0 + gutter..(y + 1) * named.0];
        assert_eq!(images, &plain.3[y * plain.0..(y + 1) * plain.0]);
    }
}

#[test]
fn small_images_leave_room_for_their_names() {
    let layout = Layout::new([4, 4], &groups(3, 5, &["a", "b", "c"]), look(1, 0));
    assert_eq!(layout.group_pitch(), Face::Body.height());
}

#[test]
fn a_sheet_that_no_viewer_opens_is_refused_with_its_size() {
    let check = |arrangement: &Arrangement, look: Look| {
        Sheet::check([3, 32, 32], arrangement, look).map_err(|error| error.to_string())
    };
    assert!(check(&Arrangement::Square(80_000), Look::default()).is_ok());
    let message = check(&Arrangement::Square(1_000_000), Look::default()).unwrap_err();
    assert!(message.contains("1000000 images would have 34002×34002 pixels"), "{message}");
    for arrangement in [Arrangement::Square(usize::MAX), groups(usize::MAX, usize::MAX, &["a"])] {
        assert!(check(&arrangement, Look::default()).is_err());
        assert!(check(&arrangement, look(4_294_967_295, 4_294_967_295)).is_err());
    }
    assert!(check(&Arrangement::Square(1), look(1, 4_000_000_000)).is_err());
}
