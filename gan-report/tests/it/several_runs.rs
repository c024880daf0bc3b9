//! Comparisons.

use gan_report::{Language, Report};

use crate::fixture::{Fixture, count, parsed, text, texts};

fn compared(fixtures: &[&Fixture], language: Language) -> scraper::Html {
    let folders = fixtures.iter().map(|fixture| &fixture.folder);
    parsed(&Report::of_runs(folders).unwrap().to_html(language))
}

#[test]
fn runs_that_differ_in_the_seed_are_one_group() {
    let seeds = [0, 1, 2].map(|seed| Fixture::with_seed(&format!("digits-seed{seed}"), seed));
    let other = Fixture::new("wide");
    let config = std::fs::read_to_string(other.path("config.toml")).unwrap();
    other.write("config.toml", &config.replace("batch = 64", "batch = 256"));
    let html = compared(&[&seeds[0], &seeds[1], &seeds[2], &other], Language::English);
    assert_eq!(text(&html, "h1"), "4 runs");
    assert!(text(&html, ".facts").ends_with("2 configurations"));
    // 62, 63 and 64: the mean is 63, the sample's standard deviation 1.
    assert_eq!(texts(&html, "#seeds tbody tr"), ["digits 3 63 ± 1 0 ± 0"]);
    let keys = texts(&html, "#configuration tbody tr");
    assert_eq!(keys, ["seed 0 1 2 3", "train.batch 64 64 64 256"]);
    assert_eq!(count(&html, ".sheets .picture.current img"), 4);
    // Members of a group share a color.
    assert_eq!(count(&html, "#results .swatch.c0"), 3);
    assert_eq!(count(&html, "#results .swatch.c1"), 1);
}

#[test]
fn curves_lie_over_each_other_and_the_best_is_bold() {
    let runs = [Fixture::with_seed("a", 0), Fixture::with_seed("b", 5)];
    let html = compared(&[&runs[0], &runs[1]], Language::English);
    let legends = texts(&html, ".chart:first-child .legend");
    assert_eq!(legends[0], "a 62 b 67 Real samples 0.340");
    assert_eq!(texts(&html, "#results td.best")[0], "62");
    let rows = texts(&html, "#results tbody tr");
    assert!(rows[0].contains("The generator falls to one pattern") && rows[0].contains("step 700"));
    assert_eq!(rows[2], "Real samples 0.340 0.920");
    compared(&[&runs[0], &runs[1]], Language::Chinese);
}

#[test]
fn runs_without_a_common_step_show_their_last_pictures() {
    let (one, other) = (Fixture::with_seed("a", 0), Fixture::with_seed("b", 5));
    for step in (0..=1000).step_by(250) {
        std::fs::remove_file(other.path(&format!("samples/step-{step:07}.png"))).unwrap();
    }
    other.picture("step-0000900.png", 9, 40);
    let html = compared(&[&one, &other], Language::English);
    assert_eq!(text(&html, "#samples h2"), "Last samples");
    assert_eq!(
        texts(&html, ".sheets .picture small"),
        ["step 1,000 (epoch 10)", "step 900 (epoch 9)"]
    );
    assert_eq!(count(&html, ".slider[hidden]"), 1);
    // A run that was stopped early is compared up to there, and at its end with the others' ends.
    other.picture("step-0000250.png", 9, 40);
    let html = compared(&[&one, &other], Language::English);
    assert_eq!(count(&html, ".sheets .picture"), 4);
    assert_eq!(text(&html, ".slider output"), "Last samples");
}

#[test]
fn runs_of_different_kinds_and_damaged_ones_are_compared_all_the_same() {
    let (whole, bare) = (Fixture::new("whole"), Fixture::new("bare"));
    bare.write("config.toml", "");
    bare.write("metrics.jsonl", "{\"step\":5,\"epoch\":0,\"critic/loss\":1.0}\n");
    std::fs::remove_dir_all(bare.path("samples")).unwrap();
    let html = compared(&[&whole, &bare, &bare], Language::English);
    assert!(texts(&html, "#results th[scope=row]")[1].contains("/bare"), "the same name twice");
    assert_eq!(count(&html, "#results tbody tr"), 4);
    assert_eq!(count(&html, "#seeds"), 0, "unknown configurations are no seeds of each other");
    assert!(
        texts(&html, "#notes li").iter().any(|note| note.contains("bare: There is no picture"))
    );
}
