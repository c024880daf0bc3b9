//! Training of a classifier: Adam on the cross entropy of augmented images, with batch normalization first
//! and without it at the end.
//!
//! Normalized by the statistics of its batch, every image looks like the others of its size. Folded into the
//! weights, statistics are the same for all sizes, and for images that are not augmented: the folded network is
//! trained on until it knows them all. Half of the images that it sees then are as they are, and the first network's
//! are all augmented, which makes them less sharp.

use burn::module::Module as _;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use gan_core::batch::{Batch, BatchSource};
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::Player;
use gan_core::progress::{Progress, Span};
use gan_core::rules::Schedule;
use gan_core::seed::Seed;
use gan_core::weights::{WeightInit, initialize};

use super::Classifier;
use super::augmentation::augment;
use super::file;
use super::network::{Classifies, Network, Sizes};

/// How a classifier is made.
///
/// # Example
/// ```no_run
/// use burn::tensor::Device;
/// use gan_core::seed::Seed;
/// use gan_data::{Batches, Mnist, MnistSize, MnistSplit};
/// use gan_eval::classifier::ClassifierConfig;
///
/// let digits = Mnist::shipped(MnistSplit::Train, MnistSize::Original28)?;
/// let device = Device::default();
/// let batches = Batches::<_, 4>::new(digits, 128, Seed(1), &device)?.with_labels()?;
/// let config = ClassifierConfig { classes: 10, ..ClassifierConfig::default() };
/// let classifier = config.train("digits", &mut [batches], &device, |_, _| true)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassifierConfig {
    /// Channels of the images.
    pub channels: usize,
    /// The number of classes.
    pub classes: usize,
    /// Maps of the first convolution; there are four times as many features.
    pub width: usize,
    /// Passes over the first source with batch normalization.
    pub epochs: u64,
    /// Passes over it afterwards, with the normalization folded into the weights.
    pub folded_epochs: u64,
    /// The largest learning rate: it rises for a twentieth of the training, then falls to 0 along
    /// half a cosine. For the folded network it falls from three tenths of it.
    pub lr: f64,
    /// Of the weights and the augmentation.
    pub seed: Seed,
}

impl Default for ClassifierConfig {
    /// Gray images of ten classes, 64 features, 36 epochs and 8 more.
    fn default() -> Self {
        let (channels, classes, width, seed) = (1, 10, 16, Seed(0));
        Self { channels, classes, width, epochs: 36, folded_epochs: 8, lr: 3e-3, seed }
    }
}

/// Why a classifier could not be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// A number of the configuration is 0, or the learning rate is not above 0 and finite.
    #[error("`{name}` of a classifier is {found}, expected {expected}")]
    Parameter {
        /// The field.
        name: &'static str,
        /// Its range.
        expected: &'static str,
        /// Its value.
        found: f64,
    },
    /// There is no source of images.
    #[error("a classifier is trained on at least one source of images, found none")]
    NoSource,
    /// A source gave images without labels.
    #[error("a classifier needs labels, and a source of images has none")]
    Unlabeled,
    /// A source could not give a batch.
    #[error("the images of a classifier cannot be read")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The loss is infinite or not a number.
    #[error("the classifier's loss is {loss} after step {step}; a smaller `lr` may mend that")]
    NonFinite {
        /// The step, from 1.
        step: u64,
        /// The loss.
        loss: f64,
    },
    /// The caller of `train` asked for an end.
    #[error("the training of the classifier was stopped after step {step}")]
    Stopped {
        /// The step, from 1.
        step: u64,
    },
}

/// Some steps of a training.
struct Phase {
    /// Steps before it.
    first: u64,
    steps: u64,
    lr: f64,
    schedule: Schedule,
    /// Of so many images one is augmented.
    one_in: usize,
}

impl ClassifierConfig {
    /// Train on labeled batches, which the sources give in turn (images of several sizes, say).
    ///
    /// `name` begins the classifier's id. `watch` is given the number of every hundredth step, from 1, and
    /// of the last one of each part, with the loss there, and says whether to continue. The same configuration and
    /// sources make the same weights on the Flex backend.
    ///
    /// # Errors
    /// [`TrainingError`]: a parameter out of range, images without labels or not to be read, a loss that
    /// is not finite, an end asked for by `watch`.
    pub fn train<S: BatchSource<4>>(
        &self,
        name: &str,
        sources: &mut [S],
        device: &Device,
        mut watch: impl FnMut(u64, f64) -> bool,
    ) -> Result<Classifier, TrainingError> {
        self.validate()?;
        let per_epoch = sources.first().ok_or(TrainingError::NoSource)?.batches_per_epoch();
        let steps = self.epochs.saturating_mul(per_epoch);
        let (over, warm_up) = (Span::Steps(steps), Span::Steps(steps / 20));
        let schedule = Schedule::Cosine { end: 0.0, over, warm_up };
        let phase = Phase { first: 0, steps, lr: self.lr, schedule, one_in: 1 };
        let network = self.run(&phase, self.network(device), sources, &mut watch)?.folded();

        let over = Span::Steps(self.folded_epochs.saturating_mul(per_epoch));
        let schedule = Schedule::Cosine { end: 0.0, over, warm_up: Span::Steps(0) };
        let phase =
            Phase { first: steps, steps: over.steps(1), lr: 0.3 * self.lr, schedule, one_in: 2 };
        let network = network.to_train(&device.clone().autodiff());
        let network = self.run(&phase, network, sources, &mut watch)?.valid();
        Ok(Classifier { id: file::id(name, &network), test_accuracy: None, network })
    }

    /// Steps of a phase.
    fn run<M: Classifies, S: BatchSource<4>>(
        &self,
        phase: &Phase,
        network: M,
        sources: &mut [S],
        watch: &mut impl FnMut(u64, f64) -> bool,
    ) -> Result<M, TrainingError> {
        let mut player = Player::new(network, &OptimizerConfig::adam(phase.lr, 0.9, 0.999));
        for step in 0..phase.steps {
            let n = phase.first + step;
            let source = n as usize % sources.len();
            let batch = sources[source].next_batch();
            let batch = batch.map_err(|error| TrainingError::Source(Box::new(error)))?;
            let progress = Progress { step, steps_per_epoch: phase.steps };
            let loss;
            let factor = phase.schedule.factor(progress);
            (player, loss) = self.step(player, batch, phase.one_in, factor, n)?;
            if (n + 1).is_multiple_of(100) || step + 1 == phase.steps {
                let loss = f64::from(loss.into_scalar::<f32>());
                if !loss.is_finite() {
                    return Err(TrainingError::NonFinite { step: n + 1, loss });
                }
                if !watch(n + 1, loss) {
                    return Err(TrainingError::Stopped { step: n + 1 });
                }
            }
        }
        Ok(player.module)
    }

    fn validate(&self) -> Result<(), TrainingError> {
        let counts = [
            ("channels", self.channels as f64),
            ("classes", self.classes as f64),
            ("width", self.width as f64),
            ("epochs", self.epochs as f64),
        ];
        for (name, found) in counts {
            if found < 1.0 {
                return Err(TrainingError::Parameter { name, expected: "at least 1", found });
            }
        }
        if !(self.lr.is_finite() && self.lr > 0.0) {
            let (name, expected, found) = ("lr", "a finite number above 0", self.lr);
            return Err(TrainingError::Parameter { name, expected, found });
        }
        Ok(())
    }

    fn network(&self, device: &Device) -> Network {
        let Self { channels, classes, width, .. } = *self;
        let training_device = device.clone().autodiff();
        let network = Network::new(Sizes { channels, classes, width }, &training_device);
        let weights = self.seed.stream("classifier/weights");
        initialize(network, WeightInit::He, &weights, &training_device)
    }

    /// One update; the loss, `[1]`, is not read.
    fn step<M: Classifies>(
        &self,
        player: Player<M>,
        batch: Batch<4>,
        one_in: usize,
        factor: f64,
        step: u64,
    ) -> Result<(Player<M>, Tensor<1>), TrainingError> {
        let labels = batch.labels.ok_or(TrainingError::Unlabeled)?;
        let mut rng = self.seed.stream("classifier/augmentation").draw(step);
        let images = augment(batch.samples, one_in, &mut rng);
        let logits = player.module.forward(images.autodiff());
        let loss = CrossEntropyLossConfig::new().init(&logits.device()).forward(logits, labels);
        let gradients = GradientsParams::from_grads(loss.backward(), &player.module);
        Ok((player.update(gradients, factor), loss.inner()))
    }
}
