//! Investigations: asked for by a triage, or by a policy that has every breach investigated.

use axum::http::StatusCode;

use super::{acknowledged, cast, choice, closed, newest, report, triage};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, covers, on_each_engine};

const SAVE: &str = "Save what was found";
const OWED: &str = "Write down what the investigation found.";
const POLICE: &str = "Record whether the police were told, and why or why not.";

async fn found(client: &mut Client, url: &str, finding: &str, clause: &str) -> Page {
    let form = client.get(&format!("{url}/investigation")).await;
    let fields = [
        ("investigator", "Hazel Head, headteacher"),
        (
            "words",
            "Spoke to both, and looked at the log of the printer.",
        ),
        ("finding", finding),
        ("clause", clause),
    ];
    client.submit(&form, SAVE, &fields).await
}

async fn police_not_told(client: &mut Client, url: &str) -> Page {
    let form = client.get(&format!("{url}/police")).await;
    let decision = [("decision", "not-told"), ("reason", "No crime.")];
    client.submit(&form, "Save the decision", &decision).await
}

#[test]
fn every_breach_is_investigated_and_the_police_decided_on_before_it_closes() {
    covers(&["C-039", "C-051", "C-055", "C-056"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        for (risk, clause, title) in [
            ("conduct/copyright", "copyright", "Copyright"),
            ("conduct/rules", "forbidden-business", "usiness"),
        ] {
            app.clock.advance_ms(1);
            report(&mut cast.teacher, &[("Quin Pupil", "alleged")], "no").await;
            let url = newest(&app).await;
            let head = &mut cast.head;
            acknowledged(head, &url).await;
            let early = found(head, &url, "shown", clause).await;
            assert_eq!(early.status, StatusCode::FORBIDDEN);
            early.says("This case is acknowledged.");
            let case = triage(head, &url, risk, "no").await;
            case.says("Being investigated").says(OWED).says(POLICE);
            closed(head, &url).await.says(OWED);
            // Not by ending it with nothing done either.
            let form = cast.lead.get(&format!("{url}/no-further-action")).await;
            let none = [("reason", "It is nothing.")];
            let refused = cast.lead.submit(&form, "End the case", &none).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);

            let head = &mut cast.head;
            let bare = head.get(&format!("{url}/investigation")).await;
            bare.says("The case stays open until this is written down.");
            let wrong = head
                .submit(&bare, SAVE, &[("words", "Spoke to both.")])
                .await;
            assert_eq!(
                wrong.errors(),
                ["Say who looked into it", "Choose the finding"]
            );
            assert_eq!(wrong.field("words"), "Spoke to both.");
            let nameless = found(head, &url, "shown", "").await;
            assert_eq!(nameless.errors(), ["Choose the clause that was broken"]);
            let made_up = found(head, &url, "shown", "made-up").await;
            assert_eq!(made_up.errors(), ["Choose a clause from the list"]);
            let case = found(head, &url, "shown", clause).await;
            case.says("Investigation")
                .says("It is shown")
                .says(title)
                .says("Hazel Head, headteacher")
                .says("looked at the log of the printer")
                .says("Being dealt with");
            assert!(!case.text().contains(OWED));
            case.says(POLICE);
            let case = police_not_told(head, &url).await;
            assert!(!case.text().contains(POLICE));
            assert!(
                app.journal()
                    .await
                    .contains(&"incident.investigated".to_owned())
            );
            // Who may not know of the case finds no such page.
            for client in [&mut cast.other, &mut cast.technician] {
                let page = client.get(&format!("{url}/investigation")).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND);
            }
        }
    });
}

#[test]
fn a_secret_that_was_given_away_is_a_breach_and_asks_about_personal_data() {
    covers(&["C-048"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "alleged")], "no").await;
        let url = newest(&app).await;
        let head = &mut cast.head;
        acknowledged(head, &url).await;
        let form = head.get(&format!("{url}/triage")).await;
        let fields = [
            ("category", "conduct/privacy"),
            ("also", "matter/rules-breach"),
            ("child-at-risk", "no"),
            ("disturbing", "no"),
            ("imagery", "no"),
            ("outcome", "respond"),
            ("reason", "A list went round."),
        ];
        let case = head.submit(&form, "Save the triage", &fields).await;
        case.says("Breach of personal data").says(OWED);
        found(head, &url, "shown", "forbidden-secrets")
            .await
            .says("It is shown");
    });
}

#[test]
fn a_breach_of_the_staff_agreement_is_investigated_and_ends_in_decisions() {
    covers(&["C-132", "C-133"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        let head = &mut cast.head;
        acknowledged(head, &url).await;
        // While it is an allegation, its own review asks for the investigation.
        let case = triage(head, &url, "conduct/rules", "no").await;
        case.says("Allegation against an adult").says(POLICE);
        assert!(!case.text().contains(OWED));
        let form = head.get(&format!("{url}/lowering")).await;
        let lower = [
            ("reason", "A private call on the school’s telephone."),
            ("officer", "Not needed: no child was concerned."),
        ];
        let case = head.submit(&form, "Lower it", &lower).await;
        case.says("Low-level concern about an adult").says(OWED);
        let clause = head.get(&format!("{url}/investigation")).await;
        let clause = choice(&clause, "business");
        let case = found(head, &url, "shown", &clause).await;
        case.says("It is shown");
        let form = head.get(&format!("{url}/sanctions/new")).await;
        let (person, agreed) = (choice(&form, "Oscar Other"), choice(&form, "Hazel Head"));
        let decision = [
            ("person", person.as_str()),
            ("step", "other"),
            ("agreed", agreed.as_str()),
            ("reason", "A first warning under the disciplinary policy."),
        ];
        head.submit(&form, "Save the decision", &decision)
            .await
            .says("A first warning under the disciplinary policy.");
        let case = police_not_told(head, &url).await;
        case.says("No crime.");
        assert!(!case.text().contains(POLICE) && !case.text().contains(OWED));
        for client in [&mut cast.other, &mut cast.lead, &mut cast.coordinator] {
            assert_eq!(client.get(&url).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn where_the_policy_leaves_it_open_the_triage_asks_for_the_investigation() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let lead = &mut cast.lead;
        acknowledged(lead, &url).await;
        let case = triage(lead, &url, "conduct/rules", "no").await;
        case.says("Triaged");
        assert!(!case.text().contains(OWED) && !case.text().contains(POLICE));
        let form = lead.get(&format!("{url}/triage")).await;
        let fields = [
            ("category", "conduct/rules"),
            ("child-at-risk", "no"),
            ("disturbing", "no"),
            ("imagery", "no"),
            ("outcome", "investigate"),
            ("reason", "Two stories."),
        ];
        let case = lead.submit(&form, "Save the triage", &fields).await;
        case.says("Being investigated").says(OWED);
        let form = lead.get(&format!("{url}/no-further-action")).await;
        let none = [("reason", "It is nothing.")];
        let refused = lead.submit(&form, "End the case", &none).await;
        refused.says("It is being investigated.");
        // Found out that there was nothing to it: then it may end so, and no clause is asked for.
        found(lead, &url, "not-shown", "")
            .await
            .says("It is not shown");
        let form = lead.get(&format!("{url}/no-further-action")).await;
        lead.submit(&form, "End the case", &none)
            .await
            .says("No further action");
    });
}
