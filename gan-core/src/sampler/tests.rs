use burn::module::Module;

use super::*;
use crate::seed::Seed;

/// Makes `[noise, label]` of a latent of one coordinate.
#[derive(Module, Debug)]
struct Echo {
    classes: usize,
}

impl Generator<2> for Echo {
    fn latent_dim(&self) -> usize {
        1
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        let label = match latents.labels {
            Some(labels) => labels.float().unsqueeze_dim(1),
            None => latents.noise.ones_like() * -1.0,
        };
        Tensor::cat(vec![latents.noise, label], 1)
    }
}

fn sampler(noise: impl Into<LatentNoise>) -> Sampler<Echo> {
    Sampler::new(Echo { classes: 10 }, noise, Seed(1).stream("sample"), &Device::flex())
}

fn draw(noise: impl Into<LatentNoise>, selection: &Selection) -> Vec<f32> {
    sampler(noise).draw(selection).into_data().iter::<f32>().collect()
}

fn of_each(classes: &[usize], n: usize) -> Vec<f32> {
    draw(LatentPrior::Normal, &Selection::OfEach { classes: classes.to_vec(), n })
}

#[test]
fn classes_come_one_after_the_other() {
    let values = of_each(&[7, 0, 2], 4);
    let labels: Vec<f32> = values.chunks_exact(2).map(|sample| sample[1]).collect();
    assert_eq!(labels, [[7.0; 4], [0.0; 4], [2.0; 4]].concat());
}

#[test]
fn a_sample_of_a_class_does_not_depend_on_what_else_is_asked_for() {
    let (all, some) = (of_each(&[0, 1, 2], 300), of_each(&[2], 5));
    assert_eq!(some, all[2 * 600..2 * 600 + 10]);
    assert_ne!(all[0], all[600], "classes have noise of their own");
}

#[test]
fn a_generator_without_classes_is_given_no_labels() {
    let values = draw(LatentPrior::Uniform, &Selection::Unlabeled(3));
    assert_eq!(values.len(), 6);
    assert!(values.chunks_exact(2).all(|sample| sample[1] == -1.0));
}

#[test]
fn chunks_that_are_not_wanted_change_nothing_of_the_others() {
    let selection = Selection::OfEach { classes: vec![0, 2], n: 120 };
    let chunks_where = |is_wanted: fn(usize) -> bool| {
        let mut found = Vec::new();
        let Ok(()) = sampler(LatentPrior::Normal).each_chunk_if(
            &selection,
            is_wanted,
            |chunk: Tensor<2>, class| {
                found.push((chunk.into_data().iter::<f32>().collect::<Vec<_>>(), class));
                Ok::<(), Infallible>(())
            },
        );
        found
    };
    let all = chunks_where(|_| true);
    assert_eq!((all.len(), selection.chunks()), (6, 6));
    let odd: Vec<_> = all.into_iter().skip(1).step_by(2).collect();
    assert_eq!(chunks_where(|index| index % 2 == 1), odd);
    assert_eq!(Selection::Unlabeled(101).chunks(), 3);
}

#[test]
fn about_so_many_are_equally_many_of_each_class() {
    assert_eq!(Selection::about(64, 0), Selection::Unlabeled(64));
    let Selection::OfEach { classes, n } = Selection::about(64, 10) else { panic!() };
    assert_eq!((classes.len(), n), (10, 6));
    let classes = vec![0, 1, 2];
    assert_eq!(Selection::about(1, 3), Selection::OfEach { classes, n: 1 });
}

#[test]
fn truncated_noise_stays_within_its_threshold() {
    let values = draw(TruncatedNormal::new(0.3).unwrap(), &Selection::Unlabeled(500));
    assert!(values.chunks_exact(2).all(|sample| sample[0].abs() <= 0.3));
}

#[test]
fn given_latents_are_generated_under_the_given_label() {
    let points: Vec<Vec<f32>> = (0..300_u16).map(|idx| vec![f32::from(idx)]).collect();
    let values: Vec<f32> =
        sampler(LatentPrior::Normal).at(&points, Some(3)).into_data().iter::<f32>().collect();
    assert_eq!((values.len(), &values[598..]), (600, &[299.0, 3.0][..]));
}
