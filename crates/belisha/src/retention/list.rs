//! The cases whose time is over, for those who may decide on them; those under a hold; and
//! those of which nobody can say how long they are kept.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::IncidentId;
use belisha_rules::retention::{self as law, Lacks, Term, may_decide};
use belisha_ui::{BackLink, Button, Column, EmptyState, Frame, Html, Table};

use super::queries::{Kept, kept, rule_of};
use super::{certificate, of_case_url};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::incidents::queries;
use crate::incidents::words::kind_name;
use crate::incidents::{case, list};
use crate::notices;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::date;

pub(crate) fn url() -> String {
    "/retention".to_owned()
}

/// As many as one page shows of each table.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "retention/list.html")]
struct RetentionPage {
    frame: Frame,
    back: BackLink,
    due: Option<Table>,
    nothing: EmptyState,
    held: Option<Table>,
    unknown: Option<Table>,
    destroyed: Button,
}

/// Whether the list is offered: by role alone, so that nobody learns from it whether there
/// is anything in it.
pub(crate) fn may_decide_any(viewer: &Viewer) -> bool {
    [
        Kind::PupilWelfare,
        Kind::ChildProtection,
        Kind::AllegationStaff,
        Kind::AllegationHead,
        Kind::AllegationChair,
    ]
    .into_iter()
    .any(|kind| {
        // As if a case about an adult had come to them.
        let facts = RecordFacts {
            in_charge: vec![viewer.person],
            ..RecordFacts::of(kind)
        };
        viewer.may(Action::DestroyCase, &facts).is_allowed()
    })
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    if !may_decide_any(&viewer) {
        return Err(Problem::NotFound);
    }
    let mut records = viewer.read().await?;
    let ids = candidates(&mut records, &viewer).await?;
    let (mut due, mut held, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        let Some(found) = queries::find(&mut records, id).await? else {
            continue;
        };
        if !viewer.may(Action::DestroyCase, &found.facts).is_allowed() {
            continue;
        }
        let found = match kept(&mut records, &viewer, found).await {
            Ok(found) => found,
            // Sealed, and not to this viewer.
            Err(Problem::NotFound) => continue,
            Err(problem) => return Err(problem),
        };
        let lines = match (&found.hold, found.standing.term) {
            (Some(_), _) => &mut held,
            (None, Term::Unknown(Lacks::StillHere, _)) => continue,
            (None, Term::Unknown(_, _)) => &mut unknown,
            (None, Term::Until(_, _)) if may_decide(&found.standing, viewer.today()).is_ok() => {
                &mut due
            }
            (None, Term::Until(_, _)) => continue,
        };
        if lines.len() < SHOWN {
            lines.push(line(&viewer, &found));
        }
    }
    crate::web::page(&RetentionPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        due: table(
            "Cases to decide on",
            &["Case", "About", "Kept until", "Why", "Next"],
            due,
        ),
        nothing: EmptyState::new(
            "No case waits for a decision",
            "A closed case stands here once it has been kept as long as the policy says. Nothing is ever destroyed by itself.",
        ),
        held: table(
            "Cases under a hold",
            &["Case", "About", "Kept until", "Why", "Next"],
            held,
        ),
        unknown: table(
            "Cases of which no end can be said",
            &["Case", "About", "Kept until", "What lacks", "Next"],
            unknown,
        ),
        destroyed: Button {
            href: Some(certificate::list_url()),
            once: false,
            ..Button::secondary("What was destroyed")
        },
    })
}

fn table(caption: &str, columns: &[&str], lines: Vec<Vec<Html>>) -> Option<Table> {
    (!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            caption,
            columns.iter().map(|title| Column::new(*title)).collect(),
            lines,
        )
    })
}

/// The closed cases that may be due: those about pupils by the terms that were written down,
/// and those that are sealed to the viewer, whose end only their key can tell.
async fn candidates(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<IncidentId>, Fault> {
    let mut ids = Vec::new();
    let about_pupils = sql("select incident.id from incident
         left join retention_term on retention_term.incident = incident.id
         where not incident.is_open and incident.state <> 'merged'
           and incident.kind in ('pupil-welfare', 'child-protection')
           and (retention_term.due_on <= $1 or retention_term.lacks = 'birth-date'
             or exists (select 1 from retention_hold
                where retention_hold.incident = incident.id and ended_at is null))
         order by retention_term.due_on, incident.id")
    .bind(viewer.today());
    let mut people = vec![viewer.person];
    if let Some(identity) = viewer.access.identity() {
        people.extend(identity.aliases.iter().copied());
    }
    let mut rows = about_pupils.all(connection).await?;
    for person in people {
        let sealed = sql(
            "select distinct incident.id, incident.opened_at from incident
             join incident_reader on incident_reader.incident = incident.id
             where not incident.is_open and incident.state <> 'merged'
               and incident.kind not in ('pupil-welfare', 'child-protection')
               and incident_reader.person = $1
             order by incident.opened_at, incident.id",
        )
        .bind(person.to_string());
        rows.extend(sealed.all(connection).await?);
    }
    for row in rows {
        let id = row.read("id", |text| text.parse().ok())?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn line(viewer: &Viewer, found: &Kept) -> Vec<Html> {
    let id = found.case.id;
    let until = law::due_on(found.standing.term, found.standing.kept_until);
    let why = match found.standing.term {
        Term::Until(_, _) => rule_of(found.standing.term).words(),
        Term::Unknown(lacks, _) => lacks.sentence(),
    };
    let identity = viewer.access.identity();
    let mine = found
        .standing
        .decided_by
        .as_ref()
        .zip(identity)
        .is_some_and(|(first, me)| first.is(me.person) || me.is(first.person));
    let next: Html = match (&found.hold, &found.proposed, found.standing.term) {
        (Some(_), _, _) if viewer.may(Action::HoldCase, &found.case.facts).is_allowed() => {
            Html::link("End the hold", &of_case_url(id, "hold/end"))
        }
        (Some(_), _, _) => "Held".into(),
        (None, _, Term::Unknown(_, _)) => Html::default(),
        (None, None, _) => Html::link("Decide", &of_case_url(id, "decision")),
        (None, Some(_), _) if mine => Html::join(&[
            "You decided that it is destroyed; another person must agree. ".into(),
            Html::link("Decide otherwise", &of_case_url(id, "decision")),
        ]),
        (None, Some(proposed), _) => Html::join(&[
            format!("{} decided that it is destroyed. ", proposed.name).into(),
            Html::link("Agree or not", &of_case_url(id, "destruction")),
        ]),
    };
    vec![
        Html::trusted(format!(
            r#"<span class="belisha-reference">{}</span>"#,
            Html::link(&found.case.reference, &case::url(id))
        )),
        kind_name(found.case.kind).into(),
        until.map_or_else(|| "not known".to_owned(), date).into(),
        why.into(),
        next,
    ]
}

/// Takes the notices of due cases off the list of whoever has just decided.
pub(super) async fn settled(tx: &mut crate::tx::Tx, viewer: &Viewer) -> Result<(), Problem> {
    notices::seen(tx, viewer.person, &super::finding::due_object()).await
}
