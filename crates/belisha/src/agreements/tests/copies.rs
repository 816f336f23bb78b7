//! The signer's own copy: a PDF whose attachments anybody can check.

use axum::http::{StatusCode, header};
use belisha_journal::{Hash, VerifierKey};
use belisha_policy::Post;
use lopdf::Object;

use super::super::proof::{Proof, ProofRefused};
use super::{sign_as, teacher};
use crate::audit::signer::signer;
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

/// The files inside a PDF.
fn attached(pdf: &[u8]) -> Vec<Vec<u8>> {
    lopdf::Document::load_mem(pdf)
        .expect("a PDF")
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .filter(|stream| {
            matches!(stream.dict.get(b"Type"), Ok(Object::Name(name)) if name == b"EmbeddedFile")
        })
        .map(|stream| stream.get_plain_content().expect("content"))
        .collect()
}

#[test]
fn a_copy_is_proved_from_its_own_bytes() {
    covers(&["C-130"]);
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let signed = sign_as(&mut ann, "Ann Lee").await;
        // Others act before the copy is taken, so the proof has a way to go.
        let mut bo = teacher(&app, "Bo Field").await;
        sign_as(&mut bo, "Bo Field").await;
        let copy = ann.get(&signed.link("Save your copy")).await;
        assert_eq!(copy.status, StatusCode::OK);
        assert_eq!(copy.headers[header::CONTENT_TYPE], "application/pdf");
        assert!(app.journal().await.contains(&"agreement.copied".to_owned()));

        let files = attached(&copy.body);
        let proof = files
            .iter()
            .find_map(|file| Proof::read(file).ok())
            .expect("a proof");
        assert!(files.contains(&proof.signed_text.clone().into_bytes()));
        assert!(proof.signed_text.contains("- Full name: Ann Lee"));
        assert!(proof.signed_text.contains("- Post: Class teacher"));
        assert!(proof.signed_text.contains("- Date: 23 September 2026"));
        assert!(proof.signed_text.contains("I will keep this agreement"));
        let key = signer(&app.school).expect("a signer").verifier_key();
        let entry = proof.verify(&key).expect("a proof that holds");
        assert_eq!(entry.draft.facts["agreement"], "staff");
        assert_eq!(entry.draft.facts["version"], "1");

        let check = |change: &dyn Fn(&mut Proof), expected: ProofRefused| {
            let mut changed = proof.clone();
            change(&mut changed);
            assert_eq!(changed.verify(&key), Err(expected));
        };
        check(
            &|proof| proof.signed_text = proof.signed_text.replace("Ann", "Amy"),
            ProofRefused::OtherText,
        );
        check(
            &|proof| {
                proof.entry = proof
                    .entry
                    .replace("\"version\":\"1\"", "\"version\":\"2\"")
            },
            ProofRefused::NotIncluded,
        );
        check(
            &|proof| proof.inclusion[0] = Hash::ZERO.to_string(),
            ProofRefused::NotIncluded,
        );
        check(&|proof| proof.inclusion[0] = "0".into(), ProofRefused::Form);
        check(&|proof| proof.entry = "{}".into(), ProofRefused::Form);
        let other: VerifierKey =
            belisha_journal::Signer::from_seed(key.origin().clone(), [7; 32]).verifier_key();
        assert!(matches!(
            proof.verify(&other),
            Err(ProofRefused::Checkpoint(_))
        ));
        assert_eq!(Proof::read(b"{}"), Err(ProofRefused::Form));
    });
}

#[test]
fn a_copy_is_for_its_signer_and_for_those_who_keep_the_list() {
    on_each_engine(JUNIOR, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let signed = sign_as(&mut ann, "Ann Lee").await;
        let copy = signed.link("Save your copy");
        let mut bo = teacher(&app, "Bo Field").await;
        sign_as(&mut bo, "Bo Field").await;
        let mut head = app.signed_in("Hal Head", &[Post::Headteacher]).await;
        for (client, expected) in [
            (&mut bo, StatusCode::NOT_FOUND),
            (&mut head, StatusCode::OK),
            (&mut ann, StatusCode::OK),
        ] {
            assert_eq!(client.get(&copy).await.status, expected);
            assert_eq!(client.get(&signed.path).await.status, expected);
        }
        let missing = "/agreements/signatures/00000000-0000-4000-8000-000000000000";
        assert_eq!(head.get(missing).await.status, StatusCode::NOT_FOUND);
    });
}
