//! Data validation: what is odd about a data set that could be read, found before it is trained on.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{ClassCount, Inventory, SampleSet};

/// A class is nearly empty with less than this share of what every class would have if all were
/// equally large.
const NEARLY_EMPTY: f64 = 0.1;

/// Oddities of a [`SampleSet`] that train without an error and yet spoil a generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Samples that are, value for value, one of those before them.
    pub duplicates: Vec<Duplicate>,
    /// Classes with less than a tenth of an equal share of the samples.
    pub nearly_empty: Vec<ClassCount>,
    /// Channels of images, or coordinates of points, from 0, that have one value in all samples.
    pub constant_channels: Vec<usize>,
    /// Samples of more than one value whose values are all equal: blank images.
    pub blank: Vec<usize>,
    /// Whether all images of three channels have the same values in each of them: gray pictures
    /// that were read as colored ones.
    pub gray_in_rgb: bool,
    /// The median value of samples from all over the set; not a number in an empty one.
    pub median: f32,
}

/// A sample that is there twice, by its position in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The first of the equal samples.
    pub first: usize,
    /// The later one.
    pub again: usize,
}

impl Inspection {
    /// Look at every value of a set once, and at its `inventory`.
    pub fn of<S: SampleSet + ?Sized>(set: &S, inventory: &Inventory) -> Self {
        let n_values: usize = set.shape().iter().product();
        let mut seen = Seen::new(set.shape());
        let mut values = vec![0.0; n_values];
        for index in 0..set.len() {
            set.write_values(index, &mut values);
            seen.add(index, &values);
        }
        Self {
            duplicates: seen.duplicates,
            nearly_empty: nearly_empty(inventory),
            constant_channels: seen.channels.constant(),
            blank: seen.blank,
            gray_in_rgb: seen.gray && set.len() > 0,
            median: median(set),
        }
    }

    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.duplicates.is_empty()
            && self.nearly_empty.is_empty()
            && self.constant_channels.is_empty()
            && self.blank.is_empty()
            && !self.gray_in_rgb
    }
}

/// Samples that the median value is taken from.
const FOR_MEDIAN: usize = 1_000;

fn median<S: SampleSet + ?Sized>(set: &S) -> f32 {
    let some: Vec<usize> = (0..set.len()).step_by(set.len().div_ceil(FOR_MEDIAN).max(1)).collect();
    let mut values = set.values(&some);
    if values.is_empty() {
        return f32::NAN;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

fn nearly_empty(inventory: &Inventory) -> Vec<ClassCount> {
    let equal_share = inventory.samples as f64 / inventory.classes.len().max(1) as f64;
    let few = |class: &&ClassCount| (class.samples as f64) < NEARLY_EMPTY * equal_share;
    inventory.classes.iter().filter(few).cloned().collect()
}

/// What the samples so far have shown.
struct Seen {
    positions: HashMap<[u8; 32], usize>,
    /// Those of the newest sample.
    bytes: Vec<u8>,
    duplicates: Vec<Duplicate>,
    channels: Channels,
    blank: Vec<usize>,
    /// So far, all three channels of every image are equal.
    gray: bool,
}

impl Seen {
    fn new(shape: &[usize]) -> Self {
        let channels = shape.first().copied().unwrap_or(1);
        Self {
            positions: HashMap::new(),
            bytes: Vec::new(),
            duplicates: Vec::new(),
            channels: Channels { first: Vec::new(), varies: vec![false; channels] },
            blank: Vec::new(),
            gray: shape.len() == 3 && channels == 3,
        }
    }

    fn add(&mut self, index: usize, values: &[f32]) {
        self.bytes.clear();
        // A negative zero is the same level as a positive one.
        self.bytes.extend(values.iter().flat_map(|value| (value + 0.0).to_le_bytes()));
        let digest = Sha256::digest(&self.bytes).into();
        let first = *self.positions.entry(digest).or_insert(index);
        if first != index {
            self.duplicates.push(Duplicate { first, again: index });
        }
        if values.len() > 1 && values.iter().all(|value| *value == values[0]) {
            self.blank.push(index);
        }
        self.channels.add(values);
        if self.gray {
            let (red, rest) = values.split_at(values.len() / 3);
            self.gray = rest.chunks_exact(red.len()).all(|channel| channel == red);
        }
    }
}

/// Which channels have varied.
struct Channels {
    /// The first value of each channel.
    first: Vec<f32>,
    varies: Vec<bool>,
}

impl Channels {
    fn add(&mut self, values: &[f32]) {
        let n_values = (values.len() / self.varies.len()).max(1);
        if self.first.is_empty() {
            self.first = values.iter().step_by(n_values).copied().collect();
        }
        let channels = values.chunks_exact(n_values);
        for ((channel, varies), first) in channels.zip(&mut self.varies).zip(&self.first) {
            *varies = *varies || channel.iter().any(|value| value != first);
        }
    }

    fn constant(&self) -> Vec<usize> {
        let constant = self.varies.iter().enumerate().filter(|(_, varies)| !**varies);
        if self.first.is_empty() { Vec::new() } else { constant.map(|(idx, _)| idx).collect() }
    }
}

#[cfg(test)]
mod tests {
    use gan_batch::Seed;

    use super::*;
    use crate::images::Images;
    use crate::{Moons, Points};

    fn inspect(set: &impl SampleSet) -> Inspection {
        Inspection::of(set, &Inventory::of(set))
    }

    #[test]
    fn the_moons_are_clean() {
        assert!(inspect(&Moons::new(500, 0.05, Seed(1)).unwrap()).is_clean());
    }

    #[test]
    fn duplicates_name_the_first_of_them() {
        let points = Points::new(2, vec![1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 1.0, 2.0]).unwrap();
        let found = inspect(&points).duplicates;
        assert_eq!(found, [(0, 2), (0, 3)].map(|(first, again)| Duplicate { first, again }));
    }

    #[test]
    fn the_median_is_that_of_all_values() {
        let points = Points::new(2, vec![5.0, 1.0, 2.0, 4.0, 3.0, 9.0]).unwrap();
        assert_eq!(inspect(&points).median, 4.0);
    }

    #[test]
    fn a_coordinate_that_never_varies_is_named() {
        let points = Points::new(3, vec![1.0, 7.0, 0.0, 2.0, 7.0, 0.0]).unwrap();
        assert_eq!(inspect(&points).constant_channels, [1, 2]);
        assert!(inspect(&Points::new(1, vec![2.0, 2.5]).unwrap()).constant_channels.is_empty());
    }

    #[test]
    fn blank_images_and_gray_ones_in_color_are_found() {
        let gray: Vec<u8> = [[1, 2], [1, 2], [1, 2], [5, 5], [5, 5], [5, 5]].concat();
        let found = inspect(&Images::new([3, 1, 2], gray, Vec::new(), 0));
        assert_eq!((found.gray_in_rgb, found.blank), (true, vec![1]));
        let colored: Vec<u8> = [[1, 2], [1, 2], [1, 3]].concat();
        assert!(!inspect(&Images::new([3, 1, 2], colored, Vec::new(), 0)).gray_in_rgb);
    }

    #[test]
    fn classes_far_below_an_equal_share_are_nearly_empty() {
        let levels = (0..=200).collect::<Vec<u8>>();
        let labels = (0..=200).map(|index| u32::from(index == 200)).collect();
        let found = inspect(&Images::new([1, 1, 1], levels, labels, 2));
        let expected = ClassCount { name: "1".into(), samples: 1 };
        assert_eq!(found.nearly_empty, [expected]);
    }
}
