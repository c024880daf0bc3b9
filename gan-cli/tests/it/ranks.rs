//! Several processes that train one run.

#[cfg(feature = "mpi")]
mod over_mpi;

#[cfg(not(feature = "mpi"))]
#[test]
fn processes_that_cannot_reach_each_other_are_refused() {
    let place = crate::program::Place::new();
    let program = place.train("--steps 2 --out run").env("OMPI_COMM_WORLD_SIZE", "4");
    place.refuses(program, &["started 4 processes", "--features mpi"]);
    // One process is a run as any other, and only a training is shared out.
    place.train("--steps 2 --out run").env("OMPI_COMM_WORLD_SIZE", "1").succeed();
    place.gan("runs .").env("OMPI_COMM_WORLD_SIZE", "4").succeed();
}

#[test]
fn shards_divide_a_batch() {
    let place = crate::program::Place::new();
    let shards = |shards: &str| place.train("--steps 2 --out run").set(shards);
    let refused = ["`train.shards` does not fit", "batch of 50", "into 3 equal"];
    place.refuses(shards("train.shards=3"), &refused);
    place.refuses(shards("train.shards=0"), &["`train.shards`"]);
    shards("train.shards=5").succeed();
    assert!(place.text("run/config.toml").contains("shards = 5"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&place.bytes("run/manifest.json")).unwrap();
    assert_eq!(manifest["shards"]["count"], 5);
    assert_eq!(manifest["shards"]["ranks"], 1);
    assert!(manifest["shards"]["batch_normalization"].as_str().unwrap().starts_with("by shard"));
}

/// Settings of a small `dcgan` whose batches of 32 have four shards.
const SHARDS: &str = "train dcgan --steps 2 --set data.subset=64 --set train.batch=32 \
    --set train.shards=4 --set model.generator_width=2 --set model.critic_width=2 \
    --set evaluation.features=none --set report=never";

#[test]
fn shards_are_normalized_together_on_request() {
    let place = crate::program::Place::new();
    let train = |words: &str| place.gan(&format!("{SHARDS} {words}"));
    let synchronized = "--set train.batch_statistics=synchronized";
    train("--out ghosts").succeed();
    train(&format!("{synchronized} --out together")).succeed();
    let gap = "--set evaluation.features=digits --set evaluation.samples=20 \
               --set evaluation.duality_gap=2";
    train(&format!("{synchronized} {gap} --out gap")).succeed();
    // The name that other programs have for it.
    train("--set sync_bn=synchronized --out renamed").succeed();
    let manifest: serde_json::Value =
        serde_json::from_slice(&place.bytes("together/manifest.json")).unwrap();
    let said = manifest["shards"]["batch_normalization"].as_str().unwrap();
    assert!(said.starts_with("synchronized"), "{said}");
    let measured = |run: &str| place.text(&format!("{run}/metrics.jsonl"));
    assert_ne!(measured("ghosts"), measured("together"));
    assert_eq!(measured("renamed"), measured("together"));
    let penalty = "--set train.penalties=[{kind=\"r1\",weight=1.0}] \
                   --set train.batch_norm_under_penalty=allow";
    place.refuses(
        train(&format!("{synchronized} {penalty} --out run")),
        &["`train.batch_statistics`", "`r1` goes through", "expected `ghost`"],
    );
    place.refuses(
        train("--set train.batch_statistics=global --out run"),
        &["`train.batch_statistics`", "`ghost`", "`synchronized`"],
    );
}
