//! The command line.

use super::*;

fn parsed(line: &str) -> anyhow::Result<Command> {
    parse(line.split_whitespace().map(OsString::from))
}

fn complaint(line: &str) -> String {
    format!("{:#}", parsed(line).unwrap_err())
}

#[test]
fn no_arguments_ask_for_help() {
    assert_eq!(parsed("").unwrap(), Command::Help(help::OVERVIEW));
    assert_eq!(parsed("ci --help").unwrap(), Command::Help(help::CI));
}

#[test]
fn options_of_an_experiment_may_stand_anywhere() {
    let expected = Command::Experiment(Request {
        name: "moons".into(),
        form: Form::Full,
        start: Start::Resume,
        seeds: NonZeroU32::new(3),
        place: Place::Here,
        profile: None,
        jobs: NonZeroUsize::new(2),
        cures: Cures::LeftOut,
        features: Some("cuda,wgpu".into()),
        device: Some("cuda:0".into()),
        out: Some("elsewhere".into()),
        results: Some("kept".into()),
        checking: Checking::On,
        mixing: Mixing::Allowed,
    });
    let line = "experiment --seeds=3 moons --jobs 2 --no-cures --features cuda --features wgpu \
                --device cuda:0 --out elsewhere --results kept --check --mixed --resume";
    assert_eq!(parsed(line).unwrap(), expected);
}

#[test]
fn the_short_form_is_asked_for() {
    let quick = Request { name: "moons".into(), form: Form::Quick, ..Request::default() };
    assert_eq!(parsed("experiment --quick moons").unwrap(), Command::Experiment(quick));
}

#[test]
fn a_cluster_has_a_profile_and_this_machine_has_jobs() {
    let line = "experiment ring8 --quick --on slurm --profile lab.toml";
    let expected = Request {
        name: "ring8".into(),
        form: Form::Quick,
        place: Place::Slurm,
        profile: Some("lab.toml".into()),
        ..Request::default()
    };
    assert_eq!(parsed(line).unwrap(), Command::Experiment(expected));
    assert!(complaint("experiment ring8 --on moon").contains("--on wants `slurm`, found `moon`"));
    assert!(complaint("experiment ring8 --on slurm --jobs 2").contains("takes `max_running`"));
    assert!(complaint("experiment ring8 --profile x").contains("goes with --on slurm"));
}

#[test]
fn results_are_kept_from_a_folder() {
    let expected =
        Recording { name: "moons".into(), from: "there".into(), results: Some("kept".into()) };
    let line = "record moons --from there --results kept";
    assert_eq!(parsed(line).unwrap(), Command::Record(expected));
    assert!(complaint("record --from there").contains("needs the name of an experiment"));
    assert!(complaint("record moons").contains("needs `--from DIR`"));
    assert!(complaint("record moons --form x").contains("did you mean `--from`?"));
}

#[test]
fn claims_are_of_all_experiments_or_of_some() {
    assert_eq!(parsed("claims").unwrap(), Command::Claims(Listing::default()));
    let expected = Listing {
        names: vec!["moons".into(), "ring8".into()],
        results: None,
        checking: Checking::On,
        mixing: Mixing::Allowed,
    };
    let both = complaint("experiment moons --quick --check");
    assert!(both.contains("the short one, `--quick`, checks no claim"), "{both}");
    let line = "claims moons --check ring8 --mixed";
    assert_eq!(parsed(line).unwrap(), Command::Claims(expected));
    assert!(complaint("claims --chek").contains("did you mean `--check`?"));
}

#[test]
fn pages_are_written_or_compared() {
    assert_eq!(parsed("pages").unwrap(), Command::Pages(Pages::default()));
    let expected = Pages {
        check: true,
        results: Some("kept".into()),
        out: Some("there".into()),
        gan: Some("bin/gan".into()),
    };
    let line = "pages --results kept --out there --gan bin/gan --check";
    assert_eq!(parsed(line).unwrap(), Command::Pages(expected));
    assert!(complaint("pages --cheque").contains("did you mean `--check`?"));
    assert!(complaint("pages 1-moons").contains("1-moons"));
}

#[test]
fn benchmarks_have_options_of_their_own() {
    let line = "bench train --only gan wgan-gp --rounds 3 --python py --peers --only dcgan \
                --features tch --device tch";
    let expected = Command::BenchTrain(bench::Wanted {
        python: Some("py".into()),
        peers: bench::Peers::More,
        rounds: NonZeroU32::new(3).unwrap(),
        only: ["gan", "wgan-gp", "dcgan"].map(str::to_owned).to_vec(),
        features: Some("tch".into()),
        device: "tch".into(),
    });
    assert_eq!(parsed(line).unwrap(), expected);
    let default = Command::BenchTrain(bench::Wanted::default());
    assert_eq!(parsed("bench train").unwrap(), default);
    let (recipe, batch) = ("dcgan".to_owned(), NonZeroU32::new(16));
    let profile = Command::BenchProfile { recipe, batch };
    assert_eq!(parsed("bench profile dcgan --batch 16").unwrap(), profile);
}

#[test]
fn ranks_and_scaling_read_their_own_options() {
    let ranks =
        bench::RanksWanted { rounds: NonZeroU32::new(2).unwrap(), ..bench::RanksWanted::default() };
    assert_eq!(parsed("bench ranks --rounds 2").unwrap(), Command::BenchRanks(ranks));
    let scaling = bench::ScalingWanted { seed: 2, ..bench::ScalingWanted::default() };
    assert_eq!(parsed("bench scaling --seed 2").unwrap(), Command::BenchScaling(scaling));
    assert_eq!(parsed("bench ranks --help").unwrap(), Command::Help(help::BENCH));
    assert!(complaint("bench rank").contains("did you mean `ranks`?"));
    assert!(complaint("bench scaling dcgan").contains("dcgan"));
}

#[test]
fn a_torture_has_trials_a_seed_and_an_end() {
    let kill = survival::Wanted {
        trials: 1000,
        seed: 3,
        minutes: Some(1.5),
        ..survival::Wanted::of(survival::Kind::Kill)
    };
    let line = "torture kill --trials 1000 --seed 3 --minutes 1.5";
    assert_eq!(parsed(line).unwrap(), Command::Torture(kill));
    let mut soak = survival::Wanted::of(survival::Kind::Soak);
    soak.minutes = Some(120.0);
    assert_eq!(parsed("torture soak --hours 2").unwrap(), Command::Torture(soak));
    assert!(complaint("torture kil").contains("did you mean `kill`?"));
    assert!(complaint("torture disk --trial 3").contains("did you mean `--trials`?"));
    assert!(complaint("torture disk --minutes 0").contains("--minutes wants"));
    assert!(complaint("torture").contains("kill, disk, soak"));
}

#[test]
fn a_torture_of_files_hands_its_numbers_on() {
    let wanted = torture::Files {
        executions: Some(100_000),
        seed: Some(3),
        format: Some("png".to_owned()),
        ..torture::Files::default()
    };
    let line = "torture files --executions 100000 --seed 3 --format png";
    assert_eq!(parsed(line).unwrap(), Command::TortureFiles(wanted));
    assert!(complaint("torture file").contains("did you mean `files`?"));
    assert!(complaint("torture files --execution 3").contains("did you mean `--executions`?"));
    assert!(complaint("torture files --case x").contains("--case wants a whole number"));
}

#[test]
fn a_misspelled_word_gets_the_nearest_one() {
    assert!(complaint("experimnt").contains("did you mean `experiment`?"));
    assert!(complaint("experiment moons --quik").contains("did you mean `--quick`?"));
    assert!(complaint("bench lerner").contains("did you mean `learner`?"));
    assert!(complaint("bench trian").contains("did you mean `train`?"));
    assert!(complaint("bench train --round 3").contains("did you mean `--rounds`?"));
    assert!(complaint("bench train --only dcgn").contains("did you mean `dcgan`?"));
}

#[test]
fn wrong_values_are_named() {
    assert!(complaint("experiment moons --seeds 0").contains("from 1 on, found `0`"));
    assert!(complaint("experiment moons --jobs 0").contains("--jobs wants"));
    assert!(complaint("experiment moons --seeds").contains("--seeds"));
    assert!(complaint("experiment moons other").contains("other"));
    assert!(complaint("experiment").contains("--list"));
    assert!(complaint("test everything").contains("everything"));
    assert!(complaint("bench").contains("learner, divergence"));
    assert!(complaint("bench learner --python python3").contains("--python"));
    assert!(complaint("bench train --rounds 0").contains("--rounds wants"));
    assert!(complaint("bench train --peers").contains("needs `--python PATH`"));
    assert!(complaint("bench profile").contains("needs a recipe"));
    assert!(complaint("bench profile dcgan --batch x").contains("--batch wants"));
}

#[test]
fn every_command_in_the_table_is_understood() {
    for command in COMMANDS {
        assert!(parsed(&format!("{command} --help")).is_ok(), "{command}");
    }
}
