//! The order of findings: causes before the symptoms that they explain, the worst first.

use std::cmp::Reverse;

use crate::{Diagnosis, Rule, Trace};

/// A cause may be noticed later than its symptom by one part in this many of the run, because
/// series have cadences of their own and onsets are estimates.
const SLACK: u64 = 5;

/// Puts symptoms beneath their causes and sorts what remains.
pub(super) fn ranked(found: Vec<(&dyn Rule, Diagnosis)>, trace: &Trace) -> Vec<Diagnosis> {
    let (first, last) = (trace.first_step().unwrap_or(0), trace.last_step().unwrap_or(0));
    let slack = (last - first) / SLACK;
    let roots: Vec<usize> = (0..found.len()).map(|index| root(index, &found, slack)).collect();
    let mut ranked: Vec<(usize, Diagnosis)> = found
        .iter()
        .enumerate()
        .filter(|(index, _)| roots[*index] == *index)
        .map(|(index, (_, diagnosis))| (index, diagnosis.clone()))
        .collect();
    for (cause, diagnosis) in &mut ranked {
        let symptoms = found.iter().enumerate().filter(|(i, _)| roots[*i] == *cause && i != cause);
        diagnosis.symptoms = symptoms.map(|(_, (_, symptom))| symptom.clone()).collect();
        diagnosis.symptoms.sort_by_key(|symptom| (symptom.since, Reverse(symptom.severity)));
    }
    ranked.sort_by_key(|(index, diagnosis)| {
        let worst = diagnosis.symptoms.iter().map(|each| each.severity).max();
        let severity = worst.max(Some(diagnosis.severity));
        (Reverse(severity), Reverse(diagnosis.certainty), diagnosis.since, *index)
    });
    ranked.into_iter().map(|(_, diagnosis)| diagnosis).collect()
}

/// The finding that explains this one and is itself explained by none. What explains what has no
/// circle (a test of the registry), so that this ends; a user's rules that have one end at their
/// count.
fn root(index: usize, found: &[(&dyn Rule, Diagnosis)], slack: u64) -> usize {
    let mut at = index;
    for _ in 0..found.len() {
        let (symptom, since) = (found[at].0.id(), found[at].1.since);
        let explains = |(rule, cause): &(&dyn Rule, Diagnosis)| {
            rule.explains().contains(&symptom) && cause.since <= since.saturating_add(slack)
        };
        match found.iter().position(explains) {
            Some(cause) => at = cause,
            None => break,
        }
    }
    at
}
