//! `cargo xtask experiment`: the loop over the trainings, and what is printed at its end.

use std::env;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::Context;

use crate::claim::{Judged, Tally};
use crate::experiment::{
    Care, Cures, Experiment, Folder, Form, Gan, Job, Launched, Place, Request, Room, Start, Suite,
    branch, cluster, names, picture, report, sheet, summary, workers,
};
use crate::interrupt::Interrupt;
use crate::results::{self, Provenance, Taking, Unmixed, results_in};
use crate::workspace;

/// What can be done if numbers of different kernels would stand in one table.
const MIXED: &str = "--mixed takes them together";

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ending {
    /// It did all that it was asked for.
    Finished,
    /// Ctrl-C ended it early, and nothing is lost.
    Interrupted,
    /// It was to check claims, and not all of them are held.
    NotHeld,
}

/// Prints every experiment with its size, its question and its claims.
///
/// # Errors
/// An experiment's file cannot be read.
pub(crate) fn list() -> anyhow::Result<()> {
    for name in names()? {
        let experiment = Experiment::load(&name)?;
        let (runs, seeds) = (experiment.runs.len(), experiment.seeds);
        say!("{name}: {}", experiment.title);
        say!("    {}", experiment.question);
        experiment.claims.iter().for_each(|claim| say!("    - {}", claim.says));
        say!("    runs: {runs}, seeds per run: {seeds}");
    }
    say!("\nRun one with: cargo xtask experiment NAME [--quick]");
    say!("Run all of the course's with: cargo xtask experiment course");
    Ok(())
}

/// Runs an experiment as requested.
///
/// # Errors
/// An unknown name, results that would be overwritten, a build or a training that fails.
pub(crate) fn run(request: &Request) -> anyhow::Result<Ending> {
    let mut experiment = Experiment::load(&request.name)?;
    let seeds = settled_seeds(&mut experiment, request);
    let mut jobs = Job::all(&experiment, request.form, seeds, &trainings_folder(request));
    check(&experiment, request, &jobs)?;
    let interrupt = Interrupt::watch()?;
    say!("{}\n{}", experiment.title, experiment.question);
    say!("==> building gan");
    let gan = match Gan::build(request.features.as_deref()) {
        Err(_) if interrupt.seen() => return Ok(interrupted(request)),
        built => built?,
    };
    let results = &results_folder(request);
    if request.place == Place::Slurm && cluster::submit(&gan, &experiment, request, &jobs, results)?
    {
        return Ok(Ending::Finished);
    }
    if let Some(kept) = kept_in(&experiment, request) {
        let taking = Taking {
            gan: &gan,
            device: request.device.as_deref(),
            kept: &kept,
            mixing: request.mixing,
            interrupt: &interrupt,
        };
        if results::take(&taking, &mut jobs)?.is_none() {
            return Ok(interrupted(request));
        }
        branch::with_checkpoints(&mut jobs);
    }
    play(&gan, &experiment, request, &jobs, &interrupt)
}

/// Whether the trainings can be run as requested, and overwrite nothing.
fn check(experiment: &Experiment, request: &Request, jobs: &[Job]) -> anyhow::Result<()> {
    if request.place == Place::Slurm {
        cluster::check(experiment, request)?;
        if request.start == Start::Resume {
            // What was begun there, or stranded, is the affair of what goes on with it.
            return Ok(());
        }
    }
    jobs.iter().try_for_each(|job| job.check_folder(request.start))
}

/// Where trainings are kept: those of the short form are not, nor are hundreds of planted faults.
fn kept_in(experiment: &Experiment, request: &Request) -> Option<PathBuf> {
    let is_kept = request.form == Form::Full && experiment.planted.is_none();
    is_kept.then(|| results_in(request.results.as_deref()).join(&request.name))
}

/// All trainings, and what follows them.
fn play(
    gan: &Gan,
    experiment: &Experiment,
    request: &Request,
    jobs: &[Job],
    interrupt: &Interrupt,
) -> anyhow::Result<Ending> {
    let results = &results_folder(request);
    let n_workers = request.jobs.unwrap_or(NonZeroUsize::MIN);
    let room = room(n_workers, experiment);
    let suite = experiment.planted.as_ref().map(|planted| Suite {
        planted,
        gan,
        jobs,
        results,
        workers: (n_workers, room),
        interrupt,
    });
    if suite.as_ref().map(Suite::prepare).transpose()? == Some(Launched::Interrupted) {
        return Ok(interrupted(request));
    }
    // A branch goes on from where another run has ended.
    let (branches, others): (Vec<&Job>, Vec<&Job>) =
        jobs.iter().partition(|job| job.branches_off().is_some());
    for (n_before, wave) in [(0, &others), (others.len(), &branches)] {
        let launched = workers::each(n_workers, wave, |idx, job| {
            let nth = n_before + idx + 1;
            say!("==> {nth} of {}: {}, seed {}", jobs.len(), job.run, job.seed);
            let launched = train(gan, job, room, request, interrupt)?;
            if let (Launched::Finished, Some(kept)) = (launched, kept_in(experiment, request)) {
                keep(job, experiment, &kept)?;
            }
            Ok(launched)
        });
        if launched? == Launched::Interrupted {
            return Ok(interrupted(request));
        }
    }
    if let Some(suite) = &suite {
        return examine(suite, experiment, request);
    }
    close(gan, experiment, request, jobs, results)
}

/// Keeps a training that has come to its end, unless it is kept as it is.
fn keep(job: &Job, experiment: &Experiment, kept: &Path) -> anyhow::Result<()> {
    let target = job.at(kept).folder;
    if target != job.folder {
        results::keep(job, &experiment.picture, &target)?;
    }
    Ok(())
}

/// What each of `n_workers` concurrent trainings may use. Hundreds of short ones are not watched.
fn room(n_workers: NonZeroUsize, experiment: &Experiment) -> Room {
    if n_workers == NonZeroUsize::MIN && experiment.planted.is_none() {
        return Room::Whole;
    }
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Room::Share { threads: NonZeroUsize::new(cores / n_workers).unwrap_or(NonZeroUsize::MIN) }
}

fn interrupted(request: &Request) -> Ending {
    say!("interrupted; to continue: {}", request.continuation());
    Ending::Interrupted
}

/// What planted faults are trained for.
fn examine(
    suite: &Suite<'_>,
    experiment: &Experiment,
    request: &Request,
) -> anyhow::Result<Ending> {
    let mut launched = suite.examine()?;
    if launched == Launched::Finished && request.cures == Cures::Tried {
        launched = suite.cure()?;
    }
    if launched == Launched::Interrupted {
        return Ok(interrupted(request));
    }
    Unmixed { mixing: request.mixing, advice: MIXED }.ensure(suite.jobs, None)?;
    let tables = suite.write(experiment, &request.name)?;
    // Those of all runs and their cures, or none.
    let is_whole = request.form == Form::Full && request.seeds.is_none();
    if is_whole && request.cures == Cures::Tried {
        let kept = results_in(request.results.as_deref()).join(&request.name);
        results::keep_figures(suite.results, &kept)?;
    }
    let (claims, ending) = judged(experiment, request, suite.jobs, suite.results)?;
    say!("Results: {}", suite.results.display());
    let table = summary::write(experiment, request, suite.jobs, suite.results, &claims)?;
    say!("Summary: {}", table.display());
    say!("Open:    {}", tables.display());
    Ok(ending)
}

/// Prints the state of every claim; returns them for the summary, and how the command ends.
fn judged(
    experiment: &Experiment,
    request: &Request,
    jobs: &[Job],
    results: &Path,
) -> anyhow::Result<(String, Ending)> {
    let judged: Vec<Judged<'_>> = match request.form {
        Form::Full => {
            let kept = results_in(request.results.as_deref());
            let evidence = results::evidence(experiment, jobs, (results, &kept), request.mixing)?;
            experiment.claims.iter().map(|claim| Judged::by(claim, &evidence)).collect()
        }
        Form::Quick => experiment.claims.iter().map(Judged::unchecked).collect(),
    };
    say!("\nClaims:");
    let mut text = String::from("\n## Claims\n\n");
    for claim in &judged {
        say!("  {claim}");
        text += &format!("- {claim}\n");
    }
    let ending = match request.form {
        Form::Full => request.checking.ending(Tally::of(&judged)),
        Form::Quick => Ending::Finished,
    };
    Ok((text, ending))
}

/// The number of seeds that are not a run's own, and the runs without a number of their own where
/// the user or the short form decides for all.
fn settled_seeds(experiment: &mut Experiment, request: &Request) -> u32 {
    if request.seeds.is_some() || request.form == Form::Quick {
        experiment.runs.iter_mut().for_each(|run| run.seeds = None);
    }
    n_seeds(experiment, request)
}

fn n_seeds(experiment: &Experiment, request: &Request) -> u32 {
    let own = match request.form {
        Form::Full => experiment.seeds,
        Form::Quick => experiment.quick.seeds.unwrap_or(experiment.seeds),
    };
    request.seeds.unwrap_or(own).get()
}

/// `OUT/NAME`, or `OUT/NAME-quick`: the short form never passes for the whole.
fn results_folder(request: &Request) -> PathBuf {
    let out = request.out.clone().unwrap_or_else(|| {
        let root = workspace::root();
        let here = env::current_dir().unwrap_or_default();
        root.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(root).join("runs")
    });
    match request.form {
        Form::Full => out.join(&request.name),
        Form::Quick => out.join(format!("{}-quick", request.name)),
    }
}

/// The folder of the run folders.
fn trainings_folder(request: &Request) -> PathBuf {
    let results = results_folder(request);
    match request.place {
        Place::Here => results,
        Place::Slurm => cluster::runs_folder(&results),
    }
}

fn train(
    gan: &Gan,
    job: &Job,
    room: Room,
    request: &Request,
    interrupt: &Interrupt,
) -> anyhow::Result<Launched> {
    let start = match job.found() {
        Folder::Finished => {
            say!("    {} is finished already", job.folder.display());
            return Ok(Launched::Finished);
        }
        Folder::Unfinished => Start::Resume,
        Folder::Stranded if job.care != Care::None => {
            fs::remove_dir_all(&job.folder)
                .with_context(|| format!("cannot remove {}", job.folder.display()))?;
            Start::Fresh
        }
        Folder::Free | Folder::Stranded => Start::Fresh,
    };
    let begin = Instant::now();
    let launched =
        gan.train(job, request.device.as_deref(), start, room, interrupt).with_context(|| {
            format!("see {}; to continue: {}", job.folder.display(), request.continuation())
        })?;
    let seconds = begin.elapsed().as_secs_f64();
    say!("    {}, seed {}, took {seconds:.1} s", job.run, job.seed);
    Ok(launched)
}

fn close(
    gan: &Gan,
    experiment: &Experiment,
    request: &Request,
    jobs: &[Job],
    results: &Path,
) -> anyhow::Result<Ending> {
    Unmixed { mixing: request.mixing, advice: MIXED }.ensure(jobs, None)?;
    let (claims, ending) = judged(experiment, request, jobs, results)?;
    if let Some(line) = Provenance::line(jobs)? {
        say!("{line}");
    }
    say!("Results: {}", results.display());
    let table = summary::write(experiment, request, jobs, results, &claims)?;
    say!("Summary: {}", table.display());
    if let Some(page) = report::write(gan, jobs, results)? {
        say!("Report:  {}", page.display());
    }
    let first = jobs.first().context("an experiment without runs")?;
    let sheet = sheet::draw(gan, experiment, jobs, results)?;
    match sheet.or_else(|| picture::find(&first.folder, &experiment.picture)) {
        Some(picture) => say!("Open:    {}", picture.display()),
        None => say!(
            "Open:    nothing, for no picture {} was made",
            first.folder.join(&experiment.picture).display()
        ),
    }
    Ok(ending)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn the_short_form_has_its_own_folder() {
        let mut request =
            Request { name: "moons".into(), out: Some("out".into()), ..Request::default() };
        assert_eq!(results_folder(&request), Path::new("out/moons"));
        request.form = Form::Quick;
        assert_eq!(results_folder(&request), Path::new("out/moons-quick"));
    }

    #[test]
    fn the_user_decides_on_the_seeds_then_the_short_form_then_the_experiment() {
        let text = "title='T'\nquestion='Q'\npicture='p.png'\nseeds=5\n\
                    run=[{name='a',recipe='gan'}]\nquick={seeds=2}";
        let experiment: Experiment = toml::from_str(text).unwrap();
        let mut request = Request::default();
        assert_eq!(n_seeds(&experiment, &request), 5);
        request.form = Form::Quick;
        assert_eq!(n_seeds(&experiment, &request), 2);
        request.seeds = NonZeroU32::new(7);
        assert_eq!(n_seeds(&experiment, &request), 7);
    }

    #[test]
    fn a_run_has_its_own_number_of_seeds_unless_it_is_decided_for_all() {
        let text = "title='T'\nquestion='Q'\npicture='p.png'\nseeds=2\n\
                    run=[{name='a',recipe='gan'},{name='b',recipe='gan'}]";
        let n_jobs = |request: &Request| {
            let mut experiment: Experiment = toml::from_str(text).unwrap();
            experiment.runs[0].seeds = NonZeroU32::new(4);
            let seeds = settled_seeds(&mut experiment, request);
            Job::all(&experiment, request.form, seeds, Path::new("out")).len()
        };
        assert_eq!(n_jobs(&Request::default()), 6);
        assert_eq!(n_jobs(&Request { form: Form::Quick, ..Request::default() }), 4);
        let seeds = NonZeroU32::new(1);
        assert_eq!(n_jobs(&Request { seeds, ..Request::default() }), 2);
    }
}
