//! Games that several ranks play together: the same bits whatever their number.

use std::path::Path;
use std::rc::Rc;
use std::thread;

use burn::module::{Module, Param};
use burn::tensor::Tensor;
use gan_core::batch::{Fakes, Part};
use gan_core::checkpoint::{Checkpoint, CheckpointPlan};
use gan_core::constraint::Constraint;
use gan_core::ema::EmaConfig;
use gan_core::event::{Control, Ending, Event, Observer, ObserverError};
use gan_core::exchange::{Exchange, ExchangeError, Threads, gather, gather_each};
use gan_core::learner::{Game, Learner};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::progress::{Cadence, Span};
use gan_core::rules::Rules;
use gan_core::session::Session;
use gan_core::{GanError, Unrecorded};
use tempfile::TempDir;

use crate::game::{Affine, Gaussian, Judge, bits, game};

type Playing = Learner<Affine, Judge, Part<Gaussian>, 2>;

fn playing(threads: impl Exchange + 'static, change: impl Fn(&mut Rules)) -> Playing {
    let Game { players, mut rules, source, prior, seed, device, config } = game(11, 2);
    rules.accumulation = 8;
    change(&mut rules);
    let source = Part::of(source, rules.accumulation, &threads);
    let game = Game { players, rules, source, prior, seed, device, config };
    Learner::new(game).unwrap().with_exchange(threads).unwrap()
}

/// What every rank has at the end of what `play` does with it.
fn on_ranks<T: Send>(ranks: usize, play: impl Fn(Threads) -> T + Sync) -> Vec<T> {
    let play = &play;
    thread::scope(|scope| {
        let playing: Vec<_> =
            Threads::all(ranks).into_iter().map(|rank| scope.spawn(move || play(rank))).collect();
        playing.into_iter().map(|each| each.join().unwrap()).collect()
    })
}

/// The bits of the weights of both players and of the average.
fn state(learner: &Playing) -> Vec<u32> {
    let players = learner.players();
    let mut all = bits(&players.generator.module);
    all.extend(bits(&players.critic.module));
    players.ema.iter().for_each(|average| all.extend(bits(&average.module)));
    all
}

/// Keeps everything that is measured.
#[derive(Default)]
struct Measured(Vec<Measurement>);

impl<G, C> Observer<G, C> for Measured {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Measured { measurements, .. } = event {
            self.0.extend_from_slice(measurements);
        }
        Ok(Control::Continue)
    }
}

#[test]
fn the_bits_do_not_depend_on_the_number_of_ranks() {
    type Change<'a> = &'a (dyn Fn(&mut Rules) + Sync);
    let features: [(&str, Change); 5] = [
        ("plain", &|_| ()),
        ("24 micro-batches", &|rules| rules.accumulation = 24),
        ("shared fakes", &|rules| rules.fakes = Fakes::Shared),
        ("average and clipping", &|rules| {
            rules.ema = Some(EmaConfig { half_life: Span::Steps(3) });
            rules.clip_norm = Some(0.05);
        }),
        ("spectral norm", &|rules| rules.constraint = Constraint::SpectralNorm { iterations: 1 }),
    ];
    for (name, change) in features {
        let play = |threads| {
            let mut measured = Measured::default();
            let mut session =
                Session::new().log(Cadence::Every(Span::Steps(1))).observer(&mut measured);
            let played = playing(threads, change).fit(Span::Steps(12), &mut session).unwrap();
            drop(session);
            assert!(matches!(played.ending, Ending::Complete));
            let values = measured.0.iter().map(|each| each.value.to_bits()).collect::<Vec<_>>();
            (state(&played.learner), values)
        };
        let alone = on_ranks(1, play).remove(0);
        assert_eq!(alone.1.len(), 12 * 6);
        for ranks in [2, 4, 8] {
            for found in on_ranks(ranks, play) {
                assert!(found == alone, "{name} on {ranks} ranks");
            }
        }
    }
}

fn saved(dir: &Path) -> Checkpoint {
    Checkpoint::open(&Checkpoint::list(dir).unwrap().pop().unwrap()).unwrap()
}

#[test]
fn a_game_goes_on_with_another_number_of_ranks() {
    let whole = on_ranks(1, |threads| {
        state(&playing(threads, |_| ()).fit(Span::Steps(20), &mut Session::new()).unwrap().learner)
    });
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("checkpoints");
    let plan = CheckpointPlan { dir: dir.clone(), every: Span::Steps(1_000).into(), keep: 1 };
    on_ranks(4, |threads| {
        let is_first = threads.rank() == 0;
        let session = Session::new();
        let mut session = if is_first { session.checkpoints(plan.clone()) } else { session };
        playing(threads, |_| ()).fit(Span::Steps(7), &mut session).unwrap();
    });
    assert_eq!(saved(&dir).state().position, 7 * 2 * 8);
    let later = on_ranks(2, |threads| {
        let learner = playing(threads, |_| ()).resume(&saved(&dir)).unwrap();
        state(&learner.fit(Span::Steps(20), &mut Session::new()).unwrap().learner)
    });
    assert!(later.iter().all(|found| *found == whole[0]));
}

/// Ends the game after a step.
struct EndsAfter(u64);

impl<G, C> Observer<G, C> for EndsAfter {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if stepped.progress.step == self.0 => {
                Ok(Control::Stop("enough".to_owned()))
            }
            _ => Ok(Control::Continue),
        }
    }
}

#[test]
fn all_ranks_end_where_one_of_them_ends() {
    let ended = on_ranks(4, |threads| {
        let mut ends = EndsAfter(if threads.rank() == 0 { 5 } else { u64::MAX });
        let mut session = Session::new().observer(&mut ends);
        let played = playing(threads, |_| ()).fit(Span::Steps(30), &mut session).unwrap();
        let Ending::Stopped(reason) = played.ending else { panic!("it was to be stopped") };
        (played.learner.progress().step, reason)
    });
    let other = (5, "ended by another rank".to_owned());
    assert_eq!(ended, [(5, "enough".to_owned()), other.clone(), other.clone(), other]);
}

#[test]
fn a_rank_with_other_weights_is_named_before_the_first_step() {
    struct Nudge;
    impl burn::module::ModuleMapper for Nudge {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|weights| weights * 1.000_001)
        }
    }
    let found = on_ranks(4, |threads| {
        let nudged = threads.rank() == 2;
        let Game { mut players, mut rules, source, prior, seed, device, config } = game(11, 2);
        rules.accumulation = 4;
        if nudged {
            players.generator.module = players.generator.module.map(&mut Nudge);
        }
        let source = Part::of(source, 4, &threads);
        let game = Game { players, rules, source, prior, seed, device, config };
        let learner = Learner::new(game).unwrap().with_exchange(threads).unwrap();
        learner.fit(Span::Steps(3), &mut Session::new()).map(|_| ()).unwrap_err().to_string()
    });
    for message in found {
        assert!(message.starts_with("after step 0, rank 2 does not have"), "{message}");
    }
}

#[test]
fn micro_batches_that_cannot_be_shared_out_are_refused() {
    for (ranks, accumulation) in [(2, 3), (4, 2)] {
        let refused = on_ranks(ranks, |threads| {
            let Game { players, mut rules, source, prior, seed, device, config } = game(11, 2);
            rules.accumulation = accumulation;
            let source = Part::of(source, accumulation, &threads);
            let game = Game { players, rules, source, prior, seed, device, config };
            Learner::new(game).unwrap().with_exchange(threads).map(|_| ()).unwrap_err()
        });
        let GanError::Rules { key, why } = &refused[0] else { panic!("{}", refused[0]) };
        assert_eq!(key, "accumulation");
        assert!(why.contains(&format!("over {ranks} processes")), "{why}");
    }
}

/// Threads whose sums are zero.
struct SumsToZero(Threads);

impl Exchange for SumsToZero {
    fn rank(&self) -> u64 {
        self.0.rank()
    }

    fn ranks(&self) -> u64 {
        self.0.ranks()
    }

    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError> {
        self.0.swap(partner, sent, received)
    }

    fn sum(&self, values: Tensor<1>) -> Result<Tensor<1>, GanError> {
        Ok(values.zeros_like())
    }
}

#[test]
fn a_sum_of_an_exchange_s_own_is_what_the_players_move_by() {
    let before = on_ranks(1, |threads| state(&playing(threads, |_| ()))).remove(0);
    let ends = on_ranks(2, |threads| {
        let learner = playing(Rc::new(SumsToZero(threads)), |_| ());
        state(&learner.fit(Span::Steps(3), &mut Session::new()).unwrap().learner)
    });
    assert!(ends.iter().all(|after| *after == before), "gradients of zero move nothing");
}

#[test]
fn what_is_gathered_is_in_the_order_of_the_ranks() {
    let all = on_ranks(8, |threads| gather(&threads, &[threads.rank() as u8, 9]).unwrap());
    let expected = [0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 7, 9];
    assert!(all.iter().all(|found| *found == expected));
}

#[test]
fn a_source_of_all_samples_is_no_share_of_them() {
    let refused = on_ranks(2, |threads| {
        let mut game = game(11, 2);
        game.rules.accumulation = 4;
        let learner = Learner::new(game).unwrap().with_exchange(threads).unwrap();
        learner.fit(Span::Steps(3), &mut Session::new()).map(|_| ()).unwrap_err().to_string()
    });
    for message in refused {
        assert!(
            message.contains("went on by 2 batches") && message.contains("`Part`"),
            "{message}"
        );
    }
}

#[test]
fn what_every_rank_gives_may_be_of_any_length() {
    let all = on_ranks(4, |threads| {
        let own = vec![7; threads.rank() as usize * 3 % 4];
        gather_each(&threads, &own).unwrap()
    });
    let expected = [vec![], vec![7; 3], vec![7; 2], vec![7; 1]];
    assert!(all.iter().all(|found| *found == expected));
}

const RANKS: Quantity = Quantity::new("test/ranks", "1");

/// Counts the ranks that measure together; rank 0 has the number.
struct Together(Rc<Threads>);

impl<G, C> Probe<G, C, 2> for Together {
    fn name(&self) -> &str {
        "together"
    }

    fn quantities(&self) -> Vec<Quantity> {
        if self.0.rank() == 0 { vec![RANKS] } else { Vec::new() }
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn measure(&self, _: &Snapshot<'_, G, C, 2>) -> Result<Vec<Measurement>, ProbeError> {
        let ranks = gather_each(&self.0, &[1])?.concat().len();
        Ok(if self.0.rank() == 0 { vec![RANKS.measured(ranks as f64)] } else { Vec::new() })
    }
}

/// Cannot write down what was measured after a step.
struct FullDisk(u64);

impl<G, C> Observer<G, C> for FullDisk {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if stepped.progress.step == self.0 => {
                Err(Unrecorded::because("the disk is full"))
            }
            _ => Ok(Control::Continue),
        }
    }
}

#[test]
fn ranks_measure_together_or_not_at_all() {
    for full_at in [u64::MAX, 6] {
        let found = on_ranks(4, |threads| {
            let threads = Rc::new(threads);
            let (mut measured, probe) = (Measured::default(), Together(threads.clone()));
            let mut disk = FullDisk(if threads.rank() == 0 { full_at } else { u64::MAX });
            let every = Cadence::Every(Span::Steps(3));
            let mut session =
                Session::new().probe(every, &probe).observer(&mut disk).observer(&mut measured);
            let fitted = playing(threads, |_| ()).fit(Span::Steps(7), &mut session);
            drop(session);
            let ranks = measured.0.iter().filter(|each| each.quantity == RANKS);
            (fitted.is_ok(), ranks.map(|each| each.value).collect::<Vec<_>>())
        });
        let (finished, counted) = &found[0];
        // After steps 3, 6 and 7; or after step 3, and the second time nobody waits for anybody.
        let expected = if full_at == 6 { vec![4.0] } else { vec![4.0; 3] };
        assert_eq!((*finished, counted), (full_at != 6, &expected));
        assert!(found[1..].iter().all(|(finished, counted)| *finished && counted.is_empty()));
    }
}
