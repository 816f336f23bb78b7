//! Every control is declared well: its defaults fit, its help is there, its
//! sentences read well, and the help page says what the declarations say.

use std::path::{Path, PathBuf};

use belisha_policy::{Assurance, Bind, Control, Settings, catalogue, handbook, parse};

/// Compares a file with what it should hold; `UPDATE=1 cargo test` rewrites it instead.
fn check_file(path: &str, expected: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is out of date. Run: UPDATE=1 cargo test -p belisha-policy --test catalogue",
        path.display()
    );
}

fn settings(block: &str) -> Settings {
    let text = format!("# P\n\n## S {{#s}}\n\n### C {{#c}}\n\nw\n\n{block}");
    let policy = parse(&text).unwrap_or_else(|faults| panic!("{block}\n{faults:?}"));
    policy
        .controls()
        .next()
        .expect("one control is set")
        .settings
        .clone()
}

#[test]
fn the_help_page_is_what_the_declarations_say() {
    check_file("../../docs/controls.md", &handbook());
}

#[test]
fn every_name_is_spelled_once_and_well() {
    let is_name = |name: &str, between: char| {
        name.split(between)
            .all(|part| !part.is_empty() && part.bytes().all(|letter| letter.is_ascii_lowercase()))
    };
    let mut keys = Vec::new();
    for control in catalogue() {
        assert!(
            is_name(control.key, '-') && !keys.contains(&control.key),
            "{}",
            control.key
        );
        keys.push(control.key);
        assert!(
            control.about.ends_with('.') && control.title.starts_with(char::is_uppercase),
            "{}",
            control.key
        );
        let mut names = Vec::new();
        for param in control.params {
            let name = param.name();
            assert!(
                is_name(name, '_') && !names.contains(&name),
                "{}.{name}",
                control.key
            );
            names.push(name);
            assert_eq!(param.control(), *control, "{name} names another control");
            assert!(param.about().ends_with('.'), "{}.{name}", control.key);
        }
        if let Some(param) = control.repeats_by {
            assert!(
                names.contains(&param.name()) && param.default().is_none(),
                "{}",
                control.key
            );
        }
    }
}

#[test]
fn every_default_is_something_an_editor_may_write() {
    for control in catalogue() {
        let Some(by_default) = control.by_default() else {
            continue;
        };
        let lines: String = by_default
            .values()
            .map(|(param, value)| format!("{} = {}\n", param.name(), value.written()))
            .collect();
        assert_eq!(
            settings(&format!("```control {}\n{lines}```\n", control.key)),
            by_default
        );
        assert_eq!(
            settings(&format!("```control {}\n```\n", control.key)),
            by_default
        );
    }
}

#[test]
fn every_query_asks_only_what_its_control_has() {
    let has = |control: &Control, name: &str| {
        assert!(control.param(name).is_some(), "{}.{name}", control.key)
    };
    for control in catalogue() {
        let Assurance::Counted(query) = control.assurance else {
            continue;
        };
        for (at, bind) in query.binds.iter().enumerate() {
            match bind {
                Bind::Today | Bind::Now => {}
                Bind::Param(name) | Bind::TodayLess(name) | Bind::NowLess(name) => {
                    has(control, name)
                }
                Bind::TodayLessPlus(less, plus) => {
                    has(control, less);
                    has(control, plus);
                }
            }
            assert!(
                query.sql.contains(&format!("${}", at + 1)),
                "{}",
                control.key
            );
        }
        let beyond = format!("${}", query.binds.len() + 1);
        assert!(
            !query.sql.contains(&beyond),
            "{} has no {beyond}",
            control.key
        );
    }
}

/// Blocks whose sentences a person should read whenever a declaration changes.
const BLOCKS: &[&str] = &[
    "filter-group\ngroup = \"pupils\"",
    "filter-group\ngroup = \"staff\"\npreset = \"light\"\nblock = [\"social\"]\nallow = [\"webmail\", \"games\"]\nyoutube = \"off\"\nsafe_search = false",
    "filter-group\ngroup = \"guests\"\npreset = \"middle\"\nyoutube = \"moderate\"\nunnamed_devices = true",
    "filter-changes",
    "filter-changes\nmanagers = [\"network-manager\", \"senior-leader\"]\ndecided_by = [\"headteacher\"]\nsecond_person = false\nonly_for_a_time = []\nreviewed_within = \"7 days\"",
    "sensitive-lesson",
    "filter-log",
    "filter-log\nkept = \"30 days\"\nnever_logged = []",
    "filter-alerts",
    "filter-alerts\ntold = [\"headteacher\", \"online-safety-co-ordinator\"]\nat_once = []\nsilent = \"1 hour\"",
    "filter-test",
    "filter-test\nevery = \"7 days\"",
    "search-terms",
    "search-terms\nengines = [\"bing\"]\nthemes = [\"bullying\"]\nat_once = []\nwhen = \"always\"\nheard_within = \"7 days\"",
    "sensitive-lesson\ndecided_by = [\"headteacher\"]\nlongest = \"1 hour\"",
    "policy-approval\nby = [\"governors\"]\nminute = false",
    "policy-approval\nby = [\"full-governing-body\"]",
    "policy-approval\nby = [\"senior-leaders\", \"governors\", \"full-governing-body\"]",
    "policy-review",
    "policy-review\nevery = \"1 year\"\nnotice = \"14 days\"",
    "named-post\npost = \"headteacher\"",
    "named-post\npost = \"designated-safeguarding-lead\"\ndeputy = true",
    "agreement\nof = \"staff\"\ntitle = \"Staff agreement\"\nsigned_by = [\"staff\"]",
    "agreement\nof = \"staff\"\ntitle = \"Staff agreement\"\nsigned_by = [\"staff\", \"volunteers\", \"contractors\"]\ngate = \"account\"\nagain = \"12 months\"",
    "agreement\nof = \"staff\"\ntitle = \"Staff agreement\"\nsigned_by = [\"staff\", \"governors\"]\ngate = \"contact-with-pupils\"\nagain = \"1 year\"",
    "agreement\nof = \"hire\"\ntitle = \"For hirers\"\nsigned_by = [\"guests\"]\nwithin = \"same day\"\nasks = [\"full-name\"]",
    "agreement\nof = \"home\"\ntitle = \"Home and school\"\nsigned_by = [\"parents\", \"pupils\"]\nwithin = \"2 weeks\"\nasks = [\"full-name\", \"date\"]",
    "incident-route\nabout = \"pupil\"\nfirst = [\"online-safety-co-ordinator\"]",
    "incident-route\nabout = \"pupil-at-risk\"\nfirst = [\"headteacher\", \"designated-safeguarding-lead\"]\nwithin = \"at once\"\ncopies = [\"pastoral-lead\"]\nnext = [\"deputy-designated-safeguarding-lead\", \"senior-leader\"]",
    "incident-route\nabout = \"headteacher\"\nfirst = [\"chair-of-governors\"]\nwithin = \"2 school days\"\ncopies = [\"vice-chair-of-governors\", \"safeguarding-governor\"]\ncontact = \"designated-officer\"",
    "incident-route\nabout = \"network-manager\"\nfirst = [\"headteacher\"]\ncontact = \"designated-officer\"\ncontact_within = \"same day\"",
    "matter-route\nmatter = \"rules-breach\"\nfirst = [\"headteacher\"]",
    "matter-route\nmatter = \"filter-failure\"\nfirst = [\"headteacher\"]\ncopies = [\"online-safety-co-ordinator\"]\ntechnical = true",
    "out-of-hours",
    "out-of-hours\nopens = \"07:30\"\ncloses = \"18:00\"\ntold = [\"designated-safeguarding-lead\", \"headteacher\"]\nnumber = \"01234 567 890\"",
    "tell-someone",
    "tell-someone\nfamilies = false\nanswered_within = \"same day\"\ncode_lasts = \"6 weeks\"",
    "tell-someone\npupils = false\nfamilies = false",
    "reporting-advice\nto = \"families\"",
    "incident-category\nkey = \"game-cards\"\nname = \"trading game cards\"",
    "incident-category\nkey = \"dares\"\nname = \"dares with pictures\"\npictures = true",
    "incident-closure",
    "incident-closure\nparents = \"optional\"",
    "incident-closure\nparents = \"optional\"\nown_report = \"may-close\"",
    "incident-closure\nexternal_record = \"the case log\"\nreporter_confirms = true\nown_report = \"may-close\"",
    "incident-closure\nsanctions = true\nsupport = true\nlesson = true",
    "case-step\nstep = \"acknowledged-in-time\"",
    "case-step\nstep = \"parents-told\"\nover = \"90 days\"",
    "case-step\nstep = \"police-decided\"",
    "case-step\nstep = \"sanctioned\"",
    "case-step\nstep = \"closed-by-another\"",
    "sanction\nstep = \"talk\"\ntitle = \"a talk with the class teacher\"",
    "sanction\nstep = \"warning\"\ntitle = \"a written warning\"\ngrade = 2\nfor = \"adults\"\nagreed_by = \"headteacher\"",
    "case-history",
    "case-history\nstep_up = \"never\"",
    "case-history\nstep_up = \"every-case\"\nlasts = \"15 minutes\"",
    "nude-image-review",
    "nude-image-review\nmode = \"review\"\nviewing = \"rarely\"\nsigned_within = \"2 school days\"\nreferred_within = \"4 hours\"",
    "nude-image-review\nmode = \"police-first\"",
    "breach-investigation",
    "breach-investigation\nevery_breach = true",
    "cyberbullying-steps",
    "cyberbullying-steps\nguided = false",
    "illegal-material",
    "illegal-material\nnotify = [\"police\", \"iwf\", \"local-authority\"]\nwithin = \"same day\"",
    "agency-contacts",
    "agency-contacts\nagencies = [\"lado\"]\nchecked_every = \"6 months\"",
    "emergency-sight",
    "emergency-sight\ndeputy = \"deputy-headteacher\"\nlasts = \"30 minutes\"\nmost = 1\nreview_within = \"2 school days\"",
    "password",
    "second-factor",
    "second-factor\nof = \"everyone\"",
    "session-limit",
    "session-limit\nhours = \"1 hour\"\ndevices = 1",
    "idle-lock",
    "idle-lock\nafter = \"1 minute\"",
    "guest-account",
    "leaver-access",
    "backup",
    "backup\nevery = \"1 hour\"\nalarm_after = \"2 hours\"",
    "backup\nevery = \"6 hours\"\nat = \"22:30\"",
    "record-keeping",
    "record-keeping\nwelfare_until_age = 21\nlow_level = \"until-they-leave\"\nlow_level_years = 2\ndecided_within = \"6 weeks\"",
    "data-requests",
    "data-requests\nnotice = \"7 days\"",
    "filter-everybody\nabout = \"images-of-children\"\nblock = [\"adult\"]\nillegal_lists = true",
    "filter-everybody\nabout = \"discrimination\"\nblock = [\"violence-and-hate\"]",
    "serious-incident",
    "named-risk\nof = \"scams\"\nrisks = [\"commerce/scam\"]",
    "named-risk\nof = \"hate\"\nrisks = [\"content/hate\", \"content/extremism\"]\nover = \"90 days\"",
    "notice\nname = \"consequences\"",
    "notice\nname = \"monitoring\"\nshown = [\"agreements\", \"sign-in\"]",
    "mailing-permission",
    "mailing-permission\ndecided_by = [\"headteacher\", \"senior-leader\"]",
    "filter-lists",
    "filter-lists\nevery = \"7 days\"",
];

#[test]
fn sentences_read_well() {
    let mut list = String::new();
    for block in BLOCKS {
        let sentence = settings(&format!("```control {block}\n```\n")).sentence();
        list.push_str(&format!(
            "{sentence}\n    {}\n\n",
            block.replace('\n', "\n    ")
        ));
    }
    for control in catalogue() {
        assert!(
            BLOCKS
                .iter()
                .any(|block| block.lines().next() == Some(control.key)),
            "{}",
            control.key
        );
    }
    check_file("tests/sentences.txt", &list);
}
