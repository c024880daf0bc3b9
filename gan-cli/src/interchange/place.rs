//! Where in a file the weights of a module are: behind which prefix of their names.
//!
//! `module.` (data parallelism), `_orig_mod.` (a compiled module), `state_dict.generator.` (a
//! checkpoint of Lightning), `g_ema.` (a dictionary in a dictionary): all of them are text before
//! every name of the module, so one search finds them all, known or not.

use std::collections::{BTreeMap, HashMap};

use anyhow::bail;
use burn_store::burn_pack::Tensor;

use super::names::Named;
use crate::config::excerpt;

/// The maximum number of names in a message.
const NAMED: usize = 3;

/// A prefix behind which tensors of the module are.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    /// Empty, or ends with a dot.
    pub(super) prefix: String,
    /// Tensors of the right name.
    present: usize,
    /// Tensors of the right name and shape.
    fitting: usize,
}

/// The prefix behind which `tensors` are those that are `expected`.
///
/// Where none is, that behind which most of them are. `chosen` is the path of keys that a user
/// names; an empty one is the outermost dictionary.
///
/// # Errors
/// Several prefixes are as good; nothing is behind the chosen one.
pub(super) fn place_of(
    tensors: &BTreeMap<String, Tensor>,
    expected: &[Named],
    chosen: Option<&str>,
) -> anyhow::Result<Place> {
    let within = match chosen {
        None | Some("") => String::new(),
        Some(name) => format!("{}.", name.trim_end_matches('.')),
    };
    if !within.is_empty() && behind(tensors, &within).next().is_none() {
        let groups = groups(tensors);
        bail!(
            "nothing is called `{}` there, found {groups}",
            excerpt(within.trim_end_matches('.'))
        );
    }
    let mut places = places(tensors, expected);
    places.retain(|place| place.prefix.starts_with(&within));
    let is_complete = |place: &Place| place.fitting == expected.len();
    let exactly = places.iter().position(|place| place.prefix == within && is_complete(place));
    if let (Some(_), Some(index)) = (chosen, exactly) {
        return Ok(places.swap_remove(index));
    }
    let (mut complete, rest): (Vec<Place>, Vec<Place>) = places.into_iter().partition(is_complete);
    match complete.len() {
        0 => {
            let best = rest.into_iter().max_by(|a, b| {
                let rank = |place: &Place| (place.fitting, place.present);
                rank(a).cmp(&rank(b)).then_with(|| b.prefix.len().cmp(&a.prefix.len()))
            });
            Ok(best.unwrap_or(Place { prefix: within, present: 0, fitting: 0 }))
        }
        1 => Ok(complete.swap_remove(0)),
        count => {
            let names = complete.iter().map(|place| match place.prefix.trim_end_matches('.') {
                "" => "the outermost names".to_owned(),
                prefix => excerpt(prefix),
            });
            let names = names.take(8).collect::<Vec<_>>().join(", ");
            bail!(
                "{count} sets of weights fit ({names}): choose one as FILE:NAME; \
                 FILE: takes the outermost names"
            )
        }
    }
}

/// Every prefix behind which a tensor has a name that is `expected`, in the order of the names.
fn places(tensors: &BTreeMap<String, Tensor>, expected: &[Named]) -> Vec<Place> {
    let shapes: HashMap<&str, &[usize]> =
        expected.iter().map(|named| (&*named.pytorch, &*named.shape)).collect();
    let longest = shapes.keys().map(|name| name.len()).max().unwrap_or(0);
    let mut places: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (name, tensor) in tensors {
        let after_dots = name.rmatch_indices('.').map(|(dot, _)| dot + 1);
        // A name may have millions of dots; those of the module are short.
        let starts = after_dots.take_while(|start| name.len() - start <= longest);
        let whole = (name.len() <= longest).then_some(0);
        for start in starts.chain(whole) {
            if let Some(shape) = shapes.get(&name[start..]) {
                let [present, fitting] = places.entry(&name[..start]).or_default();
                *present += 1;
                *fitting += usize::from(**shape == *tensor.shape);
            }
        }
    }
    let place = |(prefix, [present, fitting]): (&str, [usize; 2])| Place {
        prefix: prefix.to_owned(),
        present,
        fitting,
    };
    places.into_iter().map(place).collect()
}

/// The tensors behind a prefix, by their whole names.
pub(super) fn behind<'a>(
    tensors: &'a BTreeMap<String, Tensor>,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Tensor)> {
    tensors.range(prefix.to_owned()..).take_while(move |(name, _)| name.starts_with(prefix))
}

/// What the names begin with, as in `generator, discriminator`.
fn groups(tensors: &BTreeMap<String, Tensor>) -> String {
    let mut groups: Vec<&str> =
        tensors.keys().filter_map(|name| Some(name.split_once('.')?.0)).collect();
    groups.dedup();
    match groups.len() {
        0 => "no groups of tensors".to_owned(),
        count => listed(groups.into_iter().map(excerpt), count),
    }
}

/// The first of `count` names, and how many more there are.
pub(super) fn listed(names: impl Iterator<Item = String>, count: usize) -> String {
    let mut list = names.take(NAMED).collect::<Vec<_>>().join(", ");
    if count > NAMED {
        list += &format!(" and {} more", count - NAMED);
    }
    list
}
