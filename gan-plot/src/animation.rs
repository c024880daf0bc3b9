//! Animated PNG: images one after the other in one file.

use crate::image::{is_colored, levels, render_image};
use crate::raster::Pixels;

/// Longest side of a frame whose image was enlarged, in pixels.
const LONGEST_SIDE: usize = 256;

/// How far images of an animation are enlarged by default: as far as the longer side stays within
/// 256 pixels, and never below the images' own size.
pub fn animation_scale(height: usize, width: usize, chosen: Option<u32>) -> usize {
    let fitting = (LONGEST_SIDE / height.max(width)).max(1);
    chosen.map_or(fitting, |scale| scale as usize)
}

/// An animated PNG that shows `images` in turn and begins again after the last, without end.
///
/// Every image is enlarged by `scale`, nearest neighbor. Values become levels as on a
/// [`Sheet`](crate::Sheet). A program that knows no animated PNG shows the first image.
///
/// # Shapes
/// `images` is `[n, channels, height, width]`, flattened, with at least one image; `shape` is
/// `[channels, height, width]` with 1 or 3 channels and no side of 0.
pub fn animation(
    images: &[f32],
    [channels, height, width]: [usize; 3],
    scale: usize,
    frames_per_second: u16,
) -> Vec<u8> {
    let colored = is_colored(images, channels);
    let frame = |image: &[f32]| {
        let mut pixels = Pixels::filled(width * scale, height * scale, [0; 3]);
        render_image(&mut pixels, image, [height, width], [0, 0], scale);
        if colored { pixels.bytes().to_vec() } else { levels(&pixels) }
    };
    let frames: Vec<Vec<u8>> = images.chunks_exact(channels * height * width).map(frame).collect();
    let color_type = if colored { png::ColorType::Rgb } else { png::ColorType::Grayscale };
    encode(&frames, [width * scale, height * scale], color_type, frames_per_second)
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory cannot fail, and as many frames as overflow 32 bits do not fit there"
)]
fn encode(
    frames: &[Vec<u8>],
    [width, height]: [usize; 2],
    color_type: png::ColorType,
    frames_per_second: u16,
) -> Vec<u8> {
    /// In the format, 0 means an endless loop.
    const WITHOUT_END: u32 = 0;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color_type);
    encoder.set_depth(png::BitDepth::Eight);
    let write = |mut encoder: png::Encoder<'_, &mut Vec<u8>>| {
        encoder.set_animated(frames.len() as u32, WITHOUT_END)?;
        encoder.set_frame_delay(1, frames_per_second)?;
        let mut writer = encoder.write_header()?;
        frames.iter().try_for_each(|frame| writer.write_image_data(frame))?;
        writer.finish()
    };
    write(encoder).expect("frames in memory are a valid PNG");
    file
}

#[cfg(test)]
mod tests {
    use super::{animation, animation_scale};

    /// The frames of an animated PNG and how often they are played.
    fn decode(file: &[u8]) -> (Vec<Vec<u8>>, png::AnimationControl) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let animation = *reader.info().animation_control().unwrap();
        let size = reader.output_buffer_size().unwrap();
        let frame = |_| {
            let mut bytes = vec![0; size];
            reader.next_frame(&mut bytes).unwrap();
            let control = *reader.info().frame_control().unwrap();
            assert_eq!((control.delay_num, control.delay_den), (1, 12));
            bytes
        };
        ((0..animation.num_frames).map(frame).collect(), animation)
    }

    #[test]
    fn every_image_is_a_frame_and_they_are_played_for_ever() {
        let (frames, animation) = decode(&animation(&[-1.0, 0.0, 1.0], [1, 1, 1], 256, 12));
        assert_eq!((animation.num_frames, animation.num_plays), (3, 0));
        for (frame, level) in frames.iter().zip([0, 128, 255]) {
            assert_eq!(frame.len(), 256 * 256);
            assert!(frame.iter().all(|found| *found == level));
        }
    }

    #[test]
    fn color_stays_color_and_a_large_image_its_size() {
        let images = [vec![1.0; 300], vec![-1.0; 600]].concat();
        let (frames, _) =
            decode(&animation(&images, [3, 1, 300], animation_scale(1, 300, None), 12));
        assert_eq!(frames[0], [255, 0, 0].repeat(300));
    }

    #[test]
    fn a_scale_that_is_given_is_kept_to() {
        assert_eq!(animation_scale(32, 64, None), 4);
        assert_eq!(animation_scale(32, 64, Some(9)), 9);
        let (frames, _) = decode(&animation(&[-1.0, 1.0], [1, 1, 2], 2, 12));
        assert_eq!(frames, [[0, 0, 255, 255, 0, 0, 255, 255]]);
    }
}
