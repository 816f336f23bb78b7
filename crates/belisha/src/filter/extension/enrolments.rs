//! The page of the browser extension: which devices are enrolled, when they were heard of, and with what.

use askama::Template;
use axum::response::Response;
use belisha_policy::controls::search_terms;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BackLink, Button, Column, EmptyState, Frame, Html, InsetText, Table, Tag, TagColour,
};
use jiff::Timestamp;

use super::enrolment;
use super::heard::AT_WORK;
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::moment_at;

#[derive(Template)]
#[template(path = "filter/extension/enrolments.html")]
struct EnrolmentsPage {
    frame: Frame,
    back: BackLink,
    searches: InsetText,
    enrol: Option<Button>,
    empty: Option<EmptyState>,
    enrolments: Option<Table>,
    given: Option<Table>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let may_enrol = viewer
        .may(Action::EnrolDevices, &RecordFacts::of(Kind::Filter))
        .is_allowed()
        && enrolment::manages(&viewer);
    let mut records = viewer.read().await?;
    let rows = enrolments(&mut records, &viewer, may_enrol).await?;
    let given = given(&mut records, &viewer).await?;
    drop(records);
    let searches = viewer.policy.policy.bound(&search_terms::CONTROL).map_or_else(
        || {
            "The policy says nothing of search terms, so no search is looked at. The extension shuts addresses, \
             makes searches safe and shows why a page is closed."
                .to_owned()
        },
        |bound| bound.sentence(),
    );
    let columns = ["Devices", "Group", "Heard of", "Last", "End it"].map(Column::new);
    crate::web::page(&EnrolmentsPage {
        frame: frame::of(&viewer),
        back: BackLink {
            text: "The filter".into(),
            href: crate::filter::url(),
        },
        searches: InsetText::new(searches),
        enrol: may_enrol.then(|| Button::link("Enrol devices", enrolment::url())),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No devices are enrolled",
                "The extension works on devices whose browsers the school manages: Chrome, Edge and Chromium.",
            )
        }),
        enrolments: (!rows.is_empty())
            .then(|| Table::new("Enrolled devices", columns.to_vec(), rows)),
        given,
    })
}

async fn enrolments(
    records: &mut Connection,
    viewer: &Viewer,
    may_enrol: bool,
) -> Result<Vec<Vec<Html>>, Fault> {
    sql("select filter_enrolment.id, filter_enrolment.name, filter_enrolment.for_group, filter_enrolment.ended_at,
                (select count(*) from filter_extension_device
                 where filter_extension_device.enrolment = filter_enrolment.id and filter_extension_device.last_at >= $1) as heard,
                (select max(filter_extension_device.last_at) from filter_extension_device
                 where filter_extension_device.enrolment = filter_enrolment.id) as last
         from filter_enrolment order by filter_enrolment.made_at desc, filter_enrolment.id")
    .bind(viewer.now - AT_WORK)
    .all(records)
    .await?
    .iter()
    .map(|row| {
        let id: String = row.get("id")?;
        let name: String = row.get("name")?;
        let heard: i64 = row.get("heard")?;
        let ended = row.instant_optional("ended_at")?.is_some();
        let tag = |words: &str, colour| {
            Html::of(&Tag {
                colour,
                ..Tag::new(words)
            })
        };
        let state = match (ended, heard) {
            (true, _) => tag("Ended", TagColour::Grey),
            (false, 0) => tag("None this week", TagColour::Amber),
            (false, 1) => tag("1 device this week", TagColour::Green),
            (false, many) => tag(&format!("{many} devices this week"), TagColour::Green),
        };
        let last = row.instant_optional("last")?.map_or_else(
            || "Never".to_owned(),
            |at| moment_at(&viewer.school, at),
        );
        let end = if ended || !may_enrol {
            Html::default()
        } else {
            Html::link(&format!("End {name}"), &enrolment::ending_url(&id))
        };
        Ok(vec![
            name.into(),
            row.get::<String>("for_group")?.into(),
            state,
            last.into(),
            end,
        ])
    })
    .collect()
}

/// What each group is given now.
async fn given(records: &mut Connection, viewer: &Viewer) -> Result<Option<Table>, Fault> {
    let rows = sql(
        "select for_group, number, addresses, left_out from filter_extension order by for_group",
    )
    .all(records)
    .await?
    .iter()
    .map(|row| {
        let left_out: i64 = row.get("left_out")?;
        let addresses: i64 = row.get("addresses")?;
        let made = Timestamp::from_millisecond(row.get("number")?).unwrap_or_default();
        Ok(vec![
            row.get::<String>("for_group")?.into(),
            if left_out > 0 {
                format!("{addresses}; {left_out} more do not fit").into()
            } else {
                addresses.to_string().into()
            },
            moment_at(&viewer.school, made).into(),
        ])
    })
    .collect::<Result<Vec<Vec<Html>>, Fault>>()?;
    let columns = ["Group", "Full addresses that are shut", "Made"].map(Column::new);
    Ok((!rows.is_empty()).then(|| Table::new("What each group is given", columns.to_vec(), rows)))
}
