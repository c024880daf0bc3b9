//! `samples/step-*.png`: what the same latents become.

/// The step that a picture of the training is of, by the name of its file; none of other pictures.
///
/// # Example
/// ```
/// use gan_run::picture_step;
///
/// assert_eq!(picture_step("step-0000250.png"), Some(250));
/// assert_eq!(picture_step("sample-step250-seed0.png"), None);
/// ```
#[must_use]
pub fn picture_step(file_name: &str) -> Option<u64> {
    let digits = file_name.strip_prefix("step-")?.strip_suffix(".png")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_the_training_have_a_step() {
        assert_eq!(picture_step("step-10.png"), Some(10));
        for other in ["step-1.png.bak", "seed0-step-1.png", "step-.png", "step-+1.png", "step-1"] {
            assert_eq!(picture_step(other), None, "{other}");
        }
    }
}
