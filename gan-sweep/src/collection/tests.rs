use std::error::Error;
use std::fs;

use super::*;
use crate::failure::Failure;

const SWEEP: &str = "seeds = 3\nmeasures = ['js', 'kl']\n\
    [[run]]\nname = 'b'\nrecipe = 'gan'\n[[run]]\nname = 'a'\nrecipe = 'wgan'\nseeds = [4]\n";

struct Sweep {
    _dir: tempfile::TempDir,
    folder: SweepFolder,
    plan: Plan,
}

fn sweep() -> Sweep {
    let dir = tempfile::tempdir().unwrap();
    let folder = SweepFolder::at(dir.path());
    let resolve =
        |recipe: &str, _: &[String], seed: u64| -> Result<String, Box<dyn Error + Send + Sync>> {
            Ok(format!("{recipe} {seed}"))
        };
    let plan = Plan::of(&Definition::parse(SWEEP).unwrap(), &resolve).unwrap();
    plan.write(&folder, SWEEP.as_bytes()).unwrap();
    Sweep { _dir: dir, folder, plan }
}

impl Sweep {
    fn finish(&self, idx: usize, summary: &str) {
        let run = self.folder.run(&self.plan.trainings[idx]);
        fs::create_dir_all(&run).unwrap();
        fs::write(run.join("summary.json"), summary).unwrap();
    }

    fn collect(&self) -> Collection {
        Collection::of(&self.folder, &self.plan).unwrap()
    }
}

#[test]
fn the_table_has_means_intervals_and_what_is_not_there() {
    let sweep = sweep();
    sweep.finish(0, r#"{"js": 0.5, "kl": "inf", "wall_seconds": 3.5, "recipe": "gan", "seed": 0}"#);
    sweep.finish(1, r#"{"js": 0.25, "kl": 1.0, "wall_seconds": 9.5, "seed": 1, "of/a, \"b\"": 2}"#);
    let failed = &sweep.plan.trainings[2];
    let failure =
        Failure { name: failed.name.clone(), code: Some(1), signal: None, last: vec!["no".into()] };
    failure.write(&sweep.folder.failure(failed)).unwrap();
    let collection = sweep.collect();
    assert!(!collection.is_complete());
    let markdown = collection.markdown();
    let (_, tables) = markdown.split_once("speed.\n").unwrap();
    assert_eq!(
        tables,
        "\n## js\n\n| run | n | mean | min | max |\n|---|---|---|---|---|\n\
         | b | 2 of 3 | 0.375 ± 1.5883 | 0.25 | 0.5 |\n| a | 0 of 1 |  |  |  |\n\
         \n## kl\n\n| run | n | mean | min | max |\n|---|---|---|---|---|\n\
         | b | 2 of 3 | not finite | 1 | inf |\n| a | 0 of 1 |  |  |  |\n\
         \n## Failed\n\n- b-seed2\n\n## Not finished\n\n- a-seed4\n"
    );
    let csv = collection.csv();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "run,quantity,n,of,mean,low,high,min,max");
    assert!(lines[1].starts_with("b,js,2,3,0.375,-1.2132"), "{csv}");
    assert_eq!(lines[2], "b,kl,2,3,,,,1,inf");
    assert_eq!(lines[3], "b,\"of/a, \"\"b\"\"\",1,3,2,,,2,2");
    assert_eq!(lines.len(), 4);
    let json: serde_json::Value = serde_json::from_str(&collection.json()).unwrap();
    assert_eq!(json["runs"][0]["quantities"]["kl"]["values"]["0"], "inf");
    assert_eq!(json["runs"][1]["missing"][0], "a-seed4");
}

#[test]
fn neither_the_clock_nor_the_order_of_the_ends_changes_a_byte() {
    let numbers = ["{\"js\": 0.1", "{\"js\": 0.7", "{\"js\": 0.3", "{\"js\": 0.2"];
    let bytes = |order: [usize; 4], seconds: f64| {
        let sweep = sweep();
        for idx in order {
            let clock = seconds * (idx + 1) as f64;
            sweep.finish(idx, &format!("{}, \"wall_seconds\": {clock}}}", numbers[idx]));
        }
        assert!(sweep.collect().is_complete());
        sweep.collect().write(&sweep.folder).unwrap();
        ["md", "csv", "json"].map(|ending| fs::read(sweep.folder.table(ending)).unwrap())
    };
    assert_eq!(bytes([0, 1, 2, 3], 1.0), bytes([3, 1, 0, 2], 7.5));
}

#[test]
fn a_summary_of_another_training_and_a_broken_one_are_named() {
    let sweep = sweep();
    let complaint = || Collection::of(&sweep.folder, &sweep.plan).unwrap_err().to_string();
    sweep.finish(1, r#"{"js": 0.5, "seed": 0}"#);
    assert!(complaint().ends_with("summary of `b-seed1`: its seed is 0, planned is 1"));
    sweep.finish(1, "{");
    assert!(complaint().contains("is no summary of `b-seed1`: EOF"));
}
