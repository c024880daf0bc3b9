//! What every message of this crate has in common.

use std::error::Error;
use std::io;

use gan_data::{DataError, IdxError, ImageFolderError, MnistSize, ShippedError};

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

#[test]
fn an_error_of_one_format_keeps_its_message_and_its_source() {
    let source = io::Error::other("cut off");
    let error = DataError::from(ShippedError::Unpack { name: "labels", source });
    assert_eq!(error.to_string(), "cannot unpack the shipped labels");
    let chain = std::iter::successors(error.source(), |&cause| cause.source());
    assert_eq!(chain.map(ToString::to_string).collect::<Vec<_>>(), ["cut off"]);

    let error = DataError::from(IdxError::Label { path: "labels".into(), index: 1, found: 26 });
    assert_eq!(error.to_string(), "label 1 of labels is 26, expected 0 to 9");
    assert!(error.source().is_none());

    let error = DataError::from(ImageFolderError::ClassTwice { found: "cats".into() });
    assert_eq!(error.to_string(), "data.classes names \"cats\" twice, expected each class once");
    assert!(error.source().is_none());
}
