//! `gan import`: a run that begins with the weights of a PyTorch model.

use gan_core::checkpoint::CheckpointPlan;
use gan_core::learner::Learner;
use gan_core::player::{Critic, Generator};
use gan_models::Networks;

use super::train::{Setup, game, layers_of};
use crate::args::ImportArguments;
use crate::assemble::{NetworkVisitor, assemble};
use crate::interchange::StateDict;
use crate::streams;

pub(crate) fn run(arguments: &ImportArguments) -> anyhow::Result<()> {
    let generator = StateDict::open(&arguments.generator)?;
    let critic = arguments.critic.as_deref().map(StateDict::open).transpose()?;
    let setup = Setup::with(layers_of(&arguments.what)?, &arguments.run, arguments.force)?;
    let root = setup.root.clone();
    let (model, packing) = (setup.config.model, setup.config.train.rules.preprocessing.packing);
    let device = setup.device.device.clone().autodiff();
    let shape = setup.data.shape().to_vec();
    assemble(model, &shape, packing, &device, Import { setup, generator, critic })?;
    streams::print_path(&root)?;
    Ok(())
}

/// A run that is ready to begin, and the weights that it is to begin with.
struct Import {
    setup: Setup,
    generator: StateDict,
    critic: Option<StateDict>,
}

impl NetworkVisitor for Import {
    type Output = ();

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        mut self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<()> {
        let mut game = game(&self.setup, networks)?;
        let players = &mut game.players;
        let loaded = self.generator.load_into(players.generator.module.clone())?;
        players.generator.module = loaded.module;
        let mut notes = loaded.notes;
        if let Some(critic) = self.critic {
            let loaded = critic.load_into(players.critic.module.clone())?;
            players.critic.module = loaded.module;
            notes.extend(loaded.notes);
        }
        let learner = Learner::new(game)?;
        notes.iter().for_each(|note| streams::say(note));
        // Nothing has touched the disk so far, and nothing of the weights can fail any more.
        let checkpoint = &self.setup.config.checkpoint;
        let (every, keep) = (checkpoint.every, checkpoint.keep);
        self.setup.begin(|folder| {
            learner.save(&CheckpointPlan { dir: folder.checkpoints(), every, keep })?;
            Ok(())
        })?;
        Ok(())
    }
}
