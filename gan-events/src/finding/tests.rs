use super::*;

const OPENED: &str = r#"{"event":"opened","step":50,"diagnosis":{"rule":"mode-collapse",
    "severity":"severe","certainty":"likely","since":1,"cause":"<b>7</b> | 8","evidence":[
    {"series":"samples/spread","statistic":"newest","value":0.09562,"relation":"below",
    "threshold":"inf","window":{"from":1,"to":50,"points":2}},
    {"series":"objective.batch","statistic":"","value":2.0,"relation":"below","threshold":8.0}],
    "chart":"1 │ •","remedies":[{"settings":[{"key":"train.loss","value":"hinge"}],"why":"it helps"},
    {"settings":[],"why":"more data"}],"symptoms":[]}}"#;
const CLOSED: &str = r#"{"event":"closed","step":100,"rule":"mode-collapse"}"#;

fn parsed(line: &str) -> serde_json::Result<Change> {
    serde_json::from_str(line)
}

#[test]
fn a_finding_is_a_page() {
    let change = parsed(OPENED).unwrap();
    let expected = "\
**mode-collapse** (severe, likely): opened at step 50, since step 1

&lt;b&gt;7&lt;/b&gt; &#124; 8

| series | statistic | value |  | threshold | steps |
| --- | --- | --- | --- | --- | --- |
| `samples/spread` | newest | 0.09562 | below | inf | 1 to 50 (2 values) |
| `objective.batch` |  | 2.000 | below | 8.000 |  |

```text
1 │ •
```

What cures it:

1. `train.loss=hinge`: it helps
2. more data
";
    assert_eq!(page(&change), expected);
}

#[test]
fn a_timeline_has_a_row_for_every_change() {
    let worsened = OPENED.replacen("opened", "worsened", 1);
    let changes = [OPENED, &worsened, CLOSED].map(|line| parsed(line).unwrap());
    let expected = "\
| step |  | diagnosis | severity | since | cause |
| --- | --- | --- | --- | --- | --- |
| 50 | opened | mode-collapse | severe | 1 | &lt;b&gt;7&lt;/b&gt; &#124; 8 |
| 50 | worse | mode-collapse | severe | 1 | &lt;b&gt;7&lt;/b&gt; &#124; 8 |
| 100 | gone | mode-collapse |  |  |  |
";
    assert_eq!(timeline(&changes), expected);
    assert_eq!(page(&changes[2]), "**mode-collapse** is gone at step 100\n");
}
