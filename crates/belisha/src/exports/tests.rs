//! What leaves: no more than the exporter may read, with others masked, for a reason, and
//! so that anybody can check it.

use std::io::Cursor;

use axum::http::StatusCode;
use belisha_journal::VerifierKey;
use belisha_policy::Standing;
use belisha_vault::{FileIdentity, decrypt, decrypt_with_passphrase};

use super::verify::{PackVerdict, verify};
use crate::audit::signer::signer;
use crate::clock::ForVault;
use crate::db::sql;
use crate::files::tests::{Cast, add, cast, newest, png, report, triage};
use crate::incidents::tests::choice;
use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, covers, on_each_engine};

const FOR: [(&str, &str); 3] = [
    ("recipient", "Sal Social"),
    ("organisation", "Children’s services"),
    ("reason", "An assessment of Pip’s needs"),
];

/// The address of a person's pack.
async fn of_person(app: &TestSchool, name: &str) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from person where name = $1")
        .bind(name)
        .one(&mut records)
        .await
        .expect("a person");
    format!("/people/{}/export", row.get::<String>("id").expect("an id"))
}

/// Begins a pack; the page on which names are masked.
async fn begin(client: &mut Client, url: &str, purpose: &str) -> Page {
    let form = client.get(url).await;
    let mut fields = vec![("purpose", purpose)];
    fields.extend(FOR);
    client.submit(&form, "Continue", &fields).await
}

/// Goes on with what the pages propose, with these files along.
async fn through(client: &mut Client, masking: &Page, files: &[&str]) -> Page {
    let more: Vec<(&str, &str)> = files.iter().map(|file| ("file", *file)).collect();
    let check = client
        .submit(masking, "Mask the names and go on", &more)
        .await;
    let finish = client.submit(&check, "I have read it: go on", &[]).await;
    client.submit(&finish, "Finish the pack", &[]).await
}

fn passphrase(page: &Page) -> String {
    let html = page.html();
    let at = html.find("<code>").expect("a passphrase") + 6;
    html[at..].chars().take_while(|c| *c != '<').collect()
}

fn key(app: &TestSchool) -> VerifierKey {
    signer(&app.school).expect("a signer").verifier_key()
}

async fn unpacked(client: &mut Client, done: &Page) -> Vec<u8> {
    let sealed = client.get(&done.link("Take the encrypted pack")).await;
    assert_eq!(sealed.status, StatusCode::OK);
    assert!(sealed.body.starts_with(b"age-encryption.org/v1"));
    let mut plain = Vec::new();
    decrypt_with_passphrase(&mut sealed.body.as_slice(), &mut plain, &passphrase(done))
        .expect("the passphrase opens it");
    plain
}

#[test]
fn a_chronology_leaves_masked_on_paper_and_as_a_pack_that_verifies() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let picture = png(30, 20);
        add(&mut cast.deputy, &cast.case, "chat.png", &picture).await;
        let case = cast.deputy.get(&cast.case).await;
        let url = case.link("Make a pack to leave the school");
        let masking = begin(&mut cast.deputy, &url, "chronology").await;
        masking
            .says("How does each person appear?")
            .says("Pip Pupil")
            .says("was harmed or upset, found 4 times")
            .says("Quin Pupil")
            .says("Tessa Teacher");
        let file = masking.field_value("file");
        let done = through(&mut cast.deputy, &masking, &[&file]).await;
        done.says("Finished")
            .says("Sal Social, Children’s services");

        let paper = cast.deputy.get(&done.link("Take it on paper")).await;
        assert!(paper.body.starts_with(b"%PDF-"));
        let plain = unpacked(&mut cast.deputy, &done).await;
        let text = String::from_utf8_lossy(&plain).into_owned();
        assert!(text.contains("another pupil A was called names by another pupil B."));
        assert!(!text.contains("Pip Pupil was called"), "a name was left");
        assert!(plain.windows(picture.len()).any(|here| here == picture));
        let verdict = verify(&mut Cursor::new(&plain), &key(&app));
        let PackVerdict::Sound { files, marks, .. } = &verdict else {
            panic!("{verdict}");
        };
        assert_eq!(*files, 1);
        assert!(marks.contains(&("Why".into(), "An assessment of Pip’s needs".into())));
        let journal = app.journal().await;
        let ours: Vec<&str> = journal
            .iter()
            .map(String::as_str)
            .filter(|kind| kind.starts_with("export."))
            .collect();
        assert_eq!(
            ours,
            [
                "export.begun",
                "export.masked",
                "export.checked",
                "export.made",
                "export.taken",
                "export.taken"
            ]
        );
    });
}

/// What the second verifier, which is written in another language, says of a pack.
fn second_verifier(app: &TestSchool, plain: &[u8]) -> Option<i32> {
    let file = app.school.data.join("pack.zip");
    std::fs::write(&file, plain).expect("a file");
    let tools = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools");
    std::process::Command::new("python3")
        .arg(tools.join("verify-journal/verify_pack.py"))
        .arg(&file)
        .arg("--key")
        .arg(key(app).to_string())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3")
        .status
        .code()
}

#[test]
fn every_changed_byte_of_a_pack_is_noticed() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        add(
            &mut cast.deputy,
            &cast.case,
            "note.txt",
            b"a note that stands in the pack",
        )
        .await;
        let masking = begin(
            &mut cast.deputy,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        let file = masking.field_value("file");
        let done = through(&mut cast.deputy, &masking, &[&file]).await;
        let plain = unpacked(&mut cast.deputy, &done).await;
        let key = key(&app);
        assert_eq!(verify(&mut Cursor::new(&plain), &key).exit_code(), 0);
        assert_eq!(second_verifier(&app, &plain), Some(0));
        let find = |needle: &[u8]| {
            plain
                .windows(needle.len())
                .position(|here| here == needle)
                .unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(needle)))
        };
        for (what, at) in [
            ("the text", find(b"called names")),
            ("a file", find(b"a note that stands")),
            ("the manifest", find(b"belisha-pack 1") + 200),
            ("a line", find(b"export.made\\\"") + 2),
            ("a salt", find(b"\"salt\"") + 12),
        ] {
            let mut forged = plain.clone();
            forged[at] ^= 1;
            let verdict = verify(&mut Cursor::new(&forged), &key);
            assert_ne!(verdict.exit_code(), 0, "{what}: {verdict}");
            assert_ne!(second_verifier(&app, &forged), Some(0), "{what}");
        }
        let mut step = plain.len() / 120;
        step = step.max(1);
        let readme = find(b"README.txt")..find(b"manifest.json");
        for at in (0..plain.len()).step_by(step) {
            let mut forged = plain.clone();
            forged[at] ^= 0x10;
            let verdict = verify(&mut Cursor::new(&forged), &key);
            let told = verdict.exit_code() != 0;
            // Headers between the parts, checksums and the words of the README prove nothing.
            let silent = readme.contains(&at) || !content_at(&plain, at);
            assert!(told || silent, "byte {at} of {}", plain.len());
        }
        let other = belisha_journal::Signer::from_seed(key_origin(&app), [9; 32]).verifier_key();
        assert_eq!(verify(&mut Cursor::new(&plain), &other).exit_code(), 2);
        assert_eq!(verify(&mut Cursor::new(b"no pack"), &key).exit_code(), 2);
    });
}

fn key_origin(app: &TestSchool) -> belisha_journal::Origin {
    let text = key(app).to_string();
    let origin = text.split('+').next().expect("an origin");
    belisha_journal::Origin::new(origin).expect("an origin")
}

/// Whether the byte is in the content of a part that is proved.
fn content_at(plain: &[u8], at: usize) -> bool {
    let mut file = Cursor::new(plain);
    let entries = super::zip::entries(&mut file).expect("a pack");
    entries.iter().any(|entry| {
        let range = entry.range();
        entry.name != super::bundle::README && range.contains(&(at as u64))
    })
}

#[test]
fn what_is_read_can_be_corrected_and_held_back() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let url = of_person(&app, "Pip Pupil").await;
        let masking = begin(&mut cast.lead, &url, "subject-access").await;
        let check = cast
            .lead
            .submit(&masking, "Mask the names and go on", &[])
            .await;
        // The one whom it is about is named, the other child is not.
        check.says("Pip Pupil was called names by another pupil A.");
        check.says("Is on the register as:");
        let (path, fields) = check.form_with("I have read it: go on");
        let mut held = 0;
        let fields: Vec<(String, String)> = fields
            .into_iter()
            .map(|(name, value)| {
                if name == "text" && value.contains("called names") {
                    (name, "Pip Pupil was called unkind names.".to_owned())
                } else if name == "held" {
                    held += 1;
                    let why = if held == 1 { "about-others" } else { "" };
                    (name, why.to_owned())
                } else {
                    (name, value)
                }
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let finish = cast.lead.post(&path, &fields).await;
        finish.says("Entries held back").says("Finish the pack");
        let done = cast.lead.submit(&finish, "Finish the pack", &[]).await;
        let plain = unpacked(&mut cast.lead, &done).await;
        let text = String::from_utf8_lossy(&plain).into_owned();
        assert!(text.contains("Pip Pupil was called unkind names."));
        assert!(text.contains("1: it is mostly about somebody else"));
        assert!(!text.contains("Is on the register as:"));
        // The case itself says what it always said.
        cast.lead
            .get(&cast.case)
            .await
            .says("Pip Pupil was called names by Quin Pupil.");
    });
}

#[test]
fn a_table_goes_to_the_recorder_in_its_own_columns_and_reckons_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.deputy.get(&format!("{}/entries/new", cast.case)).await;
        cast.deputy
            .submit(
                &form,
                "Add to the chronology",
                &[("words", "=HYPERLINK(\"http://a\")")],
            )
            .await;
        let masking = begin(
            &mut cast.deputy,
            &format!("{}/export", cast.case),
            "recorder",
        )
        .await;
        let check = cast
            .deputy
            .submit(&masking, "Mask the names and go on", &[])
            .await;
        let (path, fields) = check.form_with("I have read it: go on");
        let mut column = 0;
        let fields: Vec<(String, String)> = fields
            .into_iter()
            .map(|(name, value)| {
                if name == "column" {
                    column += 1;
                    let value = match column {
                        1 => "Incident date".to_owned(),
                        2 => String::new(),
                        _ => value,
                    };
                    return (name, value);
                }
                (name, value)
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let finish = cast.deputy.post(&path, &fields).await;
        let done = cast.deputy.submit(&finish, "Finish the pack", &[]).await;
        assert!(!done.has_link("Take the encrypted pack"));
        let table = cast.deputy.get(&done.link("Take the table")).await;
        let text = String::from_utf8(table.body).expect("text");
        assert!(
            text.starts_with("\u{feff}Incident date,Pupils involved,Category"),
            "{text}"
        );
        assert!(text.contains("23/09/2026,another pupil A; another pupil B,bullying online"));
        assert!(text.contains("'=HYPERLINK"), "{text}");
        let id = done.path.rsplit('/').next().expect("an id").to_owned();
        let none = cast.deputy.get(&format!("/exports/{id}/pack.age")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_file_for_the_next_school_is_chased_until_its_receipt_is_recorded() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = of_person(&app, "Quin Pupil").await;
        let masking = begin(&mut cast.lead, &url, "transfer").await;
        let done = through(&mut cast.lead, &masking, &[]).await;
        done.says("Receipt owed by").says("30 September 2026");
        let told = "select count(*) as count from notice where kind = 'export-not-received'";
        app.at("2026-09-30T12:00:00+01:00");
        super::chase::chase(&app.school).await.expect("the work");
        assert_eq!(app.count(told).await, 0);
        app.at("2026-10-01T12:00:00+01:00");
        super::chase::chase(&app.school).await.expect("the work");
        assert_eq!(app.count(told).await, 1);
        app.at("2026-10-02T12:00:00+01:00");
        super::chase::chase(&app.school).await.expect("the work");
        assert_eq!(app.count(told).await, 1, "it is chased once");

        let mut lead = app.as_person(cast.lead.id()).await;
        let page = lead.get(&done.path).await;
        page.says("(overdue)");
        let form = lead.get(&page.link("Record that it arrived")).await;
        let wrong = lead
            .submit(
                &form,
                "Record the receipt",
                &[
                    ("by", ""),
                    ("on-day", "9"),
                    ("on-month", "10"),
                    ("on-year", "2026"),
                ],
            )
            .await;
        assert_eq!(wrong.errors().len(), 2);
        let page = lead
            .submit(
                &wrong,
                "Record the receipt",
                &[
                    ("by", "Nora Next, by telephone"),
                    ("on-day", "1"),
                    ("on-month", "10"),
                    ("on-year", "2026"),
                ],
            )
            .await;
        page.says("1 October 2026: Nora Next, by telephone");
        assert!(!page.has_link("Record that it arrived"));
        let journal = app.journal().await;
        for kind in ["export.chased", "export.received"] {
            assert!(journal.iter().any(|found| found == kind), "no {kind}");
        }
    });
}

#[test]
fn nobody_exports_what_they_may_not() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast: Cast = cast(&app).await;
        let person = of_person(&app, "Pip Pupil").await;
        let own = of_person(&app, "Dora Deputy").await;
        let masking = begin(
            &mut cast.deputy,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        let done = through(&mut cast.deputy, &masking, &[]).await;
        let pack = done.path.clone();
        for client in [&mut cast.teacher, &mut cast.technician] {
            for url in [
                format!("{}/export", cast.case),
                person.clone(),
                pack.clone(),
                format!("{pack}/pack.age"),
                format!("{pack}/chronology.pdf"),
            ] {
                assert_eq!(
                    client.get(&url).await.status,
                    StatusCode::NOT_FOUND,
                    "{url}"
                );
            }
            client.get("/exports").await.says("No packs");
        }
        // The headteacher reads a welfare case and does not export it.
        let head = cast.head.get(&format!("{}/export", cast.case)).await;
        assert_eq!(head.status, StatusCode::FORBIDDEN);
        assert_eq!(cast.head.get(&pack).await.status, StatusCode::NOT_FOUND);
        // The lead may export the case, so may have the pack; its passphrase is the maker's.
        let page = cast.lead.get(&pack).await;
        page.says("Finished");
        assert!(!page.html().contains("<code>"));
        // Nobody makes a pack about themselves.
        assert_eq!(cast.deputy.get(&own).await.status, StatusCode::NOT_FOUND);
        // Step-up is asked for once the session is no longer fresh.
        app.clock.advance_ms(6 * 60 * 1000);
        let asked = cast.deputy.get(&format!("{pack}/pack.age")).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_pack_of_an_allegation_stays_sealed_to_its_maker_and_hidden_from_its_subject() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let accused = app.person("Ada Adult", Standing::Staff, &[]).await;
        let mut accused = app.as_person(accused).await;
        app.clock.advance_ms(1000);
        report(&mut cast.teacher, &[("Ada Adult", "alleged")]).await;
        let case = newest(&app).await;
        triage(&mut cast.head, &case, "conduct/aggression").await;
        let masking = begin(&mut cast.head, &format!("{case}/export"), "chronology").await;
        let done = through(&mut cast.head, &masking, &[]).await;
        done.says("Finished");
        assert_eq!(
            app.count(
                "select count(*) as count from record_key where record like 'export:%' and tier = 3"
            )
            .await,
            1
        );
        for client in [&mut accused, &mut cast.lead, &mut cast.deputy] {
            assert_eq!(client.get(&done.path).await.status, StatusCode::NOT_FOUND);
            client.get("/exports").await.says("No packs");
        }
    });
}

#[test]
fn a_pack_is_finished_once_and_not_before_it_was_read() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.deputy.get(&format!("{}/export", cast.case)).await;
        let wrong = cast.deputy.submit(&form, "Continue", &[]).await;
        assert_eq!(wrong.errors().len(), 4);
        let masking = begin(
            &mut cast.deputy,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        let pack = masking.path.trim_end_matches("/masking").to_owned();
        let early = cast.deputy.get(&format!("{pack}/finish")).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        let early = cast.deputy.get(&format!("{pack}/check")).await;
        assert_eq!(early.location, Some(format!("{pack}/masking")));
        let check = cast
            .deputy
            .submit(&masking, "Mask the names and go on", &[])
            .await;
        // Somebody else has masked it again meanwhile: nothing is read over their head.
        let other = cast.deputy.get(&format!("{pack}/masking")).await;
        cast.deputy
            .submit(&other, "Mask the names and go on", &[])
            .await;
        let stale = cast
            .deputy
            .submit(&check, "I have read it: go on", &[])
            .await;
        assert_eq!(stale.status, StatusCode::FORBIDDEN);
        let check = cast.deputy.get(&format!("{pack}/check")).await;
        let finish = cast
            .deputy
            .submit(&check, "I have read it: go on", &[])
            .await;
        cast.deputy.submit(&finish, "Finish the pack", &[]).await;
        cast.deputy.submit(&finish, "Finish the pack", &[]).await;
        assert_eq!(
            app.count("select count(*) as count from journal_entry where action = 'export.made'")
                .await,
            1
        );
        let again = begin(
            &mut cast.deputy,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        let other = again.path.trim_end_matches("/masking").to_owned();
        let page = cast.deputy.get(&format!("{other}/give-up")).await;
        cast.deputy
            .submit(&page, "Give it up", &[])
            .await
            .says("Given up");
        let over = cast.deputy.get(&format!("{other}/finish")).await;
        assert_eq!(over.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn no_file_leaves_a_case_that_turned_out_to_be_about_an_indecent_image() {
    covers(&["C-236"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        add(&mut cast.lead, &cast.case, "chat.png", &png(8, 8)).await;
        let masking = begin(
            &mut cast.lead,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        let file = masking.field_value("file");
        let done = through(&mut cast.lead, &masking, &[&file]).await;
        triage(&mut cast.lead, &cast.case, "conduct/nude-image").await;
        // Neither in, nor looked at, nor printed, nor out.
        let mut records = app.school.database.read().await.expect("records");
        let row = sql("select id from file")
            .one(&mut records)
            .await
            .expect("a file");
        drop(records);
        let file: String = row.get("id").expect("an id");
        for url in [
            format!("{}/files/question", cast.case),
            format!("/files/{file}"),
            format!("/files/{file}/preview"),
            format!("/files/{file}/copy"),
        ] {
            let page = cast.lead.get(&url).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{url}");
        }
        let refused = cast.lead.get(&format!("{}/pack.age", done.path)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let masking = begin(
            &mut cast.lead,
            &format!("{}/export", cast.case),
            "chronology",
        )
        .await;
        assert!(!masking.html().contains("name=\"file\""));
    });
}

async fn triaged(client: &mut Client, case: &str, imagery: &str) {
    let form = client.get(&format!("{case}/triage")).await;
    client
        .submit(
            &form,
            "Save the triage",
            &[
                ("category", "conduct/bullying"),
                ("child-at-risk", "no"),
                ("disturbing", "yes"),
                ("imagery", imagery),
                ("outcome", "respond"),
                ("reason", "As it was told."),
            ],
        )
        .await;
}

/// Does a little of everything that a case can hold.
async fn worked_on(client: &mut Client, case: &str) {
    triaged(client, case, "no").await;
    let form = client.get(&format!("{case}/evidence/new")).await;
    let evidence = [
        ("what", "Four messages, the first at seven."),
        ("place", "A game’s chat"),
        ("at-day", "23"),
        ("at-month", "9"),
        ("at-year", "2026"),
        ("at-time", "8:30"),
        ("keeper", "Tessa Teacher"),
        ("sent-on", "no"),
    ];
    client
        .submit(&form, "Add to the evidence log", &evidence)
        .await;
    let form = client.get(&format!("{case}/investigation")).await;
    let finding = [
        ("investigator", "Dora Deputy"),
        ("words", "Quin Pupil said so."),
        ("finding", "shown"),
        ("clause", "sanctions"),
    ];
    client.submit(&form, "Save what was found", &finding).await;
    // Then somebody speaks of a picture.
    triaged(client, case, "unknown").await;
    let form = client.get(&format!("{case}/sanctions/new")).await;
    let (person, agreed) = (choice(&form, "Quin Pupil"), choice(&form, "Lena Lead"));
    let sanction = [
        ("person", person.as_str()),
        ("step", "talk"),
        ("agreed", agreed.as_str()),
        ("reason", "It was the first time."),
    ];
    client.submit(&form, "Save the decision", &sanction).await;
    let form = client.get(&format!("{case}/support/new")).await;
    let (person, helper) = (choice(&form, "Pip Pupil"), choice(&form, "Lena Lead"));
    let support = [
        ("person", person.as_str()),
        ("decision", "planned"),
        ("responsible", helper.as_str()),
        ("review-day", "30"),
        ("review-month", "9"),
        ("review-year", "2026"),
        ("words", "A talk each Monday."),
    ];
    client.submit(&form, "Save", &support).await;
    let form = client.get(&format!("{case}/devices/new")).await;
    let device = [
        ("device", "Black telephone, cracked corner"),
        ("from", "Quin Pupil"),
        ("taken-by", "Tessa Teacher"),
        ("at-day", "23"),
        ("at-month", "9"),
        ("at-year", "2026"),
        ("at-time", "8:40"),
        ("place", "Safe in the office"),
        ("bag", "B-00412"),
    ];
    client.submit(&form, "Save", &device).await;
    let form = client.get(&format!("{case}/referrals/new")).await;
    let referral = [("agency", "posh"), ("why", "Advice on a rumour.")];
    let added = client.submit(&form, "Add the referral", &referral).await;
    assert!(added.path.contains("/referrals/"), "{}", added.text());
    let form = client
        .get(&format!("{case}/reviews/nude-image/pages/immediate-risk"))
        .await;
    let answer = [
        ("at-risk", "no"),
        ("at-risk-why", "Pip is at home with Quin Pupil’s aunt."),
    ];
    client.submit(&form, "Keep and go on", &answer).await;
    let form = client.get(&format!("{case}/police")).await;
    let police = [
        ("decision", "not-told"),
        ("reason", "Nobody has seen any picture."),
    ];
    client.submit(&form, "Save the decision", &police).await;
}

#[test]
fn a_pack_holds_reviews_referrals_devices_sanctions_and_support_with_others_masked() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let case = cast.case.clone();
        worked_on(&mut cast.deputy, &case).await;
        for (url, purpose) in [
            (format!("{case}/export"), "chronology"),
            (of_person(&app, "Pip Pupil").await, "transfer"),
            (of_person(&app, "Pip Pupil").await, "subject-access"),
        ] {
            let masking = begin(&mut cast.deputy, &url, purpose).await;
            let check = cast
                .deputy
                .submit(&masking, "Mask the names and go on", &[])
                .await;
            let left_out = purpose == "subject-access";
            assert_eq!(
                check.text().contains("What is left out, and why"),
                left_out,
                "{purpose}"
            );
            for words in [
                "Four messages, the first at seven.",
                "Where: A game’s chat",
                "Kept by: ",
                "Sent on: no",
                "Looked into by: ",
                "Finding: It is shown",
                "A nude picture of a child may be part of it: not sure",
                "The police had to be thought of: yes",
                "Decided: 1.",
                "A talk each Monday.",
                "To be looked at again on: 30 September 2026",
                "Black telephone, cracked corner",
                "Kept: Safe in the office",
                "Bag: B-00412",
                "Referral to be sent: Professionals Online Safety Helpline",
                "Advice on a rumour.",
                "Why: ",
                "Decision: the police were not told",
            ] {
                check.says(words);
            }
            // The other child stands in none of it.
            let html = check.html();
            assert!(!html.contains("Quin Pupil"), "{purpose}");
        }
        // The same in the table for a recorder.
        let masking = begin(&mut cast.deputy, &format!("{case}/export"), "recorder").await;
        let done = through(&mut cast.deputy, &masking, &[]).await;
        let table = cast.deputy.get(&done.link("Take the table")).await;
        let text = String::from_utf8(table.body).expect("text");
        for words in [
            "B-00412",
            "A talk each Monday.",
            "Advice on a rumour.",
            "Kept by: ",
        ] {
            assert!(text.contains(words), "{words}");
        }
        assert!(!text.contains("Quin Pupil"), "{text}");
    });
}

#[test]
fn an_adult_who_asks_gets_the_case_about_them_without_its_reporter_and_only_from_who_holds_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        app.clock.advance_ms(1000);
        report(&mut cast.teacher, &[("Nils Network", "alleged")]).await;
        let url = of_person(&app, "Nils Network").await;
        let page = cast.head.get(&url).await;
        page.says("What is left out, and why")
            .says("Data Protection Act 2018, schedule 2, paragraph 16");
        let masking = begin(&mut cast.head, &url, "subject-access").await;
        masking.says("Tessa Teacher");
        let check = cast
            .head
            .submit(&masking, "Mask the names and go on", &[])
            .await;
        check
            .says("was called names by")
            .says("Journal: about this person")
            .says("another adult A");
        assert!(
            !check.html().contains("Tessa Teacher"),
            "the reporter is named"
        );
        let pack = check.path.trim_end_matches("/check").to_owned();
        // The subject, and who may not export the case, find no pack and no trace of it.
        for client in [&mut cast.technician, &mut cast.lead, &mut cast.teacher] {
            assert_eq!(client.get(&pack).await.status, StatusCode::NOT_FOUND);
        }
        // The lead may answer for the register, and the case about the adult is not in it.
        let theirs = begin(&mut cast.lead, &url, "subject-access").await;
        let check = cast
            .lead
            .submit(&theirs, "Mask the names and go on", &[])
            .await;
        check.says("Is on the register as:");
        assert!(!check.text().contains("was called names by"));
        let sealed = app
            .count("select count(*) as count from record_key where record like 'export:%' and tier = 3")
            .await;
        assert_eq!(
            sealed, 1,
            "the pack with the sealed case is sealed to its maker"
        );
    });
}

#[test]
fn the_pages_on_which_a_pack_is_masked_and_read_ask_again_who_one_is() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = format!("{}/export", cast.case);
        let masking = begin(&mut cast.deputy, &url, "chronology").await;
        let at = masking.path.clone();
        app.clock.advance_ms(6 * 60 * 1000);
        let again = cast.deputy.get(&at).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert!(
            again
                .location
                .as_deref()
                .is_some_and(|to| to.starts_with("/step-up")),
            "{:?}",
            again.location
        );
    });
}

#[test]
fn a_pack_can_be_encrypted_to_the_public_key_of_whoever_gets_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let case = cast.deputy.get(&cast.case).await;
        let url = case.link("Make a pack to leave the school");
        let masking = begin(&mut cast.deputy, &url, "chronology").await;
        let check = cast
            .deputy
            .submit(&masking, "Mask the names and go on", &[])
            .await;
        let finish = cast
            .deputy
            .submit(&check, "I have read it: go on", &[])
            .await;
        finish.says("Their public key, if they have one");
        let theirs = FileIdentity::new(&mut ForVault(&*app.school.chance));
        let secret = theirs.text().to_string();
        for wrong in ["age1nonsense", secret.as_str()] {
            let refused = cast
                .deputy
                .submit(&finish, "Finish the pack", &[("key", wrong)])
                .await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.errors()[0].contains("This is no public key"));
            assert!(!refused.html().contains(&secret), "a secret is never shown");
        }
        let public = theirs.recipient().to_string();
        let done = cast
            .deputy
            .submit(&finish, "Finish the pack", &[("key", &public)])
            .await;
        done.says(&public);
        assert!(!done.text().contains("opens with this passphrase"));
        let sealed = cast.deputy.get(&done.link("Take the encrypted pack")).await;
        let mut plain = Vec::new();
        decrypt(&mut sealed.body.as_slice(), &mut plain, &theirs).expect("their key opens it");
        let verdict = verify(&mut Cursor::new(&plain), &key(&app));
        assert!(matches!(verdict, PackVerdict::Sound { .. }), "{verdict}");
        let another = FileIdentity::new(&mut ForVault(&*app.school.chance));
        let mut nothing = Vec::new();
        assert!(decrypt(&mut sealed.body.as_slice(), &mut nothing, &another).is_err());
    });
}
