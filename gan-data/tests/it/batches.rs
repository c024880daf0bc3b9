//! Mini-batches: what an epoch covers, what a seed and a position determine.

use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::Device;
use burn_dataset::{Dataset, DatasetError};
use gan_batch::{Batch, BatchSource, Seed};
use gan_data::{Batches, DataError, Fingerprint, Moons, Points, Ring, Sample, SampleSet};

use crate::errors::check;

/// `n` points on a line, each at its own index, split into batches.
fn counting(n: usize, batch_size: usize, seed: u64) -> Batches<Points, 2> {
    let points = Points::new(1, (0..n).map(|i| i as f32).collect()).unwrap();
    Batches::new(points, batch_size, Seed(seed), &Device::default()).unwrap()
}

fn values<const D: usize>(batch: Batch<D>) -> Vec<f32> {
    batch.samples.into_data().iter().collect()
}

fn take(batches: &mut Batches<Points, 2>, n: u64) -> Vec<Vec<f32>> {
    (0..n).map(|_| values(batches.next_batch().unwrap())).collect()
}

#[test]
fn an_epoch_deals_each_kept_sample_once_and_drops_the_rest() {
    let mut batches = counting(103, 10, 1);
    assert_eq!((batches.batches_per_epoch(), batches.batch_size()), (10, 10));
    let mut dropped = BTreeSet::new();
    for _ in 0..3 {
        let drawn: Vec<usize> =
            take(&mut batches, 10).into_iter().flatten().map(|x| x as usize).collect();
        let kept: BTreeSet<usize> = drawn.iter().copied().collect();
        assert_eq!((drawn.len(), kept.len()), (100, 100));
        dropped.extend((0..103).filter(|i| !kept.contains(i)));
    }
    assert!(dropped.len() > 3, "the same samples are dropped in every epoch: {dropped:?}");
}

#[test]
fn epochs_differ_in_their_order() {
    let mut batches = counting(50, 50, 1);
    assert_ne!(take(&mut batches, 1), take(&mut batches, 1));
}

#[test]
fn a_seed_determines_the_batches_and_another_gives_others() {
    let first = |seed| take(&mut counting(50, 10, seed), 12);
    assert_eq!(first(1), first(1));
    assert_ne!(first(1), first(2));
}

#[test]
fn seeking_equals_dealing_up_to_the_position() {
    let drawn = take(&mut counting(23, 5, 9), 14);
    // Within an epoch, at its edge, backward and far ahead.
    let mut batches = counting(23, 5, 9);
    for position in [3, 4, 13, 0, 8] {
        batches.seek(position);
        assert_eq!(batches.position(), position);
        assert_eq!(take(&mut batches, 1)[0], drawn[position as usize]);
        assert_eq!(batches.position(), position + 1);
    }
}

#[test]
fn labels_come_with_their_samples_when_asked_for() {
    let ring = Arc::new(Ring::new(80, Seed(1)).unwrap());
    let device = Device::default();
    let mut plain = Batches::<Ring, 2>::new(ring.clone(), 16, Seed(1), &device).unwrap();
    assert!(plain.next_batch().unwrap().labels.is_none());

    let mut labeled = Batches::new(ring.clone(), 16, Seed(1), &device)
        .and_then(Batches::<Ring, 2>::with_labels)
        .unwrap();
    let batch = labeled.next_batch().unwrap();
    let labels: Vec<i64> = batch.labels.clone().unwrap().into_data().iter().collect();
    for (point, label) in values(batch).chunks_exact(2).zip(labels) {
        let center = ring.mode_centers()[label as usize];
        assert!(point.iter().zip(center).all(|(x, c)| (f64::from(*x) - c).abs() < 0.1));
    }
}

#[test]
fn a_set_may_be_chosen_at_run_time() {
    let sets: [Arc<dyn SampleSet>; 2] = [
        Arc::new(Moons::new(40, 0.0, Seed(1)).unwrap()),
        Arc::new(Ring::new(40, Seed(1)).unwrap()),
    ];
    for set in sets {
        let batches = Batches::<dyn SampleSet, 2>::new(set, 8, Seed(1), &Device::default());
        assert_eq!(batches.unwrap().next_batch().unwrap().len(), 8);
    }
}

#[test]
fn a_batch_that_does_not_fit_is_an_error_with_both_numbers() {
    let new = |n, batch_size| {
        let points = Points::new(1, vec![0.5; n]).unwrap();
        Batches::<_, 2>::new(points, batch_size, Seed(1), &Device::default()).unwrap_err()
    };
    check(&new(10, 11), &["batch size is 11", "1 to 10"]);
    check(&new(10, 0), &["batch size is 0", "1 to 10"]);
    assert!(matches!(new(10, 11), DataError::BatchSize { batch_size: 11, n_samples: 10 }));
}

#[test]
fn a_rank_that_does_not_fit_is_an_error() {
    let moons = Moons::new(10, 0.0, Seed(1)).unwrap();
    let error = Batches::<_, 4>::new(moons, 5, Seed(1), &Device::default()).unwrap_err();
    check(&error, &["rank 4", "expected 2", "[2]"]);
    assert!(matches!(error, DataError::Rank { expected: 2, found: 4, .. }));
}

#[test]
fn labels_of_an_unlabeled_set_are_an_error() {
    let error = counting(10, 5, 1).with_labels().unwrap_err();
    check(&error, &["expected a dataset with classes"]);
    assert!(matches!(error, DataError::Unlabeled));
}

/// A user-defined set that turns out to be empty.
struct Nothing;

impl Dataset<Sample> for Nothing {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        panic!("there is no sample {index}")
    }

    fn len(&self) -> usize {
        0
    }
}

impl SampleSet for Nothing {
    fn shape(&self) -> &[usize] {
        &[2]
    }

    fn write_values(&self, _: usize, _: &mut [f32]) {}

    fn label(&self, _: usize) -> Option<usize> {
        None
    }

    fn classes(&self) -> usize {
        0
    }

    fn fingerprint(&self) -> Fingerprint {
        Points::new(1, vec![0.0]).unwrap().fingerprint()
    }
}

#[test]
fn an_empty_dataset_is_an_error() {
    let error = Batches::<_, 2>::new(Nothing, 5, Seed(1), &Device::default()).unwrap_err();
    check(&error, &["0 samples", "the 5 of one batch"]);
    assert!(matches!(error, DataError::NoSamples { batch_size: 5 }));
}
