//! Notices, and the mail about them against a mail server that writes down what it hears.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::post::send_waiting;
use super::{NoticeKind, place, settled, tell};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::mail::Mail;
use crate::testing::{JUNIOR, PRIMARY, TestSchool, on_each_engine};

/// A mail server on this machine that takes everything, or nothing, and keeps it.
struct Sink {
    mail: Mail,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    async fn open(refuses: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let mut say = async |line: &str| {
                    write
                        .write_all(format!("{line}\r\n").as_bytes())
                        .await
                        .is_ok()
                };
                say("220 sink").await;
                let mut letter = String::new();
                let mut in_body = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    if in_body && line == "." {
                        in_body = false;
                        kept.lock()
                            .expect("letters")
                            .push(std::mem::take(&mut letter));
                        say("250 taken").await;
                        continue;
                    }
                    letter.push_str(&line);
                    letter.push('\n');
                    if in_body {
                        continue;
                    }
                    in_body = line == "DATA";
                    let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                        "DATA" => "354 go on",
                        "RCPT" if !refuses.is_empty() && line.contains(refuses) => "451 not now",
                        "QUIT" => "221 bye",
                        _ => "250 well",
                    };
                    if !say(answer).await {
                        break;
                    }
                }
            }
        });
        Self {
            mail: Mail::at(&format!("smtp://{address}"), "belisha@larkfield.example")
                .expect("a mail server"),
            heard,
        }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("letters").clone()
    }
}

async fn told(app: &TestSchool, person: PersonId, kind: NoticeKind, urgent: bool) {
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    let object = Object::new("incident", tx.school().new_row_id());
    tell(&mut tx, person, kind, &object, urgent)
        .await
        .expect("a notice");
    tx.commit(Entry::of(EntryKind::IncidentReported, object))
        .await
        .expect("a commit");
}

#[test]
fn a_mail_says_that_something_waits_and_nothing_else() {
    on_each_engine(JUNIOR, async |app| {
        let sink = Sink::open("").await;
        let ann = app
            .person("Wilhelmina Featherstone", Standing::Staff, &[])
            .await;
        told(&app, ann, NoticeKind::IncidentForYou, true).await;
        told(&app, ann, NoticeKind::AgreementToSign, false).await;
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        let heard = sink.heard();
        let [letter] = heard.as_slice() else {
            panic!("one mail for both, not {}", heard.len());
        };
        let (envelope, body) = letter.split_once("\n\n").expect("a body");
        assert_eq!(
            body.trim(),
            "Something new waits for you in Belisha.\n\nSign in to see what it is:\nhttp://localhost\n\n\
             This mail says no more on purpose. Please do not answer it."
        );
        assert!(envelope.contains("Subject: You have something new in Belisha"));
        let address = TestSchool::sign_in_name("Wilhelmina Featherstone");
        let without_address = letter.replace(&address, "");
        for word in [
            "wilhelmina",
            "featherstone",
            "larkfield school",
            "incident",
            "report",
            "agreement",
            "staff",
            "urgent",
        ] {
            assert!(
                !without_address.to_lowercase().contains(word),
                "“{word}” stands in\n{letter}"
            );
        }
        let headers: Vec<&str> = envelope
            .lines()
            .skip_while(|line| *line != "DATA")
            .skip(1)
            .filter_map(|line| line.split_once(':').map(|(name, _)| name))
            .collect();
        for name in headers {
            assert!(
                [
                    "From",
                    "To",
                    "Subject",
                    "Date",
                    "Content-Type",
                    "Content-Transfer-Encoding",
                    "MIME-Version",
                    "Message-ID"
                ]
                .contains(&name),
                "an unforeseen header {name}"
            );
        }
        // Once told, not told again.
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(sink.heard().len(), 1);
    });
}

#[test]
fn what_is_not_urgent_is_gathered_and_what_is_read_needs_no_mail() {
    on_each_engine(JUNIOR, async |app| {
        let sink = Sink::open("").await;
        let ann = app.person("Ann Lee", Standing::Staff, &[]).await;
        let bo = app.person("Bo Field", Standing::Staff, &[]).await;
        told(&app, ann, NoticeKind::PolicyInForce, false).await;
        told(&app, bo, NoticeKind::PolicyInForce, false).await;
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(sink.heard().len(), 0, "the first minutes are for gathering");
        let mut tx = app
            .school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        let object = sql("select object from notice where person = $1")
            .bind(bo.to_string())
            .one(&mut tx)
            .await
            .expect("a row")
            .get::<String>("object")
            .expect("an object");
        let object = Object::new("incident", object.trim_start_matches("incident:"));
        settled(&mut tx, bo, NoticeKind::PolicyInForce, &object)
            .await
            .expect("settled");
        tx.commit(Entry::of(EntryKind::IncidentAcknowledged, object))
            .await
            .expect("a commit");
        app.at("2026-09-23T09:00:00+01:00");
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(sink.heard().len(), 1);
        assert!(sink.heard()[0].contains("ann.lee@"));
    });
}

#[test]
fn a_notice_asks_for_its_own_turn() {
    on_each_engine(JUNIOR, async |app| {
        let due = async || {
            let mut records = app.school.database.read().await.expect("records");
            sql("select due_at from job where kind = 'mail' and asked_by is not null order by due_at")
                .all(&mut records)
                .await
                .expect("rows")
                .iter()
                .map(|row| row.instant("due_at").expect("an instant").to_string())
                .collect::<Vec<_>>()
        };
        let ann = app.person("Ann Lee", Standing::Staff, &[]).await;
        told(&app, ann, NoticeKind::PolicyInForce, false).await;
        told(&app, ann, NoticeKind::PolicyToApprove, false).await;
        assert_eq!(due().await, ["2026-09-23T08:00:00Z"], "one turn for both");
        told(&app, ann, NoticeKind::IncidentForYou, true).await;
        assert_eq!(
            due().await,
            ["2026-09-23T07:55:00Z", "2026-09-23T08:00:00Z"],
            "the urgent one does not wait"
        );
        // Without a mail server the turns pass, and are forgotten when they are old.
        app.at("2026-09-23T09:10:00+01:00");
        crate::jobs::work_until_idle(&app.school)
            .await
            .expect("the work");
        app.at("2026-09-25T09:10:00+01:00");
        send_waiting(&app.school, &Mail::None)
            .await
            .expect("nothing");
        let finished =
            "select count(*) as count from job where kind = 'mail' and finished_at is not null";
        assert_eq!(app.count(finished).await, 0);
    });
}

#[test]
fn a_mail_that_cannot_leave_is_tried_again_and_keeps_no_other_back() {
    on_each_engine(JUNIOR, async |app| {
        let sink = Sink::open("ann.lee").await;
        let ann = app.person("Ann Lee", Standing::Staff, &[]).await;
        let bo = app.person("Bo Field", Standing::Staff, &[]).await;
        told(&app, ann, NoticeKind::IncidentForYou, true).await;
        told(&app, bo, NoticeKind::IncidentForYou, true).await;
        let attempts = async || {
            let mut records = app.school.database.read().await.expect("records");
            let row = sql("select mail_attempts, mail_fault from notice where person = $1")
                .bind(ann.to_string())
                .one(&mut records)
                .await
                .expect("a row");
            (
                row.get::<i64>("mail_attempts").expect("a number"),
                row.get::<Option<String>>("mail_fault").expect("a fault"),
            )
        };
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(sink.heard().len(), 1, "Bo's");
        let (count, fault) = attempts().await;
        assert_eq!(count, 1);
        assert!(fault.is_some_and(|fault| fault.contains("not now")));
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(attempts().await.0, 1, "not at once again");
        app.at("2026-09-23T08:57:00+01:00");
        send_waiting(&app.school, &sink.mail)
            .await
            .expect("the mail");
        assert_eq!(attempts().await.0, 2);
        let asked = app
            .count("select count(*) as count from job where kind = 'mail' and finished_at is null and asked_by is not null")
            .await;
        assert!(asked >= 1, "the next attempt stands in the queue");
        let standing = super::mail_standing(
            &mut app.school.database.read().await.expect("records"),
            &app.school,
        )
        .await
        .expect("how it stands");
        // The school itself has no mail server in tests, and says so.
        assert_eq!(standing, super::MailStanding::NoServer { unread: 2 });
    });
}

#[test]
fn a_notice_leads_to_its_page_counts_and_is_the_persons_own() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = app.signed_in("Ann Lee", &[]).await;
        ann.get("/notices").await.says("Nothing waits for you");
        told(&app, ann.id(), NoticeKind::PolicyInForce, true).await;
        let page = ann.get("/notices").await;
        page.says("A new version of the policy is in force")
            .says("Urgent");
        assert!(page.html().contains("belisha-person__count\">1<"));
        let link = page.link("A new version");
        let mut bo = app.signed_in("Bo Field", &[]).await;
        assert_eq!(bo.get(&link).await.status, StatusCode::NOT_FOUND);
        let opened = ann.get(&link).await;
        assert_eq!(opened.location, Some(crate::policies::url()));
        let page = ann.get("/notices").await;
        page.says("Opened");
        assert!(!page.html().contains("belisha-person__count"));
    });
}

#[test]
fn every_kind_leads_somewhere() {
    for kind in NoticeKind::all() {
        let place = place::of(kind, "thing:1");
        assert!(place.starts_with('/') && place.len() > 1, "{kind:?}");
    }
}

#[test]
fn whoever_looks_after_the_server_is_told_that_no_mail_leaves() {
    on_each_engine(PRIMARY, async |app| {
        let mut manager = app.signed_in("Nat Works", &[Post::NetworkManager]).await;
        manager.get("/").await.says("No mail server is configured");
        let mut teacher = app.signed_in("Ann Lee", &[]).await;
        assert!(!teacher.get("/").await.text().contains("mail server"));
    });
}
