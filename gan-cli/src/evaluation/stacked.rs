//! Stacked digits beside held-out ones: which of 1000 modes they are in.

use anyhow::Context as _;
use burn::tensor::{Device, Tensor};
use gan_core::measurement::Measurement;
use gan_core::seed::Seed;
use gan_eval::stacked::{StackedLooked, quantities};
use gan_eval::{Control, FeatureExtractor, StackedProbe};

use super::extractor::Space;
use super::{Cache, Images, SampleFeatures};
use crate::config::DataConfig;

/// Images that are looked at at once.
const CHUNK: usize = 200;
/// The seed of the held-out images: that of no run, and the same for all of them.
const HELD_OUT: Seed = Seed(u64::MAX);

/// Whether a classifier looks at each channel of the data by itself: one of gray images at stacked digits.
pub(crate) fn looks_at_channels(data: &DataConfig, space: &Space) -> bool {
    let is_gray = matches!(space, Space::Classifier(classifier) if classifier.channels() == 1);
    is_gray && matches!(data, DataConfig::StackedMnist { .. })
}

/// Real stacked digits, and what they and the controls score.
pub(crate) struct StackedScores<'a> {
    held_out: Images,
    fingerprint: String,
    extractor: &'a SampleFeatures,
    cache: &'a Cache,
}

impl<'a> StackedScores<'a> {
    /// `samples` stacked digits that are not among the data of a run.
    pub(crate) fn new(
        data: &DataConfig,
        samples: usize,
        extractor: &'a SampleFeatures,
        cache: &'a Cache,
    ) -> anyhow::Result<Self> {
        let held_out = data.stacked_beside(samples).context("`data.kind` is not stacked-mnist")?;
        let held_out = held_out.open(HELD_OUT)?;
        let fingerprint = held_out.fingerprint().to_string();
        let held_out = Images::Set(held_out);
        Ok(Self { held_out, fingerprint, extractor, cache })
    }

    /// A probe for as many samples, which knows what the held-out images score.
    pub(crate) fn probe(&self) -> anyhow::Result<StackedProbe<SampleFeatures>> {
        let probe = StackedProbe::new(self.extractor.clone(), self.held_out.len())?;
        let of_real = self.measured("held out", &probe, |part, _| part)?;
        Ok(probe.knowing(of_real))
    }

    /// The numbers of as many samples of a control.
    pub(crate) fn control(
        &self,
        probe: &StackedProbe<SampleFeatures>,
        control: Control,
    ) -> anyhow::Result<Vec<Measurement>> {
        if control == Control::OneRepeated {
            let first = self.held_out.tensor(&[0], &self.extractor.device);
            return self.measured(control.name(), probe, |part, _| {
                first.clone().repeat_dim(0, part.dims()[0])
            });
        }
        self.measured(control.name(), probe, |part, index| control.samples_of_part(&part, index))
    }

    /// What is made of the held-out images, part by part, scores.
    fn measured(
        &self,
        what: &str,
        probe: &StackedProbe<SampleFeatures>,
        make: impl Fn(Tensor<4>, u64) -> Tensor<4>,
    ) -> anyhow::Result<Vec<Measurement>> {
        let id = FeatureExtractor::<4>::id(self.extractor);
        let key = format!("stacked {what} by {id}: {}", self.fingerprint);
        self.cache.measured(&key, &quantities(), || {
            let looked = look_at_channels(&self.held_out, &self.extractor.device, probe, make)?;
            Ok(probe.measure(&looked)?)
        })
    }
}

/// What is made of images, part by part, looked at.
pub(crate) fn look_at_channels(
    images: &Images,
    device: &Device,
    probe: &StackedProbe<SampleFeatures>,
    make: impl Fn(Tensor<4>, u64) -> Tensor<4>,
) -> anyhow::Result<StackedLooked> {
    let all: Vec<usize> = (0..images.len()).collect();
    let mut pass = probe.pass();
    for (index, part) in all.chunks(CHUNK).enumerate() {
        pass.add(make(images.tensor(part, device), index as u64), None)?;
    }
    Ok(pass.finish())
}
