//! `gan interpolate`: a closed walk through a generator's latents.

use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use burn::tensor::Device;
use gan_core::{Checkpoint, Critic, Generator, LatentPath, LatentPrior, Seed, Stream};
use gan_models::Networks;

use crate::args::{InterpolateArguments, LookArguments, Path};
use crate::assemble::{WithNetworks, assemble};
use crate::device;
use crate::labels::ClassNames;
use crate::observer::draw_samples;
use crate::picture::{self, Arrangement, Sheet};
use crate::run_folder::RunFolder;
use crate::sampling::{Samples, at_points, some_points};
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use crate::weights::Weights;

/// Frames from one latent to the next, and in a second.
const FRAMES_PER_LEG: usize = 24;
const FRAMES_PER_SECOND: u16 = 24;
/// Points from one latent to the next, close enough to look like a curve.
const POINTS_PER_LEG: usize = 200;
/// More are neither drawn nor kept in memory.
const MOST_POINTS: usize = 1_000_000;
const MOST_PIXELS_OF_FRAMES: u128 = 500_000_000;

pub(crate) fn run(arguments: &InterpolateArguments) -> anyhow::Result<()> {
    for (flag, found) in [("--rows", arguments.rows), ("--steps", arguments.steps)] {
        ensure!(found >= 2, "{flag} must be at least 2, found {found}");
    }
    let device = device::open(arguments.device.as_deref())?.device;
    let folder = RunFolder::open(&arguments.run)?;
    let config = folder.config()?;
    let seed = arguments.seed.unwrap_or(config.seed);
    let checkpoint = folder.checkpoint(arguments.from_step)?;
    let step = checkpoint.state().step;
    let data = folder.data()?;
    let is_image = data.shape.len() > 1;
    ensure!(
        is_image || (arguments.look.scale.is_none() && arguments.look.border.is_none()),
        "--scale and --border are for images, but the samples of this run are points"
    );
    ensure_drawable(arguments, &data.shape)?;
    let files = Files::new(arguments, is_image, || {
        folder.samples().join(format!("interpolate-step{step}-seed{seed}.png"))
    })?;

    let prior = config.train.prior;
    let walk = Walk {
        checkpoint,
        weights: arguments.weights,
        device: device.clone(),
        prior,
        stream: Seed(seed).stream("interpolate"),
        path: path(arguments.path, prior),
        legs: arguments.rows,
        steps: arguments.steps,
        label: arguments.label.clone(),
        class_names: data.class_names,
    };
    let drawn = assemble(config.model, &data.shape, config.train.packing, &device, walk)?;
    let real = match drawn.frames {
        Some(_) => Vec::new(),
        None => some_points(&*config.data.open(Seed(config.seed))?, config.pictures.count),
    };
    files.write(&drawn, &real)
}

/// Whether the pictures of so long a walk could be drawn.
fn ensure_drawable(arguments: &InterpolateArguments, shape: &[usize]) -> anyhow::Result<()> {
    let &[channels, height, width] = shape else {
        let most = MOST_POINTS / POINTS_PER_LEG;
        let legs = arguments.rows;
        ensure!(legs <= most, "--rows must be at most {most} for points, found {legs}");
        return Ok(());
    };
    let (groups, n) = (arguments.rows, arguments.steps);
    let arrangement = Arrangement::Groups { groups, n, names: Vec::new() };
    Sheet::check([channels, height, width], &arrangement, arguments.look.sheet())
        .context("--rows and --steps")?;
    let scale = picture::animation_scale(height, width, arguments.look.scale);
    let of_frame = (height * scale * width * scale) as u128;
    let frames = groups as u128 * FRAMES_PER_LEG as u128;
    ensure!(
        of_frame * frames <= MOST_PIXELS_OF_FRAMES,
        "{frames} frames of {}×{} pixels are more than the {MOST_PIXELS_OF_FRAMES} pixels of the \
         largest animation; ask for less by --rows or --scale",
        width * scale,
        height * scale
    );
    Ok(())
}

fn path(chosen: Option<Path>, prior: LatentPrior) -> LatentPath {
    match chosen {
        None => LatentPath::within(prior),
        Some(Path::Linear) => LatentPath::Linear,
        Some(Path::Spherical) => LatentPath::Spherical,
    }
}

/// Where the walk is drawn, checked before it is made.
struct Files {
    still: PathBuf,
    /// For images only.
    animated: Option<PathBuf>,
    look: LookArguments,
}

impl Files {
    fn new(
        arguments: &InterpolateArguments,
        moves: bool,
        default: impl FnOnce() -> PathBuf,
    ) -> anyhow::Result<Self> {
        let still = arguments.out.clone().unwrap_or_else(default);
        let is_png = still.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        ensure!(is_png, "expected a file that ends in .png, found {}", still.display());
        let animated = moves.then(|| still.with_extension("anim.png"));
        let files = Self { still, animated, look: arguments.look };
        for path in [Some(&files.still), files.animated.as_ref()].into_iter().flatten() {
            ensure_free(path, arguments.force)?;
        }
        Ok(files)
    }

    fn write(&self, walk: &Drawn, real: &[[f32; 2]]) -> anyhow::Result<()> {
        let title = format!("a walk through {} latents", walk.legs);
        let arrangement = walk.rows.arrangement(walk.name.iter().cloned().collect());
        let still = draw_samples(&walk.rows, &arrangement, self.look.sheet(), real, &title)?;
        write_out(&self.still, &still)?;
        streams::print_path(&self.still)?;
        if let (Some(path), Some(frames)) = (&self.animated, &walk.frames) {
            let &[channels, height, width] = frames.shape.as_slice() else {
                bail!("only images can be animated, found samples of shape {:?}", frames.shape);
            };
            let shape = [channels, height, width];
            let scale = picture::animation_scale(height, width, self.look.scale);
            let animation = picture::animation(&frames.values, shape, scale, FRAMES_PER_SECOND);
            write_out(path, &animation)?;
            streams::print_path(path)?;
        }
        Ok(())
    }
}

/// A walk through as many latents as it has legs; the last leg leads back to the first latent.
struct Walk {
    checkpoint: Checkpoint,
    weights: Option<Weights>,
    device: Device,
    prior: LatentPrior,
    stream: Stream,
    path: LatentPath,
    legs: usize,
    /// Samples of a leg in the still picture.
    steps: usize,
    label: Option<String>,
    class_names: Vec<String>,
}

/// What a generator made on the way.
struct Drawn {
    legs: usize,
    /// That of the class, if it says more than its number.
    name: Option<String>,
    /// The legs, each with both of its ends; for points, the whole curve.
    rows: Samples,
    /// The walk as it is animated, if it is one through images.
    frames: Option<Samples>,
}

impl WithNetworks for Walk {
    type Output = Drawn;

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Drawn> {
        let names = ClassNames::of(&self.class_names, networks.generator.classes());
        let class = match &self.label {
            Some(label) => Some(names.select_one(label.trim())?),
            None => (names.len() > 0).then_some(0),
        };
        let name = class.and_then(|class| names.beside_rows(&[class]).pop());
        let generator = Weights::restore(self.weights, &self.checkpoint, networks.generator)?;

        let stops = self.stops(generator.latent_dim());
        let made = |points: &[Vec<f32>]| at_points(&generator, points, class, &self.device);
        // Samples of rank 2 are points; the rest are images.
        if D == 2 {
            let rows = made(&self.between(&stops, POINTS_PER_LEG, POINTS_PER_LEG));
            return Ok(Drawn { legs: self.legs, name, rows, frames: None });
        }
        let mut rows = made(&self.between(&stops, self.steps, self.steps - 1));
        rows.row = Some(self.steps);
        let frames = Some(made(&self.between(&stops, FRAMES_PER_LEG, FRAMES_PER_LEG)));
        Ok(Drawn { legs: self.legs, name, rows, frames })
    }
}

impl Walk {
    /// The latents that the walk leads through; each is the same however many there are.
    fn stops(&self, latent_dim: usize) -> Vec<Vec<f32>> {
        let stop = |index| {
            let noise =
                self.prior.draw([1, latent_dim], &mut self.stream.draw(index), &self.device);
            noise.into_data().iter::<f32>().collect()
        };
        (0..self.legs as u64).map(stop).collect()
    }

    /// The first `taken` of the latents that divide every leg into so many `parts`.
    fn between(&self, stops: &[Vec<f32>], taken: usize, parts: usize) -> Vec<Vec<f32>> {
        let legs = stops.iter().zip(stops.iter().cycle().skip(1));
        let leg = |(from, to): (&Vec<f32>, &Vec<f32>)| -> Vec<Vec<f32>> {
            let point = |idx: usize| self.path.point(from, to, idx as f64 / parts as f64);
            (0..taken).map(point).collect()
        };
        legs.flat_map(leg).collect()
    }
}
