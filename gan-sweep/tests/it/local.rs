//! All trainings on this machine.

use std::num::NonZeroUsize;

use gan_sweep::{Stop, SweepError};

use crate::program::{Sweep, wait_until};

const FOUR: &str = "seeds = 2\nset = ['steps=3']\nmeasures = ['js']\n\
    [[run]]\nname = 'a'\nrecipe = 'gan'\n[[run]]\nname = 'b'\nrecipe = 'gan'\nset = ['x=1']\n";

fn jobs(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

#[test]
fn several_at_a_time_give_the_table_of_one_after_the_other() {
    let (one, three, stop) = (Sweep::new(FOUR), Sweep::new(FOUR), Stop::default());
    assert_eq!(one.work(&stop).everything(jobs(1)).unwrap().finished, 4);
    assert_eq!(three.work(&stop).everything(jobs(3)).unwrap().finished, 4);
    assert_eq!(one.tables(), three.tables());
    let markdown = String::from_utf8(one.tables()[0].clone()).unwrap();
    assert!(markdown.contains("| a | 2 of 2 | 0.15 ± 0.63531 | 0.1 | 0.2 |"), "{markdown}");
    assert!(three.folder.root().join("logs/b-seed1.log").is_file());
}

#[test]
fn an_early_end_stops_all_of_them_and_the_rest_is_left() {
    let (sweep, stop) = (Sweep::new(&FOUR.replace("steps=3", "steps=60")), Stop::default());
    let tally = std::thread::scope(|scope| {
        let work = scope.spawn(|| sweep.work(&stop).everything(jobs(2)).unwrap());
        wait_until("both begin", 20, || sweep.trace(0).len() > 1 && sweep.trace(1).len() > 1);
        stop.ask();
        work.join().unwrap()
    });
    assert_eq!(tally.exit_code(), 75);
    assert_eq!(sweep.states(), ["half-done", "half-done", "waiting", "waiting"]);
}

#[test]
fn a_folder_is_worked_through_by_one_caller_at_a_time() {
    let (sweep, stop) = (Sweep::new(&FOUR.replace("steps=3", "steps=20")), Stop::default());
    std::thread::scope(|scope| {
        let work = scope.spawn(|| sweep.work(&stop).everything(jobs(1)).unwrap());
        wait_until("it begins", 20, || !sweep.trace(0).is_empty());
        let refused = sweep.work(&stop).everything(jobs(1)).unwrap_err();
        assert!(matches!(refused, SweepError::Held { .. }), "{refused}");
        stop.ask();
        work.join().unwrap()
    });
}
