//! A small run folder with everything that there can be in one.

use std::fs;
use std::path::Path;

pub(crate) const CONFIG: &str = "recipe = \"dcgan\"\nseed = 3\n\n[train]\nbatch = 64\n\
    penalties = [{ kind = \"r1\", weight = 0.1 }]\n\n[train.critic]\nlr = 0.0002\n";
pub(crate) const MANIFEST: &str = "{\"started_unix_seconds\": 1796029319, \"device\": \"flex\"}\n";
pub(crate) const METRICS: [&str; 3] = [
    r#"{"step":1,"epoch":0,"critic/loss":1.42,"generator/loss":0.7}"#,
    r#"{"step":50,"epoch":0,"critic/loss":1e-300,"generator/loss":"nan","samples/frechet":32.5,"samples/frechet/of_real":0.25}"#,
    r#"{"step":100,"epoch":1,"critic/loss":"-inf","samples/frechet":30.5,"samples/frechet/of_real":0.25,"samples/kl":"inf"}"#,
];
pub(crate) const DIAGNOSES: [&str; 2] = [
    r#"{"event":"opened","step":50,"diagnosis":{"rule":"mode-collapse","severity":"severe","certainty":"likely","since":1,"cause":"class <script>alert(1)</script> | 7 is missing","evidence":[{"series":"samples/spread","statistic":"newest","value":0.09562,"relation":"below","threshold":"inf","window":{"from":1,"to":50,"points":2}}],"chart":"1 │ •","remedies":[{"settings":[{"key":"train.loss","value":"hinge"}],"why":"it helps"}],"symptoms":[]}}"#,
    r#"{"event":"closed","step":100,"rule":"mode-collapse"}"#,
];
pub(crate) const PICTURE: &[u8] = include_bytes!("../fixtures/samples.png");
const SUMMARY: &str = "{\"steps\": 100, \"steps_per_second\": 10.0}\n";

/// Writes the run's files to `root`.
pub(crate) fn write(root: &Path) {
    unfinished(root);
    fs::write(root.join("summary.json"), SUMMARY).unwrap();
}

/// The same without the end.
pub(crate) fn unfinished(root: &Path) {
    fs::create_dir_all(root.join("samples")).unwrap();
    for (name, content) in [
        ("config.toml", CONFIG.to_owned()),
        ("manifest.json", MANIFEST.to_owned()),
        ("metrics.jsonl", lines(&METRICS)),
        ("diagnoses.jsonl", lines(&DIAGNOSES)),
    ] {
        fs::write(root.join(name), content).unwrap();
    }
    fs::write(root.join("samples/step-0000000.png"), PICTURE).unwrap();
    fs::write(root.join("samples/step-0000100.png"), PICTURE).unwrap();
    fs::write(root.join("samples/interpolate-step100-seed0.png"), PICTURE).unwrap();
}

fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
