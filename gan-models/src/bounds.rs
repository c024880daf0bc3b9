//! Limits on the sizes of networks.

use crate::ModelError;

/// The largest value of each size of an architecture, by its configuration key.
const MOST: [(&str, usize); 6] = [
    ("model.latent", 65_536),
    ("model.hidden", 65_536),
    ("model.depth", 1024),
    ("model.classes", 65_536),
    ("model.blocks", 256),
    ("train.packing", 65_536),
];
/// The largest width of a convolutional network.
const WIDEST: usize = 16_384;
/// A weight, its gradient and two moments of Adam, in `f32`.
const BYTES: f64 = 16.0;
/// Both players together, in training.
const MOST_GIB: u64 = 64;
const GIB: f64 = (1_u64 << 30) as f64;

/// Refuse the first of the named sizes that is too large.
pub(crate) fn ensure_sizes(
    sizes: impl IntoIterator<Item = (&'static str, usize)>,
) -> Result<(), ModelError> {
    let most =
        |name: &str| MOST.iter().find(|(key, _)| *key == name).map_or(WIDEST, |(_, most)| *most);
    match sizes.into_iter().find(|(name, size)| *size > most(name)) {
        Some((name, found)) => Err(ModelError::TooLarge { name, most: most(name), found }),
        None => Ok(()),
    }
}

/// Refuse networks of about `parameters` parameters, if they are too many for a machine.
pub(crate) fn ensure_memory(parameters: f64, keys: &'static str) -> Result<(), ModelError> {
    let gib = (parameters * BYTES / GIB).ceil() as u64;
    if gib <= MOST_GIB {
        return Ok(());
    }
    Err(ModelError::Memory { parameters: parameters as u64, gib, most: MOST_GIB, keys })
}

/// Refuse sizes of convolutional players that are too large, alone or together: the coordinates of the
/// noise, the width of either player, and the blocks between two sizes of maps.
///
/// The widest maps are taken to be eight times the width, with kernels of 16 weights, each of the
/// other layers half as wide as the next.
pub(crate) fn ensure_convolutional(
    latent: usize,
    [generator_width, critic_width]: [usize; 2],
    blocks: usize,
) -> Result<(), ModelError> {
    ensure_sizes([
        ("model.latent", latent),
        ("model.generator_width", generator_width),
        ("model.critic_width", critic_width),
        ("model.blocks", blocks),
    ])?;
    let widest = [generator_width, critic_width].map(|width| 8.0 * width as f64);
    let layers: f64 = widest.iter().map(|width| 16.0 * width * width * 2.0 / 3.0).sum();
    let first = 16.0 * widest[0] * latent as f64;
    let keys = "model.generator_width, model.critic_width";
    ensure_memory(layers * blocks as f64 + first, keys)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::MlpConfig;

    #[test]
    fn convolutional_players_are_bounded_alone_and_together() {
        assert!(ensure_convolutional(100, [1024, 1024], 1).is_ok());
        let message =
            |widths, blocks| ensure_convolutional(100, widths, blocks).unwrap_err().to_string();
        let found = message([64, usize::MAX], 1);
        assert!(found.starts_with("`model.critic_width` must be at most 16384"), "{found}");
        let found = message([16_384, 64], 1);
        assert!(found.contains("parameters") && found.contains("at most 64 GiB"), "{found}");
        assert!(message([64, 64], 257).contains("`model.blocks` must be at most 256"));
    }

    #[test]
    fn sizes_that_no_machine_holds_are_refused_before_anything_is_made() {
        let message =
            |config: MlpConfig| config.init(&[2], 1, &Device::flex()).unwrap_err().to_string();
        let most = usize::MAX >> 1;
        let plain = MlpConfig::default();
        for (config, expected) in [
            (MlpConfig { latent: most, ..plain }, "`model.latent` must be at most 65536, found "),
            (MlpConfig { hidden: most, ..plain }, "`model.hidden` must be at most 65536, found "),
            (MlpConfig { depth: 1025, ..plain }, "`model.depth` must be at most 1024, found 1025"),
            (MlpConfig { classes: most, ..plain }, "`model.classes` must be at most 65536, found"),
            (MlpConfig { hidden: 65_536, depth: 3, ..plain }, "at most 64 GiB"),
        ] {
            let found = message(config);
            assert!(found.contains(expected), "{found}");
        }
    }
}
