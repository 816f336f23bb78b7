//! The devices in use: which group each follows, by what it is known, and where it is.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, ButtonStyle, Column, EmptyState, Frame, Html, Table};

use super::stored::{self, Device};
use super::{adding, change, file, manages};
use crate::filter;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// Where the devices stand.
pub(in crate::filter) fn url() -> String {
    "/filter/devices".to_owned()
}

#[derive(Template)]
#[template(path = "filter/devices/list.html")]
struct ListPage {
    frame: Frame,
    buttons: Vec<Button>,
    unnamed: String,
    devices: Option<Table>,
    empty: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let mut records = viewer.read().await?;
    let devices = stored::all(&mut records).await?;
    let judge = filter::judge(&mut records, &viewer.school).await?;
    drop(records);
    let manages = manages(&viewer);
    let groups = filter::groups(&viewer.policy.policy);
    let rows: Vec<Vec<Html>> = devices
        .iter()
        .map(|device| row(device, &groups, manages))
        .collect();
    let columns = ["Device", "Group", "Known by", "Class", "Held by", "Where"]
        .map(Column::new)
        .to_vec();
    let button = |text: &str, href: String| Button {
        once: false,
        ..Button::link(text, href)
    };
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        buttons: if manages {
            vec![
                button("Add a device", adding::url()),
                Button {
                    style: ButtonStyle::Secondary,
                    ..button("Add devices from a file", file::url())
                },
            ]
        } else {
            Vec::new()
        },
        unnamed: judge.policy.unknown_group().name.clone(),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No device is written down yet",
                "Until then each device follows the ranges that whoever runs the resolver has set, or the group of devices that nobody has named.",
            )
        }),
        devices: (!rows.is_empty())
            .then(|| Table::new(format!("Devices in use: {}", rows.len()), columns, rows)),
    })
}

fn row(device: &Device, groups: &[String], manages: bool) -> Vec<Html> {
    let it = &device.particulars;
    let known_by = [&it.hardware, &it.address]
        .into_iter()
        .flatten()
        .cloned()
        .chain(device.token.iter().map(|_| "a path of its own".to_owned()))
        .collect::<Vec<_>>()
        .join(", ");
    vec![
        if manages {
            Html::link(&it.name, &change::url(&device.id))
        } else {
            it.name.clone().into()
        },
        if groups.contains(&it.group) {
            it.group.clone().into()
        } else {
            format!(
                "{} (not in the policy: as if nobody had named it)",
                it.group
            )
            .into()
        },
        known_by.into(),
        device.class_name.clone().unwrap_or_default().into(),
        device.holder_name.clone().unwrap_or_default().into(),
        it.site.clone().into(),
    ]
}
