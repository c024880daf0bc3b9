//! The real images that a run's samples are compared with.

use std::sync::Arc;

use anyhow::ensure;
use burn::tensor::{Device, Tensor, TensorData};
use gan_core::measurement::Measurement;
use gan_core::seed::{Seed, shuffle};
use gan_data::SampleSet;
use gan_eval::quantities::quantities;
use gan_eval::{Card, Control, FeatureExtractor, Found, Observed, Pass, Reference};

use super::{Cache, ImageArray, SampleFeatures};
use crate::config::DataConfig;

/// The most real images that samples are compared with, and the most of those that were held out.
const MOST: usize = 10_000;
/// Images that are looked at at once.
const CHUNK: usize = 500;

/// Images on the host.
#[derive(Clone)]
pub(crate) enum Images {
    /// Those of a data set.
    Set(Arc<dyn SampleSet>),
    /// Those of an array.
    Array(Arc<ImageArray>),
}

impl Images {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Set(set) => set.len(),
            Self::Array(array) => array.len(),
        }
    }

    /// Channels, height and width.
    pub(crate) fn shape(&self) -> &[usize] {
        match self {
            Self::Set(set) => set.shape(),
            Self::Array(array) => array.shape(),
        }
    }

    fn values(&self, indices: &[usize]) -> Vec<f32> {
        match self {
            Self::Set(set) => set.values(indices),
            Self::Array(array) => array.values(indices),
        }
    }

    /// The images at some of the indices, `[n, channels, height, width]`.
    pub(crate) fn tensor(&self, indices: &[usize], device: &Device) -> Tensor<4> {
        let mut shape = [1; 4];
        shape[0] = indices.len();
        for (to, from) in shape[1..].iter_mut().zip(self.shape()) {
            *to = *from;
        }
        Tensor::from_data(TensorData::new(self.values(indices), shape), device)
    }

    fn label(&self, index: usize) -> Option<usize> {
        match self {
            Self::Set(set) => set.label(index),
            Self::Array(array) => array.label(index),
        }
    }

    fn fingerprint(&self) -> String {
        match self {
            Self::Set(set) => set.fingerprint().to_string(),
            Self::Array(array) => array.fingerprint(),
        }
    }
}

/// Some images of a set, in an order that does not depend on the run.
struct Part {
    images: Images,
    fingerprint: String,
    indices: Vec<usize>,
}

/// Real images: those that were trained on, and others of the same kind that were not.
pub(crate) struct RealSamples {
    real: Part,
    held_out: Part,
    /// Whether the others were trained on as well: there were none besides.
    halved: bool,
}

impl RealSamples {
    /// Those of a run, beside others of the same kind where there are any.
    pub(crate) fn of(
        config: &DataConfig,
        data: Arc<dyn SampleSet>,
        seed: Seed,
    ) -> anyhow::Result<Self> {
        let held_out = config.held_out().map(|held_out| held_out.open(seed)).transpose()?;
        Self::new(Images::Set(data), held_out.map(Images::Set))
    }

    /// Numbers in a sample.
    pub(crate) fn n_values(&self) -> usize {
        self.real.images.shape().iter().product()
    }

    /// Some of those that samples are compared with, `[n, channels, height, width]`.
    pub(crate) fn trained_on(&self, most: usize, device: &Device) -> Tensor<4> {
        let indices = &self.real.indices;
        self.real.images.tensor(&indices[..most.min(indices.len())], device)
    }

    /// `real` beside as many of those that were held out; without any, `real` is cut into two halves.
    pub(crate) fn new(real: Images, held_out: Option<Images>) -> anyhow::Result<Self> {
        let order = mixed(real.len());
        if let Some(others) = held_out {
            let mut indices = first(&mixed(others.len()));
            indices.truncate(real.len());
            let held_out = Part { fingerprint: others.fingerprint(), images: others, indices };
            let (fingerprint, indices) = (real.fingerprint(), first(&order));
            let real = Part { images: real, fingerprint, indices };
            return Ok(Self { real, held_out, halved: false });
        }
        ensure!(
            real.len() >= 2,
            "samples are compared with one half of the data beside the other, found {} image",
            real.len()
        );
        let fingerprint = real.fingerprint();
        let half = |indices: &[usize]| Part {
            images: real.clone(),
            fingerprint: fingerprint.clone(),
            indices: first(indices),
        };
        let (one, other) = order.split_at(order.len().div_ceil(2));
        Ok(Self { real: half(one), held_out: half(other), halved: true })
    }
}

/// Look at all of some images.
pub(crate) fn look_at_all(images: &Images, extractor: &SampleFeatures) -> anyhow::Result<Observed> {
    let indices = (0..images.len()).collect();
    Part { images: images.clone(), fingerprint: String::new(), indices }.look(extractor)
}

/// The first numbers of a list, as many as are compared at most.
fn first(indices: &[usize]) -> Vec<usize> {
    indices.iter().copied().take(MOST).collect()
}

/// The numbers below `n` in a random order, always the same one.
fn mixed(n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    shuffle(&mut order, &mut Seed(0).stream("evaluation/reference").draw(0));
    order
}

impl Part {
    fn key(&self, extractor: &str, role: &str) -> String {
        let n = self.indices.len();
        format!("{extractor} {role} {n} of {} in {}", self.images.len(), self.fingerprint)
    }

    fn look(&self, extractor: &SampleFeatures) -> anyhow::Result<Observed> {
        let mut pass = Pass::new(extractor);
        for indices in self.indices.chunks(CHUNK) {
            let labels: Option<Vec<usize>> =
                indices.iter().map(|&i| self.images.label(i)).collect();
            let images = self.images.tensor(indices, &extractor.device);
            pass.add(images, labels.as_deref())?;
        }
        Ok(pass.finish())
    }

    fn look_at_control(
        &self,
        control: Control,
        n: usize,
        extractor: &SampleFeatures,
    ) -> anyhow::Result<Observed> {
        let indices: Vec<usize> = self.indices.iter().copied().cycle().take(n).collect();
        let samples = control.samples(&self.images.tensor(&indices, &extractor.device));
        let labels: Option<Vec<usize>> = indices.iter().map(|&i| self.images.label(i)).collect();
        let mut pass = Pass::new(extractor);
        for first in (0..n).step_by(CHUNK) {
            let chunk = CHUNK.min(n - first);
            let labels = labels.as_ref().map(|labels| &labels[first..first + chunk]);
            pass.add(samples.clone().narrow(0, first, chunk), labels)?;
        }
        Ok(pass.finish())
    }
}

/// Real images that an extractor has looked at, and what they score.
pub(crate) struct RealScores<'a> {
    images: &'a RealSamples,
    extractor: &'a SampleFeatures,
    cache: &'a Cache,
    id: String,
}

impl<'a> RealScores<'a> {
    pub(crate) fn new(
        images: &'a RealSamples,
        extractor: &'a SampleFeatures,
        cache: &'a Cache,
    ) -> Self {
        Self { images, extractor, cache, id: FeatureExtractor::<4>::id(extractor) }
    }

    /// What samples are compared with.
    pub(crate) fn reference(&self) -> anyhow::Result<Reference> {
        let look = |part: &Part, role: &str| {
            self.cache.observed(&part.key(&self.id, role), || part.look(self.extractor))
        };
        let real = look(&self.images.real, "real")?;
        let held_out = look(&self.images.held_out, "held out")?;
        let reference = Reference::new(real, held_out)?;
        let key = format!("duplicate radius of {}", self.images.real.key(&self.id, "real"));
        let radius = self.cache.number(&key, || Ok(reference.duplicate_radius()?))?;
        let reference = reference.knowing_duplicate_radius(radius);
        Ok(if self.images.halved { reference.halved() } else { reference })
    }

    /// The numbers of `n` held-out images.
    pub(crate) fn held_out(
        &self,
        reference: &Reference,
        n: usize,
        card: Card,
    ) -> anyhow::Result<Vec<Measurement>> {
        self.cache.measured(&self.key("held out", n, card), &quantities(card, Found::ALL), || {
            Ok(reference.measure_held_out(n, card)?)
        })
    }

    /// The numbers of `n` samples of a control.
    pub(crate) fn control(
        &self,
        reference: &Reference,
        control: Control,
        n: usize,
        card: Card,
    ) -> anyhow::Result<Vec<Measurement>> {
        self.cache.measured(
            &self.key(control.name(), n, card),
            &quantities(card, Found::ALL),
            || {
                let observed = self.images.held_out.look_at_control(control, n, self.extractor)?;
                Ok(reference.measure(&observed, card)?)
            },
        )
    }

    fn key(&self, what: &str, n: usize, card: Card) -> String {
        let real = self.images.real.key(&self.id, "real");
        let held_out = self.images.held_out.key(&self.id, "held out");
        format!("{card:?} of {n} {what} beside {real} and {held_out}")
    }
}
