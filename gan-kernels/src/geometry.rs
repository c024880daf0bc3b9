//! Convolution geometry: which input pixel meets which output pixel through a kernel.

use crate::contraction::{Term, Terms};

/// Two maps and the kernel between them: a convolution goes from the finer to the coarser map, a
/// transposed one back.
///
/// Pixel `y` of the coarser map meets pixel `y·stride + k − padding` of the finer one through tap
/// `k`, along each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Height and width of the finer map.
    pub fine: [usize; 2],
    /// Height and width of the coarser map.
    pub coarse: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Pixels of the finer map from one pixel of the coarser one to the next.
    pub stride: [usize; 2],
    /// Pixels that the kernel may reach beyond the finer map, on each side.
    pub padding: [usize; 2],
}

/// A tap of the kernel and the pixel that it leads to, along one axis.
type TapIndex = (usize, usize);

impl Geometry {
    /// Pixels of the finer map.
    pub(crate) fn fine_pixels(&self) -> usize {
        self.fine.iter().product()
    }

    /// Pixels of the coarser map.
    pub(crate) fn coarse_pixels(&self) -> usize {
        self.coarse.iter().product()
    }

    /// Taps of the kernel.
    pub(crate) fn taps(&self) -> usize {
        self.kernel.iter().product()
    }

    /// For each pixel of the coarser map its taps and the pixels of the finer map that they reach,
    /// as terms whose parts begin at `tap·weight` and `pixel·input`.
    pub(crate) fn terms_of_coarse(&self, weight: usize, input: usize) -> Terms {
        let along = |axis: usize| self.met_by_coarse(axis);
        self.products(&along(0), &along(1), self.fine[1], weight, input)
    }

    /// For each pixel of the finer map its taps and the pixels of the coarser map.
    pub(crate) fn terms_of_fine(&self, weight: usize, input: usize) -> Terms {
        let along = |axis: usize| self.met_by_fine(axis);
        self.products(&along(0), &along(1), self.coarse[1], weight, input)
    }

    /// For each tap all pixels of the finer map that it reaches, and those of the coarser map that
    /// it reaches them from, as terms that begin at `pixel·fine` and `pixel·coarse`.
    pub(crate) fn terms_of_taps(&self, fine: usize, coarse: usize) -> Terms {
        let met = [self.met_by_coarse(0), self.met_by_coarse(1)];
        let through = |axis: usize, tap: usize| {
            let pixels = met[axis].iter().enumerate();
            pixels.filter_map(move |(pixel, meetings)| {
                let meeting = meetings.iter().find(|(found, _)| *found == tap)?;
                Some((pixel, meeting.1))
            })
        };
        let mut terms = Terms::default();
        for ky in 0..self.kernel[0] {
            for kx in 0..self.kernel[1] {
                terms.push(through(0, ky).flat_map(|(y, fine_y)| {
                    through(1, kx).map(move |(x, fine_x)| Term {
                        weight: (fine_y * self.fine[1] + fine_x) * fine,
                        input: (y * self.coarse[1] + x) * coarse,
                    })
                }));
            }
        }
        terms
    }

    fn products(
        &self,
        rows: &[Vec<TapIndex>],
        columns: &[Vec<TapIndex>],
        width: usize,
        weight: usize,
        input: usize,
    ) -> Terms {
        let mut terms = Terms::default();
        for row in rows {
            for column in columns {
                terms.push(row.iter().flat_map(|&(ky, y)| {
                    column.iter().map(move |&(kx, x)| Term {
                        weight: (ky * self.kernel[1] + kx) * weight,
                        input: (y * width + x) * input,
                    })
                }));
            }
        }
        terms
    }

    /// For each pixel of the coarser map along `axis`: taps and pixels of the finer one.
    pub(crate) fn met_by_coarse(&self, axis: usize) -> Vec<Vec<TapIndex>> {
        let of = |coarse: usize| {
            let reach = move |tap: usize| {
                (coarse * self.stride[axis] + tap).checked_sub(self.padding[axis])
            };
            let taps = (0..self.kernel[axis]).filter_map(move |tap| Some((tap, reach(tap)?)));
            taps.filter(|(_, fine)| *fine < self.fine[axis]).collect()
        };
        (0..self.coarse[axis]).map(of).collect()
    }

    /// For each pixel of the finer map along `axis`: taps and pixels of the coarser one.
    fn met_by_fine(&self, axis: usize) -> Vec<Vec<TapIndex>> {
        let mut met = vec![Vec::new(); self.fine[axis]];
        for (coarse, meetings) in self.met_by_coarse(axis).into_iter().enumerate() {
            for (tap, fine) in meetings {
                met[fine].push((tap, coarse));
            }
        }
        // In the order of the taps, so that sums have one order only.
        met.iter_mut().for_each(|meetings| meetings.sort_unstable());
        met
    }
}
