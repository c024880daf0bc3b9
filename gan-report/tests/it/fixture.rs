//! Run folders as `gan train` leaves them, smaller.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gan_report::{Language, Report};
use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;
use tempfile::TempDir;

/// A run of digits that collapses at step 700 of 1000.
pub(crate) struct Fixture {
    place: TempDir,
    pub(crate) folder: PathBuf,
}

impl Fixture {
    /// A folder of this name with all of its files.
    pub(crate) fn new(name: &str) -> Self {
        Self::with_seed(name, 3)
    }

    pub(crate) fn with_seed(name: &str, seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join(name);
        fs::create_dir_all(folder.join("samples")).unwrap();
        let fixture = Self { place, folder };
        fixture.write("config.toml", &CONFIG.replace("seed = 3", &format!("seed = {seed}")));
        fixture
            .write("manifest.json", &MANIFEST.replace("\"seed\": 3", &format!("\"seed\": {seed}")));
        fixture.write("metrics.jsonl", &metrics(10, 100, seed as f64));
        fixture.write("diagnoses.jsonl", DIAGNOSES);
        fixture
            .write("summary.json", r#"{"steps":1000,"wall_seconds":61.5,"steps_per_second":16.3}"#);
        for step in (0..=1000).step_by(250) {
            fixture.picture(&format!("step-{step:07}.png"), step as u8, 40);
        }
        fixture
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn beside(&self, file: &str) -> PathBuf {
        self.place.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// A square picture of noise, which does not compress.
    pub(crate) fn picture(&self, name: &str, seed: u8, side: u32) {
        let mut state = u32::from(seed) + 1;
        let pixels: Vec<u8> = (0..side * side)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        fs::write(self.path("samples").join(name), bytes).unwrap();
    }

    /// Two frames.
    pub(crate) fn animation(&self, name: &str, side: u32) {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_animated(2, 0).unwrap();
        let mut writer = encoder.write_header().unwrap();
        for shade in [40, 200] {
            writer.write_image_data(&vec![shade; (side * side) as usize]).unwrap();
        }
        writer.finish().unwrap();
        fs::write(self.path("samples").join(name), bytes).unwrap();
    }

    pub(crate) fn page(&self, language: Language) -> String {
        Report::of_run(&self.folder).unwrap().to_html(language)
    }
}

/// A line every `every` steps, `n` of them, with losses; and samples measured at every tenth.
pub(crate) fn metrics(every: u64, n: u64, offset: f64) -> String {
    let mut text = String::new();
    for line in 1..=n {
        let (step, share) = (line * every, line as f64 / n as f64);
        let (critic, generator) = (1.4 - share, 0.7 + 4.0 * share);
        let fake = 0.5 - 0.4 * share;
        write!(
            text,
            "{{\"step\":{step},\"epoch\":{},\"critic/loss\":{critic},\"generator/loss\":{generator},\
             \"critic/real_probability\":{},\"critic/fake_probability\":{fake}",
            line * 10 / n,
            1.0 - fake,
        )
        .unwrap();
        if line.is_multiple_of(10) {
            let frechet =
                2.0 + offset + if share > 0.7 { 60.0 } else { 300.0 * (1.0 - share).powi(8) };
            write!(
                text,
                ",\"samples/frechet\":{frechet},\"samples/frechet/of_real\":0.34,\
                 \"samples/recall\":{},\"samples/recall/of_real\":0.92,\"generator/update_ratio\":0.001,\
                 \"critic/update_ratio\":0.002",
                if share > 0.7 { 0.0 } else { 0.8 * share },
            )
            .unwrap();
        }
        text.push_str("}\n");
    }
    text
}

/// The page as a browser reads it; it must have no error.
pub(crate) fn parsed(page: &str) -> Html {
    let html = Html::parse_document(page);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    html
}

/// The texts of all elements that a selector finds.
pub(crate) fn texts(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).map(text_of).collect()
}

/// The text of an element, with spaces between the cells of a row and the items of a list.
fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(letters) => text.push_str(letters),
            Node::Element(inner) if ["td", "th", "li", "dd"].contains(&inner.name()) => {
                text.push(' ')
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the only element that a selector finds.
pub(crate) fn text(html: &Html, selector: &str) -> String {
    let mut found = texts(html, selector);
    assert_eq!(found.len(), 1, "{selector}: {found:?}");
    found.remove(0)
}

/// How many elements a selector finds.
pub(crate) fn count(html: &Html, selector: &str) -> usize {
    html.select(&Selector::parse(selector).unwrap()).count()
}

/// The steps or the values of a curve in the page's data, four bytes each.
fn column(text: &Value) -> Vec<[u8; 4]> {
    let bytes = STANDARD.decode(text.as_str().unwrap()).unwrap();
    bytes.chunks_exact(4).map(|four| four.try_into().unwrap()).collect()
}

/// The steps of a curve in the page's data with a column of its values.
pub(crate) fn curve(html: &Html, name: &str, of: &str) -> Vec<(u32, f32)> {
    let data: Value = serde_json::from_str(&text(html, "#data")).unwrap();
    let series = &data["series"][name];
    let steps = column(&data["axes"][series["axis"].as_u64().unwrap() as usize]);
    let values = column(&series[of]).into_iter().map(f32::from_le_bytes);
    steps.into_iter().map(u32::from_le_bytes).zip(values).collect()
}

/// Whether a file is in a folder is asked of the folder's path.
pub(crate) fn remove(folder: &Path, file: &str) {
    fs::remove_file(folder.join(file)).unwrap();
}

const CONFIG: &str = r#"recipe = "dcgan"
seed = 3

[data]
kind = "mnist"

[train]
batch = 64
budget = "1000 steps"

[train.critic]
lr = 0.0002
"#;

const MANIFEST: &str = r#"{
  "gan": "0.1.0", "burn": "0.22.1", "git_commit": "16fe6b38d278f2f3bd710ff583b633e1777c60d7",
  "device": "flex", "kernels": "avx512", "precision": {"used": "f32"}, "seed": 3, "recipe": "dcgan",
  "source": {"citation": "Radford, Metz & Chintala (2016)", "locator": "arXiv:1511.06434",
    "title": "Unsupervised Representation Learning with Deep Convolutional GANs"},
  "deviations": ["The paper's batches have 128 samples."],
  "data": {"samples": 60000, "shape": [1, 32, 32], "sha256": "3bb070ff6f250aef31670f02548d2d67"},
  "command": ["gan", "train", "dcgan", "--seed", "3", "--set", "train.budget=\"1000 steps\""],
  "started_unix_seconds": 1796029319
}"#;

const DIAGNOSES: &str = concat!(
    r#"{"event":"opened","step":300,"diagnosis":{"rule":"critic-weak","severity":"warning","#,
    r#""certainty":"likely","since":200,"cause":"the critic has not learned","remedies":[]}}"#,
    "\n",
    r#"{"event":"closed","step":500,"rule":"critic-weak"}"#,
    "\n",
    r#"{"event":"opened","step":760,"diagnosis":{"rule":"batch-norm-collapse","severity":"severe","#,
    r#""certainty":"certain","since":700,"cause":"both gradients fell together","evidence":[{"series":"#,
    r#""generator/gradient_norm","statistic":"median","value":10.6,"relation":"below","threshold":24.2,"#,
    r#""window":{"from":700,"to":760,"points":7}}],"remedies":[{"settings":[{"key":"train.penalties","#,
    r#""value":"[{kind=\"r1\",weight=10.0}]"}],"why":"a bounded critic stays beatable"}],"symptoms":[]}}"#,
    "\n",
);
