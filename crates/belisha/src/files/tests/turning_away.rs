//! What is turned away, and that nothing typed is lost by it.

use axum::http::StatusCode;

use super::{add, cast, multipart, newest, png, report, send, triage, untriaged};
use crate::testing::{JUNIOR, PASSWORD, PRIMARY, on_each_engine};

#[test]
fn nothing_enters_where_an_image_could_be_indecent() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = untriaged(&app).await;
        // Before the triage nobody knows.
        let early = cast
            .lead
            .get(&format!("{}/files/question", cast.case))
            .await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        early.says("Triage the case first");
        triage(&mut cast.lead, &cast.case, "conduct/nude-image").await;
        let list = cast.lead.get(&format!("{}/files", cast.case)).await;
        list.says("no file of any kind is kept in it");
        assert!(!list.has_link("Add a file"));
        let question = cast
            .lead
            .get(&format!("{}/files/question", cast.case))
            .await;
        assert_eq!(question.status, StatusCode::FORBIDDEN);
        let fields = [
            ("submission", "1"),
            ("undressed", "no"),
            ("shows", "a note"),
        ];
        let body = multipart(&fields, "note.txt", b"harmless");
        let sent = send(&mut cast.lead, &format!("{}/files/new", cast.case), body).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        sent.says("Leave the picture where it is");
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        assert!(
            app.journal()
                .await
                .iter()
                .any(|kind| kind == "file.refused")
        );
    });
}

#[test]
fn a_case_that_turns_out_to_be_about_such_an_image_shuts_what_was_kept_before() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        add(&mut cast.deputy, &cast.case, "chat.png", &png(20, 20)).await;
        let file = cast
            .deputy
            .get(&format!("{}/files", cast.case))
            .await
            .link("chat.png");
        triage(&mut cast.deputy, &cast.case, "conduct/nude-image").await;
        for url in [
            file.clone(),
            format!("{file}/copy"),
            format!("{file}/preview"),
        ] {
            let page = cast.deputy.get(&url).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{url}");
            page.says("No file of this case can be opened");
        }
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        assert!(!list.has_link("chat.png"));
    });
}

#[test]
fn whoever_says_that_a_child_is_undressed_is_told_what_to_do_and_nothing_is_kept() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let question = cast
            .deputy
            .get(&format!("{}/files/question", cast.case))
            .await;
        assert_eq!(
            question.heading(),
            "Could any picture in this show a child undressed?"
        );
        let unanswered = cast.deputy.submit(&question, "Continue", &[]).await;
        assert_eq!(unanswered.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = cast
            .deputy
            .submit(&question, "Continue", &[("undressed", "yes")])
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused
            .says("Do not add this file")
            .says("tell the designated safeguarding lead now");
        // A form that skips the question is not let in either.
        for answer in ["yes", ""] {
            let fields = [
                ("submission", "1"),
                ("undressed", answer),
                ("shows", "a note"),
            ];
            let body = multipart(&fields, "note.txt", b"harmless");
            let sent = send(&mut cast.deputy, &format!("{}/files/new", cast.case), body).await;
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{answer}");
        }
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        assert_eq!(
            app.count("select count(*) as count from file_piece").await,
            0
        );
    });
}

#[test]
fn a_file_of_the_wrong_kind_is_refused_with_what_to_do_and_keeps_what_was_typed() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut moving = std::io::Cursor::new(Vec::new());
        {
            let mut encoder = image::codecs::gif::GifEncoder::new(&mut moving);
            let frame = || image::Frame::new(image::RgbaImage::new(4, 4));
            encoder.encode_frames([frame(), frame()]).expect("a film");
        }
        let too_large = vec![b'a'; 25 * 1024 * 1024 + 1];
        let cases: [(&str, &[u8], &str); 9] = [
            ("a.txt", b"", "Choose a file"),
            (
                "page.html",
                b"<html>",
                "it is a program, a script or a shortcut",
            ),
            ("page.txt", b"<html><p>", "Save the page as a PDF"),
            (
                "run.txt",
                b"MZ\x90\0",
                "it is a program, a script or a shortcut",
            ),
            ("all.zip", b"PK\x03\x04", "Unpack the archive"),
            (
                "chat.pdf",
                &png(4, 4),
                "its name says one kind and its content is another",
            ),
            (
                "film.gif",
                moving.get_ref(),
                "Moving pictures are not taken",
            ),
            (
                "act.pdf",
                b"%PDF-1.7\n<< /JavaScript (x) >>",
                "Print the PDF to a new PDF",
            ),
            ("big.txt", &too_large, "up to 25 MB"),
        ];
        for (name, bytes, says) in cases {
            let page = add(&mut cast.deputy, &cast.case, name, bytes).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            let errors = page.errors().join(" ");
            assert!(errors.contains(says), "{name}: {errors}");
            page.says("Choose the file again");
            assert_eq!(page.field("shows"), "A message from Quin to Pip");
        }
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        assert_eq!(
            app.count("select count(*) as count from journal_entry where action = 'file.refused'")
                .await,
            8
        );
    });
}

#[test]
fn words_are_owed_a_full_case_takes_no_more_and_an_ended_one_none() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = format!("{}/files/new", cast.case);
        let form = cast.deputy.get(&url).await;
        let number = form.field("submission");
        let fields = [
            ("submission", number.as_str()),
            ("undressed", "no"),
            ("shows", " "),
        ];
        let wordless = send(&mut cast.deputy, &url, multipart(&fields, "a.txt", b"a")).await;
        assert_eq!(wordless.errors(), ["Say what the file shows"]);
        let fields = [("submission", "1"), ("role", "head")];
        let unknown = send(&mut cast.deputy, &url, multipart(&fields, "a.txt", b"a")).await;
        assert_eq!(unknown.status, StatusCode::FORBIDDEN);
        for number in 0..20 {
            let sent = add(
                &mut cast.deputy,
                &cast.case,
                &format!("{number}.txt"),
                b"a note",
            )
            .await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        }
        let full = cast
            .deputy
            .get(&format!("{}/files/question", cast.case))
            .await;
        full.says("This case holds 20 files");
        assert_eq!(app.count("select count(*) as count from file").await, 20);

        app.clock.advance_ms(1000);
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")]).await;
        let other = newest(&app).await;
        triage(&mut cast.deputy, &other, "conduct/bullying").await;
        let form = cast.deputy.get(&format!("{other}/no-further-action")).await;
        cast.deputy
            .submit(&form, "End the case", &[("reason", "A misunderstanding.")])
            .await;
        let ended = cast.deputy.get(&format!("{other}/files/question")).await;
        assert_eq!(ended.status, StatusCode::FORBIDDEN, "{}", ended.text());
    });
}

#[test]
fn a_screen_that_locks_under_an_upload_keeps_the_words_and_asks_for_the_file_again() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = format!("{}/files/new", cast.case);
        let form = cast.deputy.get(&url).await;
        let number = form.field("submission");
        let fields = [
            ("submission", number.as_str()),
            ("undressed", "no"),
            ("shows", "Quin’s message of Monday 😢"),
        ];
        app.clock.advance_ms(11 * 60 * 1000);
        let body = multipart(&fields, "chat.png", &png(20, 20));
        let locked = send(&mut cast.deputy, &url, body).await;
        assert_eq!(locked.status, StatusCode::SEE_OTHER);
        let locked = cast.deputy.get(&locked.location.expect("a place")).await;
        let kept = cast
            .deputy
            .submit(&locked, "Unlock", &[("password", PASSWORD)])
            .await;
        assert_eq!(kept.heading(), "Your form was kept");
        kept.says("Quin’s message of Monday 😢");
        let (path, fields) = kept.form_with("Carry on");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        // A browser repeats its POST for the answer 307.
        let again = cast.deputy.post_only(&path, &fields).await;
        let place = again.location.expect("a place");
        assert_eq!(place, url);
        let page = cast.deputy.post(&place, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.errors().join(" ").contains("Choose the file again"));
        assert_eq!(page.field("shows"), "Quin’s message of Monday 😢");
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        // With the file it goes on where it stopped.
        let number = page.field("submission");
        let fields = [
            ("submission", number.as_str()),
            ("undressed", "no"),
            ("shows", "Quin’s message of Monday 😢"),
        ];
        let body = multipart(&fields, "chat.png", &png(20, 20));
        let sent = send(&mut cast.deputy, &url, body).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        assert_eq!(app.count("select count(*) as count from file").await, 1);
    });
}
