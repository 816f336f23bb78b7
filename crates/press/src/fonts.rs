//! The typefaces inside the program: Atkinson Hyperlegible for reading, Noto Sans for letters that it lacks.
//!
//! Their sources and licences are in the `fonts` folder. No installed font is ever looked at.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

static FACES: [&[u8]; 5] = [
    include_bytes!("../fonts/AtkinsonHyperlegibleNext_400Regular.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext_700Bold.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext_400Regular_Italic.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleMono_400Regular.ttf"),
    include_bytes!("../fonts/NotoSans_400Regular.ttf"),
];

// Places in `FACES`.
const READING: [usize; 4] = [0, 1, 2, 4];
const FIXED: [usize; 1] = [3];

static FONTS: LazyLock<Vec<FontInstance>> = LazyLock::new(|| {
    FACES
        .into_iter()
        .flat_map(|face| Font::iter(Bytes::new(face)))
        .map(|font| {
            let variant = FontVariant::default();
            font.instantiate(variant, Abs::pt(11.0), &FontVariations::default())
        })
        .collect()
});

/// What the typesetter knows of each face before it loads one.
pub(crate) static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter().map(FontInstance::font))));

/// The face at a place in [`BOOK`].
pub(crate) fn face(index: usize) -> Option<Font> {
    FONTS.get(index).map(|face| face.font().clone())
}

/// Whether some face can draw the character.
pub(crate) fn draws(character: char) -> bool {
    FONTS
        .iter()
        .any(|face| face.ttf().glyph_index(character).is_some())
}

/// The width of the text on one line, in units of the type's size.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(width_of).sum()
}

/// The width of a character in the widest reading face that has it, in units of the type's size.
pub(crate) fn width_of(character: char) -> f64 {
    widest(&READING, character)
}

/// The width of one character of the face of fixed width, in units of the type's size.
pub(crate) fn fixed_width() -> f64 {
    widest(&FIXED, '0')
}

fn widest(faces: &[usize], character: char) -> f64 {
    faces
        .iter()
        .filter_map(|&face| FONTS.get(face))
        .filter_map(|face| {
            face.ttf()
                .glyph_index(character)
                .and_then(|glyph| face.x_advance(glyph.0))
        })
        .map(|advance| advance.get())
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read() {
        assert_eq!(FONTS.len(), FACES.len());
    }

    #[test]
    fn names_from_many_places_can_be_drawn() {
        let names = [
            "Zażółć",
            "Ștefănescu",
            "Çağlı",
            "Nguyễn",
            "Щербак",
            "Ґалаґан",
            "Παππάς",
            "Ḥusayn",
            "Ōtsuka",
        ];
        for name in names {
            assert!(name.chars().all(draws), "{name}");
        }
    }

    #[test]
    fn wide_letters_are_wider() {
        assert!(width("WWWW") > width("iiii"));
        assert!(width("W") > 0.5 && width("W") < 1.5);
        assert!(fixed_width() > 0.4 && fixed_width() < 0.8);
    }
}
