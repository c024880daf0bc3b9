//! What to change: settings of the configuration, or an advice where none helps.

use std::fmt;

use serde::Serialize;

/// A key of the configuration with the value that it should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The key, such as `train.critic.lr`.
    pub key: &'static str,
    /// Its value, as it is typed.
    pub value: String,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.value)
    }
}

/// Whether networks that have been trained can be trained on where these keys of the configuration are
/// set: whether the cure can begin at a checkpoint, and need not begin anew.
///
/// # Example
/// ```
/// assert!(gan_doctor::keep_networks(["train.critic.lr"]));
/// assert!(!gan_doctor::keep_networks(["train.critic.lr", "model.latent"]));
/// ```
pub fn keep_networks<'a>(keys: impl IntoIterator<Item = &'a str>) -> bool {
    let others = ["model.", "data.", "train.packing", "train.constraint", "train.weights"];
    keys.into_iter().all(|key| !others.iter().any(|other| key.starts_with(other)))
}

/// One way to cure a fault.
///
/// # Example
/// ```
/// use gan_doctor::Remedy;
///
/// let remedy = Remedy::set("train.loss", "non-saturating")
///     .and("train.critic.beta_1", "0.5")
///     .because("its gradient does not vanish while the critic is ahead");
/// assert_eq!(remedy.settings[0].to_string(), "train.loss=non-saturating");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What to set, all of it together; empty where no key of the configuration does it.
    pub settings: Vec<Setting>,
    /// Why it should help, or what to do where there is nothing to set.
    pub why: String,
}

impl Remedy {
    /// Sets a key.
    pub fn set(key: &'static str, value: impl Into<String>) -> Self {
        Self::default().and(key, value)
    }

    /// Something that no key does.
    pub fn advise(what: impl Into<String>) -> Self {
        Self { settings: Vec::new(), why: what.into() }
    }

    /// Sets another key with it.
    #[must_use]
    pub fn and(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.settings.push(Setting { key, value: value.into() });
        self
    }

    /// States why.
    #[must_use]
    pub fn because(self, why: impl Into<String>) -> Self {
        Self { why: why.into(), ..self }
    }

    /// The settings as arguments of `gan train`, quoted for a shell.
    pub fn arguments(&self) -> impl Iterator<Item = String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._=/-+".contains(c);
        self.settings.iter().map(move |setting| match setting.to_string() {
            text if text.chars().all(is_plain) => format!("--set {text}"),
            text => format!("--set '{text}'"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_where_a_shell_needs_it() {
        let remedy =
            Remedy::set("train.critic.lr", "5e-5").and("train.penalties", "[{kind=\"r1\"}]");
        let arguments = ["--set train.critic.lr=5e-5", "--set 'train.penalties=[{kind=\"r1\"}]'"];
        assert!(remedy.arguments().eq(arguments));
        assert_eq!(Remedy::advise("look at the data").arguments().count(), 0);
    }
}
