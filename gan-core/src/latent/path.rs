//! Latent interpolation: paths from one latent to another.

use crate::latent::LatentPrior;

/// The curve along which one latent becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatentPath {
    /// The straight line. Between normal latents it leads through points far shorter than any the
    /// generator was trained on.
    Linear,
    /// The arc about the origin, whose points are as long as latents are.
    Spherical,
}

impl LatentPath {
    /// The path whose points are as likely under `prior` as its ends are: straight for the uniform
    /// prior, whose cube is convex, and an arc for those whose latents are close to a sphere.
    pub fn within(prior: LatentPrior) -> Self {
        match prior {
            LatentPrior::Uniform => Self::Linear,
            _ => Self::Spherical,
        }
    }

    /// A closed walk through `stops`, the last leg back to the first: of every leg the first `taken` of
    /// the latents that divide it into `parts` equal parts.
    pub fn walk(self, stops: &[Vec<f32>], taken: usize, parts: usize) -> Vec<Vec<f32>> {
        let legs = stops.iter().zip(stops.iter().cycle().skip(1));
        let leg = |(from, to): (&Vec<f32>, &Vec<f32>)| -> Vec<Vec<f32>> {
            let point = |idx: usize| self.point(from, to, idx as f64 / parts as f64);
            (0..taken).map(point).collect()
        };
        legs.flat_map(leg).collect()
    }

    /// The point after the share `t` of the way `from` one latent `to` another of its length.
    ///
    /// Linear: `(1 − t)·a + t·b`. Spherical: `sin((1 − t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b`, where
    /// `Ω` is the angle between them.
    ///
    /// # Numerics
    /// Where the angle has no arc (parallel or opposite latents, or one of zeros) the path is
    /// linear.
    ///
    /// # Source
    /// Shoemake (1985), doi:10.1145/325334.325242; White (2016), arXiv:1609.04468, §2.1.
    pub fn point(self, from: &[f32], to: &[f32], t: f64) -> Vec<f32> {
        let arc = match self {
            Self::Linear => None,
            Self::Spherical => angle(from, to).filter(|angle| angle.sin() > 1e-6),
        };
        let (of_from, of_to) = match arc {
            None => (1.0 - t, t),
            Some(angle) => {
                (((1.0 - t) * angle).sin() / angle.sin(), (t * angle).sin() / angle.sin())
            }
        };
        let mix = |(a, b): (&f32, &f32)| (of_from * f64::from(*a) + of_to * f64::from(*b)) as f32;
        from.iter().zip(to).map(mix).collect()
    }
}

/// In radians; `None` if one of the vectors is zero.
fn angle(a: &[f32], b: &[f32]) -> Option<f64> {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
    };
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    (lengths > 0.0).then(|| (dot(a, b) / lengths).clamp(-1.0, 1.0).acos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(point: &[f32]) -> f32 {
        point.iter().map(|x| x * x).sum::<f32>().sqrt()
    }

    #[test]
    fn both_paths_lead_from_one_end_to_the_other() {
        let (from, to) = ([0.3, -1.2, 0.7], [1.1, 0.4, -0.2]);
        for path in [LatentPath::Linear, LatentPath::Spherical] {
            for (t, end) in [(0.0, from), (1.0, to)] {
                let point = path.point(&from, &to, t);
                assert!(point.iter().zip(end).all(|(x, y)| (x - y).abs() < 1e-6), "{point:?}");
            }
        }
    }

    #[test]
    fn an_arc_keeps_the_length_that_a_line_loses() {
        let (from, to) = ([3.0, 0.0], [0.0, 3.0]);
        let half = 1.5 * 2.0_f32.sqrt();
        let (line, arc) = (LatentPath::Linear, LatentPath::Spherical);
        assert!((length(&line.point(&from, &to, 0.5)) - half).abs() < 1e-6);
        for t in [0.1, 0.5, 0.8] {
            assert!((length(&arc.point(&from, &to, t)) - 3.0).abs() < 1e-6);
        }
        let third = arc.point(&from, &to, 1.0 / 3.0);
        assert!((third[0] - 3.0 * 30.0_f32.to_radians().cos()).abs() < 1e-6, "{third:?}");
    }

    #[test]
    fn latents_without_an_arc_are_joined_by_a_line() {
        for (from, to) in
            [([1.0, 0.0], [2.0, 0.0]), ([1.0, 0.0], [-1.0, 0.0]), ([0.0; 2], [1.0; 2])]
        {
            let (line, arc) = (LatentPath::Linear, LatentPath::Spherical);
            assert_eq!(arc.point(&from, &to, 0.25), line.point(&from, &to, 0.25));
        }
    }

    #[test]
    fn the_uniform_prior_is_crossed_in_straight_lines_and_the_normal_in_arcs() {
        assert_eq!(LatentPath::within(LatentPrior::Uniform), LatentPath::Linear);
        assert_eq!(LatentPath::within(LatentPrior::Normal), LatentPath::Spherical);
    }
}
