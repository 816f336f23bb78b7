use proptest::prelude::*;

use super::*;

fn check(markdown: &str, expected: &[Block]) {
    assert_eq!(blocks(markdown), expected, "{markdown:?}");
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading(Heading {
        level,
        text: text.to_owned(),
    })
}

#[test]
fn what_policies_use() {
    check("", &[]);
    check("# Scope", &[heading(1, "Scope")]);
    check("### *Very* deep {#deep}", &[heading(3, "Very deep")]);
    check(
        "One\ntwo.\n\nThree.",
        &[paragraph("One two."), paragraph("Three.")],
    );
    check("One\\\ntwo", &[paragraph("One\ntwo")]);
    check("---", &[Block::Rule]);
    check("> quoted", &[paragraph("quoted")]);
    check(
        "```\na  b\n*c*\n```",
        &[Block::Code("a  b\n*c*".to_owned())],
    );
    check("![A crossing](x.png)", &[paragraph("A crossing")]);
}

#[test]
fn emphasis_and_links() {
    check(
        "a **b** *c* ***d***",
        &[Block::Paragraph(vec![
            text("a "),
            Inline::Strong("b".to_owned()),
            text(" "),
            Inline::Emphasis("c".to_owned()),
            text(" "),
            Inline::Strong("d".to_owned()),
        ])],
    );
    check(
        "see [the **policy**](https://school.example/p).",
        &[Block::Paragraph(vec![
            text("see "),
            Inline::Link {
                text: "the policy".to_owned(),
                url: "https://school.example/p".to_owned(),
            },
            text("."),
        ])],
    );
}

#[test]
fn lists_tight_loose_and_nested() {
    check(
        "- a\n- b\n",
        &[Block::List {
            ordered: false,
            items: vec![vec![paragraph("a")], vec![paragraph("b")]],
        }],
    );
    check(
        "1. a\n\n   more\n\n2. b\n",
        &[Block::List {
            ordered: true,
            items: vec![
                vec![paragraph("a"), paragraph("more")],
                vec![paragraph("b")],
            ],
        }],
    );
    check(
        "- a\n  1. b\n\nafter",
        &[
            Block::List {
                ordered: false,
                items: vec![vec![
                    paragraph("a"),
                    Block::List {
                        ordered: true,
                        items: vec![vec![paragraph("b")]],
                    },
                ]],
            },
            paragraph("after"),
        ],
    );
}

#[test]
fn tables_have_a_cell_for_each_heading() {
    let owned = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    check(
        "| Who | What |\n|---|---|\n| lead | **reviews** |\n| staff |\n",
        &[Block::Table(Table {
            caption: String::new(),
            header: owned(["Who", "What"]),
            rows: vec![owned(["lead", "reviews"]), owned(["staff", ""])],
        })],
    );
}

#[test]
fn html_is_printed_as_typed() {
    check("<b>bold</b>", &[paragraph("<b>bold</b>")]);
    check("<div>\nx\n</div>", &[paragraph("<div>\nx\n</div>")]);
}

#[test]
fn lists_too_deep_lose_their_depth_and_not_their_words() {
    let deep: String = (0..40)
        .map(|depth| format!("{}- item {depth}\n", "  ".repeat(depth)))
        .collect();
    let read = format!("{:?}", blocks(&deep));
    assert_eq!(read.matches("ordered").count(), DEEPEST_LIST);
    assert!(
        (0..40).all(|depth| read.contains(&format!("item {depth}\""))),
        "{read}"
    );
    assert_eq!(blocks(&">".repeat(20_000)), []);
}

#[test]
fn what_stands_beside_a_fence_is_printed_too() {
    check("```who\nlead\n```", &[Block::Code("who\nlead".to_owned())]);
    check("a\n``` i", &[paragraph("a"), Block::Code("i".to_owned())]);
}

proptest! {
    #[test]
    fn plain_words_are_never_lost(words in prop::collection::vec("[a-z]{1,8}", 1..12), mark in "[-#>*1. |`\\[\\]<>_\n]{0,12}") {
        let markdown = words.join(&format!(" {mark} "));
        let read = format!("{:?}", blocks(&markdown));
        for word in &words {
            prop_assert!(read.contains(word.as_str()), "{} in {} from {:?}", word, read, markdown);
        }
    }
}
