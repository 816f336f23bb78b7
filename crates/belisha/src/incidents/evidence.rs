//! The evidence log: each message, post or screenshot is an item of its own, with what it
//! is, where, when it was saved and who keeps it. Added to, and corrected by a new item.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::note_evidence;
use belisha_ui::{Choice, Column, Html, Label, Radios, Table, Textarea, WarningText};
use jiff::Timestamp;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::fields::{line, moment, moment_fields};
use super::queries::{self, Case, object, settle};
use super::telling::Told;
use super::{case, entry};
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where an item is noted.
pub(crate) fn new_url(id: IncidentId) -> String {
    format!("/incidents/{id}/evidence/new")
}

fn correction_url(id: IncidentId, evidence: &str) -> String {
    format!("/incidents/{id}/evidence/{evidence}/correction")
}

/// Whether an item can be noted in this case now.
pub(super) fn may_note(found: &Case, viewer: &Viewer) -> bool {
    found.allows(viewer, Action::AddEntry)
        && note_evidence(&found.incident, found.imagery()).is_ok()
}

/// Whether the log of a case has an item.
pub(crate) async fn any(connection: &mut Connection, id: IncidentId) -> Result<bool, Fault> {
    let row = sql("select count(*) as count from incident_evidence where incident = $1")
        .bind(id.to_string())
        .one(connection)
        .await?;
    Ok(row.get::<i64>("count")? > 0)
}

/// An item being noted.
pub(super) struct NewEvidence {
    case: Case,
}

/// An item being corrected by another.
pub(super) struct EvidenceCorrection {
    case: Case,
    old: Item,
    blank: Form,
}

#[derive(Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    what: String,
    place: String,
    at_day: String,
    at_month: String,
    at_year: String,
    at_time: String,
    keeper: String,
    sent_on: String,
    sent_to: String,
}

impl Form {
    fn at(&self) -> [&str; 4] {
        [&self.at_day, &self.at_month, &self.at_year, &self.at_time]
    }
}

/// What the form says.
pub(super) struct Noted {
    what: String,
    place: String,
    captured_at: Timestamp,
    keeper: String,
    /// To whom it was sent on; none where it was not.
    sent_to: Option<String>,
}

fn fields(form: &Form, wrong: &Wrong) -> Vec<Html> {
    let [day, time] = moment_fields("When was it saved?", form.at(), wrong);
    let sent_to = line("sent-to", "To whom, and why?", "", &form.sent_to, wrong);
    vec![
        Html::of(&Textarea {
            value: form.what.clone(),
            error: wrong.at("what"),
            rows: 4,
            hint: Some(
                "One message, post or screenshot. Say in words what it is and what it says.".into(),
            ),
            ..Textarea::new("what", Label::medium("What is it?"))
        }),
        line(
            "place",
            "Where is it?",
            "The app, game or site, the group or page, the device",
            &form.place,
            wrong,
        ),
        day,
        time,
        line(
            "keeper",
            "Who keeps it?",
            "One person, so that it can be shown and is not sent round",
            &form.keeper,
            wrong,
        ),
        Html::of(&Radios {
            chosen: (!form.sent_on.is_empty()).then(|| form.sent_on.clone()),
            error: wrong.at("sent-on"),
            ..Radios::new(
                "sent-on",
                Label::medium("Has it been sent on to anybody?"),
                vec![
                    Choice {
                        reveals: Some(sent_to),
                        ..Choice::new("yes", "Yes")
                    },
                    Choice::new("no", "No"),
                ],
            )
        }),
    ]
}

fn warning() -> Html {
    Html::of(&WarningText::new(
        "Nobody sends it on, and nobody asks a child to. If a nude picture of a child may be part of it, stop and triage the case again.",
    ))
}

fn read(viewer: &Viewer, form: &Form, wrong: &mut Wrong) -> Option<Noted> {
    let what = wrong.text("what", &form.what, "Say what it is");
    let place = wrong.text("place", &form.place, "Say where it is");
    let captured_at = moment(viewer, form.at(), wrong);
    let keeper = wrong.text("keeper", &form.keeper, "Say who keeps it");
    let sent_to = match form.sent_on.as_str() {
        "yes" => wrong
            .text(
                "sent-to",
                &form.sent_to,
                "Say to whom it was sent on, and why",
            )
            .map(Some),
        "no" => Some(None),
        _ => {
            wrong.say("sent-on", "Say whether it has been sent on");
            None
        }
    };
    Some(Noted {
        what: what?,
        place: place?,
        captured_at: captured_at?,
        keeper: keeper?,
        sent_to: sent_to?,
    })
}

/// Writes an item, and a line of the chronology.
async fn write(
    tx: &mut Tx,
    viewer: &Viewer,
    case: &Case,
    noted: &Noted,
    corrects: Option<&str>,
) -> Result<Entry, Problem> {
    note_evidence(&case.incident, case.imagery())
        .map_err(|refused| Problem::refused("This cannot be noted now", refused.sentence()))?;
    let id = case.id;
    let record = records::open(tx, viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    let seal = |field: &str, words: &str| {
        record.seal(&school, &format!("evidence-{field}-{row}"), 0, words)
    };
    tx.run_one(
        sql("insert into incident_evidence (id, incident, captured_at, sent_on, made_at, made_by, corrects,
                                            sealed_what, sealed_place, sealed_keeper, sealed_sent_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(&row)
        .bind(id.to_string())
        .bind(noted.captured_at)
        .bind(noted.sent_to.is_some())
        .bind(now)
        .bind(by)
        .bind(corrects)
        .bind(seal("what", &noted.what))
        .bind(seal("place", &noted.place))
        .bind(seal("keeper", &noted.keeper))
        .bind(seal("sent-to", noted.sent_to.as_deref().unwrap_or_default())),
    )
    .await?;
    entry::write(tx, &record, id, "evidence", &noted.what, today, None).await?;
    settle(tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentEvidenceNoted, object(id)).fact("evidence", row);
    Ok(match corrects {
        Some(old) => entry.fact("corrects", old.to_owned()),
        None => entry,
    })
}

impl Act for NewEvidence {
    type At = IncidentId;
    type Form = Form;
    type Read = Noted;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(
            viewer,
            &self.case,
            "Note evidence",
            "Add to the evidence log",
        );
        page.lead = warning();
        page.fields = fields(form, wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Noted>, Problem> {
        Ok(read(viewer, form, wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, noted: Noted) -> Result<Entry, Problem> {
        write(tx, viewer, &self.case, &noted, None).await
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

impl Act for EvidenceCorrection {
    type At = (IncidentId, String);
    type Form = Form;
    type Read = Noted;

    /// The item must be of this case.
    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, evidence): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let there = sql("select id from incident_evidence where id = $1 and incident = $2")
            .bind(&evidence)
            .bind(id.to_string())
            .optional(records)
            .await?;
        if there.is_none() {
            return Err(Problem::NotFound);
        }
        viewer.require(Action::AddEntry, &case.facts)?;
        case::prove(viewer, &case, &correction_url(id, &evidence))?;
        let record = records::open(records, viewer, &object(id)).await?;
        let old = items(records, &case, &record)
            .await?
            .into_iter()
            .find(|item| item.id == evidence)
            .ok_or(Problem::NotFound)?;
        let at = old
            .captured_at
            .to_zoned(viewer.school.settings().time_zone.clone());
        Ok(Self {
            blank: Form {
                what: old.what.clone(),
                place: old.place.clone(),
                at_day: at.day().to_string(),
                at_month: at.month().to_string(),
                at_year: at.year().to_string(),
                at_time: at.strftime("%-H:%M").to_string(),
                keeper: old.keeper.clone(),
                sent_on: if old.sent_on { "yes" } else { "no" }.to_owned(),
                sent_to: old.sent_to.clone(),
            },
            case,
            old,
        })
    }

    fn blank(&self) -> Form {
        self.blank.clone()
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Correct an item of evidence";
        let mut page = ActPage::of(viewer, &self.case, title, "Add the correction");
        page.lead = Html::join(&[
            Html::paragraphs("The item as it is stays in the log, struck through."),
            warning(),
        ]);
        page.fields = fields(form, wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Noted>, Problem> {
        let noted = read(viewer, form, wrong);
        if noted.as_ref().is_some_and(|noted| self.old.says(noted)) {
            wrong.say(
                "what",
                "This is what the log says already. Change something, or go back",
            );
        }
        Ok(noted)
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, noted: Noted) -> Result<Entry, Problem> {
        if self.old.corrected {
            return Err(Problem::refused(
                "This item was corrected before",
                "Correct the newer one instead, so that one line of corrections stands.",
            ));
        }
        write(tx, viewer, &self.case, &noted, Some(&self.old.id)).await
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// An item of the log, opened.
struct Item {
    id: String,
    captured_at: Timestamp,
    made_at: Timestamp,
    made_by: String,
    what: String,
    place: String,
    keeper: String,
    sent_on: bool,
    sent_to: String,
    corrects: bool,
    corrected: bool,
}

impl Item {
    /// Whether it says this already: a moment was typed to the minute.
    fn says(&self, noted: &Noted) -> bool {
        self.what == noted.what
            && self.place == noted.place
            && self.captured_at.as_second() / 60 == noted.captured_at.as_second() / 60
            && self.keeper == noted.keeper
            && self.sent_to == noted.sent_to.as_deref().unwrap_or_default()
            && self.sent_on == noted.sent_to.is_some()
    }
}

/// The items of a case in the order in which they were noted.
async fn items(
    connection: &mut Connection,
    found: &Case,
    record: &OpenRecord,
) -> Result<Vec<Item>, Problem> {
    let word = |row: &Row, field: &str, column: &str| -> Result<String, Fault> {
        let id: String = row.get("id")?;
        record.read(
            &format!("evidence-{field}-{id}"),
            0,
            &row.get::<Vec<u8>>(column)?,
        )
    };
    let rows = sql(
        "select id, captured_at, sent_on, made_at, made_by, corrects, sealed_what, sealed_place,
                sealed_keeper, sealed_sent_to,
                (select count(*) from incident_evidence as later
                 where later.corrects = incident_evidence.id) as corrected
         from incident_evidence where incident = $1 order by made_at, id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Item {
                id: row.get("id")?,
                captured_at: row.instant("captured_at")?,
                made_at: row.instant("made_at")?,
                made_by: row.get("made_by")?,
                what: word(row, "what", "sealed_what")?,
                place: word(row, "place", "sealed_place")?,
                keeper: word(row, "keeper", "sealed_keeper")?,
                sent_on: row.get("sent_on")?,
                sent_to: word(row, "sent-to", "sealed_sent_to")?,
                corrects: row.get::<Option<String>>("corrects")?.is_some(),
                corrected: row.get::<i64>("corrected")? > 0,
            })
        })
        .collect()
}

/// The log as plain lines, for what leaves the school. What was corrected stands with its
/// correction.
pub(super) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let told = items(connection, found, record)
        .await?
        .into_iter()
        .map(|item| {
            let mut what = if item.corrects {
                "Evidence, corrected"
            } else {
                "Evidence"
            }
            .to_owned();
            if item.corrected {
                what.push_str(" (corrected later)");
            }
            let sent = if item.sent_on {
                format!("yes: {}", item.sent_to)
            } else {
                "no".to_owned()
            };
            Told {
                at: item.made_at,
                on: None,
                what,
                by: item.made_by,
                text: format!(
                    "{}\nWhere: {}\nSaved: {}\nKept by: {}\nSent on: {sent}",
                    item.what,
                    item.place,
                    moment_at(&viewer.school, item.captured_at),
                    item.keeper,
                ),
            }
        })
        .collect();
    Ok(told)
}

/// The log of a case that the viewer has open.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let may = may_note(found, viewer);
    let mut lines = Vec::new();
    for item in items(connection, found, record).await? {
        let mut what = vec![Html::paragraphs(&item.what)];
        if item.corrected {
            what = vec![
                Html::trusted(format!("<del>{}</del>", Html::paragraphs(&item.what))),
                Html::paragraphs("Corrected by a later item."),
            ];
        } else if may {
            what.push(Html::link(
                "Correct this item",
                &correction_url(found.id, &item.id),
            ));
        }
        let sent = if item.sent_on {
            format!("Sent on: {}", item.sent_to)
        } else {
            "Not sent on".to_owned()
        };
        lines.push(vec![
            Html::join(&what),
            item.place.into(),
            moment_at(&viewer.school, item.captured_at).into(),
            Html::join(&[item.keeper.into(), Html::paragraphs(&sent)]),
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Evidence log",
            ["What", "Where", "Saved", "Kept by"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}
