//! What every message of this crate has in common.

use std::error::Error;

use gan_data::{DataError, MnistSize};

/// Check the style of a message, and that it contains all of `parts`.
pub(crate) fn check(error: &DataError, parts: &[&str]) {
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
    assert!(!message.starts_with(char::is_uppercase), "{message:?}");
    assert!(!message.ends_with('.'), "{message:?}");
    if let Some(source) = error.source() {
        assert!(!message.contains(&source.to_string()), "{message:?} repeats its source");
    }
}

#[test]
fn an_image_side_that_mnist_lacks_is_named() {
    check(&MnistSize::try_from(30).unwrap_err(), &["image side is 30", "28 or 32"]);
    assert_eq!(MnistSize::try_from(32).unwrap().side(), 32);
    assert_eq!(MnistSize::try_from(28).unwrap().side(), 28);
}
