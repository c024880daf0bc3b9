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
}
