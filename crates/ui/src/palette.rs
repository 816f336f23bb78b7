//! The contrast of every pair of colours that pages use, computed from `theme/palette.css`.

use std::collections::BTreeMap;

const PALETTE: &str = include_str!("theme/palette.css");

/// What WCAG 2.2 asks of text (1.4.3).
const TEXT: f64 = 4.5;
/// What WCAG 2.2 asks of shapes that carry meaning (1.4.11).
const SHAPE: f64 = 3.0;

/// The own colours of a scheme by name, without the dashes and the product's name in front.
fn scheme(start: &str) -> BTreeMap<&'static str, &'static str> {
    let (_, rest) = PALETTE
        .split_once(start)
        .expect("the palette has both schemes");
    let (block, _) = rest.split_once('}').expect("a rule ends");
    let declarations = block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--belisha-")?.split_once(": "));
    declarations
        .map(|(name, value)| (name, value.trim_end_matches(';')))
        .collect()
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let byte = u8::from_str_radix(&colour[at..at + 2], 16).expect("colours are #rrggbb");
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn check(ink: &str, paper: &str, least: f64) {
    for (name, start) in [
        ("light", ":root {"),
        ("dark", "(prefers-color-scheme: dark) {\n  :root {"),
    ] {
        let colours = scheme(start);
        let found = contrast(colours[ink], colours[paper]);
        assert!(
            found >= least,
            "{ink} on {paper}, {name}: {found:.2} is below {least}"
        );
    }
}

#[test]
fn contrast_is_computed_as_the_guidelines_define_it() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
    assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.005);
}

#[test]
fn text_can_be_read() {
    for paper in ["paper", "surface", "amber-wash", "red-wash", "green-wash"] {
        check("ink", paper, TEXT);
        check("muted", paper, TEXT);
    }
    for paper in ["paper", "surface", "amber-wash"] {
        check("amber-text", paper, TEXT);
    }
    for paper in ["paper", "surface", "red-wash"] {
        check("red", paper, TEXT);
    }
    for paper in ["paper", "surface", "green-wash"] {
        check("green", paper, TEXT);
    }
    check("on-amber", "amber", TEXT);
    check("on-amber", "amber-hover", TEXT);
    check("on-red", "red", TEXT);
    check("on-red", "red-hover", TEXT);
    check("paper", "green", TEXT);
    check("paper", "ink", TEXT);
}

#[test]
fn shapes_that_carry_meaning_can_be_seen() {
    for paper in ["paper", "surface"] {
        check("ink", paper, SHAPE);
        check("muted", paper, SHAPE);
        check("amber-text", paper, SHAPE);
        check("red", paper, SHAPE);
        check("green", paper, SHAPE);
    }
}
