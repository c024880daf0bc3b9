//! The sum of all tests, with a stand-in for the test runners.

use crate::stand_in::StandIn;

#[test]
fn the_last_line_sums_up_every_runner() {
    let called = StandIn::new().xtask(&["test"], &[("PASSED", "3"), ("FAILED", "0")]);
    assert_eq!(called.code, 0, "{}", called.stderr);
    assert_eq!(called.stdout.lines().last(), Some("5 passed, 0 failed"));
}

#[test]
fn failed_tests_are_counted_and_fail_the_command() {
    let called = StandIn::new().xtask(&["test"], &[("PASSED", "2"), ("FAILED", "1")]);
    assert_eq!(called.code, 1);
    assert_eq!(called.stdout.lines().last(), Some("2 passed, 1 failed"));
    assert!(called.stderr.contains("the step `tests` failed"), "{}", called.stderr);
}

#[test]
fn checks_stop_at_the_first_failure_and_name_it() {
    let called = StandIn::new().xtask(&["ci"], &[]);
    assert_eq!(called.code, 1);
    assert!(called.stderr.contains("the step `formatting` failed"), "{}", called.stderr);
    assert!(!called.stdout.contains("==> file names"), "{}", called.stdout);
}
