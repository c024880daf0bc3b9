//! `gan interpolate`: latent interpolation along a closed path.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use gan_core::latent::{LatentPath, LatentPrior};
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_models::Networks;

use crate::args::{InterpolateArguments, LookArguments, Path};
use crate::assemble::NetworkVisitor;
use crate::labels::ClassNames;
use crate::latent_walk::{LatentWalk, POINTS_PER_LEG, Route};
use crate::sampling::some_points;
use crate::saved_run::SavedRun;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use gan_plot::{Arrangement, Sheet};

/// Frames from one latent to the next, and in a second.
const FRAMES_PER_LEG: usize = 24;
const FRAMES_PER_SECOND: u16 = 24;
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
    let real = match is_image {
        true => Vec::new(),
        false => some_points(&*config.data.open(Seed(config.seed))?, config.pictures.count),
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

    fn write(&self, walk: &LatentWalk, real: &[[f32; 2]]) -> anyhow::Result<()> {
        let still = walk.still(self.look.sheet(), real)?;
        write_out(&self.still, &still)?;
        streams::print_path(&self.still)?;
        if let Some(path) = &self.animated
            && let Some(animation) = walk.animated(self.look.scale, FRAMES_PER_SECOND)?
        {
            write_out(path, &animation)?;
            streams::print_path(path)?;
        }
        Ok(())
    }
}

/// A walk through the latents of a saved generator.
struct Walk<'a> {
    run: &'a SavedRun,
    seed: Seed,
    path: LatentPath,
    arguments: &'a InterpolateArguments,
}

impl NetworkVisitor for Walk<'_> {
    type Output = LatentWalk;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<LatentWalk> {
        let Self { run, path, arguments, .. } = self;
        let names = ClassNames::of(&run.data.class_names, networks.generator.classes());
        let class = match &arguments.label {
            Some(label) => Some(names.select_one(label.trim())?),
            None => (names.len() > 0).then_some(0),
        };
        let name = class.and_then(|class| names.beside_rows(&[class]).pop());
        let (stream, prior) = (self.seed.stream("interpolate"), run.config.train.prior);
        let sampler = Sampler::new(run.restore(networks.generator)?, prior, stream, &run.device);
        let (legs, in_row) = (arguments.rows, arguments.steps);
        let route = Route { path, legs, in_row, in_animation: FRAMES_PER_LEG, class };
        Ok(LatentWalk::along(&route, &sampler, name))
    }
}
