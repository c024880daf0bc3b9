//! Images of one size, held as bytes and converted to numbers when a batch asks for them.

use std::sync::OnceLock;

use burn_dataset::{Dataset, DatasetError};

use crate::bilinear::Bilinear;
use crate::{ClassCount, Fingerprint, Inventory, Sample, SampleSet};

/// Levels 0 to 255 become −1 to 1: the one place where images of this crate are scaled.
pub(crate) fn normalize(level: f32) -> f32 {
    level / 127.5 - 1.0
}

/// Square images of one size, channel by channel, one byte a level.
#[derive(Clone, Debug)]
pub(crate) struct Images {
    /// Channels, rows, columns of what a batch sees.
    shape: [usize; 3],
    /// Bytes of one image as it is held, before any resizing.
    n_bytes: usize,
    levels: Vec<u8>,
    /// One an image, or none at all.
    labels: Vec<u32>,
    classes: usize,
    enlarge: Option<Box<Bilinear<28, 32>>>,
    /// Once it was asked for: of a large folder it takes seconds.
    fingerprint: OnceLock<Fingerprint>,
}

impl Images {
    /// Images of `shape` (channels, rows, columns), each `shape` bytes of `levels`.
    pub(crate) fn new(
        shape: [usize; 3],
        levels: Vec<u8>,
        labels: Vec<u32>,
        classes: usize,
    ) -> Self {
        let n_bytes = shape.iter().product();
        let fingerprint = OnceLock::new();
        Self { shape, n_bytes, levels, labels, classes, enlarge: None, fingerprint }
    }

    /// 28×28 images, seen as 32×32.
    pub(crate) fn enlarged(self) -> Self {
        debug_assert_eq!(self.shape, [1, 28, 28]);
        let (enlarge, fingerprint) = (Some(Box::new(Bilinear::new())), OnceLock::new());
        Self { shape: [1, 32, 32], enlarge, fingerprint, ..self }
    }

    /// Drop all images but the first `n`.
    pub(crate) fn truncate(&mut self, n: usize) {
        self.levels.truncate(n * self.n_bytes);
        self.levels.shrink_to_fit();
        self.labels.truncate(n);
        self.fingerprint = OnceLock::new();
    }

    /// One image as it is held.
    pub(crate) fn levels(&self, index: usize) -> &[u8] {
        &self.levels[index * self.n_bytes..][..self.n_bytes]
    }
}

impl Dataset<Sample> for Images {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        Ok(Sample { values: self.values(&[index]), label: self.label(index) })
    }

    fn len(&self) -> usize {
        self.levels.len() / self.n_bytes
    }
}

impl SampleSet for Images {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn write_values(&self, index: usize, out: &mut [f32]) {
        let levels = self.levels(index);
        match &self.enlarge {
            Some(bilinear) => bilinear.write(levels, out, normalize),
            None => {
                for (out, &level) in out.iter_mut().zip(levels) {
                    *out = normalize(f32::from(level));
                }
            }
        }
    }

    fn label(&self, index: usize) -> Option<usize> {
        (self.classes > 0).then(|| self.labels[index] as usize)
    }

    fn classes(&self) -> usize {
        self.classes
    }

    /// From the bytes, without converting them. Where images are enlarged the range is that of the
    /// originals, which interpolation never leaves.
    fn inventory(&self) -> Inventory {
        let mut counts = vec![0; self.classes];
        for &label in &self.labels {
            // Sets without classes hold the label 0 throughout.
            if let Some(count) = counts.get_mut(label as usize) {
                *count += 1;
            }
        }
        let (low, high) =
            self.levels.iter().fold((u8::MAX, 0), |(low, high), &x| (x.min(low), x.max(high)));
        let classes = counts.into_iter().enumerate();
        Inventory {
            noun: "images",
            samples: self.len(),
            shape: self.shape.to_vec(),
            classes: classes
                .map(|(label, samples)| ClassCount { name: label.to_string(), samples })
                .collect(),
            range: [low, high].map(|level| normalize(f32::from(level))),
            table: None,
            passed_over: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        use sha2::Digest;
        *self.fingerprint.get_or_init(|| {
            Fingerprint::of_samples(&self.shape, self.len(), &self.labels, |hash| {
                hash.update(&self.levels);
            })
        })
    }
}
