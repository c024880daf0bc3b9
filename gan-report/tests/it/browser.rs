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
        picture: $('.picture.current figcaption').textContent,
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
    assert_eq!(
        (&last["picture"], &last["frechet"]),
        (&"step 1,000 (epoch 10)".into(), &"65".into())
    );
    let moved = &found["moved"];
    assert_eq!(moved["picture"], "step 250 (epoch 2)");
    assert_eq!(moved["isSeen"], 1);
    assert_eq!(moved["label"], "step 250 (epoch 2)");
    assert_eq!(moved["spoken"], moved["label"]);
    assert_eq!(moved["cursor"], "25%");
    assert_ne!(moved["frechet"], last["frechet"]);
    assert_eq!(moved["legend"], moved["frechet"]);
    assert_eq!(
        (&found["jumped"]["picture"], &found["jumped"]["cursor"]),
        (&"step 750 (epoch 7)".into(), &"76%".into())
    );
}

/// Zooms by the pointer and by keys, changes a scale, pans, and asks for a robust line.
const ZOOMING: &str = "
      const view = $('.view');
      const box = view.getBoundingClientRect();
      const line = () => view.querySelector('.line').getAttribute('d');
      const at = (type, share) => view.dispatchEvent(new PointerEvent(type, {
        clientX: box.left + share * box.width, clientY: box.top + 9, button: 0, bubbles: true, pointerId: 1 }));
      view.setPointerCapture = () => {};
      const labels = () => [...view.querySelectorAll('.ticks-x text')].map((each) => each.textContent);
      const before = labels();
      at('pointermove', 0.5);
      const hovered = $('.legend .value').textContent;
      at('pointerdown', 0.4); at('pointermove', 0.5); at('pointerup', 0.6);
      const [after, zoomed] = [labels(), line().split('L').length];
      const canReset = !$('.reset').disabled;
      dispatchEvent(new Event('x'));
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      const again = labels();
      $('.scale').click();
      const flipped = [...$('.scale').closest('.chart').querySelectorAll('.ticks-y text')].map((each) => each.textContent);
      const key = (name) => $('.canvas').dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      key('ArrowLeft');
      const arrow = $('.at').dataset.step;
      key('+');
      const keyed = labels();
      key('ArrowLeft'); for (let n = 0; n < 130; n += 1) key('ArrowLeft');
      const panned = labels();
      $('.wider').click(); $('.wider').click();
      const measured = line();
      $('#robust').value = '0.1';
      $('#robust').dispatchEvent(new Event('change'));
      return { arrow, before, after, again, hovered, zoomed, canReset, flipped, keyed, panned, whole: labels(),
        isRobust: line() !== measured, hasBand: view.querySelector('.band').getAttribute('d').length > 0 };";

#[test]
fn charts_zoom_and_change_their_axis() {
    let Some(program) = chromium() else { return };
    let fixture = Fixture::new("digits");
    fixture.write("metrics.jsonl", &metrics(1, 1000, 0.0));
    let found = probed(&program, &fixture, &fixture.page(Language::English), WIDE, ZOOMING);
    assert_eq!(found["before"], found["again"]);
    assert_ne!(found["before"], found["after"]);
    assert_ne!(found["before"], found["keyed"]);
    // Of the hundred measurements, those of a fifth of the run, and one beyond each edge.
    assert!((19..=24).contains(&found["zoomed"].as_u64().unwrap()), "{found}");
    assert_eq!(found["canReset"], true);
    assert_eq!(found["flipped"][0], "0", "linear, where it was logarithmic: {found}");
    assert_ne!(found["keyed"], found["panned"]);
    assert_eq!(found["whole"], found["before"]);
    assert_eq!((&found["isRobust"], &found["hasBand"]), (&true.into(), &true.into()));
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
    let other = Fixture::with_seed("other", 5);
    let both =
        |language| Report::of_runs([&fixture.folder, &other.folder]).unwrap().to_html(language);
    let languages = [Language::English, Language::Chinese];
    for page in languages.into_iter().flat_map(|each| [fixture.page(each), both(each)]) {
        let found = probed(&program, &fixture, &page, PHONE, probe);
        assert_ne!(found["first"], found["second"]);
        assert_eq!(found["first"], found["third"]);
        assert_eq!(found["wide"], serde_json::json!([]));
        assert_eq!(found["scroll"], found["edge"]);
        assert!(found["edge"].as_u64().unwrap() <= 500, "{found}");
    }
}

#[test]
fn the_slider_of_a_comparison_moves_all_runs_to_the_same_step() {
    let Some(program) = chromium() else { return };
    let (one, other) = (Fixture::with_seed("a", 0), Fixture::with_seed("b", 5));
    std::fs::remove_file(other.path("samples/step-0000500.png")).unwrap();
    other.picture("step-0000900.png", 9, 40);
    let page = Report::of_runs([&one.folder, &other.folder]).unwrap().to_html(Language::English);
    let probe = "
      const seen = () => [...document.querySelectorAll('.picture')].filter((each) => each.offsetHeight > 0)
        .map((each) => each.querySelector('img').alt);
      const last = seen();
      $('#step').value = 1;
      $('#step').dispatchEvent(new Event('input'));
      return { last, moved: seen(), label: $('.slider output').textContent, most: $('#step').max,
        cursor: $('.at').dataset.step };";
    let found = probed(&program, &one, &page, WIDE, probe);
    let at = |step: &str| ["a", "b"].map(|run| format!("Samples, {run}, {step}"));
    assert_eq!(found["last"], serde_json::json!(at("step 1,000 (epoch 10)")));
    assert_eq!(found["moved"], serde_json::json!(at("step 250 (epoch 2)")));
    assert_eq!(
        (&found["label"], &found["cursor"]),
        (&"step 250 (epoch 2)".into(), &"step 250".into())
    );
    // 0, 250, 750 and 1000 are common; neither 500 nor 900 is.
    assert_eq!(found["most"], "3");
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
