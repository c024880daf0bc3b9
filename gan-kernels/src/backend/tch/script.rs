//! The backward passes that libtorch has, but that the `tch` crate does not bind: they take an array
//! of three `bool`s, which its generator skips.
//!
//! They are reached through TorchScript. The script is `gradients.py`, in the dialect in which
//! libtorch stores modules; it is packed and loaded once, at the first backward pass.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use tch::{CModule, IValue, Tensor};
use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::Convolution;

/// What a stored module consists of.
const FILES: [(&str, &[u8]); 4] = [
    // An object of the class without parameters, pickled.
    ("data.pkl", b"\x80\x02c__torch__\nGradients\n)\x81}X\x08\x00\x00\x00training\x89sb."),
    ("code/__torch__.py", include_bytes!("gradients.py")),
    // The empty tuple, pickled.
    ("constants.pkl", b"\x80\x02)."),
    ("version", b"3\n"),
];

/// The archive that libtorch loads the module from.
fn packed() -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in FILES {
        archive.start_file(format!("gradients/{name}"), stored)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn module() -> &'static CModule {
    static MODULE: OnceLock<CModule> = OnceLock::new();
    MODULE.get_or_init(|| {
        let packed = packed()
            .unwrap_or_else(|error| panic!("the script of gradients must be packed: {error}"));
        CModule::load_data(&mut &packed[..])
            .unwrap_or_else(|error| panic!("libtorch must load the script of gradients: {error}"))
    })
}

/// The three results of a function of the script. Those that were not requested are undefined.
fn call(function: &str, arguments: &[IValue]) -> [Tensor; 3] {
    let made = module().method_is(function, arguments);
    let made = made.unwrap_or_else(|error| panic!("libtorch's gradients of {function}: {error}"));
    match <(Tensor, Tensor, Tensor)>::try_from(made) {
        Ok((first, second, third)) => [first, second, third],
        Err(error) => panic!("{function} in the script of gradients: {error}"),
    }
}

fn tensor(tensor: &Tensor) -> IValue {
    IValue::Tensor(tensor.shallow_clone())
}

/// The gradients of the input, the weight and the bias of a convolution, as far as wanted.
pub(super) fn convolution(
    gradient: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    convolution: &Convolution,
    wanted: [bool; 3],
) -> [Tensor; 3] {
    let &Convolution { stride, padding, transposed, output_padding, groups } = convolution;
    let arguments = [
        tensor(gradient),
        tensor(x),
        tensor(weight),
        IValue::IntList(stride.to_vec()),
        IValue::IntList(padding.to_vec()),
        IValue::Bool(transposed),
        IValue::IntList(output_padding.to_vec()),
        IValue::Int(groups),
        IValue::BoolList(wanted.to_vec()),
    ];
    call("convolution", &arguments)
}

/// The gradients of `x`, `γ` and `β`; `rate` is one over the deviation.
pub(super) fn batch_norm(
    gradient: &Tensor,
    [x, gamma]: [&Tensor; 2],
    [mean, rate]: [&Tensor; 2],
    epsilon: f32,
) -> [Tensor; 3] {
    let [gradient, x, gamma, mean, rate] = [gradient, x, gamma, mean, rate].map(tensor);
    let epsilon = IValue::Double(f64::from(epsilon));
    call("batch_norm", &[gradient, x, gamma, mean, rate, epsilon])
}

/// The gradients of `x`, `γ` and `β`; `rate` is one over the deviation, `sizes` are samples, channels
/// and pixels.
pub(super) fn group_norm(
    gradient: &Tensor,
    [x, gamma]: [&Tensor; 2],
    [mean, rate]: [&Tensor; 2],
    sizes: [i64; 3],
    groups: i64,
) -> [Tensor; 3] {
    let [gradient, x, gamma, mean, rate] = [gradient, x, gamma, mean, rate].map(tensor);
    let [batch, channels, pixels] = sizes.map(IValue::Int);
    let groups = IValue::Int(groups);
    call("group_norm", &[gradient, x, gamma, mean, rate, batch, channels, pixels, groups])
}
