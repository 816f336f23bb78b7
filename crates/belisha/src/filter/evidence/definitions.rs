//! The published definitions, line by line, and what answers each here.

use belisha_filter::categories;
use belisha_ui::{Html, Tag, TagColour};

use super::live::Live;
use crate::web::words::counted;

/// How a criterion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    Met,
    Partly,
    NotMet,
    /// No program can answer it.
    ForPeople,
}

impl Stands {
    pub(super) fn tag(self) -> Html {
        let (word, colour) = match self {
            Self::Met => ("Met", TagColour::Green),
            Self::Partly => ("In part", TagColour::Amber),
            Self::NotMet => ("Not met", TagColour::Red),
            Self::ForPeople => ("For people", TagColour::Grey),
        };
        Html::of(&Tag {
            colour,
            ..Tag::new(word)
        })
    }
}

/// One line of a definition.
pub(super) struct Criterion {
    pub(super) asks: &'static str,
    pub(super) stands: Stands,
    pub(super) answer: String,
}

/// A definition with its source.
pub(super) struct Definition {
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) criteria: Vec<Criterion>,
}

fn line(asks: &'static str, stands: Stands, answer: impl Into<String>) -> Criterion {
    Criterion {
        asks,
        stands,
        answer: answer.into(),
    }
}

fn met_if(met: bool) -> Stands {
    if met { Stands::Met } else { Stands::NotMet }
}

/// A kind of content that a definition names, and the categories of the filter that stand for it.
fn content(live: &Live, asks: &'static str, keys: &[&str]) -> Criterion {
    let held: Vec<&str> = keys
        .iter()
        .copied()
        .filter(|key| live.categories.iter().any(|held| held == key))
        .collect();
    if held.is_empty() {
        let wanted: Vec<&str> = keys.iter().map(|key| categories::title(key)).collect();
        return line(
            asks,
            Stands::NotMet,
            format!(
                "No list of {} is in use.",
                wanted.join(" or ").to_lowercase()
            ),
        );
    }
    let is_stopped = |key: &str| live.stopped.contains(&key);
    let titles = |keys: &[&str]| -> String {
        let titles: Vec<&str> = keys.iter().map(|key| categories::title(key)).collect();
        titles.join("; ")
    };
    if held.iter().all(|key| is_stopped(key)) {
        line(
            asks,
            Stands::Met,
            format!(
                "Stopped for every group but those of adults: {}.",
                titles(&held)
            ),
        )
    } else {
        line(
            asks,
            Stands::Partly,
            format!(
                "A list is in use, and not every group of pupils or guests is stopped at it: {}.",
                titles(&held)
            ),
        )
    }
}

fn illegal(live: &Live, asks: &'static str) -> Criterion {
    if live.illegal {
        line(
            asks,
            Stands::Partly,
            "A list of illegal content is loaded, and nobody at school can switch it off. A resolver sees names and not full addresses, so what such a list says of single pages is carried only by the proxy, on pages that are not encrypted, or by the provider of the connection.",
        )
    } else {
        line(
            asks,
            Stands::NotMet,
            "No list of illegal content is loaded here. The duty is not met by this filter: it needs a provider that is a member of the Internet Watch Foundation. Those lists need full addresses, which names alone cannot carry.",
        )
    }
}

pub(super) fn filtering(live: &Live) -> Definition {
    let tested = live.passed();
    Definition {
        title: "Appropriate filtering",
        source: "UK Safer Internet Centre, appropriate filtering for education settings (2025). saferinternet.org.uk",
        criteria: vec![
            illegal(
                live,
                "The provider is a member of the Internet Watch Foundation and blocks images of child sexual abuse by its list",
            ),
            illegal(
                live,
                "The police-assessed list of unlawful terrorist content is blocked, and nobody can switch these lists off",
            ),
            content(
                live,
                "Discrimination and hate speech",
                &["violence-and-hate"],
            ),
            content(live, "Drugs and substance abuse", &["drugs"]),
            content(live, "Extremism and terrorism", &["extremism"]),
            content(live, "Gambling", &["gambling"]),
            content(live, "Malware and hacking", &["malware", "phishing"]),
            content(live, "Mis- and disinformation", &["fakenews"]),
            content(live, "Pornography", &["adult"]),
            content(live, "Piracy and theft of copyright", &["piracy"]),
            content(
                live,
                "Self-harm, suicide and eating disorders",
                &["self-harm"],
            ),
            content(live, "Violence", &["violence-and-hate", "weapons"]),
            line(
                "It does not block too much",
                Stands::Met,
                "Any member of staff asks for a site; how many were opened stands among the numbers. No list can stop the protected names.",
            ),
            line(
                "Different filtering by age, vulnerability and role",
                met_if(live.groups > 1 && live.strict > 0),
                format!("{} groups, {} of them strict.", live.groups, live.strict),
            ),
            content(
                live,
                "Ways round the filter: private networks, proxies, other resolvers",
                &["proxies", "vpn", "encrypted-dns"],
            ),
            line(
                "The school controls it; changes are logged, and nobody changes it alone and unseen",
                if live.second_person {
                    Stands::Met
                } else {
                    Stands::Partly
                },
                format!(
                    "Changed only by {}. On record with who, why, before and after: {}{}.",
                    live.managers,
                    counted(live.changes, "change", "changes"),
                    if live.second_person {
                        "; what opens something was agreed by another person"
                    } else {
                        "; the policy lets one person open something alone"
                    }
                ),
            ),
            line(
                "Content is looked at as it comes, made by machines or people",
                Stands::NotMet,
                "This filter knows names. It looks into no page and judges no content as it comes.",
            ),
            line(
                "A published rationale for what is filtered",
                Stands::Met,
                "The policy in force says it clause by clause, and everybody can read it.",
            ),
            line(
                "The person is identified",
                Stands::Partly,
                format!(
                    "The log names the device and its group. Who held the device is not known to a resolver; the proxy knows the device by its own key. {}",
                    live.heard.says(
                        "the browser extension names whoever is signed in, where the enrolment has the school’s e-mail domain"
                    )
                ),
            ),
            line(
                "Content of apps on mobile devices",
                Stands::Partly,
                "Every app that asks this resolver for names is filtered by name. An app that asks none, or carries its own way, is not.",
            ),
            line(
                "Several languages",
                Stands::Partly,
                "Names are judged in whatever language they are; no words on pages are.",
            ),
            line(
                "It works at the level of the network",
                met_if(tested),
                if tested {
                    "A resolver for the whole network; no program on the device is needed."
                } else {
                    "Nothing is enforced on a network until a resolver answers, and the newest test does not show that one does."
                },
            ),
            line(
                "Devices away from school",
                Stands::NotMet,
                "A device that asks another resolver at home is not filtered by this one.",
            ),
            line(
                "Anybody can report what should be blocked or open",
                Stands::Met,
                "Any member of staff asks for a site, to open it or to block it; whoever meets a blocked site is told whom to ask.",
            ),
            line(
                "Reports with a clear history",
                met_if(live.log_lines > 0),
                log(live),
            ),
            line(
                "Safe search is forced",
                met_if(live.safe_search && tested),
                match (live.safe_search, tested) {
                    (true, true) => "Forced for every group, where an engine publishes a means.",
                    (true, false) => {
                        "The settings force it for every group, and the newest test does not show that the resolver does."
                    }
                    (false, _) => "Not forced for every group: see what each group may reach.",
                },
            ),
            line(
                "It is tested",
                met_if(tested),
                match &live.tested_at {
                    Some(at) => format!(
                        "Last on {at}; the table below says what failed. The resolver is asked over the network as each group; no device is tried."
                    ),
                    None => "Not tested yet: nothing shows that a resolver answers.".to_owned(),
                },
            ),
        ],
    }
}

fn log(live: &Live) -> String {
    match &live.log_from {
        Some(from) => format!(
            "{} decisions since {from}, kept for {} days.",
            live.log_lines, live.kept_days
        ),
        None => "No log has been taken in yet.".to_owned(),
    }
}

pub(super) fn monitoring(live: &Live) -> Definition {
    Definition {
        title: "Appropriate monitoring",
        source: "UK Safer Internet Centre, appropriate monitoring for schools. saferinternet.org.uk",
        criteria: vec![
            line(
                "Access is logged and looked at",
                met_if(live.log_lines > 0),
                log(live),
            ),
            line(
                "Search terms are seen",
                if live.heard.sees_searches() {
                    Stands::Partly
                } else {
                    Stands::NotMet
                },
                live.heard.of_searches(),
            ),
            line(
                "Alerts go to somebody who can act, and are ranked",
                Stands::Met,
                format!(
                    "To {}: grave ones at once, others once a day. {} wait now.",
                    live.told, live.alerts_open
                ),
            ),
            line(
                "Changes to what is watched are on record, and nobody makes them alone",
                Stands::Met,
                "What is watched is a clause of the policy; it changes only with an approved version.",
            ),
            line(
                "People are told that they are monitored",
                Stands::ForPeople,
                "The policy and the agreements say so. Whether everybody has read it, the agreements show.",
            ),
            line(
                "How long data is kept is stated",
                Stands::Met,
                format!("{} days, then it is deleted.", live.kept_days),
            ),
            line(
                "It notices when it does not run",
                Stands::Met,
                "A silent log on a school day, and a gap in it, are alerts.",
            ),
            line(
                "An alert leads into the record of safeguarding",
                Stands::Met,
                "One press turns an alert into a report with its facts.",
            ),
            line(
                "Devices that are covered",
                Stands::Partly,
                format!(
                    "Every device that asks this resolver. Personal devices on mobile data are not. {}",
                    live.heard.says("full addresses and searches are seen")
                ),
            ),
            line(
                "Harmful pictures are recognised",
                Stands::NotMet,
                "No picture is looked at by this program.",
            ),
            line(
                "Somebody watches in the room",
                Stands::ForPeople,
                "No record can show it.",
            ),
        ],
    }
}

pub(super) fn standards(live: &Live) -> Definition {
    Definition {
        title: "Standards for filtering and monitoring",
        source: "Department for Education, filtering and monitoring standards for schools and colleges (October 2024). gov.uk",
        criteria: vec![
            line(
                "Named people are responsible, and decisions are documented with their reasons",
                Stands::Met,
                format!(
                    "Posts stand in the policy; the filter is managed by {}. Each decision has its reason.",
                    live.managers
                ),
            ),
            line(
                "Reviewed at least every year, with checks that are logged",
                if live.unreviewed == 0 {
                    Stands::Partly
                } else {
                    Stands::NotMet
                },
                format!(
                    "The program asks the resolver every day and keeps the results; {} for another person to look at them. The yearly review with the governor is for people.",
                    counted(live.unreviewed, "change waits", "changes wait")
                ),
            ),
            illegal(live, "Illegal content is blocked"),
            line(
                "Pupils and staff have profiles of their own; guests are filtered too",
                met_if(live.groups > 1),
                format!(
                    "{} groups. Devices that nobody has named follow one of them.",
                    live.groups
                ),
            ),
            line(
                "Records name the device, its address, the time and what was blocked, and the person where possible",
                Stands::Partly,
                "Address, group, time, name and reason are kept. The person is not known to a resolver.",
            ),
            line(
                "What cannot be filtered is known and managed",
                Stands::ForPeople,
                "This page says what is not covered. What is done about it is for leaders to write down.",
            ),
            line(
                "Incidents are picked up urgently, acted on and recorded",
                Stands::Met,
                "Alerts and reports have somebody whose turn it is, and move on when nobody answers a report.",
            ),
        ],
    }
}
