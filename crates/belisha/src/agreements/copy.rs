//! The signer's own copy, as a PDF that carries its proof.

use axum::extract::Path;
use axum::response::Response;
use belisha_paper::{
    Attachment, Block, Document, Heading, Inline, Letterhead, Signature, markdown,
};
use belisha_rules::access::Action;
use belisha_rules::ids::SignatureId;

use super::proof::Proof;
use super::signatures::{self, Kept};
use super::{asked, words};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::viewer::Viewer;
use crate::web::pdf;
use crate::web::words::{date, moment};

pub(super) fn url(id: SignatureId) -> String {
    format!("/agreements/signatures/{id}/copy.pdf")
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: SignatureId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut records = viewer.read().await?;
    let kept = signatures::find(&mut records, id).await?;
    viewer.require(Action::ReadSignature, &asked::facts(kept.person))?;
    let (Some(sequence), None) = (kept.sequence, &kept.paper_place) else {
        return Err(Problem::refused(
            "This agreement was signed on paper",
            "The signed paper is the copy. Ask the school office for it.",
        ));
    };
    let text = kept.signed_text.clone();
    let proof = Proof::of(&mut records, &viewer.school, sequence, text).await?;
    drop(records);
    let bytes = pdf::set(document(&viewer.school, &kept, &proof)?).await?;
    let tx = viewer.write().await?;
    tx.commit(
        Entry::of(EntryKind::AgreementCopied, Object::new("signature", id))
            .fact("agreement", &kept.of),
    )
    .await?;
    Ok(pdf::answer(
        &format!("{}-agreement-{}.pdf", kept.of, kept.signed_on),
        bytes,
    ))
}

/// The copy as it is printed.
pub(super) fn document(school: &School, kept: &Kept, proof: &Proof) -> Result<Document, Fault> {
    let settings = school.settings();
    let zone = &settings.time_zone;
    let agreement = words::agreement_part(&kept.signed_text);
    // The document has its title already; the text begins with the same one.
    let (title, rest) = agreement.split_once('\n').unwrap_or((agreement, ""));
    let mut blocks = markdown::blocks(rest.trim_start());
    blocks.extend([
        heading("Signature"),
        Block::Signature(Signature {
            statement: words::STATEMENT.into(),
            name: kept.full_name.clone(),
            role: kept.post.clone(),
            signed_at_text: format!("Signed on screen,\n{}", moment(kept.signed_at, zone)),
        }),
        Block::Facts(vec![
            ("Policy".into(), format!("version {}", kept.version)),
            ("Part of".into(), kept.basis.clone()),
            (
                "Holds until".into(),
                kept.until_on
                    .map_or_else(|| "it is replaced".into(), date),
            ),
        ]),
        heading("Proof"),
        Block::Paragraph(Inline::plain(
            "The lines below show, without the school’s help, that this signature stands in its journal. \
             Attached to this file are the exact text (agreement.md) and the whole proof (proof.json). \
             Save proof.json and run: belisha agreement verify proof.json --key KEY, with the key that \
             the governors keep.",
        )),
        Block::Code(format!(
            "{}\n\n{}\n\n{}\n{}",
            proof.verifier_key,
            proof.entry,
            proof.checkpoint,
            proof.inclusion.join("\n")
        )),
    ]);
    Ok(Document {
        title: title.trim_start_matches(['#', ' ']).to_owned(),
        language: "en-GB".into(),
        letterhead: Letterhead {
            organisation: settings.name.clone(),
            address: settings.postal_address.lines().map(str::to_owned).collect(),
        },
        reference: kept.id.to_string(),
        blocks,
        footer: Some("Ask the school office for this in large print or in another form.".into()),
        made_at: kept.signed_at,
        made_at_text: format!("Signed on {}", date(kept.signed_on)),
        attachments: vec![
            Attachment {
                name: "agreement.md".into(),
                mime: "text/markdown".into(),
                bytes: kept.signed_text.clone().into_bytes(),
                description: "The exact text that was signed.".into(),
            },
            Attachment {
                name: "proof.json".into(),
                mime: "application/json".into(),
                bytes: proof.to_json()?,
                description: "The proof that the signature stands in the school’s journal.".into(),
            },
        ],
    })
}

fn heading(text: &str) -> Block {
    Block::Heading(Heading {
        level: 2,
        text: text.into(),
    })
}
