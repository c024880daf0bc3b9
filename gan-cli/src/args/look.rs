//! How pictures of images are to look.

use clap::Args;
use clap::value_parser;

use gan_plot::Look;

/// Size and borders of images in a picture.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LookArguments {
    /// Enlarge each image by this whole factor, nearest neighbor; if not given, a sheet is enlarged
    /// to about 900 pixels and a file for each sample not at all.
    #[arg(long, value_name = "K", value_parser = value_parser!(u32).range(1..))]
    pub(crate) scale: Option<u32>,
    /// Pixels between the images of a sheet and around it; 2 if not given.
    #[arg(long, value_name = "PIXELS")]
    pub(crate) border: Option<u32>,
}

impl LookArguments {
    /// The look of a sheet.
    pub(crate) fn sheet(self) -> Look {
        let border = self.border.map_or(Look::default().border, |border| border as usize);
        Look { scale: self.scale.map(|scale| scale as usize), border }
    }
}
