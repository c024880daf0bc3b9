//! How large a page becomes.

use gan_report::{Language, Report};

use crate::fixture::{Fixture, count, curve, metrics, parsed, text, texts};

#[test]
fn pictures_are_thinned_evenly_and_that_is_said() {
    let fixture = Fixture::new("digits");
    for step in (1250..=20_000).step_by(250) {
        fixture.picture(&format!("step-{step:07}.png"), step as u8, 150);
    }
    let mut said = String::new();
    for step in 1..=400 {
        let event = if step % 2 == 1 { "opened" } else { "closed" };
        said += &format!(
            "{{\"event\":\"{event}\",\"step\":{step},\"rule\":\"critic-won\",\"diagnosis\":{{\"rule\":\"critic-won\",\
             \"severity\":\"severe\",\"certainty\":\"likely\",\"since\":{step},\"cause\":\"\"}}}}\n"
        );
    }
    fixture.write("diagnoses.jsonl", &said);
    let report = Report::of_run(&fixture.folder).unwrap();
    assert_eq!(count(&parsed(&report.to_html(Language::English)), ".picture"), 81);
    let page = report.at_most(1_000_000).to_html(Language::English);
    assert!(page.len() <= 1_000_000, "{}", page.len());
    let html = parsed(&page);
    let steps: Vec<u64> = texts(&html, ".picture figcaption")
        .iter()
        .map(|caption| caption.split([' ', '(']).nth(1).unwrap().replace(',', "").parse().unwrap())
        .collect();
    assert!((10..40).contains(&steps.len()), "{steps:?}");
    assert_eq!((steps[0], steps[steps.len() - 1]), (0, 20_000));
    let gaps: Vec<u64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().max().unwrap() - gaps.iter().min().unwrap() <= 250, "{gaps:?}");
    let note = format!("{} of 81 pictures are shown", steps.len());
    assert!(text(&html, "#notes").contains(&note), "{}", text(&html, "#notes"));
}

#[test]
fn a_hundred_thousand_steps_are_a_bounded_number_of_places() {
    let fixture = Fixture::new("long");
    fixture.write("metrics.jsonl", &metrics(1, 100_000, 0.0));
    let page = fixture.page(Language::English);
    assert!(page.len() < 1_000_000, "{}", page.len());
    let html = parsed(&page);
    assert!(text(&html, "#curves").contains("The longest curve has 100,000 points."));
    let n = curve(&html, "critic/loss", "low").len();
    assert!((1800..=1920).contains(&n), "{n}");
    assert!(count(&html, "path.band") > 0);
}

#[test]
fn a_walk_that_is_too_large_is_left_out_with_a_note() {
    let fixture = Fixture::new("digits");
    fixture.picture("walk.anim.png", 1, 700);
    let page = Report::of_run(&fixture.folder).unwrap().at_most(700_000).to_html(Language::English);
    let html = parsed(&page);
    assert_eq!(count(&html, "#walk"), 0);
    assert!(text(&html, "#notes").contains("walk.anim.png"));
}
