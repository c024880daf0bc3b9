//! What the processor says of itself.

use std::sync::OnceLock;

/// Who made the processor, as far as kernels make a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    /// Intel.
    Intel,
    /// AMD, and Hygon with the same cores.
    Amd,
    /// Anyone else, and every processor that does not say.
    Other,
}

impl Vendor {
    /// That of this processor.
    pub(crate) fn here() -> Self {
        static HERE: OnceLock<Vendor> = OnceLock::new();
        *HERE.get_or_init(|| Self::of(&name()))
    }

    fn of(name: &[u8; 12]) -> Self {
        match name {
            b"GenuineIntel" => Self::Intel,
            b"AuthenticAMD" | b"HygonGenuine" => Self::Amd,
            _ => Self::Other,
        }
    }
}

/// The vendor's name by CPUID; zeros on a processor without that instruction.
fn name() -> [u8; 12] {
    #[cfg(target_arch = "x86_64")]
    {
        let leaf = std::arch::x86_64::__cpuid(0);
        let mut name = [0; 12];
        for (part, register) in name.chunks_exact_mut(4).zip([leaf.ebx, leaf.edx, leaf.ecx]) {
            part.copy_from_slice(&register.to_le_bytes());
        }
        name
    }
    #[cfg(not(target_arch = "x86_64"))]
    [0; 12]
}

/// Whether bfloat16 may be multiplied in tiles (AMX): the processor has them, the system saves their
/// registers, and it permits them to this process, which is asked for here.
///
/// What the processor claims is not enough: a system that does not know tiles ends a program that uses them.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
pub(crate) fn has_tiles() -> bool {
    static HERE: OnceLock<bool> = OnceLock::new();
    *HERE.get_or_init(|| {
        is_x86_feature_detected!("avx512f") && claims_tiles() && saves_tiles() && permits_tiles()
    })
}

/// Nowhere else have they been tested.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")))]
pub(crate) fn has_tiles() -> bool {
    false
}

/// CPUID: tiles, and their products of bfloat16.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
fn claims_tiles() -> bool {
    use std::arch::x86_64::{__cpuid, __cpuid_count};

    const TILES: u32 = 1 << 24;
    const BF16: u32 = 1 << 22;
    __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & (TILES | BF16) == TILES | BF16
}

/// XCR0: the system has enabled the two parts of the tiles' state.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
fn saves_tiles() -> bool {
    const CONFIGURATION_AND_DATA: u64 = 1 << 17 | 1 << 18;

    #[target_feature(enable = "xsave")]
    fn enabled() -> u64 {
        // SAFETY: register 0 is there wherever the instruction is.
        unsafe { std::arch::x86_64::_xgetbv(0) }
    }
    // SAFETY: the system has enabled the instruction, which is what is detected.
    let enabled = is_x86_feature_detected!("xsave").then(|| unsafe { enabled() });
    enabled.is_some_and(|enabled| enabled & CONFIGURATION_AND_DATA == CONFIGURATION_AND_DATA)
}

/// Linux gives the registers to processes that ask for them.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
fn permits_tiles() -> bool {
    /// `ARCH_REQ_XCOMP_PERM`.
    const REQUEST: libc::c_long = 0x1023;
    /// `XFEATURE_XTILEDATA`.
    const DATA: libc::c_long = 18;
    // SAFETY: changes nothing but what this process may use.
    unsafe { libc::syscall(libc::SYS_arch_prctl, REQUEST, DATA) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_known_by_the_name_that_the_processor_says() {
        assert_eq!(Vendor::of(b"GenuineIntel"), Vendor::Intel);
        assert_eq!(Vendor::of(b"AuthenticAMD"), Vendor::Amd);
        assert_eq!(Vendor::of(b"HygonGenuine"), Vendor::Amd);
        assert_eq!(Vendor::of(&[0; 12]), Vendor::Other);
        assert_eq!(Vendor::here(), Vendor::of(&name()));
    }
}
