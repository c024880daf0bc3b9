//! Text of users that looks like markup.

use gan_report::{Language, Report};

use crate::fixture::{Fixture, count, parsed, text, texts};

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";

/// The elements that a page has of its own.
fn is_unharmed(page: &str) {
    let html = parsed(page);
    assert_eq!(count(&html, "script"), 2, "the data and the script");
    assert_eq!(count(&html, "[onerror], img[src=x]"), 0);
    assert!(!page.contains("<script>alert"));
}

#[test]
fn names_of_files_and_values_are_text() {
    let fixture = Fixture::new("a<script>alert(1)<script>&\"'");
    let json = serde_json::to_string(HOSTILE).unwrap();
    let manifest = format!(
        "{{\"seed\":3,\"recipe\":{json},\"device\":{json},\"deviations\":[{json}],\"command\":[{json}],\
         \"data\":{{\"class_names\":[{json}],\"samples\":3}},\"source\":{{\"citation\":{json},\"title\":{json}}}}}"
    );
    fixture.write("manifest.json", &manifest);
    fixture.write("config.toml", &format!("[\"<script>alert(3)</script>\"]\nclasses = [{json}]\n"));
    let line =
        format!("{{\"step\":1,\"epoch\":0,{json}:0.5,\"critic/<script>alert(4)</script>\":2}}\n");
    fixture.write("metrics.jsonl", &line);
    let diagnosis = format!(
        "{{\"event\":\"opened\",\"step\":1,\"diagnosis\":{{\"rule\":{json},\"severity\":{json},\
         \"certainty\":\"certain\",\"since\":1,\"cause\":{json},\"remedies\":[{{\"why\":{json},\
         \"settings\":[{{\"key\":\"a\",\"value\":{json}}}]}}]}}}}\n"
    );
    fixture.write("diagnoses.jsonl", &diagnosis);
    fixture.picture("walk<script>.png", 1, 8);
    for language in [Language::English, Language::Chinese] {
        let page = fixture.page(language);
        is_unharmed(&page);
        assert_eq!(text(&parsed(&page), "h1"), "a<script>alert(1)<script>&\"'");
        assert_eq!(text(&parsed(&page), "#verdict h2"), HOSTILE);
    }
    let other = Fixture::new("other");
    is_unharmed(
        &Report::of_runs([&fixture.folder, &other.folder]).unwrap().to_html(Language::English),
    );
}

#[test]
fn names_of_classes_are_text() {
    let fixture = Fixture::new("pets");
    let json = serde_json::to_string(HOSTILE).unwrap();
    let data = format!("{{\"class_names\":[\"cats\",{json}],\"shape\":[3,32,32]}}");
    fixture.write("manifest.json", &format!("{{\"data\":{data}}}"));
    fixture.write("config.toml", "recipe = \"cdcgan\"\n[model]\nclasses = 2\n");
    let page = fixture.page(Language::English);
    is_unharmed(&page);
    let rows = format!("A row for each class, from above: cats, {HOSTILE}.");
    assert_eq!(texts(&parsed(&page), "#samples .hint")[0], rows);
}

#[test]
fn control_characters_are_left_out() {
    let fixture = Fixture::new("digits");
    fixture.write("manifest.json", r#"{"recipe":"a\u0000b\u001b[31mc\u0085","seed":3}"#);
    let page = fixture.page(Language::English);
    assert!(text(&parsed(&page), ".top .facts").starts_with("ab[31mc · mnist"));
}

#[test]
fn values_cannot_leave_the_script_s_data() {
    let fixture = Fixture::new("digits");
    let json = serde_json::to_string(HOSTILE).unwrap();
    fixture.write("metrics.jsonl", &format!("{{\"step\":1,\"epoch\":0,{json}:0.5}}\n"));
    let page = fixture.page(Language::English);
    is_unharmed(&page);
    let html = parsed(&page);
    let data: serde_json::Value = serde_json::from_str(&text(&html, "#data")).unwrap();
    assert!(data["series"].get(HOSTILE).is_some());
}
