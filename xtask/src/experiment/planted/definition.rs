//! What is planted, as the experiment's file states it, and the runs that it comes to.

use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroU32;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::data::DataSet;
use crate::experiment::definition::Run;
use crate::experiment::{Care, Task};
use crate::nearest;

/// What stands before the name of a base in the name of its healthy run.
const HEALTHY: &str = "healthy";

/// Healthy trainings and the faults that are planted into them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planted {
    /// With how many seeds a healthy run is trained, where its base has no number of its own.
    healthy_seeds: Option<NonZeroU32>,
    /// The experiment whose healthy trainings are taken beside those of this one.
    bases_of: Option<String>,
    /// The healthy trainings.
    #[serde(rename = "base", default)]
    pub(super) bases: Vec<Base>,
    /// What is planted into them.
    #[serde(rename = "fault")]
    pub(super) faults: Vec<Fault>,
    /// Data that are made before the runs; `{data}` in a setting is their folder.
    #[serde(default)]
    pub(super) data: Vec<DataSet>,
}

/// A healthy training, which is run as it is as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base {
    /// Stands in the names of its runs.
    pub(super) name: String,
    recipe: String,
    /// A base further up whose settings come before its own.
    like: Option<String>,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    quick: Vec<String>,
    /// What the first of its seeds was used for.
    split: Split,
    /// The quantity that says how good its samples are: a distance, of which less is better.
    pub(super) quality: String,
    healthy_seeds: Option<NonZeroU32>,
}

/// What the first seed of a base was used for.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Split {
    /// Thresholds of rules may have been set with it.
    Rules,
    /// Nothing: no seed of it was looked at before rules were written.
    Report,
}

/// A kind of fault.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(super) name: String,
    /// The rules that may name it: its cause or a direct consequence, written down before any run.
    pub(super) accept: Vec<String>,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    quick: Vec<String>,
    /// Into which bases it is planted, with the settings that it needs there beside `set`.
    on: BTreeMap<String, Vec<String>>,
    /// Whether the kind was known when rules were written.
    pub(super) seen: bool,
}

/// A base with or without a fault in it: what one run trains.
#[derive(Clone)]
pub(super) struct Plant<'a> {
    /// The name of the run.
    pub(super) run: String,
    pub(super) base: &'a Base,
    pub(super) fault: Option<&'a Fault>,
}

impl Planted {
    /// The experiment whose bases are to be taken, if there is one.
    pub(crate) fn bases_of(&self) -> Option<&str> {
        self.bases_of.as_deref()
    }

    /// Takes those bases of another suite that something is planted in here, with all their settings.
    ///
    /// # Errors
    /// One of them is like a base that does not exist.
    pub(crate) fn take_bases(&mut self, other: &Self) -> anyhow::Result<()> {
        let is_planted =
            |base: &&Base| self.faults.iter().any(|fault| fault.on.contains_key(&base.name));
        let whole = |base: &Base| {
            let (set, quick) = other.settings(base)?;
            let own = |settings: Vec<&String>| settings.into_iter().cloned().collect();
            Ok(Base { like: None, set: own(set), quick: own(quick), ..base.clone() })
        };
        let taken: Vec<Base> =
            other.bases.iter().filter(is_planted).map(whole).collect::<anyhow::Result<_>>()?;
        self.bases.splice(0..0, taken);
        Ok(())
    }

    /// The trainings: healthy ones first, then fault by fault.
    ///
    /// # Errors
    /// An incomplete base or fault, two of the same name, and a base that does not exist.
    pub(crate) fn runs(&self) -> anyhow::Result<Vec<Run>> {
        self.check()?;
        self.plants().map(|plant| self.run(&plant)).collect()
    }

    /// Every base, then every fault in each of its bases.
    pub(super) fn plants(&self) -> impl Iterator<Item = Plant<'_>> {
        let healthy = self.bases.iter().map(|base| (base, None));
        let spoiled = self.faults.iter().flat_map(move |fault| {
            let planted = move |base: &&Base| fault.on.contains_key(&base.name);
            self.bases.iter().filter(planted).map(move |base| (base, Some(fault)))
        });
        healthy.chain(spoiled).map(|(base, fault)| {
            let kind = fault.map_or(HEALTHY, |fault| fault.name.as_str());
            Plant { run: format!("{kind}--{}", base.name), base, fault }
        })
    }

    fn run(&self, plant: &Plant<'_>) -> anyhow::Result<Run> {
        let Plant { run, base, fault } = plant;
        let (mut set, mut quick) = self.settings(base)?;
        if let Some(fault) = fault {
            set.extend(fault.set.iter().chain(fault.on.get(&base.name).into_iter().flatten()));
            quick.extend(&fault.quick);
        }
        let own = |settings: Vec<&String>| settings.into_iter().cloned().collect();
        let (set, quick) = (own(set), own(quick));
        let seeds = fault.is_none().then(|| base.healthy_seeds.or(self.healthy_seeds)).flatten();
        Ok(Run {
            name: run.clone(),
            task: Task::Train { recipe: base.recipe.clone(), set, quick },
            seeds,
            seed: None,
            care: if fault.is_some() { Care::MayDiverge } else { Care::Short },
        })
    }

    /// The settings of a base and its short form, those of the bases that it is like first.
    fn settings<'a>(
        &'a self,
        base: &'a Base,
    ) -> anyhow::Result<(Vec<&'a String>, Vec<&'a String>)> {
        let (mut set, mut quick) = match &base.like {
            None => (Vec::new(), Vec::new()),
            Some(like) => {
                let further_up = self.bases.iter().take_while(|each| each.name != base.name);
                let like =
                    further_up.into_iter().find(|each| each.name == *like).with_context(|| {
                        format!(
                            "the base `{}` is like `{like}`, which is none further up",
                            base.name
                        )
                    })?;
                self.settings(like)?
            }
        };
        set.extend(&base.set);
        quick.extend(&base.quick);
        Ok((set, quick))
    }

    fn check(&self) -> anyhow::Result<()> {
        unique("base", self.bases.iter().map(|base| base.name.as_str()))?;
        unique("fault", self.faults.iter().map(|fault| fault.name.as_str()).chain([HEALTHY]))?;
        unique("data set", self.data.iter().map(DataSet::name))?;
        let bases: Vec<&str> = self.bases.iter().map(|base| base.name.as_str()).collect();
        for Fault { name, accept, on, .. } in &self.faults {
            ensure!(!accept.is_empty(), "the fault `{name}` accepts no rule");
            ensure!(!on.is_empty(), "the fault `{name}` is planted nowhere");
            if let Some(unknown) = on.keys().find(|base| !bases.contains(&base.as_str())) {
                bail!("the fault `{name}`: {}", nearest::unknown("base", unknown, &bases));
            }
        }
        self.data.iter().try_for_each(DataSet::check)
    }

    /// Whether every verdict that a fault accepts is one that can be given.
    ///
    /// # Errors
    /// The first that is not among `rules`, with the nearest of them.
    pub(super) fn check_rules(&self, rules: &[String]) -> anyhow::Result<()> {
        for fault in &self.faults {
            if let Some(unknown) = fault.accept.iter().find(|rule| !rules.contains(rule)) {
                bail!("the fault `{}`: {}", fault.name, nearest::unknown("rule", unknown, rules));
            }
        }
        Ok(())
    }
}

impl Base {
    /// Whether rules may have been made with the run of that seed.
    pub(super) fn made_rules(&self, seed: u32) -> bool {
        self.split == Split::Rules && seed == 0
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    for name in names {
        ensure!(!name.is_empty(), "a {what} has an empty name");
        ensure!(seen.insert(name), "two of each {what} are named `{name}`");
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const GOOD: &str = r#"
        healthy_seeds = 4
        [[base]]
        name = "ring"
        recipe = "gan"
        set = ["data.kind=ring", "train.batch=128"]
        split = "rules"
        quality = "samples/js"
        [[base]]
        name = "moons"
        recipe = "r3gan"
        like = "ring"
        set = ["data.kind=moons"]
        split = "report"
        quality = "samples/js"
        healthy_seeds = 6
        [[fault]]
        name = "fast-critic"
        accept = ["critic-won", "unequal-learning-rates"]
        seen = true
        set = ["train.critic_steps=5"]
        [fault.on]
        moons = ["train.critic.lr=1"]
        ring = []
        [[fault]]
        name = "narrow"
        accept = ["mode-dropping"]
        seen = false
        quick = ["model.hidden=2"]
        [fault.on]
        ring = ["model.hidden=4"]
    "#;

    pub(in super::super) fn planted() -> Planted {
        toml::from_str(GOOD).unwrap()
    }

    fn complaint(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        match toml::from_str::<Planted>(&GOOD.replacen(from, to, 1)) {
            Ok(planted) => planted.runs().unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_fault_follows_the_healthy_runs_once_in_each_of_its_bases() {
        let runs = planted().runs().unwrap();
        let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "healthy--ring",
                "healthy--moons",
                "fast-critic--ring",
                "fast-critic--moons",
                "narrow--ring"
            ]
        );
        let seeds: Vec<_> = runs.iter().map(|run| run.seeds.map(NonZeroU32::get)).collect();
        assert_eq!(seeds, [Some(4), Some(6), None, None, None]);
        assert_eq!((runs[0].care, runs[2].care), (Care::Short, Care::MayDiverge));
    }

    #[test]
    fn settings_come_from_the_base_that_it_is_like_then_its_own_then_the_faults() {
        let runs = planted().runs().unwrap();
        let Task::Train { recipe, set, quick } = &runs[3].task else { panic!("{runs:?}") };
        let expected = [
            "data.kind=ring",
            "train.batch=128",
            "data.kind=moons",
            "train.critic_steps=5",
            "train.critic.lr=1",
        ];
        assert_eq!((recipe.as_str(), &set[..]), ("r3gan", &expected.map(str::to_owned)[..]));
        assert!(quick.is_empty());
        let Task::Train { quick, .. } = &runs[4].task else { panic!("{runs:?}") };
        assert_eq!(quick[..], ["model.hidden=2"]);
    }

    #[test]
    fn bases_of_another_suite_are_taken_where_something_is_planted_in_them() {
        let text = "bases_of = 'other'\n[[fault]]\nname = 'new'\naccept = ['mode-dropping']\n\
                    seen = false\nset = ['train.batch=1']\n[fault.on]\nmoons = []";
        let mut unseen: Planted = toml::from_str(text).unwrap();
        assert_eq!(unseen.bases_of(), Some("other"));
        unseen.take_bases(&planted()).unwrap();
        let runs = unseen.runs().unwrap();
        let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["healthy--moons", "new--moons"]);
        let Task::Train { set, .. } = &runs[1].task else { panic!("{runs:?}") };
        let expected = ["data.kind=ring", "train.batch=128", "data.kind=moons", "train.batch=1"];
        assert_eq!(set[..], expected);
    }

    #[test]
    fn only_the_first_seed_of_a_base_for_rules_made_them() {
        let planted = planted();
        let made = |base: usize, seed| planted.bases[base].made_rules(seed);
        assert_eq!([made(0, 0), made(0, 1), made(1, 0)], [true, false, false]);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(complaint("moons = [", "moon = [").contains("did you mean `moons`?"));
        assert!(complaint("[\"mode-dropping\"]", "[]").contains("`narrow` accepts no rule"));
        assert!(complaint("ring = [\"model.hidden=4\"]", "").contains("planted nowhere"));
        assert!(complaint("\"narrow\"", "\"fast-critic\"").contains("are named `fast-critic`"));
        assert!(complaint("\"narrow\"", "\"healthy\"").contains("are named `healthy`"));
        assert!(complaint("name = \"moons\"", "name = \"ring\"").contains("are named `ring`"));
        assert!(complaint("like = \"ring\"", "like = \"moons\"").contains("none further up"));
        assert!(complaint("\"report\"", "\"rest\"").contains("unknown variant `rest`"));
        assert!(complaint("seen = true", "").contains("missing field `seen`"));
    }

    #[test]
    fn a_verdict_that_no_rule_gives_is_named() {
        let rules = ["critic-won", "unequal-learning-rates", "mode-collapse"].map(str::to_owned);
        let complaint = planted().check_rules(&rules).unwrap_err().to_string();
        assert!(
            complaint.contains("`narrow`") && complaint.contains("mode-dropping"),
            "{complaint}"
        );
    }
}
