//! Samples that another program made: an array or a folder of images.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use gan_core::seed::Seed;
use gan_data::MnistSize;

use super::report::Judged;
use super::run::ruler;
use super::stacked;
use crate::args::EvaluateArguments;
use crate::config::{Colors, DataConfig, Features, expand_home};
use crate::device;
use crate::evaluation::{ImageArray, Images, NamedFeatures, RealSamples, look_at_all};
use crate::streams;

/// What names the digits inside the program, three in an image.
const STACKED: &str = "stacked-mnist";

pub(super) fn judge(arguments: &EvaluateArguments, path: &Path) -> anyhow::Result<Judged> {
    let device = device::open(arguments.device.as_deref())?.device;
    let reference = arguments.reference.as_deref().unwrap_or("mnist");
    let Ok(features) = arguments.features.as_deref().unwrap_or("auto").parse::<Features>();
    let is_shipped = reference == "mnist" || reference == STACKED;
    let suitable = if is_shipped { Features::Digits } else { Features::Pixels };
    let features = features.or_suitable(suitable);
    let named = NamedFeatures::open(&features, &device)?;
    let named = named.context("`--features` is one of the spaces, found none")?;
    if reference == STACKED {
        return stacked::judge_foreign(path, &open(path, Colors::Rgb).context("--samples")?, named);
    }
    let colors = named.colors();
    let samples = open(path, colors).context("--samples")?;
    let n = samples.len();
    let real = real_images(reference, samples.shape(), colors).context("--reference")?;
    let opened = named.beside(real, n)?;
    let observed = look_at_all(&samples, &opened.extractor)?;
    let (probe, ruler) = ruler(&opened)?;
    Ok(Judged {
        name: path.display().to_string(),
        step: None,
        seed: None,
        samples: n,
        mode_samples: None,
        measured: probe.measure(&observed)?,
        agreement: observed.agreement(),
        ruler: Some(ruler),
    })
}

/// Images in a file or a folder.
fn open(path: &Path, colors: Colors) -> anyhow::Result<Images> {
    let path = &expand_home(path)?;
    if path.is_dir() {
        let folder = DataConfig::images_of(path, colors).at_their_own_size()?;
        return Ok(Images::Set(folder.open(Seed(0))?));
    }
    let array = ImageArray::open(path)?;
    streams::say(&format!("{} is read as {}", path.display(), array.reading()));
    Ok(Images::Array(Arc::new(array)))
}

/// What samples of this shape are compared with.
fn real_images(name: &str, shape: &[usize], colors: Colors) -> anyhow::Result<RealSamples> {
    let [channels, height, width] = *shape else { bail!("samples are no images") };
    if name != "mnist" {
        let real = open(Path::new(name), colors)?;
        ensure!(
            real.shape() == shape,
            "the images of {name} have the shape {:?}, the samples {shape:?} (channels, height, width); \
             both must have one",
            real.shape()
        );
        return RealSamples::new(real, None);
    }
    let fits = channels == 1 && height == width && MnistSize::try_from(height).is_ok();
    ensure!(
        fits,
        "mnist has gray images of 28×28 or 32×32 pixels, the samples are {channels}×{height}×{width}; \
         resize them, or name real images of their size; of stacked digits: --reference stacked-mnist"
    );
    let mnist = DataConfig::mnist(height);
    let held_out = mnist.held_out().map(|held_out| held_out.open(Seed(0))).transpose()?;
    RealSamples::new(Images::Set(mnist.open(Seed(0))?), held_out.map(Images::Set))
}
