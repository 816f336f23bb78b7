//! Our own drawings for young readers. Each says nothing that its words do not say.

use belisha_ui::Html;

/// The drawing of this name.
pub(super) fn drawing(name: &str) -> Html {
    Html::trusted(match name {
        "unkind" => include_str!("pictures/unkind.svg"),
        "saw" => include_str!("pictures/saw.svg"),
        "stranger" => include_str!("pictures/stranger.svg"),
        "meet" => include_str!("pictures/meet.svg"),
        "picture" => include_str!("pictures/picture.svg"),
        "now" => include_str!("pictures/now.svg"),
        "today" => include_str!("pictures/today.svg"),
        "before" => include_str!("pictures/before.svg"),
        "unknown" => include_str!("pictures/unknown.svg"),
        "child" => include_str!("pictures/child.svg"),
        "grown-up" => include_str!("pictures/grownup.svg"),
        "home" => include_str!("pictures/family.svg"),
        "me" => include_str!("pictures/me.svg"),
        "yes" => include_str!("pictures/yes.svg"),
        "no" => include_str!("pictures/no.svg"),
        "name" => include_str!("pictures/name.svg"),
        "unnamed" => include_str!("pictures/mask.svg"),
        "tell" => include_str!("pictures/tell.svg"),
        "anyone" => include_str!("pictures/adult.svg"),
        _ => include_str!("pictures/something.svg"),
    })
}

/// A grown-up's first letters in a circle, where a face would be.
pub(super) fn letters(name: &str) -> Html {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect::<String>()
        .to_uppercase();
    let letters = Html::from(letters);
    Html::trusted(format!(
        "<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\" focusable=\"false\"><circle cx=\"32\" cy=\"32\" r=\"29\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.5\"/><text x=\"32\" y=\"41\" text-anchor=\"middle\" font-size=\"25\" font-weight=\"700\" fill=\"currentColor\">{letters}</text></svg>"
    ))
}
