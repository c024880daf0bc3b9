//! Templates over a folder with results of one experiment.

use std::fs;

use super::*;

const RUN: &str = "moons-a/lr-1e-4-batch-50";

/// A run of `moons-a` as it is kept, of seeds with these distances.
fn kept(distances: &[f64]) -> tempfile::TempDir {
    let results = tempfile::tempdir().unwrap();
    for (seed, js) in distances.iter().enumerate() {
        let folder = results.path().join(format!("{RUN}-seed{seed}"));
        fs::create_dir_all(folder.join("samples")).unwrap();
        let config = format!(
            "recipe = 'gan'\nseed = {seed}\n[train]\nbatch = 50\nbudget = '10000 steps'\n\
             generator = {{ lr = 1e-4 }}\ncritic = {{ lr = 1e-4 }}\n"
        );
        let manifest =
            r#"{"kernels": "avx2", "git_commit": "abcdef012", "precision": {"used": "f32"}}"#;
        let metrics = format!(
            "{{\"step\":5000,\"epoch\":10,\"samples/js\":0.6}}\n{{\"step\":10000,\"epoch\":20,\"samples/js\":{js}}}\n"
        );
        let summary = format!("{{\"samples/js\": {js}, \"critic/loss\": 1.2}}");
        for (name, text) in [
            ("config.toml", config.as_str()),
            ("manifest.json", manifest),
            ("metrics.jsonl", &metrics),
            ("summary.json", &summary),
            ("samples/step-10000.png", ""),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    results
}

fn composed(
    results: &Path,
    language: Language,
    text: &str,
) -> (anyhow::Result<String>, Vec<Chart>) {
    let folder = results.join("course");
    let kept = Kept::new(results.to_path_buf());
    let composer = Composer { kept, language, folder, charts: Vec::new() };
    let shared = Arc::new(Mutex::new(composer));
    let page = rendered(&shared, "p.md", text);
    let charts = std::mem::take(&mut lock(&shared).charts);
    (page, charts)
}

fn page(results: &Path, text: &str) -> String {
    composed(results, Language::English, text).0.unwrap()
}

fn complaint(text: &str) -> String {
    let results = kept(&[0.4]);
    composed(results.path(), Language::English, text).0.unwrap_err().to_string()
}

#[test]
fn prose_depends_on_what_became_of_a_claim() {
    const TEXT: &str = "{% if held('moons-a/poor-fit') %}\nPoor.\n{% elif refuted('moons-a/poor-fit') %}\n\
                        Good.\n{% else %}\n{{ open('moons-a/poor-fit') }}\n{% endif %}\n";
    assert_eq!(page(kept(&[0.4; 10]).path(), TEXT), "Poor.\n");
    assert_eq!(page(kept(&[0.1; 10]).path(), TEXT), "Good.\n");
    let undecided = page(kept(&[0.4; 3]).path(), TEXT);
    assert!(undecided.starts_with("What is kept does not decide this"), "{undecided}");
    let not_run = page(kept(&[]).path(), TEXT);
    assert_eq!(not_run, "Not run yet: `cargo xtask experiment moons-a`.\n");
}

#[test]
fn a_claim_has_a_line_with_its_numbers_in_the_language_of_the_page() {
    let results = kept(&[0.4, 0.5, 0.45, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]);
    let text = "{{ claims([['moons-a/poor-fit', '拟合很差。']]) }}";
    let chinese = composed(results.path(), Language::Chinese, text).0.unwrap();
    assert!(
        chinese.contains("| 拟合很差。 | **成立** | 0.4 … 0.5 | ≥ 0.3 | 10 / 10 | – |"),
        "{chinese}"
    );
    let english = page(results.path(), "{{ claims([['moons-a/poor-fit']]) }}");
    assert!(english.contains("| The fit is poor: the generator has hardly"), "{english}");
    let missing = page(kept(&[]).path(), "{{ claims([['moons-a/poor-fit']]) }}");
    assert!(missing.contains("| not run yet | – | ≥ 0.3 | – | – |"), "{missing}");
    assert!(missing.ends_with("\nNot run yet: `cargo xtask experiment moons-a`.\n"), "{missing}");
}

#[test]
fn numbers_are_read_or_said_to_be_missing() {
    let results = kept(&[0.4, 0.5]);
    let spread = "{{ spread('moons-a/lr-1e-4-batch-50', 'samples/js', at='5000 steps') }}";
    assert_eq!(page(results.path(), spread), "0.6 (0.6 … 0.6)\n");
    let missing = page(kept(&[]).path(), spread);
    assert_eq!(missing, "not run yet (`cargo xtask experiment moons-a`)\n");
    let table = "{{ table([['slow', 'moons-a/lr-1e-4-batch-50']], [['JS', 'samples/js'], ['best', 'samples/js', 'lowest']]) }}";
    let expected = "| slow | 2 of 10 | 0.45 (0.4 … 0.5) | 0.45 (0.4 … 0.5) |\n\n\
                    Some seeds are missing yet: `cargo xtask experiment moons-a`.\n";
    assert!(page(results.path(), table).ends_with(expected), "{}", page(results.path(), table));
    let seeds = "{{ by_seed('moons-a/lr-1e-4-batch-50', [['best epoch', 'samples/js', 'epoch of lowest']]) }}";
    assert!(page(results.path(), seeds).contains("| 0 | 20 |\n| 1 | 20 |\n"));
    let origins = page(results.path(), "{{ origins(['moons-a', 'grid25']) }}");
    let expected = "- `moons-a`: kernels avx2 in f32; build abcdef0\n\
                    - `grid25`: not run yet (`cargo xtask experiment grid25`)\n";
    assert_eq!(origins, expected);
}

#[test]
fn numbers_of_different_kernels_do_not_stand_in_one_table() {
    let results = kept(&[0.4, 0.5]);
    let manifest = results.path().join(format!("{RUN}-seed1/manifest.json"));
    let other = fs::read_to_string(&manifest).unwrap().replace("avx2", "avx512");
    fs::write(manifest, other).unwrap();
    let text = "{{ table([['slow', 'moons-a/lr-1e-4-batch-50']], [['JS', 'samples/js']]) }}";
    let error = composed(results.path(), Language::English, text).0.unwrap_err().to_string();
    assert!(error.contains("avx2 in f32 and avx512 in f32"), "{error}");
}

#[test]
fn pictures_are_linked_and_curves_are_left_to_be_drawn() {
    let results = kept(&[0.4, 0.5]);
    let row =
        page(results.path(), "{{ pictures([['a', 'moons-a/lr-1e-4-batch-50', '0', 'last']]) }}");
    assert!(
        row.contains("![a](../moons-a/lr-1e-4-batch-50-seed0/samples/step-10000.png)"),
        "{row}"
    );
    let curves = "{{ curves('1-js', 'JS', [['a', 'moons-a/lr-1e-4-batch-50']], 'samples/js', x='epoch', y='log') }}";
    let (linked, charts) = composed(results.path(), Language::English, curves);
    assert_eq!(linked.unwrap(), "![JS](charts/1-js.svg)\n");
    assert_eq!(charts[0].table, "epoch,seed 0,seed 1\n10,0.6,0.6\n20,0.4,0.5\n");
    let (missing, charts) = composed(kept(&[]).path(), Language::English, curves);
    assert_eq!(missing.unwrap(), "Not run yet: `cargo xtask experiment moons-a`.\n");
    assert!(charts.is_empty());
}

#[test]
fn what_does_not_exist_is_named_with_its_line() {
    for (text, expected) in [
        ("a\n{{ spred() }}", "p.md:2: "),
        (
            "{{ held('moons-a/poor-fot') }}",
            "p.md:1: `moons-a`: unknown claim `poor-fot`; did you mean `poor-fit`?",
        ),
        ("{{ held('moons-x/poor-fit') }}", "moons-x"),
        ("{{ held('poor-fit') }}", "`poor-fit` is no name of an experiment and of what it has"),
        ("{{ open('moons-a/poor-fit') + unknown }}", "p.md:1: "),
        ("{{ spread('moons-a/lr-1e-4-batch-50', 'samples/jz') }}", "did you mean `samples/js`?"),
        (
            "{{ spread('moons-a/lr-1e-4', 'samples/js') }}",
            "unknown run `lr-1e-4`; known: lr-1e-4-batch-50",
        ),
        ("{{ spread('moons-a/lr-1e-4-batch-50', 'samples/js', at='soon') }}", "found `soon`"),
        ("{{ pictures([['a', 'moons-a/lr-1e-4-batch-50', '0', 'best']]) }}", "found `best`"),
        (
            "{{ curves('c', 't', [['a', 'moons-a/lr-1e-4-batch-50']], 'samples/js', y='cube') }}",
            "found `cube`",
        ),
    ] {
        let found = complaint(text);
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn chinese_lines_are_joined_without_a_space() {
    assert_eq!(tidied("一行，\n另一行\nand 一\n"), "一行，另一行\nand 一\n");
    assert_eq!(tidied("> 一\n> 二\n\n\n\n三\n- 四\n"), "> 一二\n\n三\n- 四\n");
}
