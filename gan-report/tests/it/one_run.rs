//! The report about one run.

use gan_report::{Difference, Language, Report, ReportError, Run};

use crate::fixture::{Fixture, count, parsed, text, texts};

#[test]
fn the_verdict_says_what_since_when_and_how_to_cure_it() {
    let fixture = Fixture::new("digits");
    let html = parsed(&fixture.page(Language::English));
    assert_eq!(text(&html, "h1"), "digits");
    assert_eq!(
        text(&html, "#verdict h2"),
        "The generator falls to one pattern against a critic with batch normalization"
    );
    let kicker = text(&html, "#verdict > .kicker");
    assert_eq!(kicker, "Severe · certain · since step 700 (epoch 7) · batch-norm-collapse");
    assert_eq!(
        text(&html, "#verdict .evidence"),
        "median of gradient norm, generator 10.6 < 24.2 (steps 700 to 760, 7 points)"
    );
    let command = text(&html, "#verdict .command");
    assert!(command.starts_with("gan train ") && command.contains("digits/config.toml"));
    assert!(command.contains(r#"--set 'train.penalties=[{kind="r1",weight=10.0}]'"#), "{command}");
}

#[test]
fn numbers_stand_beside_their_best_and_those_of_real_samples() {
    let html = parsed(&Fixture::new("digits").page(Language::English));
    let rows = texts(&html, ".numbers tbody tr");
    assert_eq!(rows[0], "Fréchet distance ↓ 65 5.02 0.340");
    assert!(rows[1].starts_with("Recall ↑ 0 0.560 0.920"), "{rows:?}");
    assert_eq!(count(&html, ".numbers .sparkline"), rows.len());
}

#[test]
fn the_timeline_has_what_opened_and_closed() {
    let html = parsed(&Fixture::new("digits").page(Language::English));
    assert_eq!(count(&html, "#timeline button.event"), 3);
    assert_eq!(count(&html, "#timeline button.event[data-step=\"500\"]"), 1);
    let events = texts(&html, ".events li");
    assert_eq!(events.len(), 3);
    assert_eq!(
        events[1],
        "step 500 (epoch 5) gone: The critic has not learned to tell anything apart"
    );
}

#[test]
fn all_is_there_without_a_script() {
    let html = parsed(&Fixture::new("digits").page(Language::English));
    assert_eq!(count(&html, ".picture img[src^=\"data:image/png;base64,\"]"), 5);
    let captions = texts(&html, ".picture figcaption");
    assert_eq!((captions[0].as_str(), captions[4].as_str()), ("step 0", "step 1,000 (epoch 10)"));
    // Losses, probabilities, Fréchet distance, recall, update over weights.
    assert_eq!(count(&html, ".chart"), 5);
    assert_eq!(count(&html, ".chart .view:first-child svg.figure path.line"), 10);
    assert!(texts(&html, ".legend li").contains(&"D(x), real 0.900".to_owned()));
    assert_eq!(text(&html, "#citation code").lines().count(), 1, "an entry of BibTeX");
    assert_eq!(count(&html, "#notes"), 0, "nothing is missing");
}

#[test]
fn what_differs_from_the_recipe_comes_first() {
    let fixture = Fixture::new("digits");
    let page = |differences: Vec<Difference>| {
        let run = Run::read(&fixture.folder).unwrap().with_differences(differences);
        parsed(&Report::of(vec![run]).unwrap().to_html(Language::English))
    };
    let difference = Difference {
        key: "train.critic.lr".to_owned(),
        recipe: "0.0004".to_owned(),
        run: "0.0002".to_owned(),
    };
    let html = page(vec![difference]);
    assert_eq!(texts(&html, "table.keys tbody tr"), ["train.critic.lr 0.0004 0.0002"]);
    assert!(text(&html, "#configuration").contains("One key differs from the recipe dcgan."));
    let html = page(Vec::new());
    assert!(text(&html, "#configuration").contains("Nothing differs from the recipe dcgan."));
    assert!(!texts(&html, "dl.keys dt").is_empty());
}

#[test]
fn a_case_makes_the_doctor_examine_the_whole_run() {
    let fixture = Fixture::new("digits");
    let run = Run::read(&fixture.folder).unwrap().with_case(gan_doctor::Case::default());
    let html = parsed(&Report::of(vec![run]).unwrap().to_html(Language::English));
    let origin = text(&html, ".origin");
    assert!(origin.starts_with("The doctor has examined the whole run"), "{origin}");
    assert!(origin.contains("rules looked and found nothing"));
}

#[test]
fn a_walk_is_found_or_handed_in() {
    let fixture = Fixture::new("digits");
    assert_eq!(count(&parsed(&fixture.page(Language::English)), "#walk img"), 0);
    fixture.picture("walk.png", 7, 64);
    assert_eq!(count(&parsed(&fixture.page(Language::English)), "#walk img"), 1);
    let elsewhere = Fixture::new("elsewhere");
    let run = Run::read(&elsewhere.folder).unwrap().with_walk(&fixture.path("samples/walk.png"));
    let html = parsed(&Report::of(vec![run]).unwrap().to_html(Language::English));
    assert_eq!(count(&html, "#walk img[width=\"64\"]"), 1);
}

#[test]
fn a_walk_that_moves_stands_beside_its_rows_and_is_opened() {
    let fixture = Fixture::new("digits");
    fixture.picture("interpolate-step500-seed0.png", 7, 32);
    fixture.picture("interpolate-step1000-seed0.png", 7, 48);
    let page = || parsed(&fixture.page(Language::English));
    assert_eq!(count(&page(), "#walk img[width=\"48\"]"), 1, "the newest one");
    fixture.animation("walk.anim.png", 16);
    fixture.picture("walk.png", 7, 64);
    let html = page();
    assert_eq!(count(&html, "#walk > figure img[width=\"64\"]"), 1, "the training's own");
    assert_eq!(count(&html, "#walk details:not([open]) img[width=\"16\"]"), 1);
    std::fs::remove_file(fixture.path("samples/walk.png")).unwrap();
    std::fs::remove_file(fixture.path("samples/interpolate-step1000-seed0.png")).unwrap();
    std::fs::remove_file(fixture.path("samples/interpolate-step500-seed0.png")).unwrap();
    assert_eq!(count(&page(), "#walk details[open] img"), 1, "it is all there is");
}

#[test]
fn pictures_of_points_say_what_their_contours_hold() {
    let fixture = Fixture::new("moons");
    fixture.write("config.toml", "seed = 0\n[data]\nkind = \"moons\"\nnoise = 0.1\n");
    let html = parsed(&fixture.page(Language::English));
    assert!(text(&html, "#notes").contains("no contours of the data's density"));
    let real = [[-1.0, -1.0], [1.0, 1.0]];
    let contours = gan_plot::Contours::of(&real, &[0.5, 0.9], |[x, y]| -x * x - y * y);
    let plot = gan_plot::Scatter { real: &real, fake: &[], contours: Some(&contours), title: "" };
    std::fs::write(fixture.path("samples/step-0001000.png"), plot.to_png()).unwrap();
    for language in [Language::English, Language::Chinese] {
        let html = parsed(&fixture.page(language));
        let hint = &texts(&html, "#samples .hint")[0];
        assert!(hint.contains("50") && hint.contains("90"), "{hint}");
        assert_eq!(count(&html, "#notes"), 0);
    }
    // Without noise the data has no density.
    fixture.write("config.toml", "[data]\nkind = \"moons\"\nnoise = 0.0\n");
    fixture.picture("step-0001000.png", 1, 40);
    assert_eq!(count(&parsed(&fixture.page(Language::English)), "#notes"), 0);
}

#[test]
fn every_control_and_every_picture_has_a_name() {
    let one = Fixture::new("digits");
    let other = Fixture::with_seed("other", 5);
    let both = Report::of_runs([&one.folder, &other.folder]).unwrap().to_html(Language::English);
    for page in [one.page(Language::English), one.page(Language::Chinese), both] {
        let html = parsed(&page);
        let selector =
            scraper::Selector::parse("button, select, input, img, [role], canvas").unwrap();
        for element in html.select(&selector) {
            let is_text = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
            let value = element.value();
            let is_labelled =
                value.id().is_some_and(|id| count(&html, &format!("label[for={id}]")) == 1)
                    || element
                        .parent()
                        .and_then(|parent| parent.value().as_element())
                        .is_some_and(|parent| parent.name() == "label");
            let is_named = is_text(value.attr("aria-label"))
                || is_text(value.attr("alt"))
                || is_labelled
                || is_text(Some(&element.text().collect::<String>())) && value.name() == "button";
            assert!(is_named, "{}", element.html().chars().take(200).collect::<String>());
        }
        // Headings go down by one level at a time.
        let headings = scraper::Selector::parse("h1, h2, h3, h4").unwrap();
        let levels: Vec<u8> =
            html.select(&headings).map(|each| each.value().name().as_bytes()[1] - b'0').collect();
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }
}

#[test]
fn the_page_speaks_chinese() {
    let html = parsed(&Fixture::new("digits").page(Language::Chinese));
    assert_eq!(count(&html, "html[lang=zh]"), 1);
    assert_eq!(text(&html, "#verdict h2"), "面对使用批归一化的判别器，生成器坍缩为单一图样");
    assert!(text(&html, "#verdict .meaning").starts_with("几百步之内，所有潜变量都生成同一张图"));
    assert_eq!(text(&html, "#verdict .cause [lang=en]"), "both gradients fell together.");
    assert_eq!(text(&html, "#verdict .cure p[lang=zh]"), "受约束的判别器始终可以被战胜。");
    assert!(
        text(&html, "#verdict > .kicker").starts_with("严重 · 确定 · 始于 第 700 步（第 7 轮）")
    );
    for selector in ["h2", "summary", "th[scope=col]", ".legend span:not(.value)", ".title"] {
        for text in texts(&html, selector) {
            let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
            assert!(text.is_empty() || text.chars().any(is_chinese), "{selector}: {text}");
        }
    }
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let fixture = Fixture::new("digits");
    assert_eq!(fixture.page(Language::English), fixture.page(Language::English));
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let page = Fixture::new("digits").page(Language::English);
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("//cdn"));
    let html = parsed(&page);
    let policy =
        "meta[http-equiv=Content-Security-Policy][content^=\"default-src 'none'; img-src data:;\"]";
    assert_eq!(count(&html, policy), 1);
    assert_eq!(count(&html, "link, iframe, object, embed, script[src], [href]"), 0);
}

#[test]
fn what_is_no_run_is_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    let refused = Report::of_run(place.path()).unwrap_err();
    assert!(matches!(refused, ReportError::NoRun { .. }));
    assert!(refused.to_string().contains("expected config.toml, manifest.json or metrics.jsonl"));
    let missing = Report::of_run(place.path().join("nothing")).unwrap_err();
    assert!(missing.to_string().ends_with("nothing"), "{missing}");
    assert!(matches!(Report::of(Vec::new()), Err(ReportError::Empty)));
}

#[test]
fn a_run_that_has_hardly_begun_is_not_called_healthy() {
    let fixture = Fixture::new("digits");
    let note = r#"{"event":"opened","step":760,"diagnosis":{"rule":"run-too-short","severity":"note","certainty":"certain","since":0,"cause":"too few steps","evidence":[],"chart":"","remedies":[],"symptoms":[]}}"#;
    fixture.write("diagnoses.jsonl", note);
    let html = parsed(&fixture.page(Language::English));
    assert_eq!(text(&html, "#verdict h2"), "The run is too short to say anything");
    assert_eq!(count(&html, "#verdict.healthy"), 0);
}
