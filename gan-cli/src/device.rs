//! The backends compiled into this program, and the device that a run is played on.

use std::env;

use anyhow::{Context as _, bail, ensure};
use burn::tensor::Device;

use crate::threads;

/// Every backend that could be compiled in, by the feature that does it.
pub(crate) const BACKENDS: [&str; 5] = ["flex", "ndarray", "tch", "cuda", "wgpu"];

/// The backends compiled in, the default first.
pub(crate) fn compiled() -> Vec<&'static str> {
    let compiled_in = |name: &&str| match *name {
        "flex" => cfg!(feature = "flex"),
        "ndarray" => cfg!(feature = "ndarray"),
        "tch" => cfg!(feature = "tch"),
        "cuda" => cfg!(feature = "cuda"),
        _ => cfg!(feature = "wgpu"),
    };
    let mut compiled: Vec<_> = BACKENDS.into_iter().filter(compiled_in).collect();
    // A build that adds an accelerator uses it by default.
    compiled.sort_by_key(|name| !matches!(*name, "cuda" | "wgpu"));
    compiled
}

/// The variable that names Burn's default device, and so this program's where no argument does.
const VARIABLE: &str = "BURN_DEVICE";
/// Threads that backends other than Flex may start for themselves: they panic where there are none.
const THREADS_OF_BACKENDS: usize = 16;

/// A device and the name it goes by.
#[derive(Clone, Debug)]
pub(crate) struct NamedDevice {
    /// `NAME` or `NAME:INDEX`.
    pub(crate) name: String,
    /// The device itself.
    pub(crate) device: Device,
}

/// The device called `NAME[:INDEX]`, or the one that [`VARIABLE`] names, or the default one.
pub(crate) fn open(name: Option<&str>) -> anyhow::Result<NamedDevice> {
    if let (None, Ok(name)) = (name, env::var(VARIABLE)) {
        return called(&name).with_context(|| format!("the variable {VARIABLE}"));
    }
    let Some(name) = name.or(compiled().first().copied()) else {
        bail!("no backend is compiled in; build with --features flex");
    };
    called(name)
}

/// The device of a name that a user may have typed.
fn called(typed: &str) -> anyhow::Result<NamedDevice> {
    let compiled = compiled();
    let name = &by_common_name(typed, &compiled);
    let (backend, index) = match name.split_once(':') {
        Some((backend, index)) => {
            let index = index.parse::<usize>();
            let index = index.with_context(|| format!("expected NAME:INDEX, found `{name}`"))?;
            (backend, index)
        }
        None => (name.as_str(), 0),
    };
    if !BACKENDS.contains(&backend) {
        bail!("no device is called `{backend}`; there are: {}", BACKENDS.join(", "));
    }
    let Some(device) = device(backend, index)? else {
        bail!(
            "the device `{backend}` is not compiled into this program, which has: {}; \
             build with --features {backend}",
            compiled.join(", ")
        );
    };
    ensure!(
        backend == "flex" || threads::are_given(THREADS_OF_BACKENDS),
        "cannot start a thread: the device `{backend}` may need {THREADS_OF_BACKENDS} of its own; \
         raise this user's limit (`ulimit -u`), or choose --device flex"
    );
    settle_default(backend, &device)?;
    if name != typed {
        crate::streams::say(&format!("note: the device `{typed}` is `{name}`"));
    }
    Ok(NamedDevice { name: name.clone(), device })
}

/// The name of a backend for what users call it: `cpu`, `gpu`, `CUDA`.
fn by_common_name(name: &str, compiled: &[&str]) -> String {
    let plain = name.to_lowercase();
    let (backend, index) = match plain.split_once(':') {
        Some((backend, index)) => (backend, format!(":{index}")),
        None => (plain.as_str(), String::new()),
    };
    let first = |candidates: &[&'static str]| {
        let there = candidates.iter().find(|name| compiled.contains(name));
        there.or(candidates.first()).copied().unwrap_or("flex")
    };
    match backend {
        // Of processors there is one.
        "cpu" if matches!(index.as_str(), "" | ":0") => {
            first(&["flex", "ndarray", "tch"]).to_owned()
        }
        "gpu" => first(&["cuda", "wgpu"]).to_owned() + &index,
        known if BACKENDS.contains(&known) => known.to_owned() + &index,
        _ => name.to_owned(),
    }
}

/// The device itself, if its backend is compiled in.
#[allow(
    deprecated,
    unused_variables,
    reason = "burn deprecates ndarray and tch, this is their one place; an index needs its backend"
)]
fn device(backend: &str, index: usize) -> anyhow::Result<Option<Device>> {
    if index > 0 && !matches!(backend, "cuda" | "wgpu") {
        bail!("the device `{backend}` has no index, found `{backend}:{index}`");
    }
    Ok(match backend {
        #[cfg(feature = "flex")]
        "flex" => Some(Device::flex()),
        #[cfg(feature = "ndarray")]
        "ndarray" => Some(Device::ndarray()),
        #[cfg(feature = "tch")]
        "tch" => Some(Device::libtorch()),
        #[cfg(feature = "cuda")]
        "cuda" => Some(Device::cuda(index)),
        #[cfg(feature = "wgpu")]
        "wgpu" if index == 0 => Some(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "wgpu")]
        "wgpu" => Some(Device::wgpu(burn::tensor::DeviceKind::DiscreteGpu(index))),
        _ => None,
    })
}

/// Make Burn's own default device the chosen one.
///
/// Burn loads optimizer states onto its default device, which the compiled features decide: a
/// program built with `cuda` would look for a GPU even when asked for `flex`. The only way to
/// change this is [`VARIABLE`], and a program cannot safely change its own environment; so where
/// the default is another one, it starts itself once more.
fn settle_default(backend: &str, device: &Device) -> anyhow::Result<()> {
    let is_settled = match env::var(VARIABLE) {
        Ok(set) => set == backend,
        Err(_) => Device::default() == *device,
    };
    if is_settled {
        return Ok(());
    }
    let program = env::current_exe().context("cannot find this program's own file")?;
    let mut again = std::process::Command::new(program);
    again.args(env::args_os().skip(1)).env(VARIABLE, backend);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(again.exec()).context("cannot start this program once more")
    }
    #[cfg(not(unix))]
    {
        let status = again.status().context("cannot start this program once more")?;
        std::process::exit(status.code().unwrap_or(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_devices_and_indices_are_refused_with_what_there_is() {
        let message = |name| format!("{:#}", open(Some(name)).unwrap_err());
        assert!(message("tpu").starts_with("no device is called `tpu`; there are: flex, ndarray"));
        assert!(message("cuda:one").starts_with("expected NAME:INDEX, found `cuda:one`"));
        assert_eq!(message("flex:1"), "the device `flex` has no index, found `flex:1`");
    }

    #[test]
    fn common_names_of_devices_are_understood() {
        let name = |typed| by_common_name(typed, &["cuda", "flex"]);
        assert_eq!(["cpu", "CPU:0", "gpu", "gpu:1"].map(name), ["flex", "flex", "cuda", "cuda:1"]);
        assert_eq!(["CUDA", "flex", "tpu"].map(name), ["cuda", "flex", "tpu"]);
        assert_eq!(by_common_name("gpu", &["flex"]), "cuda");
    }

    #[test]
    fn a_backend_that_is_not_compiled_in_is_told_its_feature() {
        for backend in BACKENDS.into_iter().filter(|backend| !compiled().contains(backend)) {
            let message = open(Some(backend)).unwrap_err().to_string();
            assert!(message.ends_with(&format!("build with --features {backend}")), "{message}");
        }
    }
}
