//! Check your answers: what will be sent and which role will receive it, before it is sent.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Frame, Html, InsetText, SummaryList, SummaryRow, WarningText};

use super::form::{Form, offered};
use super::report::{Report, Sender};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::incidents::classification;
use crate::incidents::routing::{self, Asked};
use crate::incidents::times;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/reports/check".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/reports/check.html")]
struct CheckReportPage {
    frame: Frame,
    receives: InsetText,
    shut: Option<WarningText>,
    answers: SummaryList,
    submission: String,
    hidden: Vec<(&'static str, String)>,
    send_to: String,
    send: Button,
    change: Button,
}

pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    let mut records = viewer.read().await?;
    let report = match sent.form.read(&mut records, &viewer).await? {
        Ok(report) => report,
        Err(faulty) => return super::new::page(&viewer, &sent.form, faulty, sent.submission),
    };
    let asked = Asked::of(&report, Sender::Account, viewer.now);
    let planned = routing::plan(&mut records, &viewer.school, &asked).await?;
    let receives = match &planned.plan {
        Ok(plan) => plan.sentence(),
        Err(none) => none.sentence().to_owned(),
    };
    let answers = answers(&mut records, &viewer, &report).await?;
    crate::web::page(&CheckReportPage {
        frame: frame::of(&viewer),
        receives: InsetText::new(receives),
        shut: planned.shut_sentence(viewer.now).map(WarningText::new),
        answers: SummaryList::new(answers),
        submission: sent.submission,
        hidden: sent.form.pairs(),
        send_to: super::own::url(),
        send: Button::submit("Send the report"),
        change: Button {
            form_action: Some(super::new::url()),
            ..Button::secondary("Change something")
        },
    })
}

async fn answers(
    connection: &mut Connection,
    viewer: &Viewer,
    report: &Report,
) -> Result<Vec<SummaryRow>, Fault> {
    let mut who: Vec<String> = Vec::new();
    for (person, part) in &report.people {
        let row = sql("select name from person where id = $1")
            .bind(person.to_string())
            .one(connection)
            .await?;
        who.push(format!("{} {}", row.get::<String>("name")?, part.name()));
    }
    for (name, part) in &report.others {
        who.push(format!("{name} {}", part.name()));
    }
    let when = match report.happened_at {
        Some(at) => times::moment(&viewer.school, at),
        None => times::day(report.happened_on),
    };
    let or_none = |text: &str| {
        if text.is_empty() {
            Html::from("Not said")
        } else {
            Html::from(text)
        }
    };
    let about: Vec<String> = offered(viewer)
        .into_iter()
        .filter(|(key, _)| report.categories.contains(key))
        .map(|(_, words)| words)
        .collect();
    let services: Vec<String> = report
        .services
        .iter()
        .filter_map(|key| classification::service(key))
        .map(|service| service.name.clone())
        .collect();
    let how = match (report.how, report.knows_how.as_str()) {
        (None, words) => words.to_owned(),
        (Some(how), "") => how.name().to_owned(),
        (Some(how), words) => format!("{}: {words}", how.name()),
    };
    Ok(vec![
        SummaryRow::new("What happened", Html::paragraphs(&report.words)),
        SummaryRow::new("A child is at risk now", report.at_risk.name()),
        SummaryRow::new(
            "Who",
            if who.is_empty() {
                Html::from("Nobody named")
            } else {
                Html::paragraphs(&who.join("\n"))
            },
        ),
        SummaryRow::new("When", when),
        SummaryRow::new("Where", or_none(&report.place)),
        SummaryRow::new(
            "On which services",
            or_none(&belisha_policy::and(&services)),
        ),
        SummaryRow::new(
            "What it is about",
            if about.is_empty() {
                Html::from("Not said")
            } else {
                Html::paragraphs(&about.join("\n"))
            },
        ),
        SummaryRow::new("How you know", or_none(&how)),
        SummaryRow::new(
            "Told the lead in person",
            if report.told_lead { "Yes" } else { "No" },
        ),
    ])
}

impl Form {
    /// The form as hidden fields.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("words", self.words.clone()),
            ("when", self.when.clone()),
            ("today-time", self.today_time.clone()),
            ("on-day", self.on_day.clone()),
            ("on-month", self.on_month.clone()),
            ("on-year", self.on_year.clone()),
            ("on-time", self.on_time.clone()),
            ("place", self.place.clone()),
            ("at-risk", self.at_risk.clone()),
            ("told-lead", self.told_lead.clone()),
            ("how", self.how.clone()),
            ("knows-how", self.knows_how.clone()),
            ("alert", self.alert.clone()),
        ];
        pairs.extend(self.category.iter().map(|key| ("category", key.clone())));
        pairs.extend(self.service.iter().map(|key| ("service", key.clone())));
        for (line, who) in self.who.iter().enumerate() {
            let at = |list: &[String]| list.get(line).cloned().unwrap_or_default();
            pairs.push(("who", who.clone()));
            pairs.push(("part", at(&self.part)));
            pairs.push(("meant", at(&self.meant)));
        }
        pairs
    }
}
