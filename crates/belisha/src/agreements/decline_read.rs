//! Why somebody would not sign: for those who were told, and the person themselves.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Frame, Html, InsetText};

use super::{decline, queries};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::words::moment;

pub(crate) fn url(id: &str) -> String {
    format!("/agreements/declines/{id}")
}

#[derive(Template)]
#[template(path = "agreements/decline_read.html")]
struct DeclineReadPage {
    frame: Frame,
    back: BackLink,
    title: String,
    name: String,
    when: String,
    reason: InsetText,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let row = sql(
        "select agreement_decline.person, agreement_decline.agreement,
                agreement_decline.declined_at, agreement_decline.sealed_reason, person.name
         from agreement_decline join person on person.id = agreement_decline.person
         where agreement_decline.id = $1",
    )
    .bind(&id)
    .optional(&mut records)
    .await?
    .ok_or(Problem::NotFound)?;
    let person: PersonId = row.read("person", |text| text.parse().ok())?;
    let told = decline::who_is_told(&mut records, person, viewer.today()).await?;
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    if !identity.is(person) && !identity.is_among(&told) {
        return Err(Problem::NotFound);
    }
    let object = Object::new("decline", &id);
    let sealed: Vec<u8> = row.get("sealed_reason")?;
    let record = records::open(&mut records, &viewer, &object).await?;
    let reason = record.read("reason", 0, &sealed)?;
    let of: String = row.get("agreement")?;
    drop(records);
    // Written before the words are shown.
    let tx = viewer.write().await?;
    tx.commit(Entry::of(EntryKind::AgreementDeclineRead, object).fact("agreement", &of))
        .await?;
    let zone = viewer.school.settings().time_zone.clone();
    let title = queries::bound(&viewer.policy.policy, &of)
        .map(|bound| bound.get(&belisha_policy::controls::agreement::TITLE))
        .unwrap_or(of);
    crate::web::page(&DeclineReadPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        title,
        name: row.get("name")?,
        when: moment(row.instant("declined_at")?, &zone),
        reason: InsetText::new(Html::paragraphs(&reason)),
    })
}
