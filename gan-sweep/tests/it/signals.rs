//! What a scheduler sends to the process of a task.

use std::process::{Child, Command, Stdio};

use crate::program::{Sweep, wait_until};

const LONG: &str = "seeds = 2\nset = ['steps=40']\n[[run]]\nname = 'a'\nrecipe = 'gan'\n";

fn start(sweep: &Sweep) -> Child {
    let mut command = Command::new(&sweep.program);
    command.args(["sweep", "run"]).arg(sweep.folder.root());
    command.args(["--index", "0", "--per-task", "2", "--patience", "0"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
}

#[test]
fn each_signal_saves_a_checkpoint_and_asks_to_be_tried_again() {
    if std::env::var_os("GAN").is_some() {
        println!("skipped: the steps of the stand-in are counted");
        return;
    }
    let sweep = Sweep::new(LONG);
    for (signal, least) in [("TERM", 2), ("USR1", 4), ("INT", 6)] {
        let mut child = start(&sweep);
        wait_until("the first steps", 20, || sweep.trace(0).len() >= least);
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(75), "{signal}");
        assert_eq!(sweep.states(), ["half-done", "waiting"], "{signal}");
    }
    assert_eq!(start(&sweep).wait().unwrap().code(), Some(0));
    assert_eq!(sweep.states(), ["finished", "finished"]);
    assert_eq!(sweep.trace(0), (1..=40).collect::<Vec<u32>>());
}

#[test]
fn two_processes_of_one_task_train_once() {
    let sweep = Sweep::new(&LONG.replace("steps=40", "steps=10"));
    let both = [start(&sweep), start(&sweep)];
    for mut child in both {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    // Either did each, or one left to the other what it held.
    assert_eq!(sweep.trace(0), (1..=10).collect::<Vec<u32>>());
    assert_eq!(sweep.trace(1), (1..=10).collect::<Vec<u32>>());
}
