use super::*;

fn columns(text: &str) -> Columns {
    text.parse().unwrap()
}

fn csv_error(text: &str, mapped: &str) -> String {
    read_csv(text.as_bytes(), &columns(mapped)).unwrap_err().to_string()
}

#[test]
fn a_log_of_pytorch_is_suggested_its_mapping() {
    let log = "epoch,iteration,Loss_D,Loss_G,D(x),D(G(z)),FID,lr\n0,0,1.4,0.7,0.5,0.5,,1e-4\n";
    let error = csv_error(log, "");
    assert!(error.contains("the columns are epoch, iteration, Loss_D"), "{error}");
    let mapping = "step=iteration,critic/loss=Loss_D,generator/loss=Loss_G,\
                   critic/real_probability=D(x),critic/fake_probability=D(G(z)),samples/frechet=FID";
    assert!(error.contains(mapping), "{error}");
    let read = read_csv(log.as_bytes(), &columns(mapping)).unwrap();
    assert_eq!(read.trace.signal("critic/loss").unwrap().points(), [(0, 1.4)]);
    assert!(read.trace.recorded("samples/frechet").is_none(), "an empty cell was not measured");
}

#[test]
fn columns_that_may_be_meant_are_noted() {
    let read = read_csv(b"step,critic/loss,errG\n1,2,3\n", &Columns::default()).unwrap();
    assert_eq!(
        read.notes,
        ["the column `errG` is not read; if it is generator/loss, map it: generator/loss=errG"]
    );
}

#[test]
fn a_quantity_of_this_program_that_no_rule_reads_is_not_noted() {
    let read = read_csv(b"step,critic/loss,samples/high_quality\n1,2,3\n", &Columns::default());
    assert!(read.unwrap().notes.is_empty());
}

#[test]
fn what_is_not_finite_is_read_from_both_formats() {
    let csv =
        read_csv(b"step;critic/loss\n0;NaN\n1;-inf\n2;Infinity\n3;1.5\n", &Columns::default());
    let csv = csv.unwrap().trace;
    assert_eq!(csv.recorded("critic/loss").unwrap().non_finite().unwrap().count, 3);
    let lines = br#"{"step":0,"critic/loss":NaN}
{"step":1,"critic/loss":"-inf"}
{"step":2,"critic/loss":Infinity}
{"step":3,"critic/loss":1.5}
"#;
    let json = read_json_lines(lines, &Columns::default()).unwrap().trace;
    let shown = |trace: &Trace| format!("{:?}", trace.recorded("critic/loss").unwrap().points());
    assert_eq!(shown(&json), shown(&csv));
}

#[test]
fn null_was_not_measured_and_is_noted() {
    let read = read_json_lines(
        b"{\"step\":0,\"critic/loss\":null}\n{\"step\":1,\"critic/loss\":2}\n",
        &Columns::default(),
    );
    let read = read.unwrap();
    assert_eq!(read.trace.recorded("critic/loss").unwrap().count(), 1);
    assert_eq!(read.notes, ["1 values are null and were taken as not measured"]);
}

#[test]
fn torn_and_damaged_lines_are_left_out_and_noted() {
    let lines =
        b"{\"step\":0,\"critic/loss\":1}\n{oops\n{\"step\":2,\"critic/loss\":1}\n{\"step\":3,\"cri";
    let read = read_json_lines(lines, &Columns::default()).unwrap();
    assert_eq!(read.trace.last_step(), Some(2));
    assert_eq!(read.notes.len(), 2);
    assert!(read.notes[0].starts_with("line 4, the last, is torn"));
    assert!(read.notes[1].starts_with("line 2 was left out"));
    let read = read_csv(b"step,critic/loss\n0,1\n1\n2,1\n3", &Columns::default()).unwrap();
    assert_eq!(read.trace.last_step(), Some(2));
    assert!(read.notes[0].starts_with("line 5, the last, is torn"), "{:?}", read.notes);
    assert!(read.notes[1].starts_with("line 3 was left out"));
}

#[test]
fn steps_that_go_back_are_named_with_their_line() {
    let error = csv_error("step,critic/loss\n0,1\n5,1\n0,1\n", "");
    assert!(error.starts_with("line 4: the step goes from 5 to 0"), "{error}");
    let read = read_csv(b"step,critic/loss\n0,1\n5,1\n0,1\n", &columns("step=#")).unwrap();
    assert_eq!(read.trace.last_step(), Some(4));
    let twice = csv_error("step,critic/loss\n5,1\n5,1\n", "");
    assert!(twice.contains("from 5 to 5"), "{twice}");
}

#[test]
fn lines_of_one_step_with_different_series_belong_together() {
    let lines = b"{\"step\":0,\"critic/loss\":1}\n{\"step\":0,\"generator/loss\":2}\n";
    let trace = read_json_lines(lines, &Columns::default()).unwrap().trace;
    assert_eq!(trace.series().count(), 2);
}

#[test]
fn words_where_numbers_should_be_are_errors() {
    let error = csv_error("step,critic/loss\n0,1\n1,high\n", "");
    assert_eq!(
        error,
        "line 3, column `critic/loss`: \"high\" is no number; expected a number, nan, inf, or an \
         empty cell for what was not measured"
    );
    assert!(csv_error("step,critic/loss\n1.5,1\n", "").contains("the step is \"1.5\""));
    assert!(csv_error("step,critic/loss\n,1\n", "").contains("the step is \"\""));
}

#[test]
fn mappings_of_nothing_are_errors() {
    assert!("critic/loss".parse::<Columns>().unwrap_err().to_string().contains("ours=theirs"));
    let unknown = "critic/los=d".parse::<Columns>().unwrap_err().to_string();
    assert!(unknown.contains("did you mean `critic/loss`?"), "{unknown}");
    let missing = csv_error("step,loss_d\n0,1\n", "critic/loss=d_loss");
    assert!(
        missing.contains("the column `d_loss` of critic/loss=d_loss is not there"),
        "{missing}"
    );
    assert!(missing.contains("perhaps critic/loss=loss_d"), "{missing}");
}

#[test]
fn nothing_to_read_is_an_error() {
    for error in [csv_error("", ""), csv_error("step,critic/loss\n", "")] {
        assert!(error.starts_with("there is nothing to read"), "{error}");
    }
    assert!(read_json_lines(b"\n\nno\n", &Columns::default()).is_err());
}

#[test]
fn a_file_of_another_kind_is_named_with_what_mends_it() {
    let error = |bytes: &[u8]| read_csv(bytes, &Columns::default()).unwrap_err().to_string();
    let json = error(b"{\"step\":0,\"critic/loss\":1}\n");
    assert_eq!(json, "this is JSON, expected a table with a header; read it as JSON lines");
    assert!(error(b"\xFF\xFEs\0t\0").starts_with("this is UTF-16, expected text in UTF-8"));
    assert!(error(b"\x89PNG\r\n\0\0\0").starts_with("this is a binary file, expected text"));
    assert!(error(b"").contains("the file is empty"));
    let objects =
        |text: &str| read_json_lines(text.as_bytes(), &Columns::default()).unwrap_err().to_string();
    assert!(objects("[{\"step\":0}]").starts_with("this is a JSON array"));
    assert!(objects("step,critic/loss\n0,1\n").contains("read it as a table"));
}

#[test]
fn names_of_runs_and_groups_are_seen_through() {
    let wandb =
        "\"Step\",\"a, lr=2e-4 - d_loss\",\"a, lr=2e-4 - d_loss__MIN\"\n\"0\",\"0.6\",\"0.6\"\n";
    let error = csv_error(wandb, "");
    let mapping = "critic/loss=\"a, lr=2e-4 - d_loss\"";
    assert!(error.ends_with(&format!("perhaps {mapping}")), "{error}");
    let read = read_csv(wandb.as_bytes(), &columns(mapping)).unwrap();
    assert_eq!(read.trace.signal("critic/loss").unwrap().points(), [(0, 0.6)]);
    let lightning = csv_error("epoch,train/g_loss,step,d_loss_step\n0,0.7,49,\n", "");
    assert!(
        lightning.ends_with("perhaps generator/loss=train/g_loss,critic/loss=d_loss_step"),
        "{lightning}"
    );
    let board = csv_error("Wall time,Step,Value\n1.5,0,0.7\n", "");
    assert!(board.ends_with("perhaps critic/loss=Value"), "{board}");
    let read = read_csv(b"step,critic/loss,train/g_loss\n0,1,2\n", &Columns::default()).unwrap();
    assert!(read.notes[0].ends_with("map it: generator/loss=train/g_loss"), "{:?}", read.notes);
}

#[test]
fn objects_in_objects_have_both_names() {
    let lines = br#"{"step":0,"critic":{"loss":1.5},"train":{"g_loss":2}}"#;
    let read = read_json_lines(lines, &Columns::default()).unwrap();
    assert_eq!(read.trace.signal("critic/loss").unwrap().points(), [(0, 1.5)]);
    assert!(read.notes[0].contains("generator/loss=train/g_loss"), "{:?}", read.notes);
}

#[test]
fn a_last_number_that_is_torn_is_no_error() {
    let read = read_csv(b"step,critic/loss\n0,1\n1,1.2e-", &Columns::default()).unwrap();
    assert_eq!(read.trace.last_step(), Some(0));
    assert!(read.notes[0].starts_with("line 3, the last, is torn"), "{:?}", read.notes);
    let whole = read_csv(b"step,critic/loss\n0,1\n1,1.2", &Columns::default()).unwrap();
    assert_eq!(whole.trace.last_step(), Some(1));
    assert!(csv_error("step,critic/loss\n0,1\n1,1.2e-\n", "").contains("is no number"));
}

#[test]
fn a_quotation_mark_that_swallows_lines_is_noted() {
    let log = b"step,critic/loss,note\n0,1,a\n1,1,\"x\n2,1,b\n3,1,c\"\n4,1,d\n";
    let read = read_csv(log, &Columns::default()).unwrap();
    assert_eq!(read.trace.last_step(), Some(4));
    assert!(read.notes[0].starts_with("line 3 was left out: a quotation mark"), "{:?}", read.notes);
}

#[test]
fn refusals_stay_one_short_line() {
    let decimal = csv_error("step;critic/loss\n0;0,7\n", "");
    assert!(decimal.ends_with("write a point in place of the decimal comma"), "{decimal}");
    let wide: Vec<String> = (0..300).map(|i| format!("column\u{7}{i}")).collect();
    let error = csv_error(&(wide.join(",") + "\n"), "");
    assert!(error.contains("and 276 more") && error.len() < 800, "{error}");
    assert!(error.is_ascii() && !error.contains('\u{7}') && !error.contains('\n'), "{error}");
}

#[test]
fn a_series_has_one_column() {
    let twice = "critic/loss=a,critic/loss=b".parse::<Columns>().unwrap_err().to_string();
    assert!(twice.starts_with("critic/loss is mapped twice, to `a` and to `b`"), "{twice}");
    let read = read_csv(b"step,critic/loss,critic/loss\n0,1,2\n", &Columns::default()).unwrap();
    assert_eq!(read.trace.signal("critic/loss").unwrap().points(), [(0, 1.0)]);
    assert!(read.notes[0].contains("more than once"), "{:?}", read.notes);
}
