//! A game of two numbers as TensorBoard sees it: `bilinear_game [FOLDER]`, then `tensorboard --logdir FOLDER`.
//!
//! One player minimizes `x·y` by `x`, the other maximizes it by `y`. Steps of both at once spiral outwards:
//! the simplest game in which two players that follow their gradients do not converge.

#![expect(clippy::print_stdout, reason = "an example tells what it did")]

use std::error::Error;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use gan_events::hparams::Ending;
use gan_events::{Description, Moment, RunLog};

const CONFIG: &str = "steps = 200\nlr = 0.1\n";

fn main() -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let folder = std::env::args_os().nth(1).map_or(temporary.path().to_owned(), PathBuf::from);
    let run = Description { config: CONFIG, manifest: "", diagnoses: "" };
    let mut log = RunLog::begin(&folder, &run, now(0)?)?;
    let (mut x, mut y) = (0.5_f64, 0.5_f64);
    let mut path = Vec::new();
    for step in 1..=200 {
        (x, y) = (x - 0.1 * y, y + 0.1 * x);
        path.push(x);
        let numbers = [("game/x", x), ("game/y", y), ("game/distance", x.hypot(y))];
        log.measured(now(step)?, &numbers)?;
        if step % 50 == 0 {
            log.histogram(now(step)?, "game/path_of_x", &path)?;
        }
    }
    log.end(now(200)?, Ending::Finished)?;
    log.sync()?;
    println!("{}: 200 steps, {:.3} from the equilibrium", folder.display(), x.hypot(y));
    Ok(())
}

fn now(step: u64) -> Result<Moment, Box<dyn Error>> {
    Ok(Moment { step, unix_seconds: SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() })
}
