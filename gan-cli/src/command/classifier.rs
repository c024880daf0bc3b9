//! `gan classifier train`: a classifier of labeled images, whose features images are compared in.

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use gan_core::batch::BatchSource as _;
use gan_core::seed::Seed;
use gan_data::{Batches, SampleSet, Subset};
use gan_eval::classifier::{Classifier, ClassifierConfig};
use gan_eval::{FeatureExtractor as _, digits};
use gan_plot::{Arrangement, Look, Sheet};
use rand::RngExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::data::has_idx_files;
use crate::args::{ClassifierArguments, ClassifierCommand, TrainClassifierArguments};
use crate::config::{Colors, DataConfig, ImageSize, Split, expand_home};
use crate::device;
use crate::run_folder::replace_file;
use crate::sampling::Samples;
use crate::streams;

/// The file with the weights.
const FILE: &str = "classifier.bin";
/// The share of a folder's images that is held out to test by, as one in this many.
const TESTED: usize = 10;
/// One epoch with the normalization folded comes after so many with it.
const FOLDED: u64 = 5;
/// Images that are looked at at once.
const CHUNK: usize = 500;
/// The most mistakes in the picture.
const MISTAKES: usize = 100;

pub(crate) fn run(arguments: &ClassifierArguments) -> anyhow::Result<()> {
    match &arguments.command {
        ClassifierCommand::Train(arguments) => train(arguments),
    }
}

fn train(arguments: &TrainClassifierArguments) -> anyhow::Result<()> {
    let out = expand_home(&arguments.out).context("--out")?;
    ensure!(
        arguments.force || !out.join(FILE).exists(),
        "{} holds a classifier; replace it by --force, or name another folder by --out",
        out.display()
    );
    let device = device::open(arguments.device.as_deref())?.device;
    let began = Instant::now();
    let sets = sets(arguments)?;
    let config = config(arguments, &sets)?;
    let mut sources = Vec::new();
    for set in &sets {
        let (train, batch) = (set.train.clone(), arguments.batch.get());
        let batches =
            Batches::<dyn SampleSet, 4>::new(train, batch, Seed(arguments.seed), &device)?;
        sources.push(batches.with_labels()?);
    }
    let steps = (config.epochs + config.folded_epochs) * sources[0].batches_per_epoch();
    let classifier = config.train(&arguments.name, &mut sources, &device, |step, loss| {
        if step.is_multiple_of(1_000) || step == steps {
            let seconds = began.elapsed().as_secs();
            streams::say(&format!("step {step}/{steps}: loss {loss:.4}, {seconds} s"));
        }
        true
    })?;
    let tested: Vec<Tested> =
        sets.iter().map(|set| test(&classifier, set, &device)).collect::<anyhow::Result<_>>()?;
    write(arguments, &out, classifier, &tested, began.elapsed().as_secs_f64())
}

/// Images of one size: those to learn from and those to test by.
struct Images {
    train: Arc<dyn SampleSet>,
    test: Arc<dyn SampleSet>,
}

/// A size for each that was asked for.
fn sets(arguments: &TrainClassifierArguments) -> anyhow::Result<Vec<Images>> {
    let sides = if arguments.size.is_empty() {
        vec![ImageSize::Auto]
    } else {
        arguments.size.iter().map(|&side| ImageSize::Pixels(side)).collect()
    };
    sides.into_iter().map(|side| images(arguments, side)).collect()
}

fn images(arguments: &TrainClassifierArguments, side: ImageSize) -> anyhow::Result<Images> {
    let path = &expand_home(&arguments.data)?;
    let seed = Seed(arguments.seed);
    let is_mnist = path.as_os_str() == "mnist";
    if is_mnist || has_idx_files(path) {
        let side = match side {
            ImageSize::Auto => 28,
            ImageSize::Pixels(side) => side,
        };
        let dir = if is_mnist { std::path::PathBuf::new() } else { path.clone() };
        let subset = arguments.subset.map_or(0, std::num::NonZeroUsize::get);
        let train = DataConfig::Mnist { split: Split::Train, size: side, subset, dir };
        let test = train.held_out().context("the training digits have test digits")?;
        return Ok(Images { train: train.open(seed)?, test: test.open(seed)? });
    }
    ensure!(
        arguments.subset.is_none(),
        "--subset is for digits; take images out of the folder instead"
    );
    let colors = if arguments.rgb { Colors::Rgb } else { Colors::Gray };
    let mut folder = DataConfig::images_of(path, colors);
    if let DataConfig::Images { size, .. } = &mut folder {
        *size = side;
    }
    let all = folder.at_their_own_size()?.open(seed)?;
    let (train, test) = parts(&all, seed)?;
    Ok(Images { train: Arc::new(train), test: Arc::new(test) })
}

/// Nine tenths to learn from and a tenth to test by.
fn parts(all: &Arc<dyn SampleSet>, seed: Seed) -> anyhow::Result<(Subset, Subset)> {
    ensure!(
        all.len() >= 2 * TESTED,
        "a classifier needs {} images at least, found {}",
        2 * TESTED,
        all.len()
    );
    let mut rng = seed.stream("classifier/held-out").draw(0);
    let mut order: Vec<usize> = (0..all.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, rng.random_range(0..=i));
    }
    let train = order.split_off(order.len() / TESTED);
    Ok((Subset::new(all.clone(), train)?, Subset::new(all.clone(), order)?))
}

fn config(
    arguments: &TrainClassifierArguments,
    sets: &[Images],
) -> anyhow::Result<ClassifierConfig> {
    let train = &sets[0].train;
    let [channels, height, width] = *train.shape() else {
        bail!("a classifier is trained on images")
    };
    let (classes, batch) = (train.classes(), arguments.batch.get());
    ensure!(
        classes >= 2,
        "a classifier needs at least 2 classes, found {classes}: a sub-folder of images for each"
    );
    ensure!(
        height.min(width) >= 8,
        "images of {height}×{width} are too small, expected 8×8 at least"
    );
    ensure!(
        batch <= train.len(),
        "--batch is {batch}, but there are {} images to learn from",
        train.len()
    );
    let (epochs, seed) = (arguments.epochs.get(), Seed(arguments.seed));
    let folded_epochs = epochs.div_ceil(FOLDED);
    let config = ClassifierConfig {
        channels,
        classes,
        width: usize::from(arguments.width),
        epochs,
        folded_epochs,
        seed,
        ..ClassifierConfig::default()
    };
    Ok(config)
}

/// How a classifier did on test images of one size.
struct Tested {
    side: usize,
    n: usize,
    accuracy: f64,
    /// The first images that it took for another class.
    mistakes: Samples,
}

fn test(classifier: &Classifier, images: &Images, device: &Device) -> anyhow::Result<Tested> {
    let set = &images.test;
    let mut shape = [0; 4];
    shape[1..].copy_from_slice(set.shape());
    let mut wrong = Vec::new();
    let all: Vec<usize> = (0..set.len()).collect();
    for indices in all.chunks(CHUNK) {
        shape[0] = indices.len();
        let images = Tensor::<4>::from_data(TensorData::new(set.values(indices), shape), device);
        let (_, logits) = classifier.features_and_logits(images)?;
        let found = logits.argmax(1).into_data();
        let pairs = indices.iter().zip(found.iter::<i64>());
        wrong.extend(pairs.filter_map(|(&i, found)| {
            (set.label(i).map(|label| label as i64) != Some(found)).then_some(i)
        }));
    }
    let accuracy = 1.0 - wrong.len() as f64 / set.len() as f64;
    wrong.truncate(MISTAKES);
    let mistakes = Samples { values: set.values(&wrong), shape: set.shape().to_vec() };
    Ok(Tested { side: set.shape()[1], n: set.len(), accuracy, mistakes })
}

fn write(
    arguments: &TrainClassifierArguments,
    out: &std::path::Path,
    classifier: Classifier,
    tested: &[Tested],
    seconds: f64,
) -> anyhow::Result<()> {
    let least = tested.iter().map(|tested| tested.accuracy).fold(1.0, f64::min);
    let classifier = classifier.with_test_accuracy(least);
    let bytes = classifier.to_bytes();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut summary = json!({
        "features": classifier.id(),
        "seed": arguments.seed,
        "epochs": arguments.epochs,
        "parameters": classifier.n_parameters(),
        "sha256": sha256,
        "is_the_shipped_one": f64::from(u8::from(sha256 == digits::SHA256)),
        "wall_seconds": seconds,
    });
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    for Tested { side, n, accuracy, .. } in tested {
        summary[format!("test_accuracy_{side}")] = json!(accuracy);
        streams::say(&format!("{side} pixels: {:.2} % of {n} test images", 100.0 * accuracy));
    }
    replace_file(&out.join(FILE), &bytes)?;
    mistakes(out, tested)?;
    replace_file(
        &out.join("summary.json"),
        (serde_json::to_string_pretty(&summary)? + "\n").as_bytes(),
    )?;
    streams::print_path(&out.join(FILE))
}

/// What the classifier was wrong about, on a sheet for each size that it was tested at.
fn mistakes(out: &std::path::Path, tested: &[Tested]) -> anyhow::Result<()> {
    for Tested { side, mistakes: Samples { values, shape }, .. } in tested {
        let [channels, height, width] = *shape.as_slice() else { continue };
        let of_each = channels * height * width;
        let n = values.len() / of_each;
        if n > 0 {
            let mut sheet =
                Sheet::new([channels, height, width], &Arrangement::Square(n), Look::default())?;
            values.chunks_exact(of_each).for_each(|image| sheet.add(image));
            replace_file(&out.join(format!("mistakes-{side}.png")), &sheet.to_png())?;
        }
    }
    Ok(())
}
