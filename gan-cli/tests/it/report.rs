//! `gan report`, the page at the end of a run and the one in a browser; `gan export-metrics` and TensorBoard.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::program::{Place, Program};

/// A small run with pictures and evaluations, that writes its report.
fn train(place: &Place, words: &str) -> Program {
    let few = "--set evaluation.samples=200 --set evaluation.mode_samples=200";
    let run = place.train(&format!("--steps 60 {few} {words}"));
    run.set("report=auto").set("evaluation.every=20 steps")
}

#[test]
fn a_run_leaves_its_report_and_a_diverged_one_too() {
    let place = Place::new();
    let said = train(&place, "--out one").succeed();
    assert!(said.stderr.contains("report: one/report.html"), "{}", said.stderr);
    let page = place.text("one/report.html");
    assert!(page.contains("<title>one ·") && page.contains("samples/js"), "{}", page.len());
    // Of points a walk is a curve, and pictures have the contours of their density.
    let samples = place.names_in("one/samples");
    assert_eq!(
        samples.iter().filter(|name| name.starts_with("walk")).collect::<Vec<_>>(),
        ["walk.png"]
    );
    let picture = place.bytes("one/samples/step-0000060.png");
    assert!(picture.windows(12).any(|bytes| bytes == b"tEXtContours"));
    assert!(page.contains("id=\"walk\"") && page.contains("50\u{a0}%, 90\u{a0}%, 99\u{a0}%"));
    let fast =
        "--set train.generator.lr=1e5 --set train.critic.lr=1e5 --set train.loss=least-squares";
    let diverged = train(&place, &format!("--out two {fast}")).run();
    assert_eq!(diverged.code, Some(1), "{}", diverged.stderr);
    assert!(place.text("two/report.html").contains("non-finite"));
    train(&place, "--out three --doctor warn").set("report=never").succeed();
    assert!(!place.path("three/report.html").exists());
    assert!(!place.path("three/samples/walk.png").exists());
    // Of a run that was begun before there were reports.
    let config = place.text("three/config.toml").replace("report = \"never\"\n", "");
    place.write("three/config.toml", config.replace("tensorboard = false\n", ""));
    place.gan("train --resume --out three").set("report=auto").succeed();
    assert!(place.path("three/report.html").exists());
}

#[test]
fn a_report_is_made_of_one_run_or_several_in_either_language() {
    let place = Place::new();
    for run in ["one", "two --seed 4"] {
        train(&place, &format!("--out {run}")).set("report=never").succeed();
    }
    let path = place.gan("report one").succeed().stdout;
    assert_eq!(path.trim(), "one/report.html");
    let english = place.text("one/report.html");
    // Made again, it has the same bytes.
    place.gan("report one").succeed();
    assert_eq!(place.text("one/report.html"), english);
    place.gan("report one two --lang zh --out both.html").succeed();
    let both = place.text("both.html");
    assert!(both.contains("lang=\"zh") && both.contains("one") && both.contains("two"));
    for page in [&english, &both] {
        assert!(page.contains("default-src 'none'") && !page.contains("http://"), "no request");
    }
    place.refuses(place.gan("report one two --out both.html"), &["both.html", "--force"]);
    place.refuses(place.gan("report one --out both.pdf"), &["must end in .html"]);
    place.refuses(place.gan("report nothing"), &["nothing"]);
    // What is damaged is said on the page.
    fs::write(place.path("two/manifest.json"), "{").unwrap();
    place.gan("report two").succeed();
    assert!(place.text("two/report.html").contains("manifest.json"));
}

#[test]
fn a_browser_sees_the_report_of_a_run_in_progress() {
    let place = Place::new();
    let run = place.train("--steps 1000000 --out one --serve 127.0.0.1:0 --log log.txt");
    let mut running = run.start();
    let address = || {
        let log = fs::read_to_string(place.path("log.txt")).unwrap_or_default();
        let line = log.lines().find_map(|line| line.split_once("serving http://"))?.1.to_owned();
        Some(line.split_once('/')?.0.to_owned())
    };
    running.until(|| address().is_some() && place.path("one/metrics.jsonl").exists());
    let address = address().unwrap();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        stream
    };
    let mut page = String::new();
    ask("/").read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("<title>one ·"), "{}", page.len());
    assert!(page.contains("EventSource") && page.contains("connect-src 'self'"));
    let mut events = ask("/events");
    let (mut heard, mut bytes) = (String::new(), [0; 512]);
    while !heard.contains("data: ") {
        let n = events.read(&mut bytes).unwrap();
        assert!(n > 0, "{heard}");
        heard += std::str::from_utf8(&bytes[..n]).unwrap();
    }
    running.interrupt();
    events.read_to_string(&mut heard).unwrap();
    assert!(heard.contains("event: end"), "{heard}");
    running.until_ended();
    let taken = place.gan("train gan --out two --serve nowhere");
    place.refuses(taken, &["--serve: cannot listen on nowhere", "ADDRESS:PORT"]);
}

#[test]
fn measurements_are_exported_as_a_table() {
    let place = Place::new();
    train(&place, "--out one").succeed();
    let path = place.gan("export-metrics one --format csv").succeed().stdout;
    assert_eq!(path.trim(), "one/metrics.csv");
    let table = place.text("one/metrics.csv");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(header[..2], ["step", "epoch"]);
    let column = header.iter().position(|name| *name == "critic/loss").unwrap();
    for (row, line) in lines.zip(place.text("one/metrics.jsonl").lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells[0], line["step"].to_string());
        assert_eq!(cells[column].parse::<f64>().ok(), line["critic/loss"].as_f64());
    }
    place.refuses(place.gan("export-metrics one --format csv"), &["metrics.csv", "--force"]);
    place.refuses(place.gan("export-metrics two --format csv"), &["two is not a run folder"]);
    if !cfg!(feature = "parquet") {
        place.refuses(place.gan("export-metrics one --format parquet"), &["--features parquet"]);
    }
}

#[test]
fn tensorboard_has_a_run_while_it_trains_and_afterwards() {
    let place = Place::new();
    let logged = |words: &str| train(&place, words).set("log.tensorboard=true");
    logged("--out one").succeed();
    let events = |run: &str| -> Vec<String> {
        let names = place.names_in(&format!("{run}/tensorboard"));
        names.into_iter().filter(|name| name.starts_with("events.out.tfevents.")).collect()
    };
    let bytes = |run: &str| place.bytes(&format!("{run}/tensorboard/{}", events(run)[0]));
    let has =
        |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|at| at == words.as_bytes());
    let all = bytes("one");
    for words in ["critic/loss", "critic/scores_of_fake", "samples", "config.toml", "samples/js"] {
        assert!(has(&all, words), "{words}");
    }
    assert!(place.path("one/tensorboard/of_real").is_dir());
    // A run that goes on has a second file, and a run that was not logged can be converted.
    place.gan("train --resume --out one --steps 80").succeed();
    assert_eq!(events("one").len(), 2);
    train(&place, "--out two").succeed();
    place.gan("export-metrics two --format tensorboard").succeed();
    assert!(has(&bytes("two"), "generator/loss"));
    // None of it changes the run.
    let end = place.text("one/metrics.jsonl");
    assert!(end.starts_with(&place.text("two/metrics.jsonl")), "{end}");
}
