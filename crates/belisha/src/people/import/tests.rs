//! The import as a person makes it, from the file to the register.

use std::task::Poll;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use belisha_policy::Post;

use crate::jobs;
use crate::testing::{Client, PRIMARY, Page, TestSchool, on_each_engine};

const PUPILS: &str = "UPN,Legal Forename,Legal Surname,DOB,Reg Group,Ethnicity\r\n\
    B801200005001,Zoë,Adams,27/03/2019,Oak,x\r\n\
    A801200005002,Ben,Baker,14/05/2019,Oak,x\r\n\
    ,Cara,Clark,31/04/2019,Ash,x\r\n\
    ,,Dunn,01/09/2018,Ash,x\r\n\
    ,=1+1,Evans,2018-11-30,Ash,x\r\n";

/// Sends a file as a browser does.
async fn upload(client: &mut Client, kind: &str, bytes: &[u8]) -> Page {
    let page = client.get("/people/import").await;
    let submission = page
        .html()
        .split("name=\"submission\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a submission id")
        .to_owned();
    let mut body = Vec::new();
    for (name, value) in [("submission", submission.as_str()), ("kind", kind)] {
        body.extend_from_slice(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n",
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let request = Request::post("/people/import")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    let sent = client.send(request, Body::from(body)).await;
    match sent.location.clone() {
        Some(to) => client.get(&to).await,
        None => sent,
    }
}

/// The page on which the likely columns are shown, and then what they would do.
async fn check(client: &mut Client, columns: &Page) -> Page {
    let (path, fields) = columns.form_with("Show what would change");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .finish();
    client.get(&format!("{path}?{query}")).await
}

/// A whole import; the page with its result.
async fn import(app: &TestSchool, client: &mut Client, kind: &str, file: &str) -> Page {
    let columns = upload(client, kind, file.as_bytes()).await;
    let dry = check(client, &columns).await;
    let running = client.submit(&dry, "Import these people", &[]).await;
    jobs::work_until_idle(&app.school).await.expect("the work");
    client.get(&running.path).await
}

#[test]
fn a_file_of_pupils_is_tried_and_then_imported() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let columns = upload(&mut office, "pupils", PUPILS.as_bytes()).await;
        columns
            .says("5 rows")
            .says("UTF-8")
            .says("Not read")
            .says("Ethnicity");
        let dry = check(&mut office, &columns).await;
        dry.says("Nothing has changed yet")
            .says("Line 4 “31/04/2019” is not a date that exists")
            .says("these digits need")
            .says("Download every row");
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'pupils'")
                .await,
            0
        );
        let running = office.submit(&dry, "Import these people", &[]).await;
        running.says("The import is under way");
        jobs::work_until_idle(&app.school).await.expect("the work");
        let done = office.get(&running.path).await;
        done.says("The import is done")
            .says("not a date that exists");
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'pupils'")
                .await,
            4
        );
        assert_eq!(app.count("select count(*) as count from class").await, 2);
        assert_eq!(
            app.count("select count(*) as count from class_member")
                .await,
            4
        );
        // The wrong number was left out; the child was not.
        assert_eq!(
            app.count("select count(*) as count from person where upn is not null")
                .await,
            1
        );
        // The file is emptied, and one entry tells of the whole import.
        assert_eq!(
            app.count("select count(*) as count from person_import where sealed_file is not null")
                .await,
            0
        );
        let journal = app.journal().await;
        assert_eq!(
            journal
                .iter()
                .filter(|kind| *kind == "people-import.done")
                .count(),
            1
        );
        let csv = office
            .get(&done.link("Download what became of every row"))
            .await;
        let text = csv.html();
        assert!(text.starts_with("\u{feff}Line,"), "{text}");
        assert!(text.contains("6,added,'=1+1 Evans is added."), "{text}");
        // The same file again changes nobody.
        let columns = upload(&mut office, "pupils", PUPILS.as_bytes()).await;
        check(&mut office, &columns)
            .await
            .says("4 stay as they are")
            .says("There is nothing to import");
    });
}

#[test]
fn the_columns_of_last_time_are_offered_again() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let file = "Who,Set,Class\nAnn Lee,Oak,Y3\n";
        let columns = upload(&mut office, "pupils", file.as_bytes()).await;
        let (path, _) = columns.form_with("Show what would change");
        let lacking = office.get(&format!("{path}?column-class=1")).await;
        assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            lacking.errors(),
            ["Choose the columns of the first and last name, or one column of full names"]
        );
        let twice = office
            .get(&format!("{path}?column-full-name=0&column-class=0"))
            .await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        let dry = office
            .get(&format!("{path}?column-full-name=0&column-class=1"))
            .await;
        office.submit(&dry, "Import these people", &[]).await;
        jobs::work_until_idle(&app.school).await.expect("the work");
        let next = upload(&mut office, "pupils", b"Set,Who,Class\nAsh,Ben Low,Y4\n").await;
        let (_, fields) = next.form_with("Show what would change");
        let chosen = |field: &str| {
            fields
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, value)| value.clone())
        };
        assert_eq!(chosen("column-full-name").as_deref(), Some("1"));
        assert_eq!(chosen("column-class").as_deref(), Some("0"));
    });
}

#[test]
fn whoever_is_missing_leaves_only_when_ticked() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        import(
            &app,
            &mut office,
            "pupils",
            "Name,DOB\nAnn Lee,1/9/2018\nBen Low,2/9/2018\n",
        )
        .await;
        let file = "Name,DOB\nCal May,3/9/2018\n";
        import(&app, &mut office, "pupils", file).await;
        assert_eq!(
            app.count("select count(*) as count from person where ends_on is not null")
                .await,
            0
        );
        let columns = upload(&mut office, "pupils", file.as_bytes()).await;
        let dry = check(&mut office, &columns).await;
        dry.says("Who has left?").says("Ann Lee").says("Ben Low");
        let ann = dry
            .html()
            .split("value=\"")
            .find(|part| part.contains("Ann Lee"))
            .and_then(|part| part.split('"').next())
            .expect("a box")
            .to_owned();
        let undated = office
            .submit(&dry, "Import these people", &[("leaver", &ann)])
            .await;
        assert_eq!(undated.errors(), ["Enter the last day of those you ticked"]);
        let dated = [
            ("leaver", ann.as_str()),
            ("left-on-day", "18"),
            ("left-on-month", "9"),
            ("left-on-year", "2026"),
        ];
        let running = office.submit(&undated, "Import these people", &dated).await;
        jobs::work_until_idle(&app.school).await.expect("the work");
        office.get(&running.path).await.says("1 left");
        assert_eq!(
            app.count("select count(*) as count from person where ends_on = '2026-09-18' and sort_name = 'ann lee'").await,
            1
        );
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'pupils'")
                .await,
            3
        );
    });
}

#[test]
fn staff_are_matched_by_address_and_never_promoted() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        app.signed_in("Gita Governor", &[Post::ChairOfGovernors])
            .await;
        let file = "First Name,Last Name,Email,Job Role,Post\n\
            Olive,Office,olive.office@larkfield.example,Bursar,headteacher\n\
            Gita,Governor,gita.governor@larkfield.example,Teacher,headteacher\n\
            Tom,Teach,tom@larkfield.example,Teacher,headteacher\n\
            Una,One,una@larkfield.example,Teacher,\n\
            Una,Two,una@larkfield.example,Teacher,\n";
        let columns = upload(&mut office, "staff", file.as_bytes()).await;
        columns.says("Not read").says("Post");
        let dry = check(&mut office, &columns).await;
        dry.says("Olive Office: job title Bursar.")
            .says("who is in the register among governors")
            .says("Line 6 has the same e-mail address")
            .says("Line 5 has the same e-mail address");
        office.submit(&dry, "Import these people", &[]).await;
        jobs::work_until_idle(&app.school).await.expect("the work");
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'staff'")
                .await,
            2
        );
        assert_eq!(
            app.count("select count(*) as count from post_holding")
                .await,
            2
        );
    });
}

#[test]
fn contacts_are_tied_household_by_household() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        import(
            &app,
            &mut office,
            "pupils",
            "UPN,Name,DOB\nB801200005001,Ann Lee,1/9/2018\nR674123101121,Ben Lee,2/9/2019\n",
        )
        .await;
        let file = "UPN,Parent Forename,Parent Surname,Relationship,Email,Mobile,Lives with pupil,Parental responsibility,Priority\n\
            B801200005001,Mia,Lee,Mother,mia@home.example,07700 900001,Yes,Yes,1\n\
            R674123101121,Mia,Lee,Mother,mia@home.example,07700 900001,Yes,Yes,1\n\
            B801200005001,Don,Lee,Father,don@home.example,07700 900002,No,Yes,2\n\
            B801200005001,Eve,Lee,Aunt,mia@home.example,,,,\n\
            P207000016049,Fay,Low,Mother,fay@home.example,,,,\n";
        let done = import(&app, &mut office, "contacts", file).await;
        done.says("3 added")
            .says("2 not read")
            .says("gives this address to somebody of another name")
            .says("The child is not in the register");
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'parents'")
                .await,
            2
        );
        assert_eq!(
            app.count("select count(*) as count from family_tie").await,
            3
        );
        assert_eq!(
            app.count("select count(distinct household) as count from family_tie")
                .await,
            2
        );
        let columns = upload(&mut office, "contacts", file.as_bytes()).await;
        check(&mut office, &columns)
            .await
            .says("3 stay as they are");
    });
}

#[test]
fn a_file_that_is_no_table_is_turned_back_with_what_to_do() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        for (bytes, expected) in [
            (b"PK\x03\x04rest".to_vec(), "CSV UTF-8 (comma delimited)"),
            (b"%PDF-1.7".to_vec(), "This is a PDF"),
            (b"Name\nAnn".to_vec(), "Only one column was found"),
            (Vec::new(), "The file is empty"),
            (vec![b'a'; 5 * 1024 * 1024 + 1], "larger than 5 MB"),
            (vec![b'a'; 6 * 1024 * 1024], "larger than 5 MB"),
        ] {
            let page = upload(&mut office, "pupils", &bytes).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{expected}");
            assert!(
                page.errors().join(" ").contains(expected),
                "{:?}",
                page.errors()
            );
        }
        let kindless = upload(&mut office, "heads", b"Name,Class\nAnn,Oak").await;
        assert_eq!(kindless.errors(), ["Choose what the file is a list of"]);
        assert_eq!(
            app.count("select count(*) as count from person_import")
                .await,
            0
        );
    });
}

#[test]
fn an_import_can_be_given_up_and_its_file_is_emptied() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let columns = upload(&mut office, "pupils", b"Name,Class\nAnn,Oak").await;
        office
            .submit(&columns, "Give this import up", &[])
            .await
            .says("Given up");
        assert_eq!(
            app.count("select count(*) as count from person_import where sealed_file is not null")
                .await,
            0
        );
        let (path, _) = columns.form_with("Show what would change");
        office.get(&path).await;
        assert_eq!(office.get(&path).await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_file_in_older_encodings_keeps_its_names() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let text = "Name;Class\nZoë O’Hara;Oak\n";
        let little: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        upload(&mut office, "pupils", &little)
            .await
            .says("UTF-16")
            .says("semicolons")
            .says("Zoë O’Hara");
        let older = b"Name;Class\nZo\xeb O\x92Hara;Oak\n";
        upload(&mut office, "pupils", older)
            .await
            .says("Windows-1252")
            .says("Zoë O’Hara");
    });
}

#[test]
fn others_find_no_import() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let columns = upload(&mut office, "pupils", b"Name,Class\nAnn,Oak").await;
        let mut teacher = app.signed_in("Tom Teach", &[]).await;
        let mut chair = app.signed_in("Gita Chair", &[Post::ChairOfGovernors]).await;
        assert_eq!(
            teacher.get("/people/import").await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            teacher.get(&columns.path).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(chair.get(&columns.path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            office.get("/people/import/none").await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn a_long_import_is_watched_row_by_row_and_still_written_whole() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let mut file = String::from("Legal Forename,Legal Surname,DOB\r\n");
        for number in 0..300 {
            file.push_str(&format!("Child{number},Surname{number},01/09/2018\r\n"));
        }
        let columns = upload(&mut office, "pupils", file.as_bytes()).await;
        let dry = check(&mut office, &columns).await;
        let running = office.submit(&dry, "Import these people", &[]).await;
        let pupils = "select count(*) as count from person where standing = 'pupils'";
        let mut seen = Vec::new();
        let mut work = std::pin::pin!(jobs::work_until_idle(&app.school));
        // The work stands still while the page is read, so that no machine is too fast to be watched.
        while seen.len() < 3 {
            let step = std::future::poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending => Poll::Ready(None),
            });
            if let Some(done) = step.await {
                panic!("the work ended ({done:?}) and only these rows were seen: {seen:?}");
            }
            let page = office.get(&running.path).await;
            let row = page.text().split("Row ").nth(1).map(|rest| {
                let figures = rest.split(' ').next().unwrap_or_default();
                figures.parse::<u32>().expect("a number of rows")
            });
            if let Some(row) = row.filter(|row| (1..300).contains(row)) {
                assert_eq!(
                    app.count(pupils).await,
                    0,
                    "half of it can be seen at row {row}"
                );
                if seen.last() != Some(&row) {
                    seen.push(row);
                }
            }
        }
        work.await.expect("the work");
        office.get(&running.path).await.says("The import is done");
        assert!(seen.is_sorted(), "{seen:?}");
        assert_eq!(app.count(pupils).await, 300);
    });
}

#[test]
fn columns_that_are_missing_are_asked_for_and_a_number_given_twice_is_named() {
    on_each_engine(PRIMARY, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let columns = upload(&mut office, "pupils", b"DOB,Reg Group\n27/03/2019,Oak\n").await;
        let asked = check(&mut office, &columns).await;
        assert!(
            asked
                .errors()
                .join(" ")
                .contains("Choose the columns of the first and last name"),
            "{:?}",
            asked.errors()
        );
        let twice =
            b"UPN,Forename,Surname\nB801200005001,Ben,Baker\nB801200005001,Bea,Baker\n,Cy,Cole\n";
        let columns = upload(&mut office, "pupils", twice).await;
        let dry = check(&mut office, &columns).await;
        dry.says("Line 3 has the same pupil number")
            .says("Line 2 has the same pupil number");
        office.submit(&dry, "Import these people", &[]).await;
        jobs::work_until_idle(&app.school).await.expect("the work");
        // Neither of the two is believed; the third child is in.
        assert_eq!(
            app.count("select count(*) as count from person where standing = 'pupils'")
                .await,
            1
        );
    });
}
