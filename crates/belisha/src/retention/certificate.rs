//! What is left of a case that was destroyed: that it was, under which rule and by whom. Those
//! who could read it then see this, and nobody else: somebody who was its subject might have
//! come to a post since.

use askama::Template;
use axum::response::Response;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::retention::Rule;
use belisha_ui::{BackLink, Column, EmptyState, Frame, Html, SummaryList, SummaryRow, Table};

use crate::db::{Connection, Row, sql};
use crate::home::frame;
use crate::incidents::words::{kind_from, kind_name};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/retention/destroyed/{id}")
}

pub(super) fn list_url() -> String {
    "/retention/destroyed".to_owned()
}

#[derive(Template)]
#[template(path = "retention/certificate.html")]
struct CertificatePage {
    frame: Frame,
    back: BackLink,
    reference: String,
    facts: SummaryList,
}

#[derive(Template)]
#[template(path = "retention/destroyed.html")]
struct DestroyedPage {
    frame: Frame,
    back: BackLink,
    table: Option<Table>,
    nothing: EmptyState,
}

/// The address of the certificate of a case, for a viewer who could read it.
pub(crate) async fn of_case(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Option<String>, Fault> {
    let found = witnessed(connection, viewer, Some(id)).await?;
    Ok((!found.is_empty()).then(|| url(id)))
}

/// The destructions that the viewer witnessed, under whichever id they were known by then.
async fn witnessed(
    connection: &mut Connection,
    viewer: &Viewer,
    only: Option<IncidentId>,
) -> Result<Vec<Row>, Fault> {
    let mut people: Vec<PersonId> = vec![viewer.person];
    if let Some(identity) = viewer.access.identity() {
        people.extend(identity.aliases.iter().copied());
    }
    let mut found = Vec::new();
    for person in people {
        let rows = sql("select retention_destruction.incident, reference, kind, rule, opened_on, closed_on,
                    due_on, keys_shredded, files_destroyed, destroyed_at, first.name as decided_name,
                    second.name as agreed_name
             from retention_destruction
             join retention_witness on retention_witness.incident = retention_destruction.incident
             left join person as first on 'person:' || first.id = decided_by
             left join person as second on 'person:' || second.id = agreed_by
             where retention_witness.person = $1
               and (cast($2 as text) is null or retention_destruction.incident = $2)
             order by destroyed_at desc, retention_destruction.incident")
        .bind(person.to_string())
        .bind(only.map(|id| id.to_string()))
        .all(connection)
        .await?;
        found.extend(rows);
    }
    Ok(found)
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = witnessed(&mut records, &viewer, Some(id)).await?;
    let row = found.first().ok_or(Problem::NotFound)?;
    let name = |column: &str| -> Result<String, Fault> {
        Ok(row.get::<Option<String>>(column)?.unwrap_or_default())
    };
    let destroyed_on = viewer.school.date_of(row.instant("destroyed_at")?);
    crate::web::page(&CertificatePage {
        frame: frame::of(&viewer),
        back: BackLink::to(list_url()),
        reference: row.get("reference")?,
        facts: SummaryList::new(vec![
            SummaryRow::new("Kind", kind_name(row.read("kind", kind_from)?)),
            SummaryRow::new("Opened", date(row.date("opened_on")?)),
            SummaryRow::new("Closed", date(row.date("closed_on")?)),
            SummaryRow::new("Kept until", date(row.date("due_on")?)),
            SummaryRow::new("Why it was kept", row.read("rule", Rule::from_key)?.words()),
            SummaryRow::new("Destroyed", date(destroyed_on)),
            SummaryRow::new("Decided by", name("decided_name")?),
            SummaryRow::new("Agreed by", name("agreed_name")?),
            SummaryRow::new(
                "Keys destroyed",
                row.get::<i64>("keys_shredded")?.to_string(),
            ),
            SummaryRow::new(
                "Files destroyed",
                row.get::<i64>("files_destroyed")?.to_string(),
            ),
        ]),
    })
}

pub(super) async fn list(viewer: Viewer) -> Result<Response, Problem> {
    if !super::may_decide_any(&viewer) {
        return Err(Problem::NotFound);
    }
    let mut records = viewer.read().await?;
    let mut lines: Vec<Vec<Html>> = Vec::new();
    for row in witnessed(&mut records, &viewer, None).await? {
        let id: IncidentId = row.read("incident", |text| text.parse().ok())?;
        lines.push(vec![
            Html::link(&row.get::<String>("reference")?, &url(id)),
            kind_name(row.read("kind", kind_from)?).into(),
            date(row.date("due_on")?).into(),
            date(viewer.school.date_of(row.instant("destroyed_at")?)).into(),
        ]);
    }
    crate::web::page(&DestroyedPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Cases that were destroyed",
                ["Case", "About", "Kept until", "Destroyed"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
        nothing: EmptyState::new(
            "You know of no case that was destroyed",
            "A case that you could read when two people agreed to its end stands here.",
        ),
    })
}
