//! The figures of the suite as text: `planted-faults.md` and `planted-faults.csv`.

use std::fmt::Write as _;

use super::definition::Planted;
use super::score::{Part, Score};
use super::tally::{
    Cures, Delay, FalseAlarms, Of, first_verdicts, harmed, in_time, kinds, only_harmed, precision,
    recall, right_at, spoiled,
};
use crate::experiment::table::{csv_cell, short};

const HEADER: &str = "fault,base,seed,split,seen,accepted,rank,since,first,alarms,named_at,visible_at,\
                      steps,quality,harmed,healthy_median,cured_rule,quantity,before,after,helped,\
                      repaired,cure_error\n";

/// A line per run.
pub(super) fn csv(scores: &[Score]) -> String {
    scores.iter().fold(HEADER.to_owned(), |text, score| text + &cells(score).join(",") + "\n")
}

fn cells(score: &Score) -> Vec<String> {
    let (accepted, healing) = (score.accepted.as_ref(), score.healing.as_ref());
    let or_empty = |text: Option<String>| text.map(|text| csv_cell(&text)).unwrap_or_default();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let step = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let is_seen = score.fault.is_some() && score.part != Part::Unseen;
    vec![
        or_empty(score.fault.clone()),
        csv_cell(&score.base),
        score.seed.to_string(),
        if score.part == Part::Rules { "rules" } else { "report" }.to_owned(),
        or_empty(score.fault.as_ref().map(|_| is_seen.to_string())),
        or_empty(accepted.map(|found| found.rule.clone())),
        or_empty(accepted.map(|found| found.rank.to_string())),
        step(accepted.map(|found| found.since)),
        or_empty(score.first.clone()),
        score.alarms.join(" "),
        step(score.named_at),
        step(score.visible_at),
        score.steps.to_string(),
        number(score.quality),
        score.harmed.to_string(),
        number(score.healthy),
        or_empty(healing.map(|healing| healing.rule.clone())),
        or_empty(healing.and_then(|healing| healing.quantity.clone())),
        number(healing.and_then(|healing| healing.before)),
        number(healing.and_then(|healing| healing.after)),
        or_empty(healing.map(|healing| healing.helped.to_string())),
        or_empty(healing.map(|healing| healing.repaired().to_string())),
        or_empty(score.cure_error.clone()),
    ]
}

/// All tables.
pub(super) fn markdown(planted: &Planted, scores: &[Score]) -> String {
    [
        recalls(scores),
        by_kind(scores),
        confusion(planted, scores),
        certainties(scores),
        false_alarms(scores),
        delays(scores),
        cures(scores),
    ]
    .join("\n")
}

const GROUPS: [(&str, Of<'static>); 4] = [
    ("known kinds", Of::Seen),
    ("of them, `rules`", Of::Part(Part::Rules)),
    ("of them, `report`", Of::Part(Part::Report)),
    ("unseen kinds", Of::Part(Part::Unseen)),
];

fn recalls(scores: &[Score]) -> String {
    let mut text = String::from(
        "## Was the fault named?\n\n\
         Recall: runs with an accepted verdict first, or among the first three. Precision: accepted \
         ones of the first verdicts. A run is harmed whose last samples are visibly worse than those \
         of healthy runs. `rules`: seed 0 of the bases with which thresholds were set; `report`: all \
         other runs.\n\n\
         | Runs | n | recall@1 | recall@3 | precision | harmed | recall@1 of harmed | recall@3 of harmed |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (name, of) in GROUPS {
        let runs = spoiled(scores, of);
        let ill = only_harmed(&runs);
        let (n, one, three, right) =
            (runs.len(), recall(&runs, 1), recall(&runs, 3), precision(&runs));
        let (bad, ill_one, ill_three) = (harmed(&runs), recall(&ill, 1), recall(&ill, 3));
        row(&mut text, &[&name, &n, &one, &three, &right, &bad, &ill_one, &ill_three]);
    }
    text
}

fn by_kind(scores: &[Score]) -> String {
    let mut text = String::from(
        "## By kind\n\n| Fault | known | recall@1 | recall@3 | harmed | recall@3 of harmed |\n\
         |---|---|---|---|---|---|\n",
    );
    for kind in kinds(scores) {
        let runs = spoiled(scores, Of::Kind(kind));
        let known = if runs.iter().all(|run| run.part == Part::Unseen) { "no" } else { "yes" };
        let of_harmed = recall(&only_harmed(&runs), 3);
        row(
            &mut text,
            &[&kind, &known, &recall(&runs, 1), &recall(&runs, 3), &harmed(&runs), &of_harmed],
        );
    }
    text
}

fn confusion(planted: &Planted, scores: &[Score]) -> String {
    let mut text = String::from(
        "## First verdicts\n\nAccepted ones in bold.\n\n| Fault | first verdicts |\n|---|---|\n",
    );
    for kind in kinds(scores) {
        let fault = planted.faults.iter().find(|fault| fault.name == kind);
        let accepts = |rule: &str| {
            fault.is_some_and(|fault| fault.accept.iter().any(|accepted| accepted == rule))
        };
        let counts = first_verdicts(&spoiled(scores, Of::Kind(kind)));
        let shown: Vec<String> = counts
            .into_iter()
            .map(|(rule, n)| match rule {
                Some(rule) if accepts(rule) => format!("**{rule}** {n}"),
                Some(rule) => format!("{rule} {n}"),
                None => format!("nothing {n}"),
            })
            .collect();
        row(&mut text, &[&kind, &shown.join(", ")]);
    }
    text
}

fn certainties(scores: &[Score]) -> String {
    let mut text = String::from(
        "## How sure is right?\n\nAccepted ones of the first verdicts that are more than a note, in spoiled and \
         in healthy runs.\n\n| The doctor says | right, all runs | `rules` | `report` | unseen kinds |\n\
         |---|---|---|---|---|\n",
    );
    for certainty in ["certain", "likely", "suspected"] {
        let of = |part: Part| right_at(scores, certainty, |each| each == part);
        let all = right_at(scores, certainty, |_| true);
        let (rules, report, unseen) = (of(Part::Rules), of(Part::Report), of(Part::Unseen));
        row(&mut text, &[&certainty, &all, &rules, &report, &unseen]);
    }
    text
}

fn false_alarms(scores: &[Score]) -> String {
    let mut text = String::from(
        "## False alarms\n\nVerdicts of healthy runs that are more than a note.\n\n\
         | Healthy runs | n | alarmed | alarms per run | per 10,000 steps | rules |\n\
         |---|---|---|---|---|---|\n",
    );
    let mut add = |name: &str, alarms: &FalseAlarms| {
        let by_rule = alarms.by_rule.iter().map(|(rule, n)| format!("{rule} {n}"));
        let by_rule = by_rule.collect::<Vec<_>>().join(", ");
        let (per_run, per_10k) = (short(alarms.per_run()), short(alarms.per_10k_steps()));
        row(&mut text, &[&name, &alarms.runs, &alarms.runs_alarmed, &per_run, &per_10k, &by_rule]);
    };
    add("all", &FalseAlarms::of(scores, |_| true));
    for (name, part) in [("`rules`", Part::Rules), ("`report`", Part::Report)] {
        add(name, &FalseAlarms::of(scores, |score| score.part == part));
    }
    let healthy = scores.iter().filter(|score| score.fault.is_none());
    let mut bases: Vec<&str> = healthy.map(|score| score.base.as_str()).collect();
    bases.dedup();
    for base in bases {
        add(base, &FalseAlarms::of(scores, |score| score.base == base));
    }
    text
}

fn delays(scores: &[Score]) -> String {
    let mut text = String::from(
        "## When?\n\nNamed: the first accepted verdict during the training. Visible: the first \
         measurement of samples more than 1.25 times as far from the data as the median of healthy \
         runs at that step. Medians over the runs in which it came to that; shares are of the run. \
         In time: named no later than visible, of the runs that were harmed.\n\n\
         | Fault | named | at step | share | visible | at step | share | in time |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let of_groups = GROUPS.iter().map(|(name, of)| (*name, *of));
    for (name, of) in of_groups.chain(kinds(scores).into_iter().map(|kind| (kind, Of::Kind(kind))))
    {
        let runs = spoiled(scores, of);
        let named = Delay::of(&runs, |score| score.named_at);
        let visible = Delay::of(&runs, |score| score.visible_at);
        let [named_at, named_share] = [named.step, named.share].map(or_dash);
        let [visible_at, visible_share] = [visible.step, visible.share].map(or_dash);
        row(
            &mut text,
            &[
                &name,
                &named.noticed,
                &named_at,
                &named_share,
                &visible.noticed,
                &visible_at,
                &visible_share,
                &in_time(&runs),
            ],
        );
    }
    text
}

fn cures(scores: &[Score]) -> String {
    let mut text = String::from(
        "## Cures\n\nUp to three cures for each spoiled run in which something was found, in the order in \
         which they are suggested, until one has helped; shares of those tried. Repaired: \
         within a tenth of the median of healthy runs at their end.\n\n\
         | Fault | tried | helped | repaired by the first | repaired | repaired of harmed | could not be \
         tried |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let of_groups = GROUPS.iter().map(|(name, of)| (*name, *of));
    for (name, of) in of_groups.chain(kinds(scores).into_iter().map(|kind| (kind, Of::Kind(kind))))
    {
        let runs = spoiled(scores, of);
        let (all, ill) = (Cures::of(&runs), Cures::of(&only_harmed(&runs)));
        row(
            &mut text,
            &[
                &name,
                &all.tried,
                &all.helped,
                &all.repaired_at_once,
                &all.repaired,
                &ill.repaired,
                &all.failed,
            ],
        );
    }
    text
}

fn or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), short)
}

fn row(text: &mut String, cells: &[&dyn std::fmt::Display]) {
    for cell in cells {
        let _ = write!(text, "| {cell} ");
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::super::definition::tests::planted;
    use super::super::score::tests::{judged, record};
    use super::*;

    fn scores() -> Vec<Score> {
        judged(vec![
            ("healthy--ring", 0, record(&[], [4.0, 2.0])),
            ("healthy--moons", 0, record(&["critic-won"], [1.0, 1.0])),
            ("fast-critic--ring", 1, record(&["dead-units", "critic-won"], [9.0, 9.0])),
            ("narrow--ring", 0, record(&[], [9.0, 9.0])),
        ])
    }

    #[test]
    fn csv_has_a_line_per_run_and_a_cell_for_every_column() {
        let text = csv(&scores());
        let n_columns = HEADER.matches(',').count();
        assert!(text.lines().all(|line| line.matches(',').count() == n_columns), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[3],
            "fast-critic,ring,1,report,true,critic-won,2,30,dead-units,dead-units critic-won,40,50,\
             100,9,true,2,,,,,,,"
        );
        assert!(lines[1].starts_with(",ring,0,rules,,,"), "{text}");
        assert!(lines[4].starts_with("narrow,ring,0,report,false,,,"), "{text}");
    }

    #[test]
    fn every_table_has_its_rows() {
        let text = markdown(&planted(), &scores());
        for line in [
            "| known kinds | 1 | 0 % (0 of 1) | 100 % (1 of 1) | 0 % (0 of 1) | 100 % (1 of 1) ",
            "| of them, `rules` | 0 | – | – | – | – | – | – |",
            "| narrow | no | 0 % (0 of 1) | 0 % (0 of 1) | 100 % (1 of 1) | 0 % (0 of 1) |",
            "| fast-critic | dead-units 1 |",
            "| narrow | nothing 1 |",
            "| all | 2 | 1 | 0.5 | 50 | critic-won 1 |",
            "| moons | 1 | 1 | 1 | 100 | critic-won 1 |",
            "| fast-critic | 100 % (1 of 1) | 40 | 0.4 | 100 % (1 of 1) | 50 | 0.5 | 100 % (1 of 1) |",
            "| fast-critic | 0 % (0 of 1) | – | – | – | – | 0 |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn accepted_verdicts_are_bold() {
        let scores = judged(vec![("fast-critic--ring", 1, record(&["critic-won"], [1.0, 1.0]))]);
        assert!(markdown(&planted(), &scores).contains("| fast-critic | **critic-won** 1 |"));
    }
}
