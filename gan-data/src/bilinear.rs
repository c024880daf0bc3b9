//! Bilinear resizing of one channel of square images.

/// Bilinear resizing from `FROM`×`FROM` to `TO`×`TO` pixels, its weights computed once.
///
/// Output pixel `o` looks at `(o + ½)·FROM/TO − ½` on the input, with coordinates beyond the edge
/// moved onto it: the "half-pixel centers" of TensorFlow, `align_corners=False` of PyTorch. Levels
/// stay on their 0 to 255 scale and are not rounded. There is no smoothing before shrinking.
#[derive(Clone, Debug)]
pub(crate) struct Bilinear<const FROM: usize, const TO: usize> {
    taps: [Tap; TO],
}

/// An output position between two input positions.
#[derive(Clone, Copy, Debug)]
struct Tap {
    near: usize,
    far: usize,
    /// Share of `far`, the rest is `near`'s.
    weight: f32,
}

impl<const FROM: usize, const TO: usize> Bilinear<FROM, TO> {
    pub(crate) fn new() -> Self {
        let tap = |output: usize| {
            let center = (output as f64 + 0.5) * FROM as f64 / TO as f64 - 0.5;
            let center = center.clamp(0.0, (FROM - 1) as f64);
            let near = center as usize;
            Tap { near, far: (near + 1).min(FROM - 1), weight: (center - near as f64) as f32 }
        };
        Self { taps: std::array::from_fn(tap) }
    }

    /// Resize `pixels` and write `finish` of every level to `out`.
    pub(crate) fn write(&self, pixels: &[u8], out: &mut [f32], finish: impl Fn(f32) -> f32) {
        let mut rows = [[0.0; TO]; FROM];
        for (row, pixels) in rows.iter_mut().zip(pixels.as_chunks::<FROM>().0) {
            let levels = pixels.map(f32::from);
            *row = self.taps.map(|tap| tap.mix(levels[tap.near], levels[tap.far]));
        }
        for (tap, out) in self.taps.iter().zip(out.as_chunks_mut::<TO>().0) {
            let (near, far) = (&rows[tap.near], &rows[tap.far]);
            for ((out, &near), &far) in out.iter_mut().zip(near).zip(far) {
                *out = finish(tap.mix(near, far));
            }
        }
    }
}

impl Tap {
    fn mix(self, near: f32, far: f32) -> f32 {
        near + self.weight * (far - near)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, pixel by pixel, in double precision.
    fn plain_loop(pixels: &[u8], from: usize, to: usize) -> Vec<f64> {
        let ratio = from as f64 / to as f64;
        let at = |o: usize| ((o as f64 + 0.5) * ratio - 0.5).max(0.0).min(from as f64 - 1.0);
        let level = |row: usize, column: usize| f64::from(pixels[row * from + column]);
        let mut out = Vec::new();
        for (y, x) in (0..to * to).map(|i| (at(i / to), at(i % to))) {
            let (top, left) = (y.floor() as usize, x.floor() as usize);
            let (bottom, right) = (y.ceil() as usize, x.ceil() as usize);
            let (down, along) = (y.fract(), x.fract());
            out.push(
                (1.0 - down) * (1.0 - along) * level(top, left)
                    + (1.0 - down) * along * level(top, right)
                    + down * (1.0 - along) * level(bottom, left)
                    + down * along * level(bottom, right),
            );
        }
        out
    }

    fn check<const FROM: usize, const TO: usize>(pixels: &[u8]) {
        let mut resized = vec![0.0; TO * TO];
        Bilinear::<FROM, TO>::new().write(&pixels[..FROM * FROM], &mut resized, |level| level);
        for (found, expected) in resized.iter().zip(plain_loop(pixels, FROM, TO)) {
            assert!((f64::from(*found) - expected).abs() < 1e-4, "{FROM} to {TO}");
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_plain_loop(pixels in prop::collection::vec(any::<u8>(), 28 * 28)) {
            check::<28, 32>(&pixels);
            check::<28, 64>(&pixels);
            check::<28, 14>(&pixels);
            check::<28, 28>(&pixels);
            check::<5, 8>(&pixels);
            check::<1, 3>(&pixels);
        }
    }

    #[test]
    fn a_flat_image_stays_flat_to_the_last_bit() {
        for level in [0, 1, 77, 255] {
            let mut resized = [0.0; 32 * 32];
            Bilinear::<28, 32>::new().write(&[level; 28 * 28], &mut resized, |level| level);
            assert_eq!(resized, [f32::from(level); 32 * 32]);
        }
    }
}
