//! Which real samples a run sees.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{bail, ensure};
use gan_core::Seed;
use gan_data::{
    Color, GridConfig, ImageFolder, Mnist, MnistSize, MnistSplit, MoonsConfig, Points, RingConfig,
    SampleSet,
};
use serde::{Deserialize, Serialize};

/// The real samples, by kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum DataConfig {
    /// Two interleaving half circles.
    Moons {
        /// Points on both moons together.
        #[serde(default = "default_points")]
        points: usize,
        /// Standard deviation of the noise.
        #[serde(default = "default_noise")]
        noise: f64,
    },
    /// Eight Gaussians on a circle.
    Ring {
        /// Points in all.
        #[serde(default = "default_points")]
        points: usize,
        /// Standard deviation of each Gaussian.
        #[serde(default = "default_ring_sigma")]
        sigma: f64,
    },
    /// Twenty-five Gaussians on a square grid.
    Grid {
        /// Points in all.
        #[serde(default = "default_points")]
        points: usize,
        /// Standard deviation of each Gaussian.
        #[serde(default = "default_grid_sigma")]
        sigma: f64,
    },
    /// Handwritten digits, or another set in their format.
    Mnist {
        /// Which images.
        #[serde(default)]
        split: Split,
        /// 28 as they are, 32 resized.
        #[serde(default = "default_size")]
        size: usize,
        /// Only the first so many; 0 for all.
        #[serde(default)]
        subset: usize,
        /// A folder with the four IDX files; empty for the digits inside this program.
        #[serde(default)]
        dir: PathBuf,
    },
    /// A table of numbers of one's own.
    Points {
        /// A `.csv` or `.npy` file.
        #[serde(default)]
        file: PathBuf,
    },
    /// A folder of images of one's own.
    Images {
        /// The folder.
        #[serde(default)]
        dir: PathBuf,
        /// Pixels a side that every image is brought to.
        #[serde(default = "default_size")]
        size: usize,
        /// Gray or RGB.
        #[serde(default)]
        color: Colors,
    },
}

/// Which of the images in MNIST's format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Split {
    /// The training images.
    Train,
    /// The test images.
    Test,
    /// Both.
    #[default]
    All,
}

/// The channels of one's own images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Colors {
    /// One channel.
    #[default]
    Gray,
    /// Three channels.
    Rgb,
}

fn default_points() -> usize {
    10_000
}

fn default_noise() -> f64 {
    0.05
}

fn default_ring_sigma() -> f64 {
    RingConfig::default().sigma
}

fn default_grid_sigma() -> f64 {
    GridConfig::default().sigma
}

fn default_size() -> usize {
    32
}

impl DataConfig {
    /// The names of all kinds with a line on each, for a table.
    pub(crate) const KINDS: [(&'static str, &'static str); 6] = [
        ("moons", "two interleaving half circles, as scikit-learn's make_moons"),
        ("ring", "8 Gaussians on the unit circle"),
        ("grid", "25 Gaussians on a 5×5 grid"),
        (
            "mnist",
            "70,000 handwritten digits inside the program; data.dir for a set in their format",
        ),
        ("points", "a .csv or .npy table of one's own: data.file"),
        ("images", "a folder of PNG or JPEG images of one's own: data.dir"),
    ];

    /// Ten thousand points on the moons.
    pub(crate) fn moons() -> Self {
        Self::Moons { points: default_points(), noise: default_noise() }
    }

    /// Ten thousand points on the ring.
    pub(crate) fn ring() -> Self {
        Self::Ring { points: default_points(), sigma: default_ring_sigma() }
    }

    /// Ten thousand points on the grid.
    pub(crate) fn grid() -> Self {
        Self::Grid { points: default_points(), sigma: default_grid_sigma() }
    }

    /// The training digits at a size.
    pub(crate) fn mnist(size: usize) -> Self {
        Self::Mnist { split: Split::Train, size, subset: 0, dir: PathBuf::new() }
    }

    /// Read or make the samples; synthetic ones follow from `seed`.
    pub(crate) fn open(&self, seed: Seed) -> anyhow::Result<Arc<dyn SampleSet>> {
        Ok(match *self {
            Self::Moons { points: 0, .. }
            | Self::Ring { points: 0, .. }
            | Self::Grid { points: 0, .. } => bail!("`data.points` must be at least 1, found 0"),
            Self::Moons { points, noise } => {
                Arc::new(MoonsConfig { n_samples: points, noise, shuffle: true }.sample(seed)?)
            }
            Self::Ring { points, sigma } => Arc::new(
                RingConfig { n_samples: points, sigma, ..RingConfig::default() }.sample(seed)?,
            ),
            Self::Grid { points, sigma } => Arc::new(
                GridConfig { n_samples: points, sigma, ..GridConfig::default() }.sample(seed)?,
            ),
            Self::Mnist { split, size, subset, ref dir } => {
                let (split, size) = (split.into(), MnistSize::try_from(size)?);
                let mnist = if dir.as_os_str().is_empty() {
                    Mnist::shipped(split, size)?
                } else {
                    Mnist::from_dir(dir, split, size)?
                };
                Arc::new(if subset == 0 { mnist } else { mnist.subset(subset)? })
            }
            Self::Points { ref file } => {
                ensure!(!file.as_os_str().is_empty(), "`data.file` must name a .csv or .npy file");
                Arc::new(Points::open(file)?)
            }
            Self::Images { ref dir, size, color } => {
                ensure!(!dir.as_os_str().is_empty(), "`data.dir` must name a folder of images");
                Arc::new(ImageFolder::open(dir, size, color.into())?)
            }
        })
    }
}

impl From<Split> for MnistSplit {
    fn from(split: Split) -> Self {
        match split {
            Split::Train => Self::Train,
            Split::Test => Self::Test,
            Split::All => Self::All,
        }
    }
}

impl From<Colors> for Color {
    fn from(colors: Colors) -> Self {
        match colors {
            Colors::Gray => Self::Gray,
            Colors::Rgb => Self::Rgb,
        }
    }
}
