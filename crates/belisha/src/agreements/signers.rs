//! Who has signed an agreement, who has not, and who is late.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_policy::Standing;
use belisha_policy::Word as _;
use belisha_policy::controls::agreement::{GATE, Gate, TITLE};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::{PersonId, SignatureId};
use belisha_ui::{
    BackLink, BigNumber, Button, Column, EmptyState, Frame, Html, InsetText, Table, Tag, TagColour,
};
use jiff::civil::Date;

use super::queries::{self, Owed, Stands};
use super::{decline, decline_read, export, own, paper, remind, signed};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::date;

pub(crate) fn url(of: &str) -> String {
    format!("/agreements/{of}")
}

/// One person who is asked to sign.
pub(super) struct Line {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) owed: Owed,
    pub(super) signature: Option<SignatureId>,
}

#[derive(Template)]
#[template(path = "agreements/signers.html")]
struct SignersPage {
    frame: Frame,
    back: BackLink,
    title: String,
    gate: Option<InsetText>,
    numbers: Vec<BigNumber>,
    table: Option<Table>,
    nobody: EmptyState,
    remind: Option<(String, Button)>,
    submission: String,
    export: Option<String>,
}

pub(super) async fn get(viewer: Viewer, Path(of): Path<String>) -> Result<Response, Problem> {
    may(&viewer, Action::ListUnsigned)?;
    let bound = queries::bound(&viewer.policy.policy, &of)?;
    let today = viewer.today();
    let mut records = viewer.read().await?;
    let lines = lines(&mut records, &of, today).await?;
    let declines = declines(&mut records, &of).await?;
    let reads_declines = decline_readers(&mut records, &viewer, &declines).await?;
    let records_paper = allowed(&viewer, Action::RecordPaperSignature);
    let rows = lines
        .iter()
        .map(|line| {
            let stands = line.owed.stands(today);
            let declined = declines
                .get(&line.person)
                .filter(|_| stands != Stands::Signed)
                .filter(|id| reads_declines.contains(*id));
            let act = match (stands, line.signature, declined) {
                (Stands::Signed, Some(id), _) => Html::link("See the signature", &signed::url(id)),
                (_, _, Some(id)) => Html::link("Declined: read why", &decline_read::url(id)),
                (Stands::Due | Stands::Overdue, _, None) if records_paper => {
                    Html::link("Record a paper signature", &paper::url(&of, line.person))
                }
                (Stands::Signed | Stands::Due | Stands::Overdue, _, None) => "".into(),
            };
            vec![
                line.name.as_str().into(),
                line.standing.name().into(),
                Html::of(&tag(stands)),
                when(&line.owed, stands).into(),
                act,
            ]
        })
        .collect::<Vec<_>>();
    let count = |wanted: Stands| {
        let number = lines
            .iter()
            .filter(|line| line.owed.stands(today) == wanted)
            .count();
        u64::try_from(number).unwrap_or(u64::MAX)
    };
    let (overdue, due) = (count(Stands::Overdue), count(Stands::Due));
    crate::web::page(&SignersPage {
        frame: frame::of(&viewer),
        back: BackLink::to(own::url()),
        title: bound.get(&TITLE),
        gate: gate(bound.get(&GATE)),
        numbers: vec![
            BigNumber {
                needs_action: overdue > 0,
                ..BigNumber::new(overdue, "late")
            },
            BigNumber::new(due, "still in time"),
            BigNumber::new(count(Stands::Signed), "signed"),
        ],
        table: (!rows.is_empty()).then(|| {
            Table::new(
                "Everybody who is asked to sign",
                ["Name", "Is", "Stands", "When", "What to do"]
                    .map(Column::new)
                    .to_vec(),
                rows,
            )
        }),
        nobody: EmptyState::new(
            "Nobody is asked to sign yet",
            "As soon as people whom this agreement concerns are on the register, they stand here until they have signed and after.",
        ),
        remind: (overdue + due > 0).then(|| {
            (
                remind::url(&of),
                Button::secondary("Remind those who have not signed"),
            )
        }),
        submission: viewer.school.new_row_id(),
        export: allowed(&viewer, Action::ExportSignatures).then(|| export::url(&of)),
    })
}

pub(super) fn may(viewer: &Viewer, action: Action) -> Result<(), Problem> {
    viewer.require(action, &RecordFacts::of(Kind::Agreement))
}

fn allowed(viewer: &Viewer, action: Action) -> bool {
    viewer
        .may(action, &RecordFacts::of(Kind::Agreement))
        .is_allowed()
}

fn gate(gate: Gate) -> Option<InsetText> {
    match gate {
        Gate::Account => Some(InsetText::new(
            "An account opens once its owner has signed.",
        )),
        Gate::ContactWithPupils => Some(InsetText::new(
            "Until they have signed, people are shown as not cleared for contact with pupils.",
        )),
        Gate::None => None,
    }
}

pub(super) fn tag(stands: Stands) -> Tag {
    match stands {
        Stands::Overdue => Tag {
            colour: TagColour::Red,
            ..Tag::new("Late")
        },
        Stands::Due => Tag {
            colour: TagColour::Amber,
            ..Tag::new("Not signed")
        },
        Stands::Signed => Tag {
            colour: TagColour::Green,
            ..Tag::new("Signed")
        },
    }
}

fn when(owed: &Owed, stands: Stands) -> String {
    let changed = if owed.changed.is_empty() {
        ""
    } else {
        "; parts of it changed since they signed"
    };
    match stands {
        Stands::Signed => match (owed.signed_on, owed.until_on) {
            (Some(on), Some(until)) => format!("on {}, holds until {}", date(on), date(until)),
            (Some(on), None) => format!("on {}", date(on)),
            (None, _) => String::new(),
        },
        Stands::Due => format!("due by {}{changed}", date(owed.due_on)),
        Stands::Overdue => format!("was due on {}{changed}", date(owed.due_on)),
    }
}

/// Everybody who is asked, those who are late first.
pub(super) async fn lines(
    connection: &mut Connection,
    of: &str,
    today: Date,
) -> Result<Vec<Line>, Fault> {
    let mut newest: BTreeMap<String, SignatureId> = BTreeMap::new();
    for row in sql("select id, person from agreement_signature
         where agreement = $1 and withdrawn_at is null order by signed_at, id")
    .bind(of)
    .all(connection)
    .await?
    {
        newest.insert(
            row.get("person")?,
            row.read("id", |text| text.parse().ok())?,
        );
    }
    let mut lines = sql(
        "select agreement_due.person, person.name, person.standing, agreement_due.agreement,
                agreement_due.due_on, agreement_due.signed_on, agreement_due.until_on,
                agreement_due.changed_clauses
         from agreement_due join person on person.id = agreement_due.person
         where agreement_due.agreement = $1
         order by person.sort_name, person.id",
    )
    .bind(of)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let id: String = row.get("person")?;
        Ok(Line {
            person: row.read("person", |text| text.parse().ok())?,
            name: row.get("name")?,
            standing: row.read("standing", Standing::from_key)?,
            owed: Owed::read(row)?,
            signature: newest.get(&id).copied(),
        })
    })
    .collect::<Result<Vec<_>, Fault>>()?;
    lines.sort_by_key(|line| line.owed.stands(today));
    Ok(lines)
}

/// The newest refusal of each person.
async fn declines(
    connection: &mut Connection,
    of: &str,
) -> Result<BTreeMap<PersonId, String>, Fault> {
    sql("select id, person from agreement_decline where agreement = $1 order by declined_at, id")
        .bind(of)
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.read("person", |text| text.parse().ok())?,
                row.get("id")?,
            ))
        })
        .collect()
}

/// Those refusals whose reason this viewer may read.
async fn decline_readers(
    connection: &mut Connection,
    viewer: &Viewer,
    declines: &BTreeMap<PersonId, String>,
) -> Result<Vec<String>, Problem> {
    let mut readable = Vec::new();
    for (person, id) in declines {
        let told = decline::who_is_told(connection, *person, viewer.today()).await?;
        if told.contains(&viewer.person) {
            readable.push(id.clone());
        }
    }
    Ok(readable)
}
