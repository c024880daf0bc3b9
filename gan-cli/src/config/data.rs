//! The data set of a run, as a configuration describes it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{bail, ensure};
use gan_core::seed::Seed;
use gan_data::{
    GridConfig, ImageFolderConfig, Mnist, MnistSize, MnistSplit, MoonsConfig, Points, RingConfig,
    SampleSet, StackedMnist,
};
use gan_models::Architecture;
use serde::{Deserialize, Serialize};

use super::{Colors, Features, ImageSize, TableWords};
use crate::reading;

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
        /// Only the first `subset` digits; 0 for all.
        #[serde(default)]
        subset: usize,
        /// A folder with the four IDX files; empty for the digits inside this program.
        #[serde(default)]
        dir: PathBuf,
    },
    /// Three digits as the channels of one image.
    StackedMnist {
        /// Which digits.
        #[serde(default)]
        split: Split,
        /// 28 as they are, 32 resized.
        #[serde(default = "default_size")]
        size: usize,
        /// Images in all.
        #[serde(default = "default_stacked")]
        samples: usize,
        /// A folder with the four IDX files; empty for the digits inside this program.
        #[serde(default)]
        dir: PathBuf,
    },
    /// A user's own table of numbers.
    Points {
        /// A table in text or of NumPy's.
        #[serde(default)]
        file: PathBuf,
        /// How it is read.
        #[serde(flatten)]
        table: TableWords,
    },
    /// A user's own folder of images.
    Images {
        /// The folder.
        #[serde(default)]
        dir: PathBuf,
        /// Pixels a side that every image is brought to.
        #[serde(default)]
        size: ImageSize,
        /// Gray or RGB.
        #[serde(default)]
        color: Colors,
        /// The sub-folders that are classes, in the order of their labels; empty: all of them.
        #[serde(default)]
        classes: Vec<String>,
        /// Whether images that cannot be read are passed over.
        #[serde(default)]
        skip_broken: bool,
    },
}

/// Which of the images in MNIST's format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Split {
    /// The training images.
    #[default]
    Train,
    /// The test images.
    Test,
    /// Both.
    All,
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

fn default_stacked() -> usize {
    StackedMnist::PROTOCOL_SAMPLES
}

impl DataConfig {
    /// The names of all kinds with a line on each, for a table.
    pub(crate) const KINDS: [(&'static str, &'static str); 7] = [
        ("moons", "two interleaving half circles, as scikit-learn's make_moons"),
        ("ring", "8 Gaussians on the unit circle"),
        ("grid", "25 Gaussians on a 5×5 grid"),
        (
            "mnist",
            "70,000 handwritten digits inside the program; data.dir for a set in their format",
        ),
        (
            "stacked-mnist",
            "three of these digits as red, green and blue of one image: 1000 classes to count",
        ),
        ("points", "a table of one's own, .csv, .tsv, .npy or .npz: data.file"),
        ("images", "a folder of images of one's own, a sub-folder a class: data.dir"),
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
        Self::Mnist { split: Split::default(), size, subset: 0, dir: PathBuf::new() }
    }

    /// As many images of three training digits as the protocol has, at a size.
    pub(crate) fn stacked_mnist(size: usize) -> Self {
        let (split, samples, dir) = (Split::default(), default_stacked(), PathBuf::new());
        Self::StackedMnist { split, size, samples, dir }
    }

    /// The table in a file, to be recognized.
    pub(crate) fn points_of(file: &Path) -> Self {
        Self::Points { file: file.to_owned(), table: TableWords::default() }
    }

    /// The IDX files of a folder.
    pub(crate) fn mnist_of(dir: &Path) -> Self {
        Self::Mnist {
            split: Split::default(),
            size: default_size(),
            subset: 0,
            dir: dir.to_owned(),
        }
    }

    /// The images of a folder, in these channels.
    pub(crate) fn images_of(dir: &Path, color: Colors) -> Self {
        let (dir, size, classes) = (dir.to_owned(), ImageSize::Auto, Vec::new());
        Self::Images { dir, size, color, classes, skip_broken: false }
    }

    /// How a folder of images is read; of a size that is not chosen yet, at the smallest.
    fn image_folder(&self) -> anyhow::Result<ImageFolderConfig> {
        let Self::Images { dir, size, color, classes, skip_broken } = self else {
            bail!("`data.kind` is no folder of images");
        };
        ensure!(!dir.as_os_str().is_empty(), "`data.dir` must name a folder of images");
        let side = match size {
            ImageSize::Auto => default_size(),
            ImageSize::Pixels(pixels) => *pixels,
        };
        let (color, skip_broken) = ((*color).into(), *skip_broken);
        Ok(ImageFolderConfig { side, color, classes: classes.clone(), skip_broken })
    }

    /// What `--set` takes to read the same data of the user's own.
    pub(crate) fn settings(&self) -> Vec<String> {
        match self {
            Self::Points { file, .. } => {
                vec!["data.kind=points".to_owned(), format!("data.file={}", file.display())]
            }
            Self::Mnist { dir, .. } => vec![format!("data.dir={}", dir.display())],
            Self::Images { dir, size, color, .. } => {
                let mut settings =
                    vec!["data.kind=images".to_owned(), format!("data.dir={}", dir.display())];
                if *color == Colors::Rgb {
                    settings.push("data.color=rgb".to_owned());
                }
                if let ImageSize::Pixels(pixels) = size {
                    settings.push(format!("data.size={pixels}"));
                }
                settings
            }
            Self::StackedMnist { dir, .. } => {
                vec!["data.kind=stacked-mnist".to_owned(), format!("data.dir={}", dir.display())]
            }
            Self::Moons { .. } | Self::Ring { .. } | Self::Grid { .. } => Vec::new(),
        }
    }

    /// The same with a size for images, if none was chosen: that of most of them, as far as networks
    /// of this `architecture` make such.
    pub(crate) fn resolved(self, architecture: &Architecture) -> anyhow::Result<Self> {
        self.of_commonest_size(|side| architecture.fitting_side(side))
    }

    /// The same with a size for images, if none was chosen: that of most of them.
    pub(crate) fn at_their_own_size(self) -> anyhow::Result<Self> {
        self.of_commonest_size(|side| side)
    }

    fn of_commonest_size(mut self, fit: impl Fn(usize) -> usize) -> anyhow::Result<Self> {
        if let Self::Images { dir, size: ImageSize::Auto, .. } = &self {
            let watch = reading::progress("headers of images");
            let side = self.image_folder()?.survey_watched(dir, &watch)?.commonest_side();
            let side = side.map_or(default_size(), |side| side as usize);
            if let Self::Images { size, .. } = &mut self {
                *size = ImageSize::Pixels(fit(side));
            }
        }
        Ok(self)
    }

    /// Whether the samples are images.
    pub(crate) fn is_of_images(&self) -> bool {
        matches!(self, Self::Mnist { .. } | Self::StackedMnist { .. } | Self::Images { .. })
    }

    /// Whether the samples are a user's own points, of whose density nothing is known.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self, Self::Points { .. })
    }

    /// What samples like these are compared in if nothing is chosen.
    pub(crate) fn suitable_features(&self) -> Features {
        if self.is_table() {
            Features::Values
        } else if self.is_shipped() {
            Features::Digits
        } else {
            Features::Pixels
        }
    }

    /// Whether these are the digits inside the program.
    pub(crate) fn is_shipped(&self) -> bool {
        matches!(self, Self::Mnist { dir, .. } | Self::StackedMnist { dir, .. } if dir.as_os_str().is_empty())
    }

    /// Images of the same kind that are not among these: the other split of a set that has two.
    pub(crate) fn held_out(&self) -> Option<Self> {
        match self {
            Self::Mnist { split, size, dir, .. } => {
                let (split, size, dir) = (split.other()?, *size, dir.clone());
                Some(Self::Mnist { split, size, subset: 0, dir })
            }
            Self::StackedMnist { split, size, samples, dir } => {
                let (split, size, dir) = (split.other()?, *size, dir.clone());
                Some(Self::StackedMnist { split, size, samples: *samples, dir })
            }
            _ => None,
        }
    }

    /// As many stacked digits as are asked for, of those that are not among these, or of all where there are no
    /// others; none for other data.
    pub(crate) fn stacked_beside(&self, n: usize) -> Option<Self> {
        let Self::StackedMnist { split, size, dir, .. } = self else { return None };
        let split = split.other().unwrap_or(*split);
        Some(Self::StackedMnist { split, size: *size, samples: n, dir: dir.clone() })
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
                let mnist = digits(split, size, dir)?;
                Arc::new(if subset == 0 { mnist } else { mnist.subset(subset)? })
            }
            Self::StackedMnist { samples: 0, .. } => {
                bail!("`data.samples` must be at least 1, found 0")
            }
            Self::StackedMnist { split, size, samples, ref dir } => {
                Arc::new(StackedMnist::new(digits(split, size, dir)?, samples, seed)?)
            }
            Self::Points { ref file, ref table } => {
                ensure!(!file.as_os_str().is_empty(), "`data.file` must name a .csv or .npy file");
                Arc::new(Points::open_with(file, &table.config()?)?)
            }
            Self::Images { ref dir, .. } => {
                Arc::new(self.image_folder()?.open_watched(dir, &reading::progress("images"))?)
            }
        })
    }
}

/// The digits inside the program, or those of a folder.
fn digits(split: Split, size: usize, dir: &Path) -> anyhow::Result<Mnist> {
    let (split, size) = (split.into(), MnistSize::try_from(size)?);
    Ok(match dir.as_os_str().is_empty() {
        true => Mnist::shipped(split, size)?,
        false => Mnist::from_dir(dir, split, size)?,
    })
}

impl Split {
    /// The images that are not among these, if there are any.
    fn other(self) -> Option<Self> {
        match self {
            Self::Train => Some(Self::Test),
            Self::Test => Some(Self::Train),
            Self::All => None,
        }
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
