//! What can be asked of a policy once it is read.

use belisha_policy::controls::{
    agreement, backup, idle_lock, incident_closure, incident_route, named_post, password,
    policy_approval, policy_review, session_limit,
};
use belisha_policy::{
    About, Argument, Assurance, Depth, Hours, Measure, Minutes, Period, Policy, Post, Standing,
    check_report, parse,
};
use jiff::Timestamp;
use jiff::civil::date;

const SMALL: &str = "\
# Online safety

Welcome.

## Accounts {#accounts}

Mind them.

### Walking away {#walking-away}

Lock it.

```control idle-lock
after = \"5 minutes\"
```

Always.

#### At night {#at-night}

Switch it off.

### Saying yes {#saying-yes}

I agree:

```control agreement
of = \"staff\"
title = \"Staff agreement\"
signed_by = [\"staff\", \"governors\"]
```

#### Kindness {#kindness}

I am kind.

## Concerns {#concerns}

### About staff {#about-staff}

To the head.

```control incident-route
about = \"staff\"
first = [\"headteacher\"]
```
```control incident-route
about = \"pupil\"
first = [\"designated-safeguarding-lead\"]
```
";

fn small() -> Policy {
    parse(SMALL).unwrap_or_else(|_| panic!("{}", check_report(SMALL)))
}

#[test]
fn clauses_are_numbered_and_hold_their_own_words() {
    let policy = small();
    assert_eq!(
        (policy.title.as_str(), policy.introduction.as_str()),
        ("Online safety", "Welcome.")
    );
    let outline: Vec<_> = policy
        .clauses
        .iter()
        .map(|clause| {
            (
                clause.number.as_str(),
                clause.id.as_str(),
                clause.parent.as_deref(),
                clause.line,
            )
        })
        .collect();
    assert_eq!(
        outline,
        [
            ("1", "accounts", None, 5),
            ("1.1", "walking-away", Some("accounts"), 9),
            ("1.1.1", "at-night", Some("walking-away"), 19),
            ("1.2", "saying-yes", Some("accounts"), 23),
            ("1.2.1", "kindness", Some("saying-yes"), 33),
            ("2", "concerns", None, 37),
            ("2.1", "about-staff", Some("concerns"), 39),
        ]
    );
    assert_eq!(
        policy.clause("walking-away").unwrap().words,
        "Lock it.\n\nAlways."
    );
    assert_eq!(
        policy.clause("walking-away").unwrap().words_as_html(),
        "<p>Lock it.</p>\n<p>Always.</p>\n"
    );
    assert_eq!(policy.clause("at-night").unwrap().depth, Depth::SubClause);
    assert_eq!(policy.children("accounts").count(), 2);
    assert_eq!(policy.sections().count(), 2);
    assert_eq!(policy.clause("nowhere"), None);
}

#[test]
fn values_in_force_are_typed_and_silence_means_the_default() {
    let policy = small();
    assert_eq!(policy.get(&idle_lock::AFTER), Minutes(5));
    assert_eq!(policy.get(&session_limit::HOURS), Hours(12));
    assert_eq!(policy.get(&session_limit::DEVICES), 3);
    assert_eq!(policy.get(&password::LENGTH), 12);
    assert_eq!(policy.get(&policy_review::EVERY), Period::Months(12));
    assert!(policy.get(&policy_approval::MINUTE));
    assert_eq!(
        policy.get(&incident_closure::PARENTS),
        incident_closure::Parents::Required
    );
    assert_eq!(policy.get(&incident_closure::EXTERNAL_RECORD), "");
    assert_eq!(policy.get(&backup::AT), jiff::civil::time(2, 0, 0, 0));
    assert!(policy.settings(&policy_approval::CONTROL).is_none());
    assert!(
        policy.settings(&backup::CONTROL).is_some() && policy.bound(&backup::CONTROL).is_none()
    );
    let lock = policy.bound(&idle_lock::CONTROL).unwrap();
    assert_eq!((lock.clause.as_str(), lock.line), ("walking-away", 13));
    assert_eq!(
        lock.sentence(),
        "The screen locks after 5 minutes without a key, a click or a touch."
    );
}

#[test]
fn each_use_of_a_repeating_control_is_found() {
    let policy = small();
    assert_eq!(policy.all(&incident_route::CONTROL).count(), 2);
    let staff = policy.find(&agreement::OF, &"staff".to_owned()).unwrap();
    assert_eq!(
        staff.get(&agreement::SIGNED_BY),
        [Standing::Staff, Standing::Governor]
    );
    assert_eq!(staff.get(&agreement::AGAIN), None);
    assert_eq!(staff.get(&agreement::WITHIN), Measure::AtOnce);
    for (about, line) in [
        (About::Staff, Some(43)),
        (About::NetworkManager, Some(43)),
        (About::OnlineSafetyCoordinator, Some(43)),
        (About::Pupil, Some(47)),
        (About::PupilAtRisk, Some(47)),
        (About::Headteacher, None),
    ] {
        assert_eq!(
            policy.route(about).map(|route| route.line),
            line,
            "{about:?}"
        );
    }
    assert_eq!(policy.find(&named_post::POST, &Post::Headteacher), None);
}

#[test]
#[should_panic(expected = "“incident-route” repeats")]
fn one_value_of_a_repeating_control_is_a_mistake_of_the_caller() {
    small().get(&incident_route::WITHIN);
}

#[test]
fn the_text_of_an_agreement_is_its_clause_with_what_is_under_it() {
    let policy = small();
    let ids: Vec<String> = policy
        .agreement_text("staff")
        .into_iter()
        .map(|clause| clause.id)
        .collect();
    assert_eq!(ids, ["saying-yes", "kindness"]);
    assert!(policy.agreement_text("pupils").is_empty());
}

#[test]
fn a_policy_that_leaves_out_what_every_school_must_decide_is_not_ready() {
    let lacks: Vec<String> = small()
        .ready()
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        lacks,
        [
            "1:1: no clause says who approves this policy. Add a “policy-approval” control, such as by = [\"senior-leaders\", \"governors\"].",
            "1:1: no clause says where a concern about the designated safeguarding lead goes. Add an “incident-route” control with about = \"designated-safeguarding-lead\".",
            "1:1: no clause says where a concern about the headteacher goes. Add an “incident-route” control with about = \"headteacher\".",
            "1:1: no clause says where a concern about the chair of governors goes. Add an “incident-route” control with about = \"chair-of-governors\".",
        ]
    );
}

#[test]
fn the_report_for_editors_tells_faults_or_what_is_set() {
    assert_eq!(
        check_report("# P\n"),
        "1 fault:\n\n2:1: this policy has no clauses. Add a section (##) and a clause (###).\n"
    );
    let report = check_report(SMALL);
    let expected = [
        "No faults. 2 sections, 3 clauses, 2 sub-clauses, 4 controls.\n",
        "\nBefore it can come into force:\n\n- No clause says who approves this policy.",
        "\nWhat it sets:\n\n1.1  The screen locks after 5 minutes without a key, a click or a touch. (idle-lock)\n",
        "2.1  A concern about a member of staff is reported to the headteacher the same day. (incident-route)\n",
    ];
    for part in expected {
        assert!(report.contains(part), "{part}\n--- is not in:\n{report}");
    }
}

#[test]
fn a_query_gets_the_values_of_its_own_use_of_the_control() {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let arguments = |policy: &Policy, control: &'static belisha_policy::Control| {
        let Assurance::Counted(query) = control.assurance else {
            panic!("it is counted")
        };
        query.arguments(&policy.settings(control).unwrap(), date(2026, 3, 1), now)
    };
    let policy = small();
    let text = |text: &str| Argument::Text(text.to_owned());
    assert_eq!(
        arguments(&policy, &agreement::CONTROL),
        [text("staff"), text("2026-03-01")]
    );
    // 12 months ago, and six weeks after that.
    assert_eq!(
        arguments(&policy, &policy_review::CONTROL),
        [text("2025-03-01"), text("2025-04-12"), text("2026-03-01")]
    );
    // 26 hours ago.
    let then: Timestamp = "2026-02-28T10:00:00Z".parse().unwrap();
    assert_eq!(
        arguments(&policy, &backup::CONTROL),
        [
            Argument::Number(then.as_millisecond()),
            Argument::Number(now.as_millisecond())
        ]
    );
    let post = "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control named-post\npost = \"headteacher\"\ndeputy = true\n```\n";
    assert_eq!(
        arguments(&parse(post).unwrap(), &named_post::CONTROL),
        [
            text("headteacher"),
            text("2026-03-01"),
            Argument::YesNo(true)
        ]
    );
}
