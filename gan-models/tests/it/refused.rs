//! Sizes that cannot be built are refused, with the key and what was found.

use burn::tensor::Device;
use gan_models::{
    ConvolutionalConfig, DcganConfig, MlpConfig, ModelError, Networks, ResidualConfig,
};

fn complaint<G, C>(built: Result<Networks<G, C>, ModelError>) -> String {
    built.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn shapes_that_cannot_be_made_are_refused_with_both_named() {
    let device = Device::flex();
    assert_eq!(
        complaint(DcganConfig::default().init(&[1, 28, 28], 1, &device)),
        "the dcgan architecture makes square images with a side of 32, found [1, 28, 28]: \
         --set data.size=32"
    );
    let sides = "16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224 or 256";
    let flat = "for other samples take a fully connected recipe such as gan";
    for (shape, remedy) in [
        (&[1, 30, 30][..], "--set data.size=28 or 32"),
        (&[3, 100, 100], "--set data.size=96 or 112"),
        (&[3, 512, 512], "--set data.size=256"),
        (&[1, 8, 8], "--set data.size=16"),
        (&[1, 28, 32], "--set data.size=28"),
        (&[3, 50, 300], "--set data.size=48 or 56"),
        (&[2], flat),
        (&[32, 32], flat),
    ] {
        let expected = |architecture: &str| {
            format!(
                "the {architecture} architecture makes square images with a side of {sides}, \
                 found {shape:?}: {remedy}"
            )
        };
        let built = ConvolutionalConfig::default().init(shape, 1, &device);
        assert_eq!(complaint(built), expected("conv"));
        let built = ResidualConfig::default().init(shape, 1, &device);
        assert_eq!(complaint(built), expected("residual"));
    }
    assert_eq!(
        complaint(MlpConfig::default().init(&[28, 28], 1, &device)),
        "the mlp architecture makes samples of shape [coordinates] or [channels, height, width], \
         found [28, 28]"
    );
}

#[test]
fn empty_layers_are_refused_by_key() {
    let device = Device::flex();
    let depth = MlpConfig { depth: 0, ..Default::default() }.init(&[2], 1, &device);
    assert_eq!(complaint(depth), "`model.depth` must be at least 1, found 0");
    let packing = DcganConfig::default().init(&[1, 32, 32], 0, &device);
    assert_eq!(complaint(packing), "`train.packing` must be at least 1, found 0");
    let blocks = ResidualConfig { blocks: 0, ..Default::default() };
    assert_eq!(
        complaint(blocks.init(&[1, 32, 32], 1, &device)),
        "`model.blocks` must be at least 1, found 0"
    );
    let width = ResidualConfig { critic_width: 24, ..Default::default() };
    assert_eq!(
        complaint(width.init(&[1, 32, 32], 1, &device)),
        "`model.critic_width` must be below 16 or a multiple of it, found 24"
    );
}
