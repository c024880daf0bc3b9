//! The manual: each rule's page is the documentation of its module.

/// What every page has, in this order.
pub const HEADINGS: [&str; 6] =
    ["What it means", "What one sees", "Why it happens", "Told apart from", "Cure", "Source"];

/// A page of the manual: a title line, then a section for each of the [`HEADINGS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    text: String,
}

impl Page {
    /// The module documentation of a Rust file: its leading `//!` lines.
    #[must_use]
    pub fn of_source(source: &str) -> Self {
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
        Self { text: lines.collect::<Vec<_>>().join("\n") }
    }

    /// All of it, as Markdown.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the fault is, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        self.text.lines().next().unwrap_or("")
    }

    /// The text below a heading, if there is one.
    #[must_use]
    pub fn section(&self, heading: &str) -> Option<&str> {
        let marked = format!("# {heading}\n");
        let (_, after) = self.text.split_once(&marked)?;
        let end = after.find("\n# ").unwrap_or(after.len());
        Some(after[..end].trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_the_code_begins() {
        let page = Page::of_source(
            "//! Title.\n//!\n//! # Cure\n//! Rest.\n//!\n//! # Source\n//! Me.\nuse x;\n//! no",
        );
        assert_eq!(page.title(), "Title.");
        assert_eq!(page.section("Cure"), Some("Rest."));
        assert_eq!(page.section("Source"), Some("Me."));
        assert_eq!(page.section("What it means"), None);
    }
}
