//! The register as people use it.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;

use super::queries;
use crate::testing::{Client, JUNIOR, covers, on_each_engine};

/// Adds somebody by the form; their id.
async fn add(client: &mut Client, name: &str, kind: &str, more: &[(&str, &str)]) -> PersonId {
    let form = client.get("/people/add").await;
    let mut fields = vec![("name", name), ("standing", kind)];
    fields.extend_from_slice(more);
    let page = client.submit(&form, "Add the person", &fields).await;
    assert_eq!(page.heading(), name, "{:?}", page.errors());
    page.path
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

#[test]
fn a_person_is_added_changed_and_leaves() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let born = [
            ("born-on-day", "27"),
            ("born-on-month", "3"),
            ("born-on-year", "2019"),
            ("upn", "b801200005001"),
        ];
        let id = add(&mut office, "Zoë O’Hara-Lee", "pupils", &born).await;
        let page = office.get(&format!("/people/{id}")).await;
        page.says("B801200005001")
            .says("27 March 2019")
            .says("23 September 2026");
        let form = office.get(&page.link("Change")).await;
        office
            .submit(
                &form,
                "Save the changes",
                &[("name", "Zoë Lee"), ("telephone", "01632 960001")],
            )
            .await
            .says("01632 960001");
        let unchanged = office.get(&format!("/people/{id}/change")).await;
        office.submit(&unchanged, "Save the changes", &[]).await;
        let form = office.get(&format!("/people/{id}/last-day")).await;
        let before = [
            ("ends-on-day", "1"),
            ("ends-on-month", "9"),
            ("ends-on-year", "2026"),
        ];
        let refused = office.submit(&form, "Save the last day", &before).await;
        assert_eq!(
            refused.errors(),
            ["Last day: it must not be before the first day"]
        );
        let day = [
            ("ends-on-day", "24"),
            ("ends-on-month", "9"),
            ("ends-on-year", "2026"),
        ];
        office
            .submit(&form, "Save the last day", &day)
            .await
            .says("24 September 2026");
        app.at("2026-09-25T09:00:00+01:00");
        let mut office = app.as_person(office.id()).await;
        office.get(&format!("/people/{id}")).await.says("Has left");
        assert!(!office.get("/people?q=lee").await.has_link("Zoë Lee"));
        assert!(
            office
                .get("/people?q=lee&leavers=yes")
                .await
                .has_link("Zoë Lee")
        );
        assert_eq!(
            app.journal()
                .await
                .iter()
                .filter(|kind| *kind == "person.changed")
                .count(),
            2
        );
    });
}

#[test]
fn a_form_that_cannot_be_read_keeps_what_was_typed() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        add(
            &mut office,
            "Ann Lee",
            "pupils",
            &[("upn", "B801200005001")],
        )
        .await;
        let form = office.get("/people/add").await;
        let mut check = async |fields: &[(&str, &str)], expected: &[&str]| {
            let page = office.submit(&form, "Add the person", fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            let errors = page.errors();
            assert_eq!(errors.len(), expected.len(), "{errors:?}");
            for (error, expected) in errors.iter().zip(expected) {
                assert!(error.contains(expected), "{error}");
            }
            page
        };
        check(
            &[],
            &["Enter the person’s full name", "Choose what the person is"],
        )
        .await;
        let page = check(
            &[
                ("name", "Ben"),
                ("standing", "pupils"),
                ("upn", "A801200005001"),
                ("email", "ben at home"),
            ],
            &["address like", "these digits need B, not A"],
        )
        .await;
        assert!(page.html().contains("ben at home"));
        check(
            &[
                ("name", "Ben"),
                ("standing", "pupils"),
                ("upn", "B801200005001"),
            ],
            &["Ann Lee has this number"],
        )
        .await;
        check(
            &[
                ("name", "Ben"),
                ("standing", "staff"),
                ("upn", "R674123101121"),
            ],
            &["Only pupils"],
        )
        .await;
        check(
            &[
                ("name", "Ben"),
                ("standing", "pupils"),
                ("born-on-day", "31"),
                ("born-on-month", "4"),
                ("born-on-year", "2019"),
            ],
            &["no such day"],
        )
        .await;
        check(
            &[
                ("name", "Ben"),
                ("standing", "staff"),
                ("email", "Olive.Office@larkfield.example"),
            ],
            &["Olive Office has this address"],
        )
        .await;
        // Sent twice, the form adds once and leads to the same place.
        let good = [("name", "Ben Low"), ("standing", "staff")];
        let first = office.submit(&form, "Add the person", &good).await;
        let second = office.submit(&form, "Add the person", &good).await;
        assert_eq!(first.path, second.path);
        assert_eq!(
            app.count("select count(*) as count from person where sort_name = 'ben low'")
                .await,
            1
        );
    });
}

#[test]
fn the_register_is_for_those_whom_the_rules_let_read_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let id = add(
            &mut office,
            "Ann Lee",
            "pupils",
            &[("upn", "B801200005001"), ("telephone", "01632 960001")],
        )
        .await;
        let path = format!("/people/{id}");
        let mut teacher = app.signed_in("Tom Teach", &[]).await;
        let page = teacher.get(&path).await;
        assert_eq!(page.heading(), "Ann Lee");
        assert!(!page.html().contains("B801200005001") && !page.html().contains("960001"));
        assert!(!page.has_link("Change"));
        for act in ["change", "last-day", "family"] {
            assert_eq!(
                teacher.get(&format!("{path}/{act}")).await.status,
                StatusCode::FORBIDDEN,
                "{act}"
            );
        }
        assert_eq!(
            teacher.get("/people/add").await.status,
            StatusCode::FORBIDDEN
        );
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        lead.get(&path).await.says("B801200005001");
        for post in [Post::ChairOfGovernors, Post::SafeguardingGovernor] {
            let mut outsider = app.signed_in(&format!("Gita {post:?}"), &[post]).await;
            assert_eq!(
                outsider.get("/people").await.status,
                StatusCode::NOT_FOUND,
                "{post:?}"
            );
            assert_eq!(
                outsider.get(&path).await.status,
                StatusCode::NOT_FOUND,
                "{post:?}"
            );
            let own = format!("/people/{}", outsider.id());
            assert_eq!(outsider.get(&own).await.status, StatusCode::OK, "{post:?}");
        }
        for missing in [
            "/people/none",
            "/people/00000000-0000-4000-8000-000000000000",
        ] {
            assert_eq!(teacher.get(missing).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn the_list_is_narrowed_and_paged() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        for number in 0..30 {
            app.person(&format!("Staff {number:02}"), Standing::Staff, &[])
                .await;
        }
        let first = office.get("/people").await;
        assert!(first.has_link("Next"));
        first.says("1 to 25 of 31 people").says("Olive Office");
        let second = office.get("/people?page=2").await;
        second.says("26 to 31 of 31 people").says("Staff 29");
        office.get("/people?page=900").await.says("26 to 31");
        office.get("/people?q=STAFF+1").await.says("10 people");
        office.get("/people?q=%25").await.says("Nobody matches");
        office
            .get("/people?kind=pupils")
            .await
            .says("Nobody matches");
        let found = office.get("/people/suggestions?q=staff+07").await;
        assert_eq!(found.html(), "Staff 07");
        let mut records = app.school.database.read().await.expect("records");
        let name = queries::name_of(&mut records, office.id())
            .await
            .expect("a name");
        assert_eq!(name, "Olive Office");
    });
}

#[test]
fn a_class_is_made_joined_and_left() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        add(&mut office, "Ann Lee", "pupils", &[]).await;
        let classes = office.get("/people/classes").await;
        classes.says("There are no classes yet");
        let oak = office
            .submit(
                &classes,
                "Add the class",
                &[("name", "Oak"), ("year-group", "3")],
            )
            .await;
        assert_eq!(oak.heading(), "Oak");
        let again = office.get("/people/classes").await;
        let refused = office
            .submit(&again, "Add the class", &[("name", "oak")])
            .await;
        assert_eq!(refused.errors(), ["There is a class of this name already"]);
        let ash = office
            .submit(&again, "Add the class", &[("name", "Ash")])
            .await;
        for class in [&oak, &ash] {
            let found = office.get(&format!("{}?q=ann", class.path)).await;
            let ann = found
                .html()
                .split("name=\"person\" type=\"radio\" value=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .expect("Ann")
                .to_owned();
            let wrong = office
                .submit(
                    &found,
                    "Add to the class",
                    &[("person", &ann), ("part", "teacher")],
                )
                .await;
            assert_eq!(wrong.status, StatusCode::FORBIDDEN);
            office
                .submit(&found, "Add to the class", &[("person", &ann)])
                .await
                .says("Ann Lee");
        }
        // A pupil is in one class at a time.
        office
            .get(&oak.path)
            .await
            .says("Nobody is in this class yet");
        let ash = office.get(&ash.path).await;
        office
            .submit(&ash, "Take out Ann Lee", &[])
            .await
            .says("Nobody is in this class yet");
        assert_eq!(
            app.count("select count(*) as count from class_member")
                .await,
            2
        );
    });
}

#[test]
fn one_household_never_shows_another() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let child = add(&mut office, "Ann Lee", "pupils", &[]).await;
        let mother = add(
            &mut office,
            "Mia Lee",
            "parents",
            &[("telephone", "01632 960001")],
        )
        .await;
        let partner = add(
            &mut office,
            "Pat Low",
            "parents",
            &[("telephone", "01632 960002")],
        )
        .await;
        let father = add(
            &mut office,
            "Don Lee",
            "parents",
            &[("telephone", "01632 960003")],
        )
        .await;
        for (adult, relation, household) in [
            (mother, "Mother", "Home of the mother"),
            (partner, "Stepfather", "Home of the mother"),
            (father, "Father", "Home of the father"),
        ] {
            let name = queries::name_of(
                &mut app.school.database.read().await.expect("records"),
                adult,
            )
            .await
            .expect("a name");
            let form = office
                .get(&format!(
                    "/people/{child}/family?q={}",
                    name.replace(' ', "+")
                ))
                .await;
            let id = adult.to_string();
            let fields = [
                ("adult", id.as_str()),
                ("relation", relation),
                ("household", household),
                ("responsibility", "yes"),
            ];
            office
                .submit(&form, "Record this adult", &fields)
                .await
                .says(&name);
        }
        let page = office.get(&format!("/people/{child}")).await;
        page.says("Home of the mother")
            .says("Home of the father")
            .says("Don Lee, father");
        assert!(
            !page.html().contains("960001"),
            "contact details stand on each adult’s own page"
        );
        let page = office.get(&format!("/people/{mother}")).await;
        page.says("960001").says("as mother, with Pat Low");
        assert!(!page.html().contains("Don Lee") && !page.html().contains("960003"));
        let page = office.get(&format!("/people/{father}")).await;
        page.says("as father").says("960003");
        assert!(!page.html().contains("Mia Lee") && !page.html().contains("Home of the mother"));
        let form = office.get(&format!("/people/{child}/family")).await;
        let page = office
            .submit(&form, "Take off the record Don Lee", &[])
            .await;
        assert!(!page.text().contains("Don Lee"));
        assert!(app.journal().await.contains(&"family.untied".to_owned()));
    });
}

#[test]
fn a_post_needs_a_second_person() {
    on_each_engine(JUNIOR, async |app| {
        covers(&["H-031"]);
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let mut head = app
            .signed_in(
                "Hana Head",
                &[Post::Headteacher, Post::DesignatedSafeguardingLead],
            )
            .await;
        let tom = app
            .person("Tom Teach", Standing::Staff, &[])
            .await
            .to_string();
        let posts = office.get("/people/posts").await;
        posts
            .says(
                "Nobody is vice-chair of governors: a concern about the chair could not be opened.",
            )
            .says("Headteacher Hana Head");
        let form = office.get("/people/posts/appoint?q=tom").await;
        let fields = [
            ("person", tom.as_str()),
            ("post", "online-safety-co-ordinator"),
        ];
        let sent = office.submit(&form, "Propose for the post", &fields).await;
        sent.says("Waiting for approval")
            .says("Tom Teach as online safety co-ordinator");
        office.submit(&form, "Propose for the post", &fields).await;
        assert_eq!(
            app.count("select count(*) as count from post_proposal")
                .await,
            1
        );
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'post-to-approve'")
                .await,
            1
        );
        let path = sent.link("Tom Teach as");
        assert_eq!(office.get(&path).await.status, StatusCode::FORBIDDEN);
        let proposal = head.get(&path).await;
        head.submit(&proposal, "Approve the appointment", &[])
            .await
            .says("Online safety co-ordinator Tom Teach");
        assert_eq!(head.get(&path).await.status, StatusCode::NOT_FOUND);
        head.get(&format!("/people/{tom}"))
            .await
            .says("Online safety co-ordinator, since 23 September 2026");
        // Whoever proposes does not approve, and nobody proposes themselves.
        let form = head.get("/people/posts/appoint?q=tom").await;
        let sent = head
            .submit(
                &form,
                "Propose for the post",
                &[("person", tom.as_str()), ("post", "senior-leader")],
            )
            .await;
        head.get(&sent.link("Tom Teach as senior leader"))
            .await
            .says("another person must approve it");
        let own = head.get("/people/posts/appoint?q=hana").await;
        let id = head.id().to_string();
        let refused = head
            .submit(
                &own,
                "Propose for the post",
                &[("person", id.as_str()), ("post", "senior-leader")],
            )
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let nobody = head
            .submit(
                &form,
                "Propose for the post",
                &[("person", tom.as_str()), ("post", "")],
            )
            .await;
        assert_eq!(nobody.errors(), ["Choose a post"]);
    });
}

#[test]
fn a_post_is_ended_by_whoever_approves_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        app.signed_in("Tom Teach", &[Post::PastoralLead]).await;
        let posts = head.get("/people/posts").await;
        let form = head
            .get(&posts.link("End the appointment of Tom Teach"))
            .await;
        let past = head
            .submit(&form, "End the appointment", &[("until-on-day", "1")])
            .await;
        assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
        head.submit(&form, "End the appointment", &[])
            .await
            .says("until 23 September 2026");
        // Their own is another's to end.
        assert!(!posts.text().contains("End the appointment of Hana Head"));
        app.at("2026-09-23T09:01:00+01:00");
        let asked = head.get(&form.path).await;
        assert_eq!(
            asked.status,
            StatusCode::SEE_OTHER,
            "without a fresh sign-in"
        );
        assert!(app.journal().await.contains(&"post.ended".to_owned()));
    });
}

#[test]
fn the_lead_alone_marks_close_relations() {
    on_each_engine(JUNIOR, async |app| {
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let tom = app.person("Tom Teach", Standing::Staff, &[]).await;
        let tess = app
            .person("Tess Teach", Standing::Staff, &[])
            .await
            .to_string();
        let path = format!("/people/{tom}/relations");
        assert_eq!(head.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            head.post(&path, &[("related", &tess)]).await.status,
            StatusCode::NOT_FOUND
        );
        let found = lead.get(&format!("{path}?q=tess")).await;
        for _ in 0..2 {
            lead.submit(&found, "Mark as close relations", &[("related", &tess)])
                .await
                .says("Tess Teach");
        }
        lead.get(&format!("/people/{tess}/relations"))
            .await
            .says("Tom Teach");
        assert_eq!(
            app.count("select count(*) as count from person_relation")
                .await,
            1
        );
    });
}

#[test]
fn two_entries_of_one_person_become_one_and_history_keeps_both() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let kept = add(&mut office, "Ann Lee", "pupils", &[]).await;
        let folded = add(
            &mut office,
            "Anne Lee",
            "pupils",
            &[("upn", "B801200005001")],
        )
        .await;
        let adult = add(&mut office, "Mia Lee", "parents", &[])
            .await
            .to_string();
        let tie = [
            ("adult", adult.as_str()),
            ("relation", "Mother"),
            ("household", "Home"),
            ("priority", "1"),
        ];
        office.post(&format!("/people/{folded}/family"), &tie).await;
        let preview = office
            .get(&format!("/people/{kept}/merge?folded={folded}"))
            .await;
        preview
            .says("The unique pupil number of the other entry is copied")
            .says("1 family tie is copied")
            .says("keep the id they were made under");
        let unsaid = office.submit(&preview, "Merge the two entries", &[]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = office
            .submit(
                &preview,
                "Merge the two entries",
                &[("reason", "Entered twice")],
            )
            .await;
        page.says("B801200005001").says("Mia Lee");
        office
            .get(&format!("/people/{folded}"))
            .await
            .says("was merged into the entry of Ann Lee");
        assert!(!office.get("/people").await.has_link("Anne Lee"));
        let again = office
            .submit(&preview, "Merge the two entries", &[("reason", "Again")])
            .await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        assert_eq!(
            app.count("select count(*) as count from person where merged_into is not null")
                .await,
            1
        );
        assert_eq!(
            app.count("select count(*) as count from person_merge")
                .await,
            1
        );
        let mut records = app.school.database.read().await.expect("records");
        let identity = super::hats::identity(&mut records, kept)
            .await
            .expect("an identity");
        assert!(identity.is(folded));
    });
}

#[test]
fn posts_and_accounts_do_not_change_hands_by_a_merge() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        let head = app
            .person("Hana Head", Standing::Staff, &[Post::Headteacher])
            .await;
        let own = office.id();
        office
            .get(&format!("/people/{own}/merge?folded={head}"))
            .await
            .says("a post never changes hands by a merge");
        let sent = office
            .post(
                &format!("/people/{own}/merge"),
                &[("folded", &head.to_string()), ("reason", "One person")],
            )
            .await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        let child = add(&mut office, "Ann Lee", "pupils", &[]).await;
        office
            .get(&format!("/people/{own}/merge?folded={child}"))
            .await
            .says("cannot be one person");
        let mut teacher = app.signed_in("Tom Teach", &[]).await;
        assert_eq!(
            teacher.get(&format!("/people/{own}/merge")).await.status,
            StatusCode::FORBIDDEN
        );
    });
}
