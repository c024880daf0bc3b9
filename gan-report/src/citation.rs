//! The source of a recipe as BibTeX.

use crate::run::Manifest;

/// An entry for the recipe's source, if the manifest has one.
pub(crate) fn bibtex(manifest: &Manifest) -> Option<String> {
    let (citation, title) = (manifest.text("/source/citation")?, manifest.text("/source/title")?);
    let (names, year) = match citation.rsplit_once(" (") {
        Some((names, year)) => (names.to_owned(), year.trim_end_matches(')').to_owned()),
        None => (citation, String::new()),
    };
    let authors = names.replace(" & ", ", ").replace(" et al.", ", others");
    let authors: Vec<&str> =
        authors.split(", ").map(str::trim).filter(|name| !name.is_empty()).collect();
    let of_key = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
    };
    let first = authors.first().map_or_else(String::new, |name| of_key(name));
    let word = of_key(title.split_whitespace().next().unwrap_or_default());
    let mut fields =
        vec![("author", authors.join(" and ")), ("title", format!("{{{title}}}")), ("year", year)];
    if let Some(locator) = manifest.text("/source/locator") {
        match (locator.strip_prefix("arXiv:"), locator.strip_prefix("doi:")) {
            (Some(id), _) => {
                fields.extend([("eprint", id.to_owned()), ("archiveprefix", "arXiv".to_owned())]);
            }
            (_, Some(doi)) => fields.push(("doi", doi.to_owned())),
            _ => fields.push(("note", locator)),
        }
    }
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let lines: Vec<String> =
        fields.map(|(name, value)| format!("  {name:<13} = {{{value}}},")).collect();
    let year = lines.iter().find(|line| line.starts_with("  year"));
    let year: String =
        year.map(|line| line.chars().filter(char::is_ascii_digit).collect()).unwrap_or_default();
    Some(format!("@misc{{{first}{year}{word},\n{}\n}}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_becomes_an_entry() {
        let of = |citation: &str, locator: &str| {
            let json = format!(
                r#"{{"source":{{"citation":"{citation}","title":"A & B","locator":"{locator}"}}}}"#
            );
            bibtex(&Manifest::read(json.as_bytes()).unwrap()).unwrap()
        };
        let entry = of("Radford, Metz & Chintala (2016)", "arXiv:1511.06434");
        assert!(entry.starts_with("@misc{radford2016a,\n"), "{entry}");
        assert!(entry.contains("author        = {Radford and Metz and Chintala},"));
        assert!(entry.contains("eprint        = {1511.06434},"));
        let entry = of("Goodfellow et al. (2014)", "doi:10/x");
        assert!(entry.contains("{Goodfellow and others},") && entry.contains("doi "));
        assert_eq!(bibtex(&Manifest::default()), None);
    }
}
