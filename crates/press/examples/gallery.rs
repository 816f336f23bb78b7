//! Every kind of block on a few pages, to be looked at: `cargo run -p belisha-press --example gallery -- OUT.pdf`.

use std::process::ExitCode;

use belisha_paper::{
    Attachment, Block, Document, Heading, Inline, Letterhead, Signature, Table, markdown,
};
use belisha_press::render;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("Name the file to write, for example: gallery.pdf");
        return ExitCode::FAILURE;
    };
    let pdf = match render(&gallery()) {
        Ok(pdf) => pdf,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    match std::fs::write(&path, pdf) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{path} could not be written: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn gallery() -> Document {
    let mut blocks = letter();
    blocks.push(Block::PageBreak);
    blocks.extend(agreement());
    blocks.push(Block::PageBreak);
    blocks.extend(register());
    blocks.push(Block::PageBreak);
    blocks.extend(recovery());
    Document {
        title: "How our printed pages look".to_owned(),
        language: "en-GB".to_owned(),
        letterhead: Letterhead {
            organisation: "Amber Crossing Primary School".to_owned(),
            address: ["Beacon Lane", "Zebrafield ZF1 2AB", "office@amber-crossing.example"].map(str::to_owned).to_vec(),
        },
        reference: "GALLERY-2026-001".to_owned(),
        blocks,
        footer: Some("Ask the school office for this in large print, on paper of another colour or read aloud.".to_owned()),
        made_at: "2026-11-20T09:30:00Z".parse().expect("the gallery's date is written by hand"),
        made_at_text: "Printed on 20 November 2026 at 9:30 am".to_owned(),
        attachments: vec![Attachment {
            name: "agreement.md".to_owned(),
            mime: "text/markdown".to_owned(),
            bytes: AGREEMENT.as_bytes().to_vec(),
            description: "The exact text that was signed.".to_owned(),
        }],
    }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading(Heading {
        level,
        text: text.to_owned(),
    })
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Inline::plain(text))
}

fn letter() -> Vec<Block> {
    vec![
        paragraph("Dear Ms Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh,"),
        Block::Paragraph(vec![
            Inline::Text("We would like to use photographs of Zoë in this year’s work. ".to_owned()),
            Inline::Strong("Please answer by Friday 4 December.".to_owned()),
            Inline::Text(" You may change your mind ".to_owned()),
            Inline::Emphasis("at any time".to_owned()),
            Inline::Text(", and nothing that Zoë does at school depends on your answer. The whole policy is on ".to_owned()),
            Inline::Link { text: "our website".to_owned(), url: "https://amber-crossing.example/online-safety".to_owned() },
            Inline::Text(", or write to ".to_owned()),
            Inline::Link {
                text: "office@amber-crossing.example".to_owned(),
                url: "mailto:office@amber-crossing.example".to_owned(),
            },
            Inline::Text(".".to_owned()),
        ]),
        Block::Notice(vec![
            Inline::Strong("If you think that a child is in danger, do not wait for this form. ".to_owned()),
            Inline::Text("Ring 999.".to_owned()),
        ]),
        Block::Facts(
            [
                ("Child", "Zoë Featherstonehaugh"),
                ("Class", "4 Heron"),
                ("What we ask", "Photographs in school displays\nPhotographs on the school’s website, without names"),
                ("Until", "31 August 2027, or earlier if you tell us"),
                ("Account", "zoe.featherstonehaugh-wolfeschlegelstein@pupils.amber-crossing-primary.zebrafield.example"),
            ]
            .map(|(label, value)| (label.to_owned(), value.to_owned()))
            .to_vec(),
        ),
        heading(1, "How to answer"),
        Block::QrCode {
            text: "https://amber-crossing.example/answer/7QK4-M2XW".to_owned(),
            caption: "Point a phone’s camera here to answer on a screen, or go to amber-crossing.example/answer and \
                      type the code 7QK4-M2XW. The code works until 4 December."
                .to_owned(),
        },
        paragraph("Or sign here and send this page back with your child."),
        Block::SignatureLines(["Signed", "Name in capitals", "Date"].map(str::to_owned).to_vec()),
    ]
}

const AGREEMENT: &str = "
# What I agree to

I have read the online-safety policy and I will:

- keep my password **to myself**, and lock the screen when I leave it;
- use only the school's address to write to families, and:
  1. copy in a colleague when I write about one child;
  2. never send a child's name in the subject line;
- tell the lead *the same day* when something worries me.

## What the school does

| The school | How often | Who |
|---|---|---|
| looks at the filter's reports | every week | the lead |
| reads this policy again | every year, and after any serious incident | governors |

A second paragraph under the table, with [a link](https://amber-crossing.example/policy) in it.

### If I have a question

I ask before I sign.
";

fn agreement() -> Vec<Block> {
    let mut blocks = markdown::blocks(AGREEMENT);
    blocks.extend([
        Block::Signature(Signature {
            statement: "I have read the text above and I agree to keep to it.".to_owned(),
            name: "Oluwaseun Featherstonehaugh-Adeyemi".to_owned(),
            role: "Teaching assistant".to_owned(),
            signed_at_text: "Signed on screen,\n20 November 2026, 9:12 am".to_owned(),
        }),
        heading(2, "Proof"),
        paragraph("The lines below let anybody check, without the school’s help, that this agreement is in its journal."),
        Block::Code(
            "amber-crossing.example/journal\n1742\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— amber-crossing.example/journal Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n    indented   spaces are kept"
                .to_owned(),
        ),
        Block::Rule,
        paragraph("Names are printed as they are written: Nguyễn Thị Hạnh, Щербак, Παππάς, Ștefănescu, Çağlı, 中村."),
    ]);
    blocks
}

fn register() -> Vec<Block> {
    let kinds = [
        "Seen by a child on a tablet",
        "Message from a stranger in a game, told to a teaching assistant at lunch",
        "Password shared",
    ];
    let rows = (1..=60)
        .map(|number: usize| {
            vec![
                number.to_string(),
                format!("{} October 2026", number % 28 + 1),
                kinds[number % kinds.len()].to_owned(),
                ["Closed", "Waiting for the safeguarding partner"][number % 2].to_owned(),
                (number * 37 % 90).to_string(),
            ]
        })
        .collect();
    vec![
        heading(1, "A register over several pages"),
        Block::Table(Table {
            caption: "What happened this term".to_owned(),
            header: ["No", "Date", "What happened", "State", "Minutes"]
                .map(str::to_owned)
                .to_vec(),
            rows,
        }),
    ]
}

fn recovery() -> Vec<Block> {
    let groups = [
        "K7QD", "M2XW", "9RTH", "4BNC", "W8PL", "Z3FJ", "H6VS", "T1GY", "C5KM", "D0O0", "I1L1",
        "B8S5",
    ];
    vec![
        heading(1, "Recovery sheet"),
        Block::Notice(Inline::plain(
            "Keep this sheet in the safe. Whoever holds it and one other sheet can open the records.",
        )),
        Block::Sheet(groups.map(str::to_owned).to_vec()),
        paragraph("A sheet with long groups:"),
        Block::Sheet(
            ["AGE-SECRET-KEY-1QZ", "7X0FTC2H8L9W3V4N5"]
                .map(str::to_owned)
                .to_vec(),
        ),
        heading(3, "A heading that skipped a level"),
        paragraph(&format!(
            "An endless word: {}",
            "Donaudampfschifffahrt".repeat(9)
        )),
    ]
}
