//! One pass over samples: all that the quantities are computed from, the samples themselves not among it.

use burn::tensor::Tensor;
use gan_core::seed::{Seed, shuffle};
use gan_divergence::{DivergenceError, Points};

use crate::pyramid::{Choice, ChosenImages};
use crate::quantities::Found;
use crate::seen::Seen;
use crate::{EvalError, FeatureExtractor};

/// Groups of the samples that a standard error of their spread is made of.
const GROUPS: usize = 10;

/// What one pass over samples has found: their features, classes and spread.
///
/// The rows are in an order of their own, which does not depend on that of the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Features, row by row.
    pub features: Vec<f32>,
    /// Logits, row by row; none without classes.
    pub logits: Vec<f32>,
    /// The class of each sample as it was asked for or labeled; none without labels.
    pub labels: Vec<usize>,
    /// The length of a row of features.
    pub dim: usize,
    /// The number of classes; 0 without.
    pub classes: usize,
    /// The mean, over a sample's values, of the standard deviation over the samples; with its standard
    /// error.
    pub spread: (f64, f64),
    /// Some of the samples themselves, of an extractor that keeps images.
    pub images: Option<ChosenImages>,
}

impl Observed {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.features.len() / self.dim.max(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// What there is besides features.
    pub fn found(&self) -> Found {
        Found { classes: self.classes, images: self.images.as_ref().map_or(0, ChosenImages::len) }
    }

    /// The class that each sample is taken for; none without classes.
    pub fn found_classes(&self) -> Vec<usize> {
        self.logits.chunks_exact(self.classes.max(1)).map(argmax).collect()
    }

    /// Of each class that was asked for: the class, how many samples of it, and the share of them that are
    /// taken for it. None without labels or classes.
    pub fn agreement(&self) -> Vec<ClassAgreement> {
        let mut counts = vec![(0_usize, 0_usize); self.classes];
        for (&label, found) in self.labels.iter().zip(self.found_classes()) {
            if let Some((n, hits)) = counts.get_mut(label) {
                *n += 1;
                *hits += usize::from(found == label);
            }
        }
        let asked = counts.into_iter().enumerate().filter(|(_, (n, _))| *n > 0);
        asked
            .map(|(class, (n, hits))| ClassAgreement { class, n, share: hits as f64 / n as f64 })
            .collect()
    }

    /// The first `n` samples. Their spread is that of all of them.
    pub(crate) fn first(&self, n: usize) -> Self {
        let n = n.min(self.len());
        Self {
            features: self.features[..n * self.dim].to_vec(),
            logits: self.logits[..(n * self.classes).min(self.logits.len())].to_vec(),
            labels: self.labels[..n.min(self.labels.len())].to_vec(),
            images: self.images.clone(),
            ..*self
        }
    }

    /// Features in double precision, for distances.
    pub(crate) fn rows(&self) -> Rows {
        Rows { values: self.features.iter().map(|&x| f64::from(x)).collect(), dim: self.dim }
    }
}

/// How far the samples of a class that was asked for agree with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassAgreement {
    /// The class.
    pub class: usize,
    /// Samples that were asked for.
    pub n: usize,
    /// The share of them that are taken for this class.
    pub share: f64,
}

/// Features in double precision.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    values: Vec<f64>,
    dim: usize,
}

impl Rows {
    pub(crate) fn points(&self) -> Result<Points<'_>, DivergenceError> {
        Points::new(&self.values, self.dim)
    }

    /// The first half of them, at most `n`, and the second half.
    pub(crate) fn halves(&self, n: usize) -> Result<(Points<'_>, Points<'_>), DivergenceError> {
        let half = self.values.len() / self.dim.max(1) / 2;
        let (one, other) = self.values.split_at(half * self.dim);
        let one = &one[..n.min(half) * self.dim];
        Ok((Points::new(one, self.dim)?, Points::new(other, self.dim)?))
    }

    /// The first `n` of them.
    pub(crate) fn first(&self, n: usize) -> Result<Points<'_>, DivergenceError> {
        Points::new(&self.values[..(n * self.dim).min(self.values.len())], self.dim)
    }
}

/// The position of the largest.
pub(crate) fn argmax(logits: &[f32]) -> usize {
    let largest = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    largest.map_or(0, |(class, _)| class)
}

/// Looks at samples chunk by chunk.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
/// use gan_eval::{Pass, Pixels};
///
/// let mut pass = Pass::new(&Pixels);
/// pass.add(Tensor::<2>::ones([3, 2], &Device::default()), None)?;
/// pass.add(Tensor::<2>::zeros([1, 2], &Device::default()), None)?;
/// assert_eq!(pass.finish().len(), 4);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
pub struct Pass<'a, E> {
    extractor: &'a E,
    observed: Observed,
    values: Vec<ValueSums>,
    choice: Option<Choice>,
}

impl<'a, E> Pass<'a, E> {
    /// Nothing has been looked at.
    pub fn new(extractor: &'a E) -> Self {
        let observed = Observed {
            features: Vec::new(),
            logits: Vec::new(),
            labels: Vec::new(),
            dim: 0,
            classes: 0,
            spread: (0.0, 0.0),
            images: None,
        };
        let values = vec![ValueSums::default(); GROUPS];
        Self { extractor, observed, values, choice: None }
    }

    /// Look at samples `[n, ..]`, off the autodiff side, of these classes if they have any.
    ///
    /// # Errors
    /// The extractor takes no samples of this shape ([`FeatureExtractor::check`]), or has not one row of
    /// features for each.
    pub fn add<const D: usize>(
        &mut self,
        samples: Tensor<D>,
        labels: Option<&[usize]>,
    ) -> Result<(), EvalError>
    where
        E: FeatureExtractor<D>,
    {
        self.take(Seen::of(self.extractor, samples, labels)?);
        Ok(())
    }

    /// A chunk that was looked at, here or by another rank.
    pub(crate) fn take(&mut self, seen: Seen) {
        let first = self.observed.len();
        self.choice.get_or_insert_with(|| Choice::of(seen.kept)).add(&seen.shape, &seen.values);
        let n = seen.shape.first().copied().unwrap_or(0);
        for (i, row) in seen.values.chunks_exact(seen.values.len() / n.max(1)).enumerate() {
            self.values[(first + i) % GROUPS].add(row);
        }
        self.observed.dim = seen.dim;
        self.observed.features.extend(seen.features);
        self.observed.classes = seen.classes;
        self.observed.logits.extend(seen.logits);
        self.observed.labels.extend(seen.labels);
    }

    /// What was found.
    pub fn finish(self) -> Observed {
        let mut observed = self.observed;
        observed.spread = spread(&self.values);
        Observed { images: self.choice.and_then(Choice::finish), ..in_own_order(&observed) }
    }
}

/// The same rows, ordered by their contents and then shuffled by a seed: in the order of the samples, where those of a
/// class follow each other, no part of them would stand for all.
fn in_own_order(observed: &Observed) -> Observed {
    let (dim, classes) = (observed.dim, observed.classes);
    let row = |i: usize| &observed.features[i * dim..(i + 1) * dim];
    let mut order: Vec<usize> = (0..observed.len()).collect();
    order.sort_by(|&a, &b| {
        let numbers = row(a).iter().zip(row(b)).map(|(x, y)| x.total_cmp(y));
        let by_features = numbers.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
        by_features.then_with(|| observed.labels.get(a).cmp(&observed.labels.get(b)))
    });
    shuffle(&mut order, &mut Seed(0).stream("evaluation/order").draw(0));
    let (features, logits) = (&observed.features, &observed.logits);
    let of_rows = |values: &[f32], width: usize| -> Vec<f32> {
        let rows = order.iter().filter_map(|&i| values.get(i * width..(i + 1) * width));
        rows.flatten().copied().collect()
    };
    Observed {
        features: of_rows(features, dim),
        logits: of_rows(logits, classes),
        labels: order.iter().filter_map(|&i| observed.labels.get(i).copied()).collect(),
        images: None,
        ..*observed
    }
}

/// Sums of each value of a sample, and of its square.
#[derive(Clone, Debug, Default)]
struct ValueSums {
    n: usize,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl ValueSums {
    fn add(&mut self, row: &[f32]) {
        self.sums.resize(row.len(), 0.0);
        self.squares.resize(row.len(), 0.0);
        self.n += 1;
        for ((sum, square), &value) in self.sums.iter_mut().zip(&mut self.squares).zip(row) {
            let value = f64::from(value);
            *sum += value;
            *square += value * value;
        }
    }
}

/// The mean over the values of the deviation over the samples, and its jackknife error over the groups.
fn spread(groups: &[ValueSums]) -> (f64, f64) {
    let all = deviation(groups.iter());
    let without = |left_out: usize| {
        let rest = groups.iter().enumerate().filter(|(i, _)| *i != left_out);
        deviation(rest.map(|(_, group)| group))
    };
    let parts: Vec<f64> = (0..groups.len()).map(without).collect();
    let count = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / count;
    let variance: f64 = parts.iter().map(|part| (part - mean).powi(2)).sum();
    (all, (variance * (count - 1.0) / count).sqrt())
}

fn deviation<'a>(groups: impl Iterator<Item = &'a ValueSums>) -> f64 {
    let groups: Vec<&ValueSums> = groups.filter(|group| group.n > 0).collect();
    let n = groups.iter().map(|group| group.n).sum::<usize>() as f64;
    let width = groups.first().map_or(0, |group| group.sums.len());
    let of_value = |j: usize| {
        let mean = groups.iter().map(|group| group.sums[j]).sum::<f64>() / n;
        let square = groups.iter().map(|group| group.squares[j]).sum::<f64>() / n;
        (square - mean * mean).max(0.0).sqrt()
    };
    (0..width).map(of_value).sum::<f64>() / width.max(1) as f64
}
