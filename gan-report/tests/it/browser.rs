//! Pages in headless Chromium: where it is found, and skipped aloud where it is not.

use std::path::{Path, PathBuf};
use std::process::Command;

use gan_report::{Language, Report};
use serde_json::Value;

use crate::fixture::{Fixture, metrics, parsed, text};

/// Where the program is, by the names that systems give it.
fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = folders.iter().flat_map(|folder| names.map(|name| folder.join(name)));
    let found = places.into_iter().find(|place| place.is_file());
    if found.is_none() {
        println!("skipped: no Chromium in PATH");
    }
    found
}

/// Before anything of the page runs: what goes wrong is kept.
const WATCH: &str = "<script>
const wrong = [];
addEventListener('error', (event) => wrong.push(String(event.message)));
addEventListener('securitypolicyviolation', (event) => wrong.push(event.violatedDirective));
addEventListener('load', () => {
  const $ = (selector) => document.querySelector(selector);
  const probe = () => { PROBE };
  let result;
  try { result = probe(); } catch (error) { wrong.push(String(error)); }
  const requests = performance.getEntriesByType('resource').map((each) => each.name)
    .filter((name) => !name.startsWith('data:'));
  const element = document.createElement('pre');
  element.id = 'result';
  element.textContent = JSON.stringify({ result, wrong, requests });
  document.body.append(element);
});
</script>";

/// Opens a page, runs a probe on it and gives back its result; the page must be free of errors and must
/// not ask for anything.
fn probed(program: &Path, fixture: &Fixture, page: &str, size: &str, probe: &str) -> Value {
    let watch = WATCH.replace("PROBE", probe);
    let file = fixture.beside("page.html");
    std::fs::write(&file, page.replacen("<style>", &format!("{watch}<style>"), 1)).unwrap();
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(program)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            "--enable-logging=stderr",
        ])
        .args(["--v=0", "--no-first-run", "--disable-extensions"])
        .arg(format!("--window-size={size}"))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
    let html = scraper::Html::parse_document(&String::from_utf8_lossy(&output.stdout));
    let found: Value = serde_json::from_str(&text(&html, "#result")).unwrap();
    assert_eq!(found["wrong"], Value::Array(Vec::new()));
    assert_eq!(found["requests"], Value::Array(Vec::new()));
    found["result"].clone()
}

const WIDE: &str = "1280,900";
const PHONE: &str = "390,844";

#[test]
fn the_slider_changes_picture_numbers_and_cursor() {
    let Some(program) = chromium() else { return };
    let fixture = Fixture::new("digits");
    let probe = "
      const state = () => ({
        picture: $('.picture.current').dataset.step,
        isSeen: [...document.querySelectorAll('.picture')].filter((each) => each.offsetHeight > 0).length,
        frechet: $('.numbers .now').textContent,
        label: $('.slider output').textContent,
        spoken: $('#step').getAttribute('aria-valuetext'),
        cursor: $('.timeline').style.getPropertyValue('--now'),
        legend: $('.legend .value').textContent,
      });
      const last = state();
      $('#step').value = 1;
      $('#step').dispatchEvent(new Event('input'));
      const moved = state();
      $('.event.event[data-step=\"760\"]').click();
      const jumped = state();
      return { last, moved, jumped };";
    let found = probed(&program, &fixture, &fixture.page(Language::English), WIDE, probe);
    let last = &found["last"];
    assert_eq!((&last["picture"], &last["frechet"]), (&"1000".into(), &"65".into()));
    let moved = &found["moved"];
    assert_eq!(moved["picture"], "250");
    assert_eq!(moved["isSeen"], 1);
    assert_eq!(moved["label"], "step 250 (epoch 2)");
    assert_eq!(moved["spoken"], moved["label"]);
    assert_eq!(moved["cursor"], "25%");
    assert_ne!(moved["frechet"], last["frechet"]);
    assert_eq!(moved["legend"], moved["frechet"]);
    assert_eq!(
        (&found["jumped"]["picture"], &found["jumped"]["cursor"]),
        (&"750".into(), &"76%".into())
    );
}

#[test]
fn charts_zoom_and_change_their_axis() {
    let Some(program) = chromium() else { return };
    let fixture = Fixture::new("digits");
    fixture.write("metrics.jsonl", &metrics(1, 1000, 0.0));
    let probe = "
      const view = $('.view');
      const box = view.getBoundingClientRect();
      const at = (type, share) => view.dispatchEvent(new PointerEvent(type, {
        clientX: box.left + share * box.width, clientY: box.top + 9, button: 0, bubbles: true, pointerId: 1 }));
      view.setPointerCapture = () => {};
      const labels = () => [...view.querySelectorAll('.ticks-x text')].map((each) => each.textContent);
      const before = labels();
      at('pointermove', 0.5);
      const hovered = $('.legend .value').textContent;
      at('pointerdown', 0.4); at('pointermove', 0.5); at('pointerup', 0.6);
      const after = labels();
      const shown = $('.plot').getAttribute('viewBox').split(' ').map(Number);
      const canReset = !$('.reset').disabled;
      dispatchEvent(new Event('x'));
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      const again = labels();
      $('.scale').click();
      const views = [...$('.scale').closest('.chart').querySelectorAll('.view')].map((each) => each.hidden);
      const key = (name) => $('.canvas').dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      key('ArrowLeft');
      const arrow = $('.at').dataset.step;
      key('+');
      return { arrow, before, after, again, hovered, shown, canReset, views, keyed: labels() };";
    let found = probed(&program, &fixture, &fixture.page(Language::English), WIDE, probe);
    assert_eq!(found["before"], found["again"]);
    assert_ne!(found["before"], found["after"]);
    assert_ne!(found["before"], found["keyed"]);
    let shown: Vec<f64> = serde_json::from_value(found["shown"].clone()).unwrap();
    assert!((shown[0] - 400.0).abs() < 5.0 && (shown[2] - 200.0).abs() < 5.0, "{shown:?}");
    assert_eq!(
        (&found["canReset"], &found["views"]),
        (&true.into(), &serde_json::json!([true, false]))
    );
    assert_ne!(found["hovered"], "65");
    assert_eq!(found["arrow"], "step 990");
}

#[test]
fn both_themes_and_both_languages_fit_a_phone() {
    let Some(program) = chromium() else { return };
    let fixture = Fixture::new("digits");
    let probe = "
      const colors = () => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color];
      const first = colors();
      $('.theme').click();
      const second = colors();
      $('.theme').click();
      document.querySelectorAll('details').forEach((each) => { each.open = true; });
      const edge = document.documentElement.clientWidth;
      const wide = [...document.querySelectorAll('main *')]
        .filter((each) => each.getBoundingClientRect().right > edge + 1)
        .filter((each) => !each.closest('.wide, pre, .stage, svg, .track, .unseen')).map((each) => each.outerHTML.slice(0, 80));
      return { first, second, third: colors(), edge, scroll: document.documentElement.scrollWidth, wide,
        focus: $('#step').tabIndex };";
    for language in [Language::English, Language::Chinese] {
        let found = probed(&program, &fixture, &fixture.page(language), PHONE, probe);
        assert_ne!(found["first"], found["second"]);
        assert_eq!(found["first"], found["third"]);
        assert_eq!(found["wide"], serde_json::json!([]));
        assert_eq!(found["scroll"], found["edge"]);
        assert!(found["edge"].as_u64().unwrap() <= 500, "{found}");
    }
}

#[test]
fn a_comparison_and_a_hostile_run_open_without_error() {
    let Some(program) = chromium() else { return };
    let (one, other) =
        (Fixture::with_seed("a", 0), Fixture::with_seed("<script>alert(1)</script>", 5));
    let page = Report::of_runs([&one.folder, &other.folder]).unwrap().to_html(Language::English);
    parsed(&page);
    let probe = "
      const view = $('.view');
      const box = view.getBoundingClientRect();
      view.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + 0.3 * box.width, bubbles: true }));
      return [...$('.legend').querySelectorAll('.value')].map((each) => each.textContent);";
    let found = probed(&program, &one, &page, WIDE, probe);
    assert_eq!(found.as_array().map(Vec::len), Some(3));
    assert_ne!(found[0], found[1]);
    let bare = Fixture::new("bare");
    bare.write("metrics.jsonl", "");
    std::fs::remove_dir_all(bare.path("samples")).unwrap();
    let page = bare.page(Language::Chinese);
    let found =
        probed(&program, &bare, &page, PHONE, "return document.querySelectorAll('.chart').length;");
    assert_eq!(found, 0);
}
