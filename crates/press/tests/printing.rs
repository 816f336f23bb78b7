//! What a reader of the file finds in it: text, tags, language, attachments; and what is refused.

use belisha_paper::{
    Attachment, Block, Document, Heading, Inline, LARGEST_DOCUMENT, Letterhead, PaperError,
    Signature, Table,
};
use belisha_press::render;
use lopdf::{Dictionary, Object};

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "A letter".to_owned(),
        language: "en-GB".to_owned(),
        letterhead: Letterhead {
            organisation: "Amber Crossing Primary School".to_owned(),
            address: vec!["Beacon Lane".to_owned(), "Zebrafield ZF1 2AB".to_owned()],
        },
        reference: "REF-17".to_owned(),
        blocks,
        footer: Some("Ask for large print.".to_owned()),
        made_at: "2026-11-20T09:30:00Z".parse().expect("a timestamp"),
        made_at_text: "20 November 2026".to_owned(),
        attachments: Vec::new(),
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Inline::plain(text))
}

fn open(document: &Document) -> lopdf::Document {
    let pdf = render(document).expect("the document is printed");
    assert!(pdf.starts_with(b"%PDF-1.7"));
    lopdf::Document::load_mem(&pdf).expect("the file is a PDF")
}

/// All text of the pages, without spaces, places for breaks and line ends, which readers invent differently.
fn text(pdf: &lopdf::Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).expect("the text can be read");
    text.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{200B}')
        .collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn dictionary<'a>(pdf: &'a lopdf::Document, parent: &'a Dictionary, key: &[u8]) -> &'a Dictionary {
    let value = parent
        .get(key)
        .unwrap_or_else(|_| panic!("{} is there", String::from_utf8_lossy(key)));
    let (_, value) = pdf
        .dereference(value)
        .expect("the reference leads somewhere");
    value.as_dict().expect("a dictionary")
}

fn metadata(pdf: &lopdf::Document) -> String {
    let stream = pdf
        .catalog()
        .and_then(|catalog| catalog.get(b"Metadata"))
        .expect("metadata");
    let (_, stream) = pdf.dereference(stream).expect("the metadata's stream");
    let stream = stream.as_stream().expect("a stream");
    String::from_utf8(stream.get_plain_content().expect("readable content")).expect("XML")
}

/// How many objects of the structure tree have this role, such as `Table`.
fn tags(pdf: &lopdf::Document, role: &str) -> usize {
    pdf.objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(
            |object| matches!(object.get(b"S"), Ok(Object::Name(name)) if name == role.as_bytes()),
        )
        .count()
}

/// How many places of the pages lead somewhere when they are chosen.
fn followed(pdf: &lopdf::Document) -> usize {
    let pages = pdf.get_pages().into_values();
    pages
        .map(|page| {
            pdf.get_page_annotations(page)
                .expect("the page's annotations")
                .len()
        })
        .sum()
}

#[test]
fn a_letter_is_tagged_and_says_its_title_and_language() {
    let pdf = open(&document(vec![paragraph("Dear reader,")]));
    let catalog = pdf.catalog().expect("a catalogue");
    assert!(catalog.has(b"StructTreeRoot"));
    assert_eq!(
        dictionary(&pdf, catalog, b"MarkInfo")
            .get(b"Marked")
            .and_then(Object::as_bool)
            .ok(),
        Some(true)
    );
    assert_eq!(
        catalog.get(b"Lang").and_then(Object::as_str).ok(),
        Some(b"en-GB".as_slice())
    );
    let metadata = metadata(&pdf);
    for expected in [
        "A letter",
        "en-GB",
        "pdfuaid:part>1",
        "pdfaid:part>3",
        "pdfaid:conformance>A",
        "2026-11-20T09:30",
    ] {
        assert!(metadata.contains(expected), "{expected} in {metadata}");
    }
    let text = text(&pdf);
    for expected in [
        "A letter",
        "Dear reader,",
        "Beacon Lane",
        "REF-17",
        "Ask for large print.",
        "Page 1 of 1",
    ] {
        assert!(text.contains(&squeezed(expected)), "{expected} in {text}");
    }
}

#[test]
fn pages_are_numbered_in_english_words_or_in_figures() {
    let mut letter = document(vec![paragraph("one"), Block::PageBreak, paragraph("two")]);
    assert!(text(&open(&letter)).contains("Page2of2"));
    letter.language = "pl".to_owned();
    let pdf = open(&letter);
    assert_eq!(
        pdf.catalog()
            .and_then(|catalog| catalog.get(b"Lang"))
            .and_then(Object::as_str)
            .ok(),
        Some(b"pl".as_slice())
    );
    assert!(text(&pdf).contains("2/2") && !text(&pdf).contains("Page"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let letter = document(every_block());
    let first = render(&letter).expect("printed");
    let elsewhere = std::thread::spawn({
        let letter = letter.clone();
        move || render(&letter).expect("printed")
    });
    assert!(first == render(&letter).expect("printed again"));
    assert!(first == elsewhere.join().expect("printed on another thread"));
    let other = Document {
        made_at: "2026-11-21T09:30:00Z".parse().expect("a timestamp"),
        ..letter
    };
    assert!(first != render(&other).expect("printed on another day"));
}

#[test]
fn hostile_text_is_printed_as_it_is() {
    let hostile = [
        "#read(\"/etc/passwd\")",
        "#sys.inputs #{1 + 1} #panic()",
        "*not bold* _nor italic_ = nor a heading",
        "$x^2$ `code` <label> @reference",
        "\\ \\u{41} ~ -- --- ... // /* */",
        "https://example.org/#frag",
        "\"quotes\" 'and' [brackets] {braces} (parens)",
        "%PDF (string) <</S/JavaScript>>",
    ];
    for words in hostile {
        let mut letter = document(vec![
            paragraph(words),
            Block::Heading(Heading {
                level: 1,
                text: words.to_owned(),
            }),
            Block::Facts(vec![(words.to_owned(), words.to_owned())]),
            Block::Table(Table {
                caption: words.to_owned(),
                header: vec![words.to_owned()],
                rows: vec![vec![words.to_owned()]],
            }),
            Block::Code(words.to_owned()),
            Block::Signature(Signature {
                statement: words.to_owned(),
                name: words.to_owned(),
                role: words.to_owned(),
                signed_at_text: words.to_owned(),
            }),
        ]);
        letter.title = words.to_owned();
        letter.reference = words.to_owned();
        letter.letterhead.organisation = words.to_owned();
        let text = text(&open(&letter));
        assert_eq!(
            text.matches(&squeezed(words)).count(),
            15,
            "{words} in {text}"
        );
    }
}

#[test]
fn only_addresses_that_are_safe_to_follow_become_links() {
    fn check(url: &str, expected: usize) {
        let link = Inline::Link {
            text: "words".to_owned(),
            url: url.to_owned(),
        };
        let pdf = open(&document(vec![Block::Paragraph(vec![link])]));
        assert_eq!(followed(&pdf), expected, "{url}");
        let bare = url.trim_start_matches("mailto:");
        assert!(text(&pdf).contains(&squeezed(bare)), "{url} is printed");
    }
    check("https://school.example/policy", 1);
    check("mailto:office@school.example", 1);
    check("javascript:alert(1)", 0);
    check("file:///etc/passwd", 0);
    check("https://school.example/a b", 0);
    check("relative/page", 0);
}

#[test]
fn long_tables_repeat_their_header_on_every_page() {
    let rows = (1..=200)
        .map(|number| vec![number.to_string(), format!("what happened on day {number}")])
        .collect();
    let header = vec!["No".to_owned(), "Whathappenedthen".to_owned()];
    let pdf = open(&document(vec![Block::Table(Table {
        caption: "Register".to_owned(),
        header,
        rows,
    })]));
    let pages = pdf.get_pages().len();
    assert!(pages >= 4, "{pages} pages");
    let text = text(&pdf);
    assert_eq!(text.matches("Whathappenedthen").count(), pages);
    assert!((1..=200).all(|number| text.contains(&format!("whathappenedonday{number}"))));
    assert_eq!(
        (
            tags(&pdf, "Table"),
            tags(&pdf, "THead"),
            tags(&pdf, "TR"),
            tags(&pdf, "TH")
        ),
        (1, 1, 201, 2)
    );
}

#[test]
fn every_block_is_printed_and_tagged() {
    let pdf = open(&document(every_block()));
    let text = text(&pdf);
    let words = [
        "A heading",
        "plain",
        "strong",
        "stressed",
        "words of a link",
        "first item",
        "inner item",
        "label",
        "value",
        "caption",
        "column",
        "cell",
        "I agree.",
        "Ada Example",
        "Teacher",
        "yesterday",
        "Sign here",
        "boxed",
        "code line",
        "QX7K",
        "what the camera opens",
    ];
    for expected in words {
        assert!(text.contains(&squeezed(expected)), "{expected} in {text}");
    }
    for (role, count) in [
        ("H1", 1),
        ("L", 2),
        ("LI", 3),
        ("Table", 2),
        ("Caption", 1),
        ("Link", 1),
        ("Code", 1),
        ("Figure", 1),
    ] {
        assert_eq!(tags(&pdf, role), count, "{role}");
    }
}

#[test]
fn nothing_to_print_prints_nothing() {
    let empty = vec![
        Block::Heading(Heading {
            level: 1,
            text: "  ".to_owned(),
        }),
        Block::Paragraph(Vec::new()),
        Block::List {
            ordered: true,
            items: vec![Vec::new()],
        },
        Block::Facts(Vec::new()),
        Block::SignatureLines(Vec::new()),
        Block::Notice(Inline::plain("\n")),
        Block::Code(String::new()),
        Block::Sheet(Vec::new()),
        Block::List {
            ordered: false,
            items: vec![vec![Block::PageBreak]],
        },
    ];
    assert!(
        render(&document(empty)).expect("printed")
            == render(&document(Vec::new())).expect("printed")
    );
    let bare = Document {
        letterhead: Letterhead::default(),
        reference: String::new(),
        footer: None,
        made_at_text: String::new(),
        ..document(Vec::new())
    };
    assert_eq!(text(&open(&bare)), "AletterPage1of1");
}

#[test]
fn headings_never_skip_a_level() {
    let heading = |level| {
        Block::Heading(Heading {
            level,
            text: format!("level {level}"),
        })
    };
    let pdf = open(&document([3, 5, 2, 9, 1, 0].map(heading).to_vec()));
    assert_eq!(
        (tags(&pdf, "H1"), tags(&pdf, "H2"), tags(&pdf, "H3")),
        (3, 2, 1)
    );
}

#[test]
fn letters_that_no_face_draws_are_named() {
    let pdf = open(&document(vec![paragraph(
        "中 \u{1F600} \u{E000} \u{202E}gnp Щербак e\u{301}",
    )]));
    let text = text(&pdf);
    for expected in ["[U+4E2D]", "[U+1F600]", "[U+E000]", "[U+202E]gnp", "Щербак"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn attachments_are_carried_unchanged() {
    let attachment = |name: &str, bytes: &[u8]| Attachment {
        name: name.to_owned(),
        mime: "text/plain".to_owned(),
        bytes: bytes.to_vec(),
        description: "The exact text.".to_owned(),
    };
    let mut letter = document(Vec::new());
    letter.attachments = vec![
        attachment("agreement.md", b"# I agree\r\n\xff\x00"),
        attachment("proof.txt", b""),
    ];
    let pdf = open(&letter);
    let carried: Vec<Vec<u8>> = pdf
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .filter(|stream| matches!(stream.dict.get(b"Type"), Ok(Object::Name(name)) if name == b"EmbeddedFile"))
        .map(|stream| stream.get_plain_content().expect("readable content"))
        .collect();
    assert_eq!(carried.len(), 2);
    assert!(carried.contains(&b"# I agree\r\n\xff\x00".to_vec()) && carried.contains(&Vec::new()));
}

#[test]
fn what_cannot_be_printed_is_refused_in_plain_words() {
    fn check(change: impl FnOnce(&mut Document), expected: &str) {
        let mut letter = document(Vec::new());
        change(&mut letter);
        let problem = render(&letter).expect_err(expected).to_string();
        assert!(problem.contains(expected), "{problem}");
    }
    fn attach(letter: &mut Document, name: &str, mime: &str, description: &str) {
        letter.attachments.push(Attachment {
            name: name.to_owned(),
            mime: mime.to_owned(),
            bytes: Vec::new(),
            description: description.to_owned(),
        });
    }
    check(|letter| letter.title = " \n".to_owned(), "no title");
    check(
        |letter| letter.language = "English".to_owned(),
        "“English” is not a language tag",
    );
    check(
        |letter| letter.language = "en-\"x".to_owned(),
        "not a language tag",
    );
    check(
        |letter| letter.language = "日".to_owned(),
        "not a language tag",
    );
    let table = |header: &[&str], rows: &[&[&str]]| {
        let owned = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect();
        let rows = rows.iter().map(|row| owned(row)).collect();
        vec![Block::Table(Table {
            caption: "Register".to_owned(),
            header: owned(header),
            rows,
        })]
    };
    check(
        |letter| letter.blocks = table(&[], &[]),
        "Row 0 of the table “Register”",
    );
    check(
        |letter| letter.blocks = table(&["a"], &[&["b"], &["c", "d"]]),
        "Row 2 of the table “Register”",
    );
    let nested = (0..9).fold(paragraph("deep"), |inner, _| Block::List {
        ordered: false,
        items: vec![vec![inner]],
    });
    check(
        |letter| letter.blocks = vec![nested],
        "nested more than 8 levels",
    );
    let qr_code = Block::QrCode {
        text: "x".repeat(5_000),
        caption: String::new(),
    };
    check(
        |letter| letter.blocks = vec![qr_code],
        "too long: 5000 bytes",
    );
    check(
        |letter| attach(letter, "../x", "text/plain", "A file"),
        "“../x” cannot be attached: its name",
    );
    check(
        |letter| attach(letter, ".x", "text/plain", "A file"),
        "its name",
    );
    check(
        |letter| attach(letter, "x", "text", "A file"),
        "its media type",
    );
    check(
        |letter| attach(letter, "x", "text/plain", " "),
        "no description",
    );
    check(
        |letter| (0..2).for_each(|_| attach(letter, "x", "text/plain", "A file")),
        "another attachment has the same name",
    );
    check(
        |letter| letter.blocks = vec![paragraph(&"a".repeat(LARGEST_DOCUMENT))],
        "Print it in parts",
    );
    assert_eq!(
        render(&Document {
            title: String::new(),
            ..document(Vec::new())
        }),
        Err(PaperError::NoTitle)
    );
}

fn every_block() -> Vec<Block> {
    vec![
        Block::Heading(Heading {
            level: 1,
            text: "A heading".to_owned(),
        }),
        Block::Paragraph(vec![
            Inline::Text("plain ".to_owned()),
            Inline::Strong("strong".to_owned()),
            Inline::Emphasis("stressed".to_owned()),
            Inline::Link {
                text: "words of a link".to_owned(),
                url: "https://school.example".to_owned(),
            },
        ]),
        Block::List {
            ordered: true,
            items: vec![
                vec![paragraph("first item")],
                vec![
                    paragraph("second item"),
                    Block::List {
                        ordered: false,
                        items: vec![vec![paragraph("inner item")]],
                    },
                ],
            ],
        },
        Block::Facts(vec![("label".to_owned(), "value".to_owned())]),
        Block::Table(Table {
            caption: "caption".to_owned(),
            header: vec!["column".to_owned()],
            rows: vec![vec!["cell".to_owned()]],
        }),
        Block::Rule,
        Block::Signature(Signature {
            statement: "I agree.".to_owned(),
            name: "Ada Example".to_owned(),
            role: "Teacher".to_owned(),
            signed_at_text: "yesterday".to_owned(),
        }),
        Block::PageBreak,
        Block::SignatureLines(vec!["Sign here".to_owned()]),
        Block::Notice(Inline::plain("boxed")),
        Block::Code("code line".to_owned()),
        Block::Sheet(vec!["QX7K".to_owned()]),
        Block::QrCode {
            text: "https://school.example".to_owned(),
            caption: "what the camera opens".to_owned(),
        },
    ]
}
