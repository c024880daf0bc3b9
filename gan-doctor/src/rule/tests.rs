use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::examples::{Run, STEPS};
use crate::{Examination, HEADINGS, SERIES, Verdict};

/// The keys of `gan train --set` that remedies may have. The source of truth is the table of keys
/// in `gan-cli/README.md`, and for the fields behind it `gan_core::rules::Rules`,
/// `gan_core::optimizer::OptimizerConfig` and `gan_models::Training`.
const KEYS: &[&str] = &[
    "checkpoint.keep_best",
    "data.classes",
    "data.kind",
    "data.noise",
    "data.points",
    "data.samples",
    "data.subset",
    "evaluation.duality_gap",
    "evaluation.every",
    "evaluation.features",
    "log.every",
    "model.classes",
    "model.critic_activation",
    "model.critic_norm",
    "model.generator_activation",
    "model.kind",
    "model.latent",
    "train.augment",
    "train.batch",
    "train.batch_norm_under_penalty",
    "train.budget",
    "train.clip_norm",
    "train.constraint",
    "train.constraint.bound",
    "train.critic.beta_1",
    "train.critic.lr",
    "train.critic_steps",
    "train.ema",
    "train.ema.half_life",
    "train.generator.beta_1",
    "train.generator.lr",
    "train.instance_noise.sigma",
    "train.loss",
    "train.loss.smoothing",
    "train.packing",
    "train.penalties",
    "train.precision",
    "train.schedule",
    "train.stop",
    "train.weights",
];

#[test]
fn names_are_unique_and_those_of_the_modules() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), RULES.len());
    for rule in RULES {
        let module = rule.id().replace('-', "_");
        let file = format!("{}/src/rule/{module}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(rule.source(), text, "{file}");
    }
}

#[test]
fn every_page_has_all_headings_in_order() {
    for rule in RULES {
        let page = rule.page();
        assert!(page.title().ends_with('.'), "{}: {}", rule.id(), page.title());
        let found = page.text().lines().filter_map(|line| line.strip_prefix("# "));
        assert_eq!(found.collect::<Vec<_>>(), HEADINGS, "{}", rule.id());
        for heading in HEADINGS {
            assert!(page.section(heading).is_some_and(|text| text.len() > 20), "{}", rule.id());
        }
    }
}

#[test]
fn pages_mention_rules_that_exist() {
    for rule in RULES {
        let page = rule.page();
        let section = page.section("Told apart from").unwrap();
        let mentioned = section.split('`').skip(1).step_by(2).filter(|word| word.contains('-'));
        for name in mentioned {
            assert!(find_rule(name).is_ok(), "{} mentions {name}", rule.id());
        }
    }
}

#[test]
fn ill_runs_are_found_since_when_they_are_ill() {
    for (rule, examples) in EXAMPLES {
        let (run, begin) = examples().ill;
        let Verdict::Found(found) = run.judged_by(*rule) else {
            panic!("{}: {:?}", rule.id(), run.judged_by(*rule));
        };
        let late = found.since.abs_diff(begin);
        assert!(late <= STEPS / 20, "{} since {}, expected {begin}", rule.id(), found.since);
        assert!(!found.evidence.is_empty(), "{} has no evidence", rule.id());
        assert!(!found.remedies.is_empty(), "{} has no remedy", rule.id());
        assert!(
            found.cause.ends_with(|c: char| c.is_alphanumeric() || "])%".contains(c)),
            "{}",
            found.cause
        );
    }
}

#[test]
fn healthy_runs_are_healthy() {
    for (rule, examples) in EXAMPLES {
        assert_eq!(examples().healthy.judged_by(*rule), Verdict::Healthy, "{}", rule.id());
    }
}

#[test]
fn look_alikes_are_told_apart() {
    for (rule, examples) in EXAMPLES {
        let (run, instead) = examples().look_alike;
        let verdict = run.judged_by(*rule);
        let is_told_apart = matches!(verdict, Verdict::Healthy | Verdict::DoesNotApply(_));
        assert!(is_told_apart, "{}: {verdict:?}", rule.id());
        if let Some(other) = instead {
            let verdict = run.judged_by(find_rule(other).unwrap());
            assert!(matches!(verdict, Verdict::Found(_)), "{} is no {other}", rule.id());
        }
    }
}

#[test]
fn the_fault_of_an_ill_run_is_among_its_first_three_findings() {
    for (rule, examples) in EXAMPLES {
        let (run, _) = examples().ill;
        let examination = Examination::of(&run.case, &run.trace());
        let first = examination.findings.iter().take(3);
        let names: Vec<_> = first
            .flat_map(|f| [f.rule].into_iter().chain(f.symptoms.iter().map(|s| s.rule)))
            .collect();
        assert!(names.contains(&rule.id()), "{} is not in {names:?}", rule.id());
    }
}

#[test]
fn the_healthy_run_has_no_finding_and_nothing_unchecked() {
    for run in [Run::healthy(), Run::conditional(), Run::clipped_wasserstein()] {
        let examination = Examination::of(&run.case, &run.trace());
        assert!(examination.findings.is_empty(), "{examination}");
        assert!(examination.not_checked.is_empty(), "{examination}");
    }
}

#[test]
fn nothing_known_is_never_healthy() {
    let examination = Examination::of(&Case::default(), &crate::Trace::new());
    assert!(examination.findings.is_empty() && examination.healthy.is_empty());
    assert_eq!(examination.not_checked.len(), RULES.len(), "{examination}");
}

#[test]
fn remedies_set_keys_that_exist() {
    for (rule, examples) in EXAMPLES {
        let Verdict::Found(found) = examples().ill.0.judged_by(*rule) else { panic!() };
        for setting in found.remedies.iter().flat_map(|remedy| &remedy.settings) {
            assert!(KEYS.contains(&setting.key), "{}: {}", rule.id(), setting.key);
        }
    }
    let sources = RULES.iter().map(|rule| rule.source()).chain([include_str!("../cure.rs")]);
    for source in sources {
        let keys = source.split('"').skip(1).step_by(2);
        let is_key = |text: &&str| {
            let tables = ["train.", "model.", "data.", "checkpoint.", "evaluation.", "log."];
            tables.iter().any(|table| text.starts_with(table)) && !text.contains([' ', '='])
        };
        for key in keys.filter(is_key).filter(|key| !key.contains('{')) {
            let is_fact = key.starts_with("data.") || key.starts_with("run.");
            assert!(is_fact || KEYS.contains(&key), "{key} is no key");
        }
    }
}

#[test]
fn every_series_is_read_and_every_series_that_is_read_is_in_the_table() {
    let read: BTreeSet<_> = RULES
        .iter()
        .flat_map(|rule| rule.needs().iter().flat_map(|n| n.any_of).chain(rule.also_reads()))
        .map(|series| series.name)
        .collect();
    let table: BTreeSet<_> = SERIES.iter().map(|series| series.name).collect();
    assert_eq!(read, table);
}

#[test]
fn what_explains_what_has_no_circle_and_names_rules() {
    let explains: BTreeMap<_, _> = RULES.iter().map(|rule| (rule.id(), rule.explains())).collect();
    for rule in RULES {
        let mut reached: Vec<&str> = rule.explains().to_vec();
        for _ in RULES {
            reached = reached.iter().flat_map(|id| explains[id].iter().copied()).collect();
            assert!(!reached.contains(&rule.id()), "{} explains itself", rule.id());
            reached.sort_unstable();
            reached.dedup();
        }
        assert!(reached.is_empty());
    }
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let Err(error) = find_rule("mode-colapse") else { panic!() };
    assert_eq!(
        error.to_string(),
        "no rule is called \"mode-colapse\"; did you mean `mode-collapse`?"
    );
}

#[test]
fn pages_and_the_readme_are_wrapped() {
    let pages = RULES.iter().map(|rule| (rule.id(), rule.page().text().to_owned()));
    let readme = ("README.md", include_str!("../../README.md").to_owned());
    for (name, text) in pages.chain([readme]) {
        let prose = text.lines().filter(|line| !line.starts_with('|'));
        let long: Vec<_> = prose.filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{name}: {long:?}");
    }
}

#[test]
fn every_ill_run_is_told_in_100_columns() {
    use crate::{Penalty, PenaltyKind};
    let kinds = [PenaltyKind::R1, PenaltyKind::Drift, PenaltyKind::Orthogonal, PenaltyKind::Other];
    let many: Vec<_> = kinds.map(|kind| Penalty { kind, weight: 0.001_234_5 }).to_vec();
    for (rule, examples) in EXAMPLES {
        let plain = examples().ill.0;
        let loaded = plain.clone().case(|case| case.objective.penalties = Some(many.clone()));
        for run in [plain, loaded] {
            let text = Examination::of(&run.case, &run.trace()).to_string();
            let long: Vec<_> = text.lines().filter(|line| line.chars().count() > 100).collect();
            assert!(long.is_empty(), "{}: {long:?}", rule.id());
        }
    }
}
