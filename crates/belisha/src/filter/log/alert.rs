//! One alert: what is known of it, what was made of it, and the one press that begins a report with
//! its facts.

use axum::response::Response;
use belisha_filter::categories;
use belisha_policy::Word;
use belisha_policy::sites::Theme;
use belisha_rules::monitoring::Unusual;
use belisha_ui::{
    Button, Choice, Html, InsetText, Label, Radios, SummaryList, SummaryRow, Textarea,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::alerting::{KIND, Knows};
use super::alerts;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::incidents::reports::{AlertFacts, from_alert};
use crate::notices;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::path::Path;
use crate::web::sent::Sent;
use crate::web::words::{capital, moment_at};
use crate::web::wrong::Wrong;

/// The page of an alert; of all of them, where the notice speaks of several.
pub(crate) fn url(id: &str) -> String {
    if id == "digest" {
        alerts::url()
    } else {
        format!("{}/{id}", alerts::url())
    }
}

/// What was made of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Reported,
    Nothing,
    Watch,
    Mended,
}

impl Word for Outcome {
    const KIND: &'static str = "what was made of an alert";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Reported, "reported", "Reported"),
        (Self::Nothing, "nothing", "Nothing in it"),
        (Self::Watch, "watch", "Spoken about; to be watched"),
        (Self::Mended, "mended", "Mended"),
    ];
}

/// An alert, being looked into.
pub(super) struct Handling {
    id: String,
    why: Unusual,
    group: String,
    category: String,
    first_at: Timestamp,
    knows: Knows,
    outcome: Option<Outcome>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    outcome: String,
    reason: String,
}

impl Act for Handling {
    type At = String;
    type Form = Form;
    type Read = (Outcome, String);

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        let row = sql(
            "select kind, technical, first_at, for_group, category, sealed, outcome
             from filter_alert where id = $1",
        )
        .bind(&id)
        .optional(records)
        .await?
        .ok_or(Problem::NotFound)?;
        if !alerts::may(viewer, row.get("technical")?) {
            return Err(Problem::NotFound);
        }
        let bytes = records::open_aside(&viewer.school, KIND, &id, &row.get::<Vec<u8>>("sealed")?)?;
        let knows = serde_json::from_slice(&bytes)
            .map_err(|error| Fault::at("reading an alert of the filter".into(), error))?;
        Ok(Self {
            why: row.read("kind", Unusual::from_key)?,
            group: row.get("for_group")?,
            category: row.get("category")?,
            first_at: row.instant("first_at")?,
            outcome: row.read_optional("outcome", Outcome::from_key)?,
            knows,
            id,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            alerts::url(),
            "Alert of the filter",
            self.why.name(),
            "Record what came of it",
        );
        let mut lead = vec![Html::of(&SummaryList::new(self.rows(viewer)))];
        if let Some(outcome) = self.outcome {
            lead.push(Html::of(&InsetText::new(format!(
                "It was looked into: {}. {}",
                outcome.name(),
                self.knows.reason
            ))));
        }
        page.lead = Html::join(&lead);
        let technical = self.why.is_technical();
        let choices = Outcome::all()
            .filter(|outcome| match outcome {
                Outcome::Reported => false,
                Outcome::Mended => technical,
                Outcome::Watch => !technical,
                Outcome::Nothing => true,
            })
            .map(|outcome| Choice::new(outcome.key(), outcome.name()))
            .collect();
        page.fields = vec![
            Html::of(&Radios {
                chosen: (!form.outcome.is_empty()).then(|| form.outcome.clone()),
                error: wrong.at("outcome"),
                ..Radios::new("outcome", Label::medium("What came of it?"), choices)
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                hint: Some("Needed where there is nothing in it".into()),
                ..Textarea::new("reason", Label::medium("Why, or what was done"))
            }),
        ];
        if !technical {
            page.also = Html::of(&Button {
                form_action: Some(format!("{}/report", url(&self.id))),
                ..Button::secondary("Report it as a concern")
            });
        }
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Outcome, String)>, Problem> {
        let outcome = Outcome::from_key(&form.outcome).filter(|it| *it != Outcome::Reported);
        if outcome.is_none() {
            wrong.say("outcome", "Choose what came of it");
        }
        let reason = if outcome == Some(Outcome::Nothing) {
            wrong.text("reason", &form.reason, "Say why there is nothing in it")
        } else {
            Some(form.reason.trim().to_owned())
        };
        Ok(outcome.zip(reason))
    }

    async fn act(
        mut self,
        tx: &mut Tx,
        _: &Viewer,
        (outcome, reason): (Outcome, String),
    ) -> Result<Entry, Problem> {
        self.knows.reason = reason;
        handled(tx, &self, outcome).await
    }

    fn leads_to(&self) -> String {
        alerts::url()
    }
}

impl Handling {
    fn rows(&self, viewer: &Viewer) -> Vec<SummaryRow> {
        let mut rows = vec![SummaryRow::new(
            "First",
            moment_at(&viewer.school, self.first_at),
        )];
        let mut say = |label: &str, words: String| {
            if !words.is_empty() {
                rows.push(SummaryRow::new(label, words));
            }
        };
        say("Device", self.knows.device.clone());
        say("Group", self.group.clone());
        say("Signed in", self.knows.who.clone());
        if self.why == Unusual::Words {
            say("About", about(&self.category));
            say("Words", self.knows.names.join(", "));
        } else {
            say("Kind of site", categories::title(&self.category).to_owned());
            say("Names", self.knows.names.join(", "));
        }
        if self.knows.times > 0 {
            say("Times", self.knows.times.to_string());
        }
        rows
    }
}

/// What an alert is about: a kind of site, or a theme of watched words.
pub(super) fn about(category: &str) -> String {
    Theme::from_key(category).map_or_else(
        || categories::title(category).to_owned(),
        |theme| capital(theme.name()),
    )
}

/// Ends an alert, once.
async fn handled(tx: &mut Tx, alert: &Handling, outcome: Outcome) -> Result<Entry, Problem> {
    let (now, by, school) = (tx.now(), tx.actor().key(), tx.school().clone());
    let bytes = serde_json::to_vec(&alert.knows)
        .map_err(|error| Fault::at("writing an alert of the filter".into(), error))?;
    tx.run_one(
        sql(
            "update filter_alert set handled_at = $2, handled_by = $3, outcome = $4, sealed = $5
             where id = $1 and handled_at is null",
        )
        .bind(&alert.id)
        .bind(now)
        .bind(by)
        .bind(outcome.key())
        .bind(records::seal_aside(&school, KIND, &alert.id, &bytes)),
    )
    .await?;
    let object = Object::new("filter-alert", &alert.id);
    notices::settled_for_all(tx, notices::NoticeKind::FilterAlert, &object).await?;
    Ok(Entry::of(EntryKind::FilterAlertHandled, object)
        .fact("kind", alert.why.key())
        .fact("outcome", outcome.key()))
}

/// One press: the alert's facts wait in the report's own page, for whoever pressed to check.
pub(super) async fn report(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Reporting>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let alert = Handling::load(&mut tx, &viewer, id).await?;
    if alert.why.is_technical() {
        return Err(Problem::NotFound);
    }
    let facts = AlertFacts {
        device: alert.knows.device.clone(),
        group: alert.group.clone(),
        at_ms: alert.first_at.as_millisecond(),
        name: alert
            .knows
            .names
            .first()
            .cloned()
            .unwrap_or_else(|| "a site that nobody may open".to_owned()),
        category: match alert.category.as_str() {
            "" => alert.why.name().to_lowercase(),
            key => about(key).to_lowercase(),
        },
    };
    let leads_to = from_alert(&mut tx, &facts, viewer.person).await?;
    tx.once(&sent.submission, &leads_to).await?;
    let entry = handled(&mut tx, &alert, Outcome::Reported).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// The fields of the page on which the button stands.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Reporting {
    #[serde(rename = "outcome")]
    _outcome: String,
    #[serde(rename = "reason")]
    _reason: String,
}

/// Wraps the keys of the next alerts anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select id, sealed from filter_alert
         where substr(sealed, 7, 8) <> $1 and id > $2 order by id limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
        let anew = records::rewrap_aside(&school, turn.keys, KIND, &id, &sealed);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update filter_alert set sealed = $3 where id = $1 and sealed = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}
