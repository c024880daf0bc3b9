//! `gan interpolate`: latent interpolation along a closed path.

use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use gan_core::latent::{LatentPath, LatentPrior};
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_models::Networks;

use crate::args::{InterpolateArguments, LookArguments, Path};
use crate::assemble::NetworkVisitor;
use crate::labels::ClassNames;
use crate::observer::render_samples;
use crate::sampling::{Samples, some_points};
use crate::saved_run::SavedRun;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use gan_plot::{Arrangement, Sheet};

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
    let run = SavedRun::open(&arguments.saved)?;
    let (config, shape) = (&run.config, &run.data.shape);
    let seed = arguments.seed.unwrap_or(config.seed);
    let is_image = shape.len() > 1;
    ensure!(
        is_image || (arguments.look.scale.is_none() && arguments.look.border.is_none()),
        "--scale and --border are for images, but the samples of this run are points"
    );
    ensure_drawable(arguments, shape)?;
    let files = Files::new(arguments, is_image, || {
        run.folder.samples().join(format!("interpolate-step{}-seed{seed}.png", run.step()))
    })?;

    let path = path(arguments.path, config.train.prior);
    let walk = run.visit(Walk { run: &run, seed: Seed(seed), path, arguments })?;
    let real = match walk.frames {
        Some(_) => Vec::new(),
        None => some_points(&*config.data.open(Seed(config.seed))?, config.pictures.count),
    };
    files.write(&walk, &real)
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
    let scale = gan_plot::animation_scale(height, width, arguments.look.scale);
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

    fn write(&self, walk: &Walked, real: &[[f32; 2]]) -> anyhow::Result<()> {
        let title = format!("a walk through {} latents", walk.legs);
        let (groups, n, names) = (walk.legs, walk.per_leg, walk.name.iter().cloned().collect());
        let arrangement = Arrangement::Groups { groups, n, names };
        let still = render_samples(&walk.rows, &arrangement, self.look.sheet(), real, &title)?;
        write_out(&self.still, &still)?;
        streams::print_path(&self.still)?;
        if let (Some(path), Some(frames)) = (&self.animated, &walk.frames) {
            let &[channels, height, width] = frames.shape.as_slice() else {
                bail!("only images can be animated, found samples of shape {:?}", frames.shape);
            };
            let shape = [channels, height, width];
            let scale = gan_plot::animation_scale(height, width, self.look.scale);
            let animation = gan_plot::animation(&frames.values, shape, scale, FRAMES_PER_SECOND);
            write_out(path, &animation)?;
            streams::print_path(path)?;
        }
        Ok(())
    }
}

/// A walk through as many latents as it has legs; the last leg leads back to the first latent.
struct Walk<'a> {
    run: &'a SavedRun,
    seed: Seed,
    path: LatentPath,
    arguments: &'a InterpolateArguments,
}

/// The samples of a walk.
struct Walked {
    legs: usize,
    /// Samples of a leg in the still picture.
    per_leg: usize,
    /// That of the class, if it is more than its number.
    name: Option<String>,
    /// The legs, each with both of its ends; for points, the whole curve.
    rows: Samples,
    /// The walk as it is animated, if it is one through images.
    frames: Option<Samples>,
}

impl NetworkVisitor for Walk<'_> {
    type Output = Walked;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Walked> {
        let Self { run, path, arguments, .. } = self;
        let names = ClassNames::of(&run.data.class_names, networks.generator.classes());
        let class = match &arguments.label {
            Some(label) => Some(names.select_one(label.trim())?),
            None => (names.len() > 0).then_some(0),
        };
        let name = class.and_then(|class| names.beside_rows(&[class]).pop());
        let (stream, prior) = (self.seed.stream("interpolate"), run.config.train.prior);
        let sampler = Sampler::new(run.restore(networks.generator)?, prior, stream, &run.device);

        let (legs, steps) = (arguments.rows, arguments.steps);
        // Each is the same however many there are.
        let stops: Vec<_> = (0..legs as u64).map(|index| sampler.latent(index)).collect();
        let made = |taken, parts| Samples::of(sampler.at(&path.walk(&stops, taken, parts), class));
        // Samples of rank 2 are points; the rest are images.
        let (per_leg, rows, frames) = match D {
            2 => (POINTS_PER_LEG, made(POINTS_PER_LEG, POINTS_PER_LEG), None),
            _ => {
                let frames = made(FRAMES_PER_LEG, FRAMES_PER_LEG);
                (steps, made(steps, steps - 1), Some(frames))
            }
        };
        Ok(Walked { legs, per_leg, name, rows, frames })
    }
}
