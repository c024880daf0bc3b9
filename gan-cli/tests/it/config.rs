//! Configurations that make no sense: which key, where it was set, what was expected, what found.

use crate::program::Place;

/// `gan train RECIPE --set SETTING` prints `parts` and makes nothing.
fn check(recipe: &str, setting: &str, parts: &[&str]) {
    let place = Place::new();
    place.refuses(place.gan(&format!("train {recipe} --steps 1 --out run")).set(setting), parts);
}

/// A configuration file is refused by name, with `parts`.
fn check_file(text: &str, parts: &[&str]) {
    let place = Place::new();
    place.write("mine.toml", text);
    place.refuses(place.gan("train mine.toml --steps 1 --out run"), &["mine.toml"]);
    place.refuses(place.gan("train mine.toml --steps 1 --out run"), parts);
}

#[test]
fn an_unknown_key_is_told_the_nearest() {
    check("gan", "train.bacth=3", &["`train.bacth` in --set", "`train.batch`?"]);
    check("gan", "sede=3", &["`sede` in --set", "`seed`?"]);
    check_file(
        "recipe = \"gan\"\n[train]\nbacth = 3\n",
        &["`train.bacth` in mine.toml", "`train.batch`?"],
    );
    check_file(
        "recipe = \"gan\"\nspeed = 3\n",
        &["`speed` in mine.toml", "not a configuration key"],
    );
}

#[test]
fn a_key_of_another_kind_of_data_is_unknown() {
    check("dcgan", "data.noise=0.1", &["`data.noise` in --set", "not a configuration key"]);
}

#[test]
fn a_mistyped_value_says_what_was_expected_and_what_was_found() {
    check("gan", "train.batch=many", &["`train.batch` in --set", "\"many\"", "expected usize"]);
    check("gan", "train.budget=soon", &["`train.budget` in --set", "\"30 epochs\"", "\"soon\""]);
    check("gan", "train.loss=hinge-ish", &["`train.loss` in --set", "`hinge-ish`", "`minimax`"]);
    check("gan", "data.kind=mons", &["`data.kind` in --set", "`mons`", "`moons`"]);
    check("gan", "seed=-1", &["`seed` in --set", "`-1`"]);
    check_file(
        "recipe = \"gan\"\n[train]\nbatch = \"many\"\n",
        &["`train.batch` in mine.toml", "\"many\"", "expected usize"],
    );
}

#[test]
fn a_setting_without_a_value_is_refused() {
    check("gan", "train.batch", &["expected key=value", "`train.batch`"]);
}

#[test]
fn a_value_out_of_range_is_named_with_its_key() {
    for (setting, key, found) in [
        ("train.batch=0", "`train.batch`", "found 0"),
        ("train.critic_steps=0", "`train.critic_steps`", "found 0"),
        ("train.generator.lr=-1e-4", "`train.generator.lr`", "found -0.0001"),
        ("train.critic.lr=0", "`train.critic.lr`", "found 0"),
        ("train.critic.beta_1=1", "`train.critic.beta_1`", "found 1"),
        ("train.generator.beta_2=1.5", "`train.generator.beta_2`", "found 1.5"),
        ("model.hidden=0", "`model.hidden`", "found 0"),
        ("pictures.count=0", "`pictures.count`", "found 0"),
        ("checkpoint.keep=0", "`checkpoint.keep`", "found 0"),
        ("log.every=0 steps", "`log.every`", "found 0 steps"),
        ("data.points=0", "`data.points`", "found 0"),
    ] {
        check("gan", setting, &[key, found]);
    }
    check("dcgan", "data.size=30", &["30", "28 or 32"]);
    check("dcgan", "data.subset=60001", &["60001", "1 to 60000"]);
}

#[test]
fn a_seed_that_toml_cannot_hold_is_refused() {
    let place = Place::new();
    let program = place.gan("train gan --steps 1 --out run --seed 9223372036854775808");
    place.refuses(program, &["--seed", "9223372036854775808"]);
}

#[test]
fn a_batch_larger_than_the_data_is_refused() {
    check("gan", "train.batch=10001", &["`train.batch` is 10001", "10000 samples"]);
}

#[test]
fn data_of_a_shape_that_the_recipe_cannot_make_is_refused_before_a_folder_is_made() {
    check("dcgan", "data.kind=moons", &["dcgan", "square images with a side of 32", "[2]"]);
    check("dcgan", "data.size=28", &["dcgan", "[1, 28, 28]", "--set data.size=32"]);
}

#[test]
fn the_recipe_is_no_setting() {
    check("gan", "recipe=dcgan", &["`recipe` in --set", "gan train dcgan"]);
}

#[test]
fn a_file_must_exist_be_toml_and_name_its_recipe() {
    let place = Place::new();
    place.refuses(place.gan("train mine.toml"), &["cannot read mine.toml"]);
    check_file("recipe = ", &["mine.toml is not TOML"]);
    check_file("seed = 3\n", &["mine.toml must name its recipe", "recipe = \"dcgan\""]);
    check_file("recipe = \"dcgn\"\n", &["`recipe` in mine.toml", "`dcgan`?"]);
}

#[test]
fn settings_go_over_the_file_and_flags_over_settings() {
    let place = Place::new();
    place.write(
        "mine.toml",
        "recipe = \"gan\"\nseed = 1\n[train]\nbatch = 20\nbudget = \"9 steps\"\n",
    );
    let program = place.gan("train mine.toml --steps 2 --seed 3 --out run").set("train.batch=30");
    program.set("seed=2").set("pictures.count=16").succeed();
    let config: toml::Table = place.text("run/config.toml").parse().unwrap();
    assert_eq!(config["seed"].as_integer(), Some(3));
    assert_eq!(config["train"]["batch"].as_integer(), Some(30));
    assert_eq!(config["train"]["budget"].as_str(), Some("2 steps"));
}

#[test]
fn synonyms_are_said_and_recorded_as_the_keys_that_they_mean() {
    let place = Place::new();
    let outcome = place.gan("train GAN --steps 1 --out run").set("train.lr=3e-3").succeed();
    let said = "note: `train.lr` means train.generator.lr and train.critic.lr\n";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    assert_eq!(place.text("run/config.toml").matches("lr = 0.003").count(), 2);
    check("gan", "clip=1", &["`clip` in --set", "train.clip_norm"]);
}

#[test]
fn a_flag_with_a_number_that_makes_no_sense_is_named() {
    let place = Place::new();
    for (words, part) in [("--seed -1", "-1"), ("--epochs -3", "-3"), ("--steps x", "--steps")] {
        let program = place.gan(&format!("train gan --out run {words}"));
        place.refuses(program, &[part]);
    }
    place.gan("train gan --epochs 0 --out run").succeed();
    // The last of several settings counts.
    let program = place.gan("train gan --steps 0 --out two").set("seed=1").set("seed=2");
    program.succeed();
    assert!(place.text("two/config.toml").contains("seed = 2"));
}

#[test]
fn networks_that_no_machine_holds_are_refused_before_a_folder_is_made() {
    check("gan", "model.hidden=1000000000", &["`model.hidden` must be at most 65536"]);
    check("gan", "model.latent=9223372036854775807", &["`model.latent` must be at most 65536"]);
    check("gan", "model.depth=1000000000", &["`model.depth` must be at most 1024"]);
    check("dcgan", "model.generator_width=16384", &["GiB", "model.generator_width"]);
}

#[test]
fn a_recipe_for_points_suits_itself_to_images_as_far_as_nothing_was_given() {
    let place = Place::new();
    let train = |out: &str| {
        let program = place.gan(&format!("train gan --steps 1 --out {out}"));
        program.set("data.kind=mnist").set("data.subset=60").set("train.batch=20")
    };
    train("digits").succeed();
    let config = place.text("digits/config.toml");
    assert!(config.contains("count = 64") && config.contains("samples = 1000"), "{config}");
    assert!(config.contains("every = \"10 epochs\"") && !config.contains("20 epochs"), "{config}");
    train("given").set("pictures.count=9").set("evaluation.samples=50").succeed();
    let config = place.text("given/config.toml");
    assert!(config.contains("count = 9") && config.contains("samples = 50"), "{config}");
    place.gan("train gan --steps 1 --out points").succeed();
    let config = place.text("points/config.toml");
    assert!(config.contains("count = 2000") && config.contains("samples = 10000"), "{config}");
}
