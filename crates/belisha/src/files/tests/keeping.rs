//! Files are kept, sealed, shown and given out.

use axum::http::StatusCode;
use belisha_policy::Post;

use super::{add, add_as, cast, multipart, newest, png, report, send, triage};
use crate::db::sql;
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn a_screenshot_is_added_looked_at_and_copied() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let picture = png(1600, 40);
        let sent = add(&mut cast.deputy, &cast.case, "Quin’s chat.png", &picture).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        list.says("Quin’s chat.png")
            .says("A message from Quin to Pip")
            .says("picture (PNG)")
            .says("Not scanned: no scanner is set up");
        let file = list.link("Quin’s chat.png");
        let page = cast.deputy.get(&file).await;
        page.says("1600 by 40 pixels")
            .says("The original holds no place");
        let copy = cast.deputy.get(&page.link("Take a copy")).await;
        assert_eq!(copy.body, picture);
        let header = |name: &str| copy.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-disposition").starts_with("attachment; filename=\"file-"));
        assert!(header("content-disposition").ends_with(".png\""));
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; sandbox"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
        let preview = cast.deputy.get(&format!("{file}/preview")).await;
        assert_eq!(preview.headers["content-type"], "image/png");
        let drawn = image::load_from_memory(&preview.body).expect("a picture");
        assert_eq!((drawn.width(), drawn.height()), (1200, 30));
        let journal = app.journal().await;
        for kind in ["file.added", "file.opened", "file.downloaded"] {
            assert!(journal.iter().any(|found| found == kind), "no {kind}");
        }
        cast.deputy.get(&cast.case).await.says("Added a file");
        cast.deputy
            .get(&format!("{}/readers", cast.case))
            .await
            .says("Dora Deputy");
    });
}

#[test]
fn evidence_is_kept_with_its_time_and_keeper_and_never_forwarded() {
    covers(&["C-221", "C-234"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let sent = add(
            &mut cast.lead,
            &cast.case,
            "chat.txt",
            b"Nobody likes you.\n",
        )
        .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let list = cast.lead.get(&format!("{}/files", cast.case)).await;
        list.says("chat.txt")
            .says("23 September 2026 at 8:55am by Lena Lead");
        // Each look is in the journal, under the name of whoever looked.
        let page = cast.lead.get(&list.link("chat.txt")).await;
        // Nothing on the page sends it on to anybody.
        for way in ["mailto:", "orward", "Share"] {
            assert!(!page.html().contains(way), "{way}");
        }
        assert_eq!(
            app.count("select count(*) as count from journal_entry where action = 'file.opened'")
                .await,
            1
        );
    });
}

#[test]
fn nothing_of_a_file_stands_in_the_clear() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let secret = b"a sentence that stands nowhere else in these records, 4711";
        add(&mut cast.deputy, &cast.case, "hidden-name-0815.txt", secret).await;
        assert_eq!(app.count("select count(*) as count from file").await, 1);
        let mut records = app.school.database.read().await.expect("records");
        let row = sql("select file.sealed_about, file_piece.sealed from file
             join file_piece on file_piece.file = file.id")
        .one(&mut records)
        .await
        .expect("a file");
        for column in ["sealed_about", "sealed"] {
            let bytes: Vec<u8> = row.get(column).expect("bytes");
            for needle in [&secret[..20], &b"hidden-name-0815"[..]] {
                assert!(!bytes.windows(needle.len()).any(|here| here == needle));
            }
        }
        let lines = sql("select line from journal_entry where action = 'file.added'")
            .one(&mut records)
            .await
            .expect("an entry");
        let line: String = lines.get("line").expect("a line");
        assert!(
            !line.contains("0815") && line.contains("\"bytes\":"),
            "{line}"
        );
        drop(records);
        // No file of any sort stays beside the records.
        for entry in std::fs::read_dir(&app.school.data).expect("a folder") {
            let path = entry.expect("an entry").path();
            assert!(!path.to_string_lossy().contains("arriving"));
            if path.is_file() {
                let bytes = std::fs::read(&path).expect("bytes");
                assert!(
                    !bytes.windows(20).any(|here| here == &secret[..20]),
                    "{path:?}"
                );
            }
        }
    });
}

#[test]
fn a_changed_byte_in_the_records_is_noticed_before_anything_leaves() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let long = vec![b'a'; 200_000];
        add(&mut cast.deputy, &cast.case, "long.txt", &long).await;
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        let copy = format!("{}/copy", list.link("long.txt"));
        assert_eq!(cast.deputy.get(&copy).await.body, long);
        let mut records = app.school.database.read().await.expect("records");
        let row = sql("select file, sealed from file_piece where number = 2")
            .one(&mut records)
            .await
            .expect("a piece");
        drop(records);
        let mut bytes: Vec<u8> = row.get("sealed").expect("bytes");
        bytes[100] ^= 1;
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("test"))
            .await
            .expect("a transaction");
        tx.run(sql("update file_piece set sealed = $1 where number = 2").bind(bytes))
            .await
            .expect("a forgery");
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::SchoolChanged,
            crate::entries::Object::new("school", "test"),
        ))
        .await
        .expect("a commit");
        let refused = cast.deputy.get(&copy).await;
        assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!refused.html().contains("aaaa"));
    });
}

#[test]
fn a_form_sent_twice_keeps_one_file_and_one_cut_off_keeps_none() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = format!("{}/files/new", cast.case);
        let form = cast.deputy.get(&url).await;
        let number = form.field("submission");
        let fields = [
            ("submission", number.as_str()),
            ("undressed", "no"),
            ("shows", "A note"),
        ];
        let body = multipart(&fields, "note.txt", b"a note");
        let cut = body[..body.len() - 20].to_vec();
        let refused = send(&mut cast.deputy, &url, cut).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("The file did not arrive whole");
        let none = "select count(*) as count from file_piece";
        assert_eq!(app.count(none).await, 0);
        for _ in 0..2 {
            let sent = send(&mut cast.deputy, &url, body.clone()).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        }
        assert_eq!(app.count("select count(*) as count from file").await, 1);
    });
}

#[test]
fn who_may_not_read_the_case_finds_no_file() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        add(&mut cast.deputy, &cast.case, "note.txt", b"a note").await;
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        let file = list.link("note.txt");
        let nothing = cast
            .teacher
            .get("/files/00000000-0000-4000-8000-000000000000")
            .await;
        for client in [&mut cast.teacher, &mut cast.technician] {
            for url in [
                format!("{}/files", cast.case),
                format!("{}/files/question", cast.case),
                format!("{}/files/new", cast.case),
                file.clone(),
                format!("{file}/copy"),
                format!("{file}/preview"),
            ] {
                assert_eq!(
                    client.get(&url).await.status,
                    StatusCode::NOT_FOUND,
                    "{url}"
                );
            }
            let body = multipart(
                &[("submission", "1"), ("undressed", "no"), ("shows", "x")],
                "a.txt",
                b"a",
            );
            let sent = send(client, &format!("{}/files/new", cast.case), body).await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND);
            let asked = client
                .post_only(&format!("{file}/scan"), &[("submission", "1")])
                .await;
            assert_eq!(asked.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(cast.teacher.get(&file).await.html(), nothing.html());
        // The headteacher reads the case, and adds nothing to it.
        assert_eq!(cast.head.get(&file).await.status, StatusCode::OK);
        let add = cast.head.get(&format!("{}/files/new", cast.case)).await;
        assert_eq!(add.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_file_of_an_allegation_opens_for_those_it_is_sealed_to_and_is_hidden_from_its_subject() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut accused = app.signed_in("Ada Adult", &[]).await;
        app.clock.advance_ms(1000);
        report(&mut cast.teacher, &[("Ada Adult", "alleged")]).await;
        let case = newest(&app).await;
        triage(&mut cast.head, &case, "conduct/aggression").await;
        let sent = add(&mut cast.head, &case, "letter.txt", b"a letter").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let list = cast.head.get(&format!("{case}/files")).await;
        let file = list.link("letter.txt");
        let copy = cast.head.get(&format!("{file}/copy")).await;
        assert_eq!(copy.body, b"a letter");
        for client in [&mut accused, &mut cast.lead, &mut cast.deputy] {
            assert_eq!(client.get(&file).await.status, StatusCode::NOT_FOUND);
            assert_eq!(
                client.get(&format!("{file}/copy")).await.status,
                StatusCode::NOT_FOUND
            );
        }
        // Promotion changes nothing: the subject stays outside.
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("test"))
            .await
            .expect("a transaction");
        tx.run(
            sql(
                "insert into post_holding (id, post, person, deputy, from_on, until_on)
                 values ('p', 'headteacher', $1, false, '2026-09-01', null)",
            )
            .bind(accused.id().to_string()),
        )
        .await
        .expect("a post");
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::PostAppointed,
            crate::entries::Object::new("person", accused.id()),
        ))
        .await
        .expect("a commit");
        assert_eq!(accused.get(&file).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_marked_file_is_hidden_from_other_readers_of_the_case() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.deputy.get(&format!("{}/files/new", cast.case)).await;
        let (coordinator, chosen) = form
            .form_with("Add the file")
            .1
            .iter()
            .find(|(name, _)| name == "readers")
            .cloned()
            .unwrap_or_else(|| ("readers".to_owned(), readers_on(&form.html())));
        assert_eq!(coordinator, "readers");
        let sent = add_as(
            &mut cast.deputy,
            &cast.case,
            "marked.txt",
            b"for two people",
            &[("readers", &chosen)],
        )
        .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        list.says("Only some people");
        let file = list.link("marked.txt");
        assert_eq!(
            cast.deputy.get(&format!("{file}/copy")).await.body,
            b"for two people"
        );
        // The lead reads the case by their post, and neither sees nor finds the file.
        let list = cast.lead.get(&format!("{}/files", cast.case)).await;
        assert!(!list.html().contains("marked.txt"));
        list.says("No files yet");
        assert_eq!(cast.lead.get(&file).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            app.count("select count(*) as count from record_key where tier = 3")
                .await,
            1
        );
        let mut coordinator = app.as_person(chosen.parse().expect("an id")).await;
        assert_eq!(
            coordinator.get(&format!("{file}/copy")).await.body,
            b"for two people"
        );
    });
}

/// The first person whom a file can be sealed to.
fn readers_on(html: &str) -> String {
    let at = html.find("name=\"readers\"").expect("somebody to choose");
    let rest = &html[at..];
    let value = rest.find("value=\"").expect("a value") + 7;
    rest[value..].chars().take_while(|c| *c != '"').collect()
}

#[test]
fn the_technician_s_posts_open_no_file_however_they_are_asked() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        add(&mut cast.deputy, &cast.case, "note.txt", b"a note").await;
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        let file = list.link("note.txt");
        let mut both = app
            .signed_in("Bo Both", &[Post::NetworkManager, Post::SchoolOffice])
            .await;
        assert_eq!(both.get(&file).await.status, StatusCode::NOT_FOUND);
    });
}
