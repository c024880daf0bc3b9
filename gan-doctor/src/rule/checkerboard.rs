//! Samples carry the grid of the upsampling layers.
//!
//! # What it means
//! Neighboring pixels are made by different numbers of kernel entries, or by different entries
//! only, and the pattern of that is not learned away.
//!
//! # What one sees
//! A fine checkerboard over pictures; in the spectrum, energy at the frequencies of the strides
//! that the data does not have.
//!
//! # Why it happens
//! Transposed convolutions whose kernel is not a multiple of their stride; strided convolutions in
//! the critic, whose gradients have the same pattern.
//!
//! # Told apart from
//! Data with a fine grid of its own has that energy too: the share is compared with the data's.
//! Samples of the first epoch have it in every such network, and lose it. `saturated-output` has
//! hard edges at no regular distance.
//!
//! # Cure
//! Kernels that are multiples of the stride (4 with 2), or resizing before an ordinary convolution;
//! longer training.
//!
//! # Source
//! Odena, Dumoulin & Olah (2016), doi:10.23915/distill.00003; Durall et al. (2020),
//! arXiv:2003.01826. The factors are chosen here.

use super::{Need, Rule};
use crate::series::STRIDE_ENERGY;
use crate::{Case, Certainty, Diagnosis, Marks, Patient, Remedy, Severity, plot};

/// Energy at the strides' frequencies over that of their neighbors: natural pictures have about 1.
const STRONG: f64 = 3.0;
/// And over that of the data.
const ABOVE_REAL: f64 = 2.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct Checkerboard;

impl Rule for Checkerboard {
    fn id(&self) -> &'static str {
        "checkerboard"
    }

    fn source(&self) -> &'static str {
        include_str!("checkerboard.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&STRIDE_ENERGY])] }
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.data.are_images == Some(false)).then_some("the samples are no images")
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let energy = patient.signal(&STRIDE_ENERGY)?;
        let real = patient.of_real(energy.name()).unwrap_or(1.0);
        let threshold = STRONG.max(ABOVE_REAL * real);
        let evidence = energy.last(Need::SPARSE).all_above(threshold)?;
        let since = energy.since(|value| value > threshold);
        let layers = patient.case.generator.upsampling.iter().flatten();
        let uneven = layers.into_iter().find(|layer| layer.is_uneven());
        let cause = match uneven {
            Some(layer) => format!(
                "a kernel of {} with stride {} covers some pixels more often than others",
                layer.kernel, layer.stride
            ),
            None => "the spectrum of samples has the grid of the strides, and the data has not"
                .to_owned(),
        };
        Some(
            Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&energy, Marks { threshold: Some(threshold), since: Some(since) }))
                .cure(
                    Remedy::set("model.kind", "conv")
                        .because("its kernels of 4 are even under strides of 2"),
                )
                .cure(
                    Remedy::set("model.kind", "residual").because("it resizes before it convolves"),
                ),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::Upsampling;
    use crate::examples::{Examples, Run};
    let uneven = |case: &mut crate::Case| {
        case.generator.upsampling = Some(vec![Upsampling { kernel: 3, stride: 2 }]);
    };
    let weave = Run::healthy().sparse(&STRIDE_ENERGY, |_| 5.0).of_real(&STRIDE_ENERGY, 4.0);
    Examples {
        ill: (Run::healthy().case(uneven).sparse(&STRIDE_ENERGY, |_| 9.0), 0),
        healthy: Run::healthy().sparse(&STRIDE_ENERGY, |t| 1.2 + 20.0 * (-20.0 * t).exp()),
        look_alike: (weave, None),
    }
}
