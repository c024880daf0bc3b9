//! `gan interpolate`: a closed walk through a generator's latents.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{bail, ensure};
use burn::tensor::Device;
use gan_core::{Checkpoint, Critic, Generator, LatentPath, LatentPrior, Seed, Stream};
use gan_models::Networks;

use crate::args::{InterpolateArguments, Path};
use crate::assemble::{WithNetworks, assemble};
use crate::device;
use crate::labels::ensure_class;
use crate::observer::draw_samples;
use crate::picture;
use crate::run_folder::{RunFolder, replace_file};
use crate::sampling::{Samples, at_points, some_points};
use crate::weights::Weights;

/// Frames from one latent to the next, and in a second.
const FRAMES_PER_LEG: usize = 24;
const FRAMES_PER_SECOND: u16 = 24;
/// Points from one latent to the next, close enough to look like a curve.
const POINTS_PER_LEG: usize = 200;

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
    let shape = folder.data()?.shape;
    let files = Files::new(arguments, shape.len() > 1, || {
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
        label: arguments.label,
    };
    let drawn = assemble(config.model, &shape, config.train.packing, &device, walk)?;
    let real = match drawn.frames {
        Some(_) => Vec::new(),
        None => some_points(&*config.data.open(Seed(config.seed))?, config.pictures.count),
    };
    files.write(&drawn, &real)
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
        let files = Self { animated: moves.then(|| still.with_extension("anim.png")), still };
        for path in [Some(&files.still), files.animated.as_ref()].into_iter().flatten() {
            let is_free = arguments.force || !path.exists();
            ensure!(is_free, "{} exists; replace it by --force", path.display());
        }
        Ok(files)
    }

    fn write(&self, walk: &Drawn, real: &[[f32; 2]]) -> anyhow::Result<()> {
        let title = format!("a walk through {} latents", walk.legs);
        replace_file(&self.still, &draw_samples(&walk.rows, real, &title))?;
        let mut stdout = std::io::stdout();
        writeln!(stdout, "{}", self.still.display())?;
        if let (Some(path), Some(frames)) = (&self.animated, &walk.frames) {
            let &[channels, height, width] = frames.shape.as_slice() else {
                bail!("only images can be animated, found samples of shape {:?}", frames.shape);
            };
            let shape = [channels, height, width];
            replace_file(path, &picture::animation(&frames.values, shape, FRAMES_PER_SECOND))?;
            writeln!(stdout, "{}", path.display())?;
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
    label: Option<usize>,
}

/// What a generator made on the way.
struct Drawn {
    legs: usize,
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
        let classes = networks.generator.classes();
        self.label.map_or(Ok(()), |label| ensure_class(label, classes))?;
        let class = (classes > 0).then(|| self.label.unwrap_or(0));
        let generator = Weights::restore(self.weights, &self.checkpoint, networks.generator)?;

        let stops = self.stops(generator.latent_dim());
        let made = |points: &[Vec<f32>]| at_points(&generator, points, class, &self.device);
        // Samples of rank 2 are points; the rest are images.
        if D == 2 {
            let rows = made(&self.between(&stops, POINTS_PER_LEG, POINTS_PER_LEG));
            return Ok(Drawn { legs: self.legs, rows, frames: None });
        }
        let mut rows = made(&self.between(&stops, self.steps, self.steps - 1));
        rows.row = Some(self.steps);
        let frames = Some(made(&self.between(&stops, FRAMES_PER_LEG, FRAMES_PER_LEG)));
        Ok(Drawn { legs: self.legs, rows, frames })
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
