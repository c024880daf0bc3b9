//! The help texts, one per command, each with an example that works as written.

/// `cargo xtask --help`.
pub(crate) const OVERVIEW: &str = "\
Named, reproducible experiments and the project's own checks.

Usage: cargo xtask COMMAND [OPTIONS]

Commands:
  experiment NAME     Run a named experiment; `experiment --list` shows them all
  claims [NAME...]    Say which claims of experiments are held, from the results that are kept
  pages               Write the course's pages from the results that are kept
  record NAME         Keep the results of trainings that were made elsewhere
  test                Run every test of the workspace and sum them up
  ci                  Run every check that a change has to pass, cheapest first
  bench WHAT          Measure `learner`, `divergence`, `evaluation`, `train` or `ranks`, `profile` a step,
                      or compute `scaling`
  torture WHAT        Be rough to a training or to files: `kill`, `disk`, `soak` or `files`

Each command explains itself: cargo xtask experiment --help

Example:
  cargo xtask experiment dcgan-30ep --quick
";

/// `cargo xtask experiment --help`.
pub(crate) const EXPERIMENT: &str = "\
Run a named experiment: train every run of it with every seed, then say where the results are.

Usage: cargo xtask experiment NAME [OPTIONS]
       cargo xtask experiment course [OPTIONS]
       cargo xtask experiment --list

`course` stands for all experiments of the course (xtask/course.toml), cheapest first: what is kept of them is
said and not repeated, what is missing is run, always as with --resume, and in the end the pages are written.

Options:
  --list            List the experiments, what each of them asks and what it claims
  --quick           The short form: a few minutes on two cores, on the same real data
  --seeds N         How many seeds each run is trained with (default: the experiment's own)
  --jobs N          Trainings at once, each on its share of the processor's cores (default: 1)
  --on slurm        Train on a cluster, by `gan sweep`; call it again with --resume for the tables
  --profile FILE    What the cluster is told, handed to `gan sweep submit`
  --no-cures        Leave out the cures after planted faults, which take as long as the trainings
  --features F      Features of gan-cli to build with, such as cuda or wgpu
  --device D        The device to train on, handed to gan, such as cuda:0
  --out DIR         The folder that receives the results (default: runs/ of the workspace)
  --results DIR     Where results are kept and looked for (default: results/ of the workspace)
  --resume          Continue: skip finished runs, resume unfinished ones, start the missing ones
  --check           Exit with 3 if a claim is not held or cannot be judged
  --mixed           Let numbers of different kernels stand in one table

When a training of the full form ends, what it measured is kept; one that is kept with the same
configuration and the same kernels is not repeated. Claims are checked at the end of the full form.

Exit codes: 0 done, 1 an error, 2 a wrong call, 3 see --check, 130 interrupted. Ctrl-C saves a checkpoint, says how to continue, and exits.

Example:
  cargo xtask experiment moons --seeds 3 --out /tmp/moons
";

/// `cargo xtask pages --help`.
pub(crate) const PAGES: &str = "\
Write the pages that answer the course's questions, in English and in Chinese, from their templates
(xtask/pages) and the results that are kept. Nothing is built or trained; curves that have changed are drawn
by `gan plot`, where a gan is built.

Usage: cargo xtask pages [OPTIONS]

Options:
  --check           Write nothing; exit with 1 unless the pages are what the results come to
  --results DIR     Where results are kept (default: results/ of the workspace)
  --out DIR         The folder of the pages (default: course/ of the workspace)
  --gan PROGRAM     The program that draws (default: the release build in cargo's target folder)

Example:
  cargo xtask pages --check
";

/// `cargo xtask claims --help`.
pub(crate) const CLAIMS: &str = "\
Say of every claim of the experiments whether it is held, not held, cannot be said or was not run, with
the numbers, from the results that are kept. Nothing is built or trained.

Usage: cargo xtask claims [NAME...] [OPTIONS]

Options:
  --results DIR     Where results are kept (default: results/ of the workspace)
  --check           Exit with 3 unless every claim is held
  --mixed           Let numbers of different kernels be compared

Example:
  cargo xtask claims ring8 grid25 --check
";

/// `cargo xtask record --help`.
pub(crate) const RECORD: &str = "\
Keep the results of an experiment's trainings that were made elsewhere, as the experiment keeps its own:
configuration, manifest without paths, summary, thinned series and three pictures of each.

Usage: cargo xtask record NAME --from DIR [--results DIR]

Options:
  --from DIR        The folder with the run folders, RUN-seedN; unfinished ones are passed over
  --results DIR     Where to keep them (default: results/ of the workspace)

A training whose configuration is not what the experiment sets is refused.

Example:
  cargo xtask record dcgan-100ep --from runs/dcgan-100ep
";

/// `cargo xtask test --help`.
pub(crate) const TEST: &str = "\
Run every test of the workspace, with cargo-nextest where it is installed.
The last line sums them up: `N passed, N failed`.

Usage: cargo xtask test

Example:
  cargo xtask test
";

/// `cargo xtask ci --help`.
pub(crate) const CI: &str = "\
Run every check that a change has to pass, cheapest first, each with its time.
The first failure stops it and is named. What could not be checked here is said aloud.

Usage: cargo xtask ci

Example:
  cargo xtask ci
";

/// `cargo xtask bench --help`.
pub(crate) const BENCH: &str = "\
Measure. Nothing else should be running on the machine meanwhile.

Usage: cargo xtask bench learner
       cargo xtask bench divergence [--python PATH]
       cargo xtask bench evaluation [--python PATH]
       cargo xtask bench train [--python PATH [--peers]] [--rounds N] [--only RECIPE...]
                               [--features F] [--device D]
       cargo xtask bench profile RECIPE [--batch N]
       cargo xtask bench ranks [--python PATH] [--rounds N] [--only RECIPE...] [--gan PATH]
       cargo xtask bench scaling [--parts FILE] [--seed S] [--faster X]

  learner      The learner's step against the same step written by hand in plain Burn,
               then the peak memory of a short training of dcgan-30ep against its goal
  divergence   The divergences on the host; with --python, the path of a Python interpreter,
               against NumPy and SciPy as well; GAN_BENCH_PYTHON names one too
  evaluation   The full card of 10,000 digits against 10,000 and its parts, then the Fréchet
               distance at 2,048 dimensions; with --python against PyTorch, SciPy, prdc and
               torch-fidelity, in turns
  train        The whole training loop against the bare step in plain Burn and, with --python,
               in PyTorch, eager, compiled and in bfloat16; in turns, N rounds of them
               (default: 5); ours on the device D (default: flex) of a program with features F.
               With --peers also PyTorch channels-last, and JAX where PATH has it
  profile      Where the time of a step goes: layers by pass, optimizers, data, logging
  ranks        One process of two threads against two of one under mpirun, on two cores, in turns,
               N rounds of them (default: 5), for cgan, dcgan, wgan-gp and r3gan; what cutting the
               batch costs and what the exchange; with --python PyTorch's DistributedDataParallel
               over gloo. --gan names a program with the feature mpi; it is built if not given
  scaling      Where weak and strong scaling fall below 50 %, by a formula and by a simulation of up
               to 1,024 ranks, from the parts that `ranks` measured; of ranks X times as fast

Example:
  cargo xtask bench divergence --python /usr/bin/python3
";

/// `cargo xtask torture --help`.
pub(crate) const TORTURE: &str = "\
Be rough to a training, let it go on, and compare what it comes to with an undisturbed one: the same
bytes of metrics, evaluation, pictures, plots and exported weights, and no damaged checkpoint.

Usage: cargo xtask torture kill [--trials N] [--seed S] [--minutes M]
       cargo xtask torture disk [--trials N] [--seed S] [--minutes M]
       cargo xtask torture soak [--hours H] [--minutes M]
       cargo xtask torture files [--executions N] [--seed S] [--minutes M] [--format NAME]
                                 [--out DIR]
       cargo xtask torture files --format NAME --case NUMBER

  kill   By turns, one to three SIGKILLs at random moments, and a fault at an operation on files:
         a failure, a short write, a kill or a power cut, in the end at every one of them
  disk   A file system that is full at one level after the other (a tmpfs where it may be mounted)
  soak   A long training in parts with readers beside it: flat memory, flat file descriptors, no
         files beyond what the docs say (Linux)
  files  Structure-aware mutations of every format that is read, under a watchdog

  --executions N   Mutated files, shared out among the formats (default: 10000)
  --seed S         Other files than those of seed 0
  --minutes M      Stop after M minutes, whatever has been read until then
  --format NAME    Only this format; a wrong name is told those that there are
  --case NUMBER    Only this file of the format, again: the number that a fault is reported with
  --out DIR        Where the inputs of faults are kept (default: a folder for temporary files)

It ends with a line of counts, and with 1 if anything was lost.

Example:
  cargo xtask torture kill --trials 20
";
