//! The readers of this program by themselves, for `gan-torture`: each takes a path, reads what
//! is there as a command would, and reports in a few words what it was. No interface for others.

use std::path::Path;

use anyhow::ensure;
use gan_core::checkpoint::Checkpoint;
use gan_core::player::{Critic, Generator};
use gan_models::Networks;

use crate::assemble::{NetworkVisitor, assemble};
use crate::config::Layers;
use crate::device;
use crate::interchange::StateDict;
use crate::metrics;
use crate::numbers::Numbers;
use crate::run_folder::RunFolder;

/// The configuration of a TOML file with settings over it, as it is written into a run folder.
///
/// # Errors
/// What `gan train FILE --set …` would report.
pub fn configuration(file: &Path, settings: &[String]) -> anyhow::Result<String> {
    let mut layers = Layers::of_file(file.to_owned())?;
    settings.iter().try_for_each(|setting| layers.set(setting))?;
    layers.finish()?.to_toml()
}

/// The columns and the values of a file for `gan divergence`.
///
/// # Errors
/// What that command would report.
pub fn numbers(file: &Path) -> anyhow::Result<(usize, Vec<f64>)> {
    let numbers = Numbers::open(file, &gan_data::TableConfig::default())?;
    Ok((numbers.columns, numbers.values))
}

/// The steps of a run's `metrics.jsonl`.
///
/// # Errors
/// What drawing its curves would report.
pub fn metrics(file: &Path) -> anyhow::Result<Vec<u64>> {
    Ok(metrics::read(file)?.iter().map(|line| line.step).collect())
}

/// A generator of points with weights from a file of PyTorch, and its samples at fixed latents.
///
/// # Errors
/// What `gan import gan` with `model.latent=3` and `model.hidden=5` would report.
pub fn state_dict(file: &Path) -> anyhow::Result<Vec<f32>> {
    let weights = StateDict::open(file)?;
    let mut layers = Layers::of_recipe("gan")?;
    layers.set("model.latent=3")?;
    layers.set("model.hidden=5")?;
    let config = layers.finish()?;
    let device = device::open(None)?.device;
    assemble(config.model, &[2], 1, &device, Imported(weights))
}

struct Imported(StateDict);

impl NetworkVisitor for Imported {
    type Output = Vec<f32>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<f32>> {
        Ok(values_of(&self.0.load_into(networks.generator)?.module))
    }
}

/// The newest checkpoint of a run folder, all of it: step, configuration, and all weights in a row.
///
/// # Errors
/// What `gan sample` and `gan train --resume` would report.
pub fn run(folder: &Path) -> anyhow::Result<(u64, String, Vec<f32>)> {
    let folder = RunFolder::open(folder)?;
    let config = folder.config()?;
    config.validate()?;
    let checkpoint = folder.checkpoint(None)?;
    let step = checkpoint.state().step;
    let data = folder.data()?;
    let device = device::open(None)?.device;
    let (model, packing) = (config.model, config.train.rules.preprocessing.packing);
    let weights = assemble(model, &data.shape, packing, &device, Restored(checkpoint))?;
    Ok((step, config.to_toml()?, weights))
}

struct Restored(Checkpoint);

impl NetworkVisitor for Restored {
    type Output = Vec<f32>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<f32>> {
        let Networks { generator, critic, .. } = networks;
        let ema = self.0.restore_ema(generator.clone())?;
        let generator = self.0.restore_generator(generator)?;
        let critic = self.0.restore_critic(critic)?;
        let mut values = values_of(&generator);
        values.extend(values_of(&critic));
        values.extend(ema.iter().flat_map(values_of));
        ensure!(!values.is_empty(), "the checkpoint has no weights");
        Ok(values)
    }
}

/// Every parameter's values, one after the other.
fn values_of<M: burn::module::Module>(module: &M) -> Vec<f32> {
    use burn_store::{ModuleSnapshot as _, bridge};
    let tensors = module.collect(None, None, true);
    let data = tensors.iter().filter_map(|tensor| bridge::to_data(tensor).ok());
    data.flat_map(|data| data.iter::<f32>().collect::<Vec<_>>()).collect()
}
