//! The case: what is known, who is in it, what is to be done, and what has happened.
//! That it was opened is in the journal before any of it is shown.

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::{ClosureRule, State, asks_to_prove, close_check};
use belisha_ui::{
    BackLink, Button, Column, Frame, Html, NavigationItem, SubNavigation, SummaryList, SummaryRow,
    Table, Tag, TagColour, TaskList, Timeline,
};

use super::queries::{self, Case, object};
use super::reports::answers;
use super::words::{Part, kind_name};
use super::{
    acknowledgement, action, answer, assignment, categories, chronology, closure, custody, entry,
    evidence, external_record, extract, giving, guidance, investigation, lesson, list, lowering,
    no_further_action, parents, part, police, readers, related, reopening, reports, safe_account,
    sanction, sharing, support, times, triage, withholding,
};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::notices;
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::retention;
use crate::viewer::Viewer;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}")
}

#[derive(Template)]
#[template(path = "incidents/case.html")]
struct CasePage {
    frame: Frame,
    back: BackLink,
    sections: SubNavigation,
    reference: String,
    state: Html,
    submission: String,
    acknowledge_at: String,
    acknowledge: Option<Button>,
    summary: SummaryList,
    reports: Vec<SummaryList>,
    messages: Option<Timeline>,
    people: Table,
    people_acts: Vec<Button>,
    reviews: Option<TaskList>,
    referrals: Option<Table>,
    devices: Option<Table>,
    evidence: Option<Table>,
    findings: Option<Table>,
    actions: Option<Table>,
    sanctions: Option<Table>,
    support: Option<Table>,
    acts: Vec<Button>,
    missing: Vec<String>,
    is_open: bool,
    endings: Vec<Button>,
    timeline: Timeline,
}

pub(super) async fn get(
    mut viewer: Viewer,
    Path(id): Path<IncidentId>,
) -> Result<Response, Problem> {
    let case = match opened(&viewer, id).await {
        Err(Problem::NotFound) => return Err(no_more(&viewer, id).await?),
        case => case?,
    };
    let mut records = viewer.read().await?;
    // The page that is shown counts its own notice as read already.
    viewer.unread = notices::unread(&mut records, viewer.person).await?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let state = case.incident.state();
    let may = |action| case.allows(&viewer, action);
    let rule = ClosureRule::of(&viewer.policy.policy);
    let missing = close_check(&case.incident, &rule);
    let given = categories::of(&mut records, id).await?;
    let mut summary = summary(&viewer, &case);
    summary.extend(told_apart(&mut records, &viewer, &case).await?);
    summary.extend(retention::on_case(&mut records, &viewer, &case).await?);
    let (withheld, about_withholding) = withholding::on_case(&mut records, &viewer, &case).await?;
    summary.extend(withheld);
    let summary = SummaryList::new(summary);
    let messages = answer::messages(&mut records, &viewer, id).await?;
    let can_be_answered = !answers::with_code(&mut records, id).await?.is_empty();
    let mut acts = Vec::new();
    let mut offer = |shown: bool, text: &str, href: String| {
        if shown {
            acts.push(plain(text, href));
        }
    };
    let responds = state.is_open() && case.incident.acknowledged;
    offer(responds && may(Action::Triage), "Triage", triage::url(id));
    offer(
        responds && may(Action::AddEntry),
        "Write in the chronology",
        entry::url(id),
    );
    offer(
        responds && may(Action::AddAction),
        "Set an action",
        action::url(id),
    );
    let pupils = !case.kind.is_sealed();
    let in_hand = state.is_open() && case.incident.triage.is_some();
    offer(
        state.is_open() && pupils && may(Action::RecordParentsInformed),
        "Parents",
        parents::url(id),
    );
    let asks_police = case
        .incident
        .triage
        .is_some_and(|triage| triage.police_question);
    offer(
        responds && asks_police && may(Action::Triage),
        "Decide on the police",
        police::url(id),
    );
    offer(
        state.is_open() && pupils && rule.external_record.is_some() && may(Action::AddEntry),
        "Enter the outside reference",
        external_record::url(id),
    );
    let alleged = !case.with_parts(&[Part::Alleged]).is_empty();
    offer(
        responds && may(Action::Triage),
        "Give the case to somebody",
        assignment::url(id),
    );
    offer(
        responds && alleged && may(Action::Triage),
        "Decide on a sanction",
        sanction::url(id),
    );
    offer(
        case.incident.acknowledged && may(Action::AddAction),
        "Plan support",
        support::url(id),
    );
    offer(
        responds && may(Action::AddEntry),
        "Write down what was learnt",
        lesson::url(id),
    );
    offer(
        in_hand && may(Action::Triage),
        "Write down what was found out",
        investigation::url(id),
    );
    offer(
        responds && extract::is_offered(&case, &viewer),
        "Attach an extract of the journal",
        extract::url(id),
    );
    offer(
        evidence::may_note(&case, &viewer),
        "Note evidence",
        evidence::new_url(id),
    );
    offer(
        responds && may(Action::AddEntry),
        "Add a referral",
        crate::referrals::new_url(id),
    );
    offer(
        responds && may(Action::AddEntry),
        "Record a device set aside",
        custody::new_url(id),
    );
    offer(
        responds && safe_account::is_offered(&case) && may(Action::Triage),
        "Make somebody’s account safe",
        safe_account::url(id),
    );
    offer(
        responds
            && case.kind.is_sealed()
            && case.incident.triage.is_some()
            && case.kind != Kind::LowLevelConcern
            && may(Action::Triage),
        "Lower to a low-level concern",
        lowering::url(id),
    );
    offer(may(Action::ShareCase), "Share the case", sharing::url(id));
    offer(
        crate::exports::may_begin_for_case(&viewer, &case),
        "Make a pack to leave the school",
        crate::exports::of_case_url(id),
    );
    offer(
        can_be_answered && may(Action::AddEntry),
        "Answer whoever reported",
        answer::url(id),
    );
    acts.extend(about_withholding);
    acts.extend(retention::offers(&mut records, &viewer, &case).await?);
    let mut endings = Vec::new();
    if state.is_open() && may(Action::CloseCase) {
        endings.push(plain("Close the case", closure::url(id)));
        endings.push(plain(
            "End with no further action",
            no_further_action::url(id),
        ));
    }
    let has_ended = matches!(state, State::Closed | State::NoFurtherAction);
    if has_ended && may(Action::ReopenCase) {
        endings.push(plain("Open the case again", reopening::url(id)));
    }
    let may_acknowledge =
        state.is_open() && !case.incident.acknowledged && may(Action::Acknowledge);
    let reports = report_words(&mut records, &viewer, id).await?;
    let actions = action::table(&mut records, &viewer, &case, &record).await?;
    let sanctions = sanction::table(&mut records, &viewer, &case, &record).await?;
    let support = support::table(&mut records, &viewer, &case, &record).await?;
    let reviews = crate::reviews::on_case(&mut records, &viewer, &case).await?;
    let referrals = crate::referrals::table(&mut records, &viewer, &case).await?;
    let devices = custody::table(&mut records, &viewer, &case, &record).await?;
    let evidence = evidence::table(&mut records, &viewer, &case, &record).await?;
    let findings = investigation::table(&mut records, &viewer, &case, &record).await?;
    let timeline = chronology::timeline(&mut records, &viewer, &case, &record).await?;
    crate::web::page(&CasePage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        sections: sections(id, Section::Case),
        reference: case.reference.clone(),
        state: list::state_tag(state),
        submission: viewer.school.new_row_id(),
        acknowledge_at: acknowledgement::url(id),
        acknowledge: may_acknowledge.then(|| Button::submit("Acknowledge: I have this")),
        summary,
        reports,
        messages,
        people: people(&viewer, &case, &given),
        people_acts: (state.is_open() && may(Action::AddEntry))
            .then(|| plain("Change who is involved", part::url(id)))
            .into_iter()
            .collect(),
        reviews,
        referrals,
        devices,
        evidence,
        findings,
        actions,
        sanctions,
        support,
        acts,
        missing: missing.iter().map(|missing| missing.sentence()).collect(),
        is_open: state.is_open(),
        endings,
        timeline,
    })
}

/// What is said of a case that is not there: where it was destroyed, whoever could read it
/// then is led to the certificate.
async fn no_more(viewer: &Viewer, id: IncidentId) -> Result<Problem, Problem> {
    let mut records = viewer.read().await?;
    Ok(
        match retention::certificate_of(&mut records, viewer, id).await? {
            Some(url) => Problem::GoTo(url),
            None => Problem::NotFound,
        },
    )
}

/// Writes down that the viewer opened the case: nothing of it leaves before this stands.
/// What they were told of it counts as read. The case is as it stood then.
pub(crate) async fn opened(viewer: &Viewer, id: IncidentId) -> Result<Case, Problem> {
    let mut tx = viewer.write().await?;
    let case = queries::load(&mut tx, viewer, id).await?;
    prove(viewer, &case, &url(id))?;
    notices::seen(&mut tx, viewer.person, &object(id)).await?;
    tx.commit(Entry::of(EntryKind::IncidentOpened, object(id)))
        .await?;
    Ok(case)
}

/// Sends whoever must prove again who they are to do so, and then back to this page.
pub(crate) fn prove(viewer: &Viewer, found: &Case, then: &str) -> Result<(), Problem> {
    let policy = &viewer.policy.policy;
    if asks_to_prove(policy, found.kind, viewer.proved_at(), viewer.now) {
        return Err(Problem::GoTo(crate::accounts::step_up::url_then(then)));
    }
    Ok(())
}

fn plain(text: &str, href: String) -> Button {
    Button {
        href: Some(href),
        once: false,
        ..Button::secondary(text)
    }
}

/// The pages of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Case,
    Related,
    Files,
    Readers,
}

/// The way from each page of a case to the others.
pub(crate) fn sections(id: IncidentId, here: Section) -> SubNavigation {
    let item = |section, text: &str, href| NavigationItem {
        current: section == here,
        ..NavigationItem::new(text, href)
    };
    SubNavigation::new(
        "This case",
        vec![
            item(Section::Case, "The case", url(id)),
            item(Section::Related, "Related cases", related::url(id)),
            item(Section::Files, "Files", crate::files::list::url(id)),
            item(
                Section::Readers,
                "Who can see this, and why",
                readers::url(id),
            ),
        ],
    )
}

fn summary(viewer: &Viewer, case: &Case) -> Vec<SummaryRow> {
    let at = |instant| times::moment(&viewer.school, instant);
    let edition = guidance::of(&case.guidance);
    let mut rows = vec![
        SummaryRow::new("Kind", kind_name(case.kind)),
        SummaryRow::new(
            "Risk",
            match edition.risk(&case.category) {
                Some(risk) => risk.name.clone(),
                None => "Not decided yet".to_owned(),
            },
        ),
        SummaryRow::new(
            "A child is at risk now",
            format!("{} (said the reporter)", case.risk.name()),
        ),
        SummaryRow::new(
            "Reported",
            if case.late {
                format!("{}, later than the policy asks", at(case.opened_at))
            } else {
                at(case.opened_at)
            },
        ),
    ];
    match (case.acknowledged_at, case.acknowledge_by) {
        (Some(when), _) => {
            let name = case
                .acknowledged_by
                .and_then(|by| case.readers.iter().find(|reader| reader.person == by))
                .map_or_else(String::new, |reader| format!(" by {}", reader.name));
            rows.push(SummaryRow::new(
                "Acknowledged",
                format!("{}{name}", at(when)),
            ));
        }
        (None, Some(by)) => {
            let overdue = if by < viewer.now { " (overdue)" } else { "" };
            rows.push(SummaryRow::new(
                "Acknowledge by",
                format!("{}{overdue}", at(by)),
            ));
        }
        (None, None) => {}
    }
    if let Some(name) = &case.in_hands_of {
        rows.push(SummaryRow::new("In the hands of", name.clone()));
    }
    if case.acknowledged_at.is_none()
        && let Some(moves_on) = case.moves_on_at
    {
        rows.push(SummaryRow::new("Moves on to the next person", at(moves_on)));
    }
    if let Some(contact) = case.incident.officer {
        let belisha_rules::calendar::Deadline::EndOf(due) = contact.due else {
            return rows;
        };
        rows.push(SummaryRow::new(
            "Local authority designated officer",
            match contact.made_at {
                Some(when) => format!("contacted {}", at(when)),
                None if due < viewer.today() => {
                    format!("contact was due by {} (overdue)", times::day(due))
                }
                None => format!("contact by {}", times::day(due)),
            },
        ));
    }
    rows
}

async fn report_words(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Vec<SummaryList>, Problem> {
    let mut reports = Vec::new();
    for report in giving::reports(connection, id).await? {
        reports.push(SummaryList::new(
            reports::words(connection, viewer, report).await?,
        ));
    }
    Ok(reports)
}

/// What the case is about and on which services, where somebody has said so.
async fn told_apart(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<SummaryRow>, Problem> {
    let about = categories::sentence(connection, viewer, case).await?;
    let services = categories::services(connection, case.id).await?;
    Ok([("What it is about", about), ("Services", services)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| SummaryRow::new(name, text))
        .collect())
}

fn people(viewer: &Viewer, case: &Case, given: &[(String, Option<PersonId>)]) -> Table {
    let rows = case
        .people
        .iter()
        .map(|involved| {
            let part = match involved.part {
                Part::Harmed => Tag {
                    colour: TagColour::Amber,
                    ..Tag::new(involved.part.name())
                },
                Part::Alleged | Part::Witness | Part::Reporter | Part::Other => Tag {
                    colour: TagColour::Grey,
                    ..Tag::new(involved.part.name())
                },
            };
            let said = categories::of_person(given, viewer, case, involved.person, involved.part);
            let part = Html::join(&[Html::of(&part), Html::paragraphs(&said.join("\n"))]);
            vec![involved.name.clone().into(), part]
        })
        .collect();
    Table {
        caption_hidden: true,
        ..Table::new(
            "People and their parts",
            ["Person", "Part"].map(Column::new).to_vec(),
            rows,
        )
    }
}

/// The words of a sealed field, or nothing where the field is empty.
pub(super) fn read_optional(
    record: &OpenRecord,
    field: &str,
    sealed: Option<Vec<u8>>,
) -> Result<String, Problem> {
    match sealed {
        Some(sealed) => Ok(record.read(field, 0, &sealed)?),
        None => Ok(String::new()),
    }
}
