//! Where a concern arrives under each policy, and for whom it does not exist.

use axum::http::StatusCode;

use super::{Cast, cast, newest, report};
use crate::testing::{Client, JUNIOR, PRIMARY, TestSchool, covers, on_one_engine};

/// Everybody by the letter of a column.
fn everybody(cast: &mut Cast) -> [(&'static str, &mut Client); 9] {
    [
        ("head", &mut cast.head),
        ("lead", &mut cast.lead),
        ("deputy", &mut cast.deputy),
        ("co-ordinator", &mut cast.coordinator),
        ("chair", &mut cast.chair),
        ("vice", &mut cast.vice),
        ("technician", &mut cast.technician),
        ("teacher", &mut cast.teacher),
        ("other", &mut cast.other),
    ]
}

/// Reports a concern about somebody, and says who can open the case.
async fn readers(app: &TestSchool, about: &str, at_risk: &str) -> String {
    let mut cast = cast(app).await;
    report(&mut cast.teacher, &[(about, "alleged")], at_risk).await;
    let url = newest(app).await;
    let missing = "/incidents/00000000-0000-4000-8000-000000000000";
    let mut can = Vec::new();
    for (name, client) in everybody(&mut cast) {
        let page = client.get(&url).await;
        let listed = client.get("/incidents").await.html().contains(&url);
        if page.status == StatusCode::OK {
            assert!(listed, "{name} can open {about} and does not see it listed");
            can.push(name);
            continue;
        }
        assert!(!listed, "{name} sees {about} listed and cannot open it");
        // What may not be known looks like what does not exist, on every route of the case.
        for below in [
            "",
            "/readers",
            "/triage",
            "/entries/new",
            "/actions/new",
            "/parents",
            "/police",
            "/people",
            "/sharing",
            "/closure",
            "/no-further-action",
            "/reopening",
        ] {
            let hidden = client.get(&format!("{url}{below}")).await;
            let absent = client.get(&format!("{missing}{below}")).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{name} {below}");
            assert_eq!(hidden.html(), absent.html(), "{name} {below}");
        }
        let act = client
            .post_only(&format!("{url}/acknowledgement"), &[("submission", "1")])
            .await;
        assert_eq!(act.status, StatusCode::NOT_FOUND, "{name}");
        let told = format!(
            "select count(*) as count from notice where person = '{}'",
            client.id()
        );
        assert_eq!(
            app.count(Box::leak(told.into_boxed_str())).await,
            0,
            "{name} was told"
        );
    }
    can.join(", ")
}

#[test]
fn each_concern_is_open_to_those_whom_the_policy_names_and_to_nobody_else() {
    covers(&["H-116", "H-117", "C-010", "C-011"]);
    let check = |pack: &str, about: &str, at_risk: &str, expected: &str| {
        on_one_engine(pack, async |app| {
            let can = readers(&app, about, at_risk).await;
            assert_eq!(can, expected, "{about}, at risk: {at_risk}");
        });
    };
    let pupils = "head, lead, deputy, co-ordinator";
    check(JUNIOR, "Quin Pupil", "no", pupils);
    check(JUNIOR, "Quin Pupil", "yes", pupils);
    check(JUNIOR, "Oscar Other", "no", "head");
    check(JUNIOR, "Nils Network", "no", "head");
    check(JUNIOR, "Cora Coordinator", "no", "head");
    check(JUNIOR, "Lena Lead", "no", "head");
    check(JUNIOR, "Hazel Head", "no", "chair");
    check(JUNIOR, "Charles Chair", "no", "vice");
    check(PRIMARY, "Quin Pupil", "no", "head, lead, deputy");
    check(PRIMARY, "Quin Pupil", "yes", "head, lead, deputy");
    check(PRIMARY, "Oscar Other", "yes", "head");
    check(PRIMARY, "Lena Lead", "no", "deputy, chair");
    check(PRIMARY, "Hazel Head", "yes", "chair");
    check(PRIMARY, "Charles Chair", "no", "vice");
}
