//! The few SVG elements that a chart is made of.

use std::fmt::{Display, Write};

/// Fonts that exist nearly everywhere, most specific first.
const FONTS: &str = "Helvetica, Arial, 'DejaVu Sans', sans-serif";

/// Which side of its position a text is on.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    /// The text starts there.
    Start,
    /// The text is centered there.
    Middle,
    /// The text ends there.
    End,
}

/// The look of a line.
#[derive(Clone, Copy)]
pub(crate) struct Stroke {
    color: &'static str,
    width: f64,
    opacity: f64,
}

/// The look of a text.
#[derive(Clone, Copy)]
pub(crate) struct Lettering {
    size: usize,
    weight: usize,
    color: &'static str,
    anchor: Anchor,
}

impl Stroke {
    /// In a CSS color, a width in pixels and an opacity from 0 to 1.
    pub(crate) fn new(color: &'static str, width: f64, opacity: f64) -> Self {
        Self { color, width, opacity }
    }
}

impl Lettering {
    /// Of a size in pixels and a CSS color.
    pub(crate) fn regular(size: usize, color: &'static str, anchor: Anchor) -> Self {
        Self { size, weight: 400, color, anchor }
    }

    /// The same in bold.
    pub(crate) fn bold(self) -> Self {
        Self { weight: 600, ..self }
    }
}

/// An SVG document under construction, painted in the order of the calls.
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    /// A white page of this size in pixels; `title` names it for screen readers.
    pub(crate) fn page(width: f64, height: f64, title: &str) -> Self {
        let mut svg = Self { text: String::new() };
        svg.line(&format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\">"
        ));
        svg.line(&format_args!("<title>{}</title>", escaped(title)));
        svg.line(&"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg
    }

    /// A straight line.
    pub(crate) fn segment(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.path(&[vec![from, to]], stroke);
    }

    /// Lines through the points of each run; a run of a single point is a dot.
    pub(crate) fn path(&mut self, runs: &[Vec<(f64, f64)>], stroke: Stroke) {
        let Stroke { color, width, opacity } = stroke;
        let (dots, lines): (Vec<_>, Vec<_>) = runs.iter().partition(|run| run.len() == 1);
        let mut data = String::new();
        for (idx, (x, y)) in lines.into_iter().flat_map(|run| run.iter().enumerate()) {
            let command = if idx == 0 { 'M' } else { 'L' };
            data.push_str(&format!("{command}{x:.1} {y:.1}"));
        }
        if !data.is_empty() {
            self.line(&format_args!(
                "<path d=\"{data}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" \
                 stroke-opacity=\"{opacity}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
            ));
        }
        for (x, y) in dots.into_iter().flatten() {
            let radius = 1.6 * width;
            self.line(&format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{color}\" \
                 fill-opacity=\"{opacity}\"/>"
            ));
        }
    }

    /// Areas within outlines, without a border.
    pub(crate) fn area(&mut self, outlines: &[Vec<(f64, f64)>], color: &str, opacity: f64) {
        let mut data = String::new();
        for outline in outlines {
            for (idx, (x, y)) in outline.iter().enumerate() {
                let command = if idx == 0 { 'M' } else { 'L' };
                data.push_str(&format!("{command}{x:.1} {y:.1}"));
            }
            data.push('Z');
        }
        if !data.is_empty() {
            self.line(&format_args!(
                "<path d=\"{data}\" fill=\"{color}\" fill-opacity=\"{opacity}\"/>"
            ));
        }
    }

    /// A line of text on a baseline.
    pub(crate) fn text(&mut self, text: &str, position: (f64, f64), lettering: Lettering) {
        let Lettering { size, weight, color, anchor } = lettering;
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.line(&format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             fill=\"{color}\" text-anchor=\"{anchor}\">{}</text>",
            position.0,
            position.1,
            escaped(text)
        ));
    }

    /// The finished document.
    pub(crate) fn finish(mut self) -> String {
        self.line(&"</svg>");
        self.text
    }

    fn line(&mut self, element: &dyn Display) {
        // Formatting into a `String` has no way to fail.
        let _ = writeln!(self.text, "{element}");
    }
}

/// Finished documents of one size below each other, as one document.
pub(crate) fn stacked(pages: &[String], width: f64, height: f64) -> String {
    let mut all = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{}\">\n",
        height * pages.len() as f64
    );
    for (idx, page) in pages.iter().enumerate() {
        let down = format!("<svg y=\"{}\" ", height * idx as f64);
        all.push_str(&page.replacen("<svg ", &down, 1));
    }
    all + "</svg>\n"
}

/// `text` as XML character data, without the control characters that XML forbids.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => safe.push(' '),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacked_pages_keep_what_is_on_them() {
        let page = || Svg::page(10.0, 20.0, "a page").finish();
        let text = stacked(&[page(), page()], 10.0, 20.0);
        let document = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(document.root_element().attribute("height"), Some("40"));
        let inner: Vec<_> = document.root_element().children().filter(|n| n.is_element()).collect();
        assert_eq!(
            inner.iter().map(|n| n.attribute("y").unwrap()).collect::<Vec<_>>(),
            ["0", "20"]
        );
        assert_eq!(text.matches("a page").count(), 2);
    }

    #[test]
    fn any_text_survives_the_way_through_xml() {
        let mut svg = Svg::page(10.0, 10.0, "a<b> & \u{1}\"c\"");
        let lettering = Lettering::regular(12, "black", Anchor::Middle);
        svg.text("D(G(z)) < 1 & é", (1.0, 2.0), lettering);
        let text = svg.finish();
        let document = roxmltree::Document::parse(&text).unwrap();
        let texts: Vec<_> = document
            .descendants()
            .filter(|node| node.is_element())
            .filter_map(|node| node.text())
            .filter(|text| !text.trim().is_empty())
            .collect();
        assert_eq!(texts, ["a<b> &  \"c\"", "D(G(z)) < 1 & é"]);
    }
}
