//! The custody of a device that was set aside: what it is, from whom, who took it, where
//! it is kept, to whom it was handed on. Never what is on it.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Column, Html, Table, WarningText};
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

/// Where a device set aside is recorded.
pub(crate) fn new_url(id: IncidentId) -> String {
    format!("/incidents/{id}/devices/new")
}

fn handover_url(id: IncidentId, custody: &str) -> String {
    format!("/incidents/{id}/devices/{custody}/handover")
}

/// Whether a device of this case was set aside.
pub(crate) async fn any(connection: &mut Connection, id: IncidentId) -> Result<bool, Fault> {
    let row = sql("select count(*) as count from incident_custody where incident = $1")
        .bind(id.to_string())
        .one(connection)
        .await?;
    Ok(row.get::<i64>("count")? > 0)
}

/// A device being set aside.
pub(super) struct SetAside {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    device: String,
    from: String,
    taken_by: String,
    at_day: String,
    at_month: String,
    at_year: String,
    at_time: String,
    place: String,
    bag: String,
}

impl Form {
    fn at(&self) -> [&str; 4] {
        [&self.at_day, &self.at_month, &self.at_year, &self.at_time]
    }
}

/// What the form says.
pub(super) struct Taken {
    device: String,
    from: String,
    taken_by: String,
    at: Timestamp,
    place: String,
    bag: String,
}

impl Act for SetAside {
    type At = IncidentId;
    type Form = Form;
    type Read = Taken;

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
        let mut page = ActPage::of(viewer, &self.case, "A device set aside", "Save");
        page.lead = Html::of(&WarningText::new(
            "Nobody looks through it, copies from it or deletes on it. Leave it switched on or off as it is.",
        ));
        let [day, time] = moment_fields("When was it taken?", form.at(), wrong);
        page.fields = vec![
            line(
                "device",
                "Which device?",
                "Make, colour, a mark by which it is known. Not what is on it.",
                &form.device,
                wrong,
            ),
            line("from", "From whom?", "", &form.from, wrong),
            line("taken-by", "Who took it?", "", &form.taken_by, wrong),
            day,
            time,
            line(
                "place",
                "Where is it kept?",
                "A locked place, and who has the key",
                &form.place,
                wrong,
            ),
            line(
                "bag",
                "Number of the sealed bag",
                "Leave it empty if there is none",
                &form.bag,
                wrong,
            ),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Taken>, Problem> {
        let device = wrong.text("device", &form.device, "Say which device it is");
        let from = wrong.text("from", &form.from, "Say from whom it was taken");
        let taken_by = wrong.text("taken-by", &form.taken_by, "Say who took it");
        let at = moment(viewer, form.at(), wrong);
        let place = wrong.text("place", &form.place, "Say where it is kept");
        wrong.no_picture("bag", &form.bag);
        Ok((|| {
            Some(Taken {
                device: device?,
                from: from?,
                taken_by: taken_by?,
                at: at?,
                place: place?,
                bag: form.bag.trim().to_owned(),
            })
        })())
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, taken: Taken) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be recorded now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        let seal = |field: &str, words: &str| {
            record.seal(&school, &format!("custody-{field}-{row}"), 0, words)
        };
        tx.run_one(
            sql("insert into incident_custody (id, incident, taken_at, made_at, made_by, sealed_device,
                                               sealed_from, sealed_taken_by, sealed_place, sealed_bag)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(&row)
            .bind(id.to_string())
            .bind(taken.at)
            .bind(now)
            .bind(by)
            .bind(seal("device", &taken.device))
            .bind(seal("from", &taken.from))
            .bind(seal("taken-by", &taken.taken_by))
            .bind(seal("place", &taken.place))
            .bind(seal("bag", &taken.bag)),
        )
        .await?;
        let told = format!("A device was set aside by {}.", taken.taken_by);
        entry::write(tx, &record, id, "custody", &told, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentDeviceSetAside, object(id)).fact("custody", row))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// A device being handed to somebody else.
pub(super) struct Handover {
    case: Case,
    custody: String,
    taken_at: Timestamp,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct HandoverForm {
    to: String,
    reference: String,
    at_day: String,
    at_month: String,
    at_year: String,
    at_time: String,
}

impl HandoverForm {
    fn at(&self) -> [&str; 4] {
        [&self.at_day, &self.at_month, &self.at_year, &self.at_time]
    }
}

impl Act for Handover {
    type At = (IncidentId, String);
    type Form = HandoverForm;
    type Read = (String, String, Timestamp);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, custody): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let row = sql("select taken_at from incident_custody where id = $1 and incident = $2")
            .bind(&custody)
            .bind(id.to_string())
            .optional(records)
            .await?
            .ok_or(Problem::NotFound)?;
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self {
            case,
            custody,
            taken_at: row.instant("taken_at")?,
        })
    }

    fn page(&self, viewer: &Viewer, form: &HandoverForm, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "Hand the device on", "Save");
        let [day, time] = moment_fields("When was it handed on?", form.at(), wrong);
        page.fields = vec![
            line(
                "to",
                "To whom?",
                "Name and force or office, or the person it went back to",
                &form.to,
                wrong,
            ),
            line(
                "reference",
                "Their reference",
                "Leave it empty if there is none",
                &form.reference,
                wrong,
            ),
            day,
            time,
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &HandoverForm,
        wrong: &mut Wrong,
    ) -> Result<Option<(String, String, Timestamp)>, Problem> {
        let to = wrong.text("to", &form.to, "Say to whom it was handed");
        wrong.no_picture("reference", &form.reference);
        let at = moment(viewer, form.at(), wrong);
        if at.is_some_and(|at| at < self.taken_at) {
            wrong.say(
                "at-day",
                "It was set aside later than that. Check the day and the time",
            );
        }
        Ok(to
            .zip(at)
            .map(|(to, at)| (to, form.reference.trim().to_owned(), at)))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (to, reference, at): (String, String, Timestamp),
    ) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be recorded now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_custody_move (id, custody, moved_at, made_at, made_by, sealed_to, sealed_reference)
                 values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&row)
            .bind(&self.custody)
            .bind(at)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("custody-to-{row}"), 0, &to))
            .bind(record.seal(&school, &format!("custody-reference-{row}"), 0, &reference)),
        )
        .await?;
        let told = format!("A device that was set aside was handed to {to}.");
        entry::write(tx, &record, id, "custody", &told, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentDeviceHandedOn, object(id)).fact("custody", self.custody))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// A device that was set aside, opened, and who has had it since.
struct Kept {
    id: String,
    taken_at: Timestamp,
    made_at: Timestamp,
    made_by: String,
    device: String,
    from: String,
    taken_by: String,
    place: String,
    bag: String,
    moves: Vec<Moved>,
}

/// Its way from one hand into the next.
struct Moved {
    moved_at: Timestamp,
    made_at: Timestamp,
    made_by: String,
    to: String,
    reference: String,
}

/// The devices of a case in the order in which they were taken.
async fn kept(
    connection: &mut Connection,
    found: &Case,
    record: &OpenRecord,
) -> Result<Vec<Kept>, Problem> {
    let word = |row: &Row, field: &str, column: &str| -> Result<String, Fault> {
        let id: String = row.get("id")?;
        let sealed: Vec<u8> = row.get(column)?;
        record.read(&format!("custody-{field}-{id}"), 0, &sealed)
    };
    let rows = sql(
        "select id, taken_at, made_at, made_by, sealed_device, sealed_from, sealed_taken_by, sealed_place, sealed_bag
         from incident_custody where incident = $1 order by taken_at, id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await?;
    let mut devices = Vec::new();
    for row in rows {
        let id: String = row.get("id")?;
        let moves = sql(
            "select id, moved_at, made_at, made_by, sealed_to, sealed_reference
             from incident_custody_move where custody = $1 order by moved_at, id",
        )
        .bind(&id)
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Moved {
                moved_at: row.instant("moved_at")?,
                made_at: row.instant("made_at")?,
                made_by: row.get("made_by")?,
                to: word(row, "to", "sealed_to")?,
                reference: word(row, "reference", "sealed_reference")?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
        devices.push(Kept {
            taken_at: row.instant("taken_at")?,
            made_at: row.instant("made_at")?,
            made_by: row.get("made_by")?,
            device: word(&row, "device", "sealed_device")?,
            from: word(&row, "from", "sealed_from")?,
            taken_by: word(&row, "taken-by", "sealed_taken_by")?,
            place: word(&row, "place", "sealed_place")?,
            bag: word(&row, "bag", "sealed_bag")?,
            id,
            moves,
        });
    }
    Ok(devices)
}

/// The devices as plain lines, for what leaves the school.
pub(super) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let at = |instant| moment_at(&viewer.school, instant);
    let mut told = Vec::new();
    for kept in kept(connection, found, record).await? {
        let mut text = format!(
            "{}\nTaken: {}, from {}, by {}\nKept: {}",
            kept.device,
            at(kept.taken_at),
            kept.from,
            kept.taken_by,
            kept.place
        );
        if !kept.bag.is_empty() {
            text.push_str(&format!("\nBag: {}", kept.bag));
        }
        told.push(Told {
            at: kept.made_at,
            on: None,
            what: "Device set aside".into(),
            by: kept.made_by,
            text,
        });
        for moved in kept.moves {
            let mut text = format!(
                "{}\nHanded to {}: {}",
                kept.device,
                moved.to,
                at(moved.moved_at)
            );
            if !moved.reference.is_empty() {
                text.push_str(&format!("\nReference: {}", moved.reference));
            }
            told.push(Told {
                at: moved.made_at,
                on: None,
                what: "Device handed on".into(),
                by: moved.made_by,
                text,
            });
        }
    }
    Ok(told)
}

/// The devices of a case that were set aside, and who has had them.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let may = found.incident.state().is_open() && found.allows(viewer, Action::AddEntry);
    let at = |instant| moment_at(&viewer.school, instant);
    let mut lines = Vec::new();
    for kept in kept(connection, found, record).await? {
        let mut place = format!("Kept: {}", kept.place);
        if !kept.bag.is_empty() {
            place.push_str(&format!(". Bag {}", kept.bag));
        }
        let mut whereabouts = vec![Html::paragraphs(&place)];
        for moved in kept.moves {
            let mut said = format!("{}: handed to {}", at(moved.moved_at), moved.to);
            if !moved.reference.is_empty() {
                said.push_str(&format!(", reference {}", moved.reference));
            }
            whereabouts.push(Html::paragraphs(&said));
        }
        if may {
            whereabouts.push(Html::link("Hand it on", &handover_url(found.id, &kept.id)));
        }
        let taken = format!(
            "{}, from {}, by {}",
            at(kept.taken_at),
            kept.from,
            kept.taken_by
        );
        lines.push(vec![
            kept.device.into(),
            taken.into(),
            Html::join(&whereabouts),
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Devices set aside",
            ["Device", "Taken", "Where it is"].map(Column::new).to_vec(),
            lines,
        )
    }))
}
