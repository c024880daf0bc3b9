//! Claims as files state them.

use super::*;

fn read(text: &str) -> anyhow::Result<Claim> {
    toml::from_str::<ClaimEntry>(text)?.checked()
}

fn complaint(text: &str) -> String {
    let text = format!("says = 'S'\n{text}");
    format!("{:#}", read(&text).unwrap_err())
}

fn condition(text: &str) -> Condition {
    read(&format!("says = 'S'\nrun = 'a'\nquantity = 'q'\n{text}")).unwrap().condition
}

fn other(run: &str, quantity: &str, at: Moment, times: f64) -> Other {
    let (run, quantity) = (Some(run.to_owned()), quantity.to_owned());
    Other { reading: Reading { run, quantity, at }, times }
}

#[test]
fn a_bound_is_of_every_seed_unless_it_says_of_how_many() {
    let claim = read("says='S'\nrun='a'\nquantity='q'\nat='30 epochs'\nat_least=8").unwrap();
    let reading = Reading { run: Some("a".into()), quantity: "q".into(), at: Moment::Epochs(30) };
    assert_eq!(claim.reading, reading);
    assert_eq!((claim.condition, claim.seeds), (Condition::Bound(Bound::AtLeast(8.0)), None));
    assert_eq!(reading.to_string(), "q of a after 30 epochs");
    let some = read("says='S'\nrun='a'\nquantity='q'\nat_most=0.5\nseeds=3").unwrap();
    assert_eq!(some.seeds, NonZeroU32::new(3));
}

#[test]
fn a_comparison_is_with_the_same_reading_but_for_what_it_names() {
    let (side, end) = (Side::Higher, Moment::End);
    assert_eq!(
        condition("higher_than = { at = '30 epochs', times = 1.1 }"),
        Condition::Beside { side, other: other("a", "q", Moment::Epochs(30), 1.1) }
    );
    assert_eq!(
        condition("higher_than = { quantity = 'r' }"),
        Condition::Beside { side, other: other("a", "r", end, 1.0) }
    );
    assert_eq!(
        condition("higher_than = { run = 'b' }"),
        Condition::Beside { side, other: other("b", "q", end, 1.0) }
    );
}

#[test]
fn a_p_makes_a_test_of_it() {
    assert_eq!(
        condition("lower_than = { run = 'b', p = 0.05 }"),
        Condition::Test {
            side: Side::Lower,
            other: other("b", "q", Moment::End, 1.0),
            level: 0.05
        }
    );
    assert_eq!(
        condition("like = { run = 'b', p = 0.1 }"),
        Condition::Like { other: other("b", "q", Moment::End, 1.0), level: 0.1 }
    );
}

#[test]
fn a_correlation_has_a_bound_of_its_own() {
    assert_eq!(
        condition("correlates_with = { quantity = 'r', at_most = -0.5 }"),
        Condition::Correlation { quantity: "r".into(), bound: Bound::AtMost(-0.5) }
    );
}

#[test]
fn without_a_run_it_is_of_a_figure() {
    let claim = read("says='S'\nquantity='known/recall@1'\nat_least=0.95").unwrap();
    assert_eq!(claim.reading.to_string(), "known/recall@1");
    assert_eq!(claim.runs().count(), 0);
}

#[test]
fn the_first_version_stands_beside_it_with_its_reason() {
    let text = "says='S'\nrun='a'\nquantity='q'\nat_least=7";
    let first = |first: &str| read(&format!("{text}\nfirst = {{ {first} }}")).unwrap().first;
    let words = first("says = 'All.', why = 'one was not'").unwrap();
    assert_eq!((words.says.as_str(), words.why.as_str()), ("All.", "one was not"));
    assert_eq!(words.claim, None);
    let claim = first("says = 'All.', why = 'one was not', at_least = 8").unwrap().claim.unwrap();
    assert_eq!(claim.condition, Condition::Bound(Bound::AtLeast(8.0)));
    assert_eq!(claim.reading.run.as_deref(), Some("a"));
}

#[test]
fn what_is_missing_is_named_with_the_claims_sentence() {
    assert!(complaint("run='a'\nat_least=1").starts_with("the claim `S`: it needs a `quantity`"));
    assert!(complaint("run='a'\nquantity='q'").ends_with("and has none"));
    assert!(
        complaint("quantity='q'\nat_least=1\nat_most=2").contains("has `at_least` and `at_most`")
    );
    assert!(complaint("quantity='q'\nat_leats=1").contains("unknown field `at_leats`"));
    assert!(complaint("quantity='q'\nhigher_than={at='end'}").contains("with itself"));
    assert!(complaint("quantity='q'\nlike={run='b'}").contains("`like` needs a `p`"));
    assert!(complaint("quantity='q'\nlike={p=0.1}").contains("`like` needs a `run`"));
    assert!(complaint("quantity='q'\nat_least=1\nat='best'").contains("`lowest` or `highest`"));
    assert!(complaint("quantity='q'\nat_least=1\nat='30 epochs'").contains("without a `run`"));
    assert!(complaint("quantity='q'\nat_least=1\nseeds=2").contains("neither `at` nor `seeds`"));
    assert!(complaint("quantity='q'\nat_least=nan").contains("found nan"));
    assert!(complaint("quantity='q'\nat_least=1\nwhy='w'").contains("belongs into `first`"));
    assert!(complaint("quantity='q'\nat_least=1\nfirst={says='F'}").contains("needs a `why`"));
}

#[test]
fn what_makes_no_sense_is_named() {
    let of_run = |text: &str| complaint(&format!("run='a'\nquantity='q'\n{text}"));
    assert!(of_run("lower_than={run='b',p=1.5}").contains("between 0 and 1, found 1.5"));
    assert!(of_run("lower_than={at='9 steps',p=0.1}").contains("compares with another `run`"));
    assert!(of_run("lower_than={at='9 steps',times=0}").contains("above 0, found 0"));
    assert!(of_run("lower_than={at='9 steps',by=2}").contains("unknown field `by`"));
    assert!(of_run("correlates_with={quantity='r',at_least=2}").contains("between -1 and 1"));
    assert!(of_run("correlates_with={quantity='r'}").contains("either `at_least` or `at_most`"));
    assert!(of_run("seeds=0\nat_least=1").contains("nonzero"));
    assert!(complaint("says='T'").contains("duplicate key"));
    assert!(read("says=' '\nquantity='q'\nat_least=1").is_err());
}
