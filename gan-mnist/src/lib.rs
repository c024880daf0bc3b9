#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// One of the authors' IDX files, compressed with Zstandard.
#[derive(Clone, Copy, Debug)]
pub struct MnistFile {
    /// The authors' name of the file.
    pub name: &'static str,
    /// One Zstandard frame.
    pub compressed: &'static [u8],
    /// Bytes when unpacked.
    pub n_bytes: usize,
    /// SHA-256 of the unpacked file, in hexadecimal.
    pub sha256: &'static str,
}

/// 60,000 images of 28×28 levels.
pub const TRAIN_IMAGES: MnistFile = MnistFile {
    name: "train-images-idx3-ubyte",
    compressed: include_bytes!("../files/train-images-idx3-ubyte.zst"),
    n_bytes: 47_040_016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};

/// The labels of the training images, 0 to 9.
pub const TRAIN_LABELS: MnistFile = MnistFile {
    name: "train-labels-idx1-ubyte",
    compressed: include_bytes!("../files/train-labels-idx1-ubyte.zst"),
    n_bytes: 60_008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};

/// 10,000 images of 28×28 levels.
pub const TEST_IMAGES: MnistFile = MnistFile {
    name: "t10k-images-idx3-ubyte",
    compressed: include_bytes!("../files/t10k-images-idx3-ubyte.zst"),
    n_bytes: 7_840_016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};

/// The labels of the test images, 0 to 9.
pub const TEST_LABELS: MnistFile = MnistFile {
    name: "t10k-labels-idx1-ubyte",
    compressed: include_bytes!("../files/t10k-labels-idx1-ubyte.zst"),
    n_bytes: 10_008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};
