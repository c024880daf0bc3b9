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
        "the dcgan architecture makes samples of shape [channels, 32, 32], found [1, 28, 28]"
    );
    let sizes = "[channels, side, side] with a side of 28, 32 or 64";
    for shape in [&[1, 48, 48][..], &[1, 28, 32], &[0, 32, 32], &[2]] {
        assert_eq!(
            complaint(ConvolutionalConfig::default().init(shape, 1, &device)),
            format!("the conv architecture makes samples of shape {sizes}, found {shape:?}")
        );
        assert_eq!(
            complaint(ResidualConfig::default().init(shape, 1, &device)),
            format!("the residual architecture makes samples of shape {sizes}, found {shape:?}")
        );
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
