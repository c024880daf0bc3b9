//! What the doctor has to know of a run: its configuration, and its data as the manifest has them.

use gan_core::batch_statistics::BatchStatistics;
use gan_core::constraint::Constraint;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Progress;
use gan_data::Inspection;
use gan_doctor as doctor;
use gan_doctor::{
    Averaging, Case, CriticFacts, DataFacts, GeneratorFacts, LabelOrder, Objective, OptimizerFacts,
    Output, RunFacts, Upsampling,
};
use gan_eval::digits;
use gan_models::{Architecture, CriticNorm};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::config::{Features, RunConfig};
use crate::run_folder::{RecordedData, RunFolder};

/// The case of a run that was begun, with what was found in its data, if they were looked at.
pub(crate) fn of_run(folder: &RunFolder, found: Option<&Inspection>) -> anyhow::Result<Case> {
    let config = folder.config()?;
    let mut case = case(&config, &folder.data()?);
    if let Some(found) = found {
        add(&mut case.data, found, &config);
    }
    Ok(case)
}

fn case(config: &RunConfig, data: &RecordedData) -> Case {
    let per_epoch = data.samples.map(|samples| steps_per_epoch(config, samples));
    let planned = config.train.budget.steps(per_epoch.unwrap_or(1));
    Case {
        objective: objective(config, per_epoch),
        generator: GeneratorFacts {
            optimizer: optimizer(&config.train.generator),
            batch_norm: Some(matches!(
                config.model,
                Architecture::Dcgan(_) | Architecture::Conv(_)
            )),
            latent: Some(latent(&config.model) as u64),
            output: Some(if data.shape.len() == 3 { Output::Tanh } else { Output::Unbounded }),
            upsampling: upsampling(&config.model),
        },
        critic: CriticFacts {
            optimizer: optimizer(&config.train.critic),
            batch_norm: Some(critic_batch_norm(&config.model)),
            // A critic with batch normalization scores real samples and fakes in passes of their own.
            joint_batches: Some(false),
        },
        data: facts(data),
        run: RunFacts { planned_steps: per_epoch.map(|_| planned), steps_per_epoch: per_epoch },
    }
}

fn steps_per_epoch(config: &RunConfig, samples: u64) -> u64 {
    let rules = config.train.game_rules();
    let batches = samples / config.train.micro_batch() as u64;
    (batches / (rules.critic_steps * rules.accumulation)).max(1)
}

/// The samples that one mean and one variance of batch normalization are over.
fn normalized_together(config: &RunConfig) -> u64 {
    let (own, rules) = (config.train.micro_batch() as u64, config.train.game_rules());
    match rules.batch_statistics {
        BatchStatistics::Ghost => own,
        BatchStatistics::Synchronized => own * rules.accumulation,
    }
}

fn objective(config: &RunConfig, per_epoch: Option<u64>) -> Objective {
    let rules = &config.train.rules;
    let half_life = |ema: gan_core::ema::EmaConfig| ema.half_life.steps(per_epoch.unwrap_or(1));
    Objective {
        loss: Some(named(rules.loss.name()).unwrap_or(doctor::Loss::Other)),
        penalties: Some(rules.penalties.iter().map(penalty).collect()),
        constraint: match rules.constraint {
            Constraint::None => Some(doctor::Constraint::None),
            Constraint::Clip { bound } => Some(doctor::Constraint::Clip { bound }),
            Constraint::SpectralNorm { .. } => Some(doctor::Constraint::SpectralNorm),
            _ => None,
        },
        critic_steps: Some(rules.critic_steps),
        batch: Some(normalized_together(config)),
        classes: Some(config.model.classes() as u64),
        averaging: Some(
            rules
                .ema
                .map_or(Averaging::None, |ema| Averaging::Ema { half_life: half_life(ema) as f64 }),
        ),
        instance_noise: Some(instance_noise(config, per_epoch.unwrap_or(1))),
    }
}

/// The deviation of the noise on what the critic sees; what is left of it at the end where it fades.
fn instance_noise(config: &RunConfig, steps_per_epoch: u64) -> f64 {
    let end = Progress { step: config.train.budget.steps(steps_per_epoch), steps_per_epoch };
    let noise = config.train.rules.preprocessing.instance_noise;
    noise.map_or(0.0, |noise| noise.sigma * noise.schedule.factor(end))
}

/// Both sides have the names of the papers.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(json!(name)).ok()
}

fn penalty(penalty: &gan_core::penalty::Penalty) -> doctor::Penalty {
    let fields = serde_json::to_value(penalty).unwrap_or(Value::Null);
    doctor::Penalty {
        kind: fields["kind"].as_str().and_then(named).unwrap_or(doctor::PenaltyKind::Other),
        weight: fields["weight"].as_f64().unwrap_or(f64::NAN),
    }
}

fn optimizer(config: &OptimizerConfig) -> OptimizerFacts {
    match *config {
        OptimizerConfig::Adam { lr, beta_1, beta_2, .. } => OptimizerFacts {
            lr: Some(lr),
            beta_1: Some(f64::from(beta_1)),
            beta_2: Some(f64::from(beta_2)),
        },
        OptimizerConfig::RmsProp { lr, .. } => {
            OptimizerFacts { lr: Some(lr), ..OptimizerFacts::default() }
        }
        _ => OptimizerFacts::default(),
    }
}

fn latent(model: &Architecture) -> usize {
    match model {
        Architecture::Mlp(mlp) => mlp.latent,
        Architecture::Dcgan(dcgan) => dcgan.latent,
        Architecture::Conv(conv) => conv.latent,
        Architecture::Residual(residual) => residual.latent,
        _ => 0,
    }
}

fn critic_batch_norm(model: &Architecture) -> bool {
    match model {
        Architecture::Dcgan(_) => true,
        Architecture::Conv(conv) => conv.critic_norm == CriticNorm::Batch,
        _ => false,
    }
}

/// The kernels and strides of what doubles an image.
fn upsampling(model: &Architecture) -> Option<Vec<Upsampling>> {
    let doubling = |kernel: u64| Upsampling { kernel, stride: 2 };
    match model {
        Architecture::Mlp(_) => Some(Vec::new()),
        Architecture::Dcgan(_) => Some([3, 3, 4].map(doubling).to_vec()),
        Architecture::Conv(_) => Some(vec![doubling(4)]),
        _ => None,
    }
}

fn facts(data: &RecordedData) -> DataFacts {
    DataFacts {
        are_images: Some(data.shape.len() == 3),
        samples: data.samples,
        min: data.range.map(|[min, _]| f64::from(min)),
        max: data.range.map(|[_, max]| f64::from(max)),
        class_counts: data.samples_of_class.clone().filter(|counts| !counts.is_empty()),
        order: Some(LabelOrder::Shuffled),
        ..DataFacts::default()
    }
}

/// What an inspection of the data has found.
fn add(facts: &mut DataFacts, found: &Inspection, config: &RunConfig) {
    let n_samples = facts.samples.unwrap_or(0).max(1) as f64;
    facts.duplicate_share = Some(found.duplicates.len() as f64 / n_samples);
    facts.constant_channels = Some(found.constant_channels.len() as u64);
    facts.median = Some(f64::from(found.median));
    let features = config.evaluation.features.or_suitable(config.data.suitable_features());
    let is_of_digits = features == Features::Digits;
    facts.expected_median = is_of_digits.then(|| f64::from(digits::MEDIAN_VALUE));
}

#[cfg(test)]
mod tests {
    use super::*;
    use gan_models::RecipeKind;

    fn of_recipe(kind: RecipeKind) -> Case {
        let data = RecordedData {
            shape: vec![1, 32, 32],
            samples: Some(60_000),
            range: Some([-1.0, 1.0]),
            ..RecordedData::default()
        };
        case(&RunConfig::of_recipe(kind), &data)
    }

    #[test]
    fn no_recipe_has_a_loss_or_a_penalty_that_the_doctor_does_not_know() {
        for kind in RecipeKind::ALL {
            let case = of_recipe(kind);
            assert_ne!(case.objective.loss, Some(doctor::Loss::Other), "{}", kind.name());
            for penalty in case.objective.penalties.unwrap() {
                assert_ne!(penalty.kind, doctor::PenaltyKind::Other, "{}", kind.name());
                assert!(penalty.weight > 0.0, "{}", kind.name());
            }
        }
    }

    #[test]
    fn a_case_has_the_numbers_of_the_recipe() {
        let dcgan = of_recipe(RecipeKind::Dcgan);
        assert_eq!(dcgan.objective.loss, Some(doctor::Loss::NonSaturating));
        assert_eq!((dcgan.critic.batch_norm, dcgan.objective.batch), (Some(true), Some(64)));
        assert_eq!(dcgan.run.steps_per_epoch, Some(937));
        let wgan = of_recipe(RecipeKind::WganGp);
        let penalties = wgan.objective.penalties.unwrap();
        assert_eq!(
            (penalties[0].kind, penalties[0].weight),
            (doctor::PenaltyKind::GradientPenalty, 10.0)
        );
        assert_eq!(wgan.run.steps_per_epoch, Some(187));
    }
}
