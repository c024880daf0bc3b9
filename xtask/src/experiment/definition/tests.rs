//! Files of experiments.

use super::*;

const GOOD: &str = r#"
    title = "T"
    question = "Q"
    picture = "samples/*.png"
    seeds = 2
    [[run]]
    name = "a"
    recipe = "gan"
    set = ["train.batch=250"]
    [[claim]]
    says = "C"
    run = "a"
    quantity = "samples/js"
    at_most = 0.5
    [quick]
    set = ['train.budget="5 steps"']
"#;

fn complaint(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    let checked = |experiment: Experiment| experiment.check_claims();
    let text = GOOD.replace(from, to);
    format!("{:#}", Experiment::from_toml(&text).and_then(checked).unwrap_err())
}

#[test]
fn a_complete_file_is_read_as_written() {
    let experiment = Experiment::from_toml(GOOD).unwrap();
    assert_eq!(experiment.seeds.get(), 2);
    let set = vec!["train.batch=250".to_owned()];
    assert_eq!(
        experiment.runs[0].task,
        Task::Train { recipe: "gan".into(), set, quick: Vec::new() }
    );
    assert_eq!(experiment.quick.set, ["train.budget=\"5 steps\""]);
    assert!(experiment.quick.seeds.is_none());
}

#[test]
fn mistakes_are_named() {
    assert!(complaint("[[claim]]", "[[clam]]").contains("unknown field `clam`"));
    assert!(complaint("recipe =", "receipt =").contains("receipt"));
    assert!(complaint("recipe = \"gan\"", "").contains("one of `recipe`, `command` and `branch`"));
    assert!(complaint("recipe = \"gan\"", "command = [\"list\"]").contains("no `set`"));
    assert!(complaint("title = \"T\"", "title = \" \"").contains("`title` is empty"));
    assert!(complaint("seeds = 2", "seeds = 0").contains("nonzero"));
    assert!(complaint("name = \"a\"", "name = \"../a\"").contains("found `../a`"));
    assert!(complaint("train.batch=250", "train.batch").contains("key=value"));
    assert!(complaint("train.budget=", "train budget=").contains("key=value"));
    assert!(complaint("samples/*.png", "../final.png").contains("inside a run's folder"));
    assert!(complaint("samples/*.png", "*/final.png").contains("only the file name"));
}

#[test]
fn runs_of_a_sweep_follow_the_others() {
    let sweep = "[[sweep]]\nname = \"b{n}\"\ncommand = [\"duality\", \"--n={n}\"]\n\
                 axes = [[{ n = \"1\" }, { n = \"2\" }]]\n[quick]";
    let experiment = Experiment::from_toml(&GOOD.replace("[quick]", sweep)).unwrap();
    let names: Vec<_> = experiment.runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["a", "b1", "b2"]);
    let words = vec!["duality".to_owned(), "--n=2".to_owned()];
    assert_eq!(experiment.runs[2].task, Task::Command { words });
}

#[test]
fn a_branch_has_the_settings_of_the_run_that_it_goes_on_from() {
    let branch = "[[run]]\nname = \"b\"\nbranch = \"a\"\nset = [\"train.critic.lr=5e-5\"]\n[quick]";
    let with = |stem: &str| GOOD.replace("name = \"a\"", stem).replace("[quick]", branch);
    let experiment = Experiment::from_toml(&with("name = \"a\"\nseed = 3")).unwrap();
    let Task::Branch { from, recipe, inherited, set, .. } = &experiment.runs[1].task else {
        panic!()
    };
    assert_eq!((from.as_path(), recipe.as_str()), (Path::new("a-seed3"), "gan"));
    assert_eq!(
        (inherited[0].as_str(), set[0].as_str()),
        ("train.batch=250", "train.critic.lr=5e-5")
    );
    assert_eq!(
        [experiment.planned("a"), experiment.planned("b")].map(|n| n.unwrap().get()),
        [1, 2]
    );
    assert_eq!((experiment.n_trainings(None), experiment.n_trainings(NonZeroU32::new(5))), (3, 6));

    let complaint = |text: &str| format!("{:#}", Experiment::from_toml(text).unwrap_err());
    let without = complaint(&with("name = \"a\""));
    assert_eq!(without, "the run `a` needs a `recipe` and one `seed`: `b` branches off it");
    let unknown =
        complaint(&with("name = \"a\"\nseed = 3").replace("branch = \"a\"", "branch = \"aa\""));
    assert!(unknown.starts_with("the branch `b`: unknown run `aa`"), "{unknown}");
    let seeded =
        with("name = \"a\"\nseed = 3").replace("branch = \"a\"", "branch = \"a\"\nseed = 1");
    assert!(complaint(&seeded).contains("a seed for each of its trainings"));
}

#[test]
fn a_run_says_how_it_is_looked_after() {
    let with =
        |care: &str| GOOD.replace("name = \"a\"", &format!("name = \"a\"\ncare = \"{care}\""));
    let experiment = Experiment::from_toml(&with("may-diverge")).unwrap();
    assert_eq!(experiment.runs[0].care, Care::MayDiverge);
    assert!(Experiment::from_toml(&with("careful")).is_err());
}

#[test]
fn claims_that_pages_name_have_ids_of_their_own() {
    let id = |id: &str| GOOD.replace("[[claim]]", &format!("[[claim]]\nid = \"{id}\""));
    let claim = &Experiment::from_toml(&id("it-fits")).unwrap().claims[0];
    assert_eq!(claim.id.as_deref(), Some("it-fits"));
    let spaced = format!("{:#}", Experiment::from_toml(&id("it fits")).unwrap_err());
    assert!(spaced.contains("an `id` is made of letters"), "{spaced}");
    let (_, claim) = GOOD.split_once("[[claim]]").unwrap();
    let claim = claim.split("[quick]").next().unwrap();
    let twice =
        id("it-fits").replace("[quick]", &format!("[[claim]]\nid = \"it-fits\"{claim}[quick]"));
    let twice = Experiment::from_toml(&twice).unwrap().check_claims().unwrap_err().to_string();
    assert_eq!(twice, "two claims have the id `it-fits`");
}

#[test]
fn run_names_are_unique() {
    let twice = "[[run]]\nname = \"a\"\nrecipe = \"gan\"\n[quick]";
    assert!(complaint("[quick]", twice).contains("two runs are named `a`"));
}

#[test]
fn every_experiment_of_the_project_is_well_formed() {
    let names = names().unwrap();
    assert!(names.contains(&"moons".to_owned()), "{names:?}");
    for name in names {
        Experiment::load(&name).unwrap();
    }
}

/// Its users wait for it.
#[test]
fn the_short_form_of_an_experiment_has_few_seeds() {
    for name in names().unwrap() {
        let experiment = Experiment::load(&name).unwrap();
        let seeds = experiment.quick.seeds.unwrap_or(experiment.seeds);
        assert!(seeds.get() <= 2, "{name} --quick has {seeds} seeds");
    }
}

#[test]
fn an_unknown_experiment_gets_the_nearest_name_and_the_list() {
    let complaint = Experiment::load("mons").unwrap_err().to_string();
    assert!(complaint.contains("did you mean `moons`?"), "{complaint}");
    assert!(complaint.contains("dcgan-30ep"), "{complaint}");
}

#[test]
fn a_claim_is_of_runs_and_seeds_that_there_are() {
    assert!(complaint("run = \"a\"", "run = \"b\"").contains("the claim `C`: unknown run `b`"));
    let of_three = complaint("at_most = 0.5", "at_most = 0.5\nseeds = 3");
    assert!(of_three.contains("the claim `C` is of 3 seeds, the run `a` has 2"), "{of_three}");
    assert!(complaint("run = \"a\"\n", "\n").contains("only planted faults have figures"));
    let other = complaint("at_most = 0.5", "lower_than = { run = \"c\" }");
    assert!(other.contains("unknown run `c`"), "{other}");
    let first = "at_most = 0.5\nfirst = { says = 'F', why = 'W', run = 'd', at_most = 0.4 }";
    assert!(complaint("at_most = 0.5", first).contains("unknown run `d`"));
    let none = GOOD.split("[[claim]]").next().unwrap();
    let none = Experiment::from_toml(none).unwrap().check_claims().unwrap_err();
    assert_eq!(none.to_string(), "an experiment has at least one `[[claim]]`");
}

#[test]
fn a_claim_may_compare_with_a_run_of_another_experiment() {
    let with = |run: &str| format!("lower_than = {{ run = \"{run}\", p = 0.05 }}");
    let good = GOOD.replace("at_most = 0.5", &with("ring8/r3gan"));
    let experiment = Experiment::from_toml(&good).unwrap();
    experiment.check_claims().unwrap();
    assert_eq!(experiment.planned("ring8/r3gan").unwrap().get(), 10);
    let run = complaint("at_most = 0.5", &with("ring8/r2gan"));
    assert!(run.contains("did you mean `r3gan`?"), "{run}");
    let name = complaint("at_most = 0.5", &with("rong8/r3gan"));
    assert!(name.contains("did you mean `ring8`?"), "{name}");
}
