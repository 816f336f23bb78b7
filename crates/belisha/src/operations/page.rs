//! How the server runs, for the people of the school who look after it: what would need doing, in sentences.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Frame, Html, Status, StatusTag, SummaryList, SummaryRow};

use crate::db::{Database, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::{counted, date, moment};

pub(crate) fn url() -> String {
    "/operations".to_owned()
}

#[derive(Template)]
#[template(path = "operations/page.html")]
struct OperationsPage {
    frame: Frame,
    state: SummaryList,
    program: SummaryList,
    backups: String,
}

/// One thing that is looked at.
struct Looked {
    what: &'static str,
    status: Status,
    says: String,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadBackups, &RecordFacts::of(Kind::Backup))?;
    let looked = [
        certificate(&viewer),
        backup(&viewer).await?,
        work(&viewer).await?,
    ];
    let rows = looked
        .into_iter()
        .map(|one| {
            let tag = Html::of(&StatusTag::new(one.status));
            SummaryRow::new(one.what, Html::join(&[tag, " ".into(), one.says.into()]))
        })
        .collect();
    crate::web::page(&OperationsPage {
        frame: frame::of(&viewer),
        state: SummaryList::new(rows),
        program: SummaryList::new(vec![
            SummaryRow::new("Belisha", env!("CARGO_PKG_VERSION")),
            SummaryRow::new(
                "Records",
                format!(
                    "in {}, schema step {}",
                    viewer.school.database.engine_name(),
                    Database::schema_step()
                ),
            ),
        ]),
        backups: crate::backups::url(),
    })
}

fn certificate(viewer: &Viewer) -> Looked {
    let zone = &viewer.school.settings().time_zone;
    let what = "Certificate";
    match viewer.school.certificate.get() {
        None => Looked {
            what,
            status: Status::Met,
            says: "The proxy in front of this server holds it, or there is none while only this machine may ask."
                .to_owned(),
        },
        Some(certificate) => {
            let ends_at = certificate.ends_at();
            let until = moment(ends_at, zone);
            let (status, says) = match certificate.ends_soon(viewer.now) {
                _ if ends_at <= viewer.now => (
                    Status::NotMet,
                    format!("It ran out on {until}. Browsers refuse this server until it is renewed."),
                ),
                Some(_) => (
                    Status::DueSoon,
                    format!(
                        "It runs out on {until}. Renew its files; they are taken up by themselves."
                    ),
                ),
                None => (Status::Met, format!("It holds until {until}.")),
            };
            Looked { what, status, says }
        }
    }
}

/// What is said on assurance of a certificate that runs out.
pub(crate) fn certificate_warning(viewer: &Viewer) -> Option<String> {
    let ends_at = viewer.school.certificate.get()?.ends_soon(viewer.now)?;
    let until = date(viewer.school.date_of(ends_at));
    Some(if ends_at <= viewer.now {
        format!(
            "The server’s certificate ran out on {until}. Whoever looks after the server renews it today."
        )
    } else {
        format!(
            "The server’s certificate runs out on {until}. From then on nobody could sign in: whoever looks after \
             the server renews it before."
        )
    })
}

async fn backup(viewer: &Viewer) -> Result<Looked, Fault> {
    let proved = crate::backups::newest_proved_at(&viewer.school).await?;
    let zone = &viewer.school.settings().time_zone;
    let (status, says) = match proved {
        // The metric and the page of backups call an emergency after as many hours.
        Some(at) if viewer.now.duration_since(at).as_hours() < 26 => (
            Status::Met,
            format!(
                "The newest that was proved good is from {}.",
                moment(at, zone)
            ),
        ),
        Some(at) => (
            Status::NotMet,
            format!(
                "The newest that was proved good is from {}.",
                moment(at, zone)
            ),
        ),
        None => (Status::DueSoon, "None has been proved good yet.".to_owned()),
    };
    Ok(Looked {
        what: "Backups",
        status,
        says,
    })
}

async fn work(viewer: &Viewer) -> Result<Looked, Fault> {
    let row = sql(
        "select count(*) as failed from job where fault is not null and not exists (
             select 1 from job later where later.kind = job.kind and later.finished_at > job.finished_at)",
    )
    .one(&mut viewer.read().await?)
    .await?;
    let failed: i64 = row.get("failed")?;
    let (status, says) = match failed {
        0 => (Status::Met, "Everything that was due is done.".to_owned()),
        failed => (
            Status::NotMet,
            format!(
                "{} failed the last time. The server’s log says why.",
                counted(failed, "piece of work", "pieces of work")
            ),
        ),
    };
    Ok(Looked {
        what: "Background work",
        status,
        says,
    })
}
