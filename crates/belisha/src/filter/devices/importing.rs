//! Devices from rows of a file: each row's fate is shown first, and only then are they written down, all
//! in one act or none.

use belisha_rules::devices::{self, Fate, Particulars};
use belisha_ui::{Button, Column, Html, InsetText, Label, Table as Shown, Textarea, WarningText};
use serde::Deserialize;

use super::reading::{self, Known, Typed};
use super::{list, require, stored};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter;
use crate::people::import::{NotATable, Table};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// As many rows as one file may have.
const MOST: usize = 2_000;

/// The columns that are read, by the first of their names, and what they hold.
pub(super) const COLUMNS: [(&str, &str); 7] = [
    (
        "name",
        "As the log calls the device: letters, digits, - and _. Needed.",
    ),
    (
        "hardware",
        "Its hardware address, also called “mac”. This or the address is needed.",
    ),
    (
        "address",
        "Its address, also called “ip”, or a network such as 10.2.0.0/16.",
    ),
    (
        "group",
        "The group of the policy that it follows. Needed for a new device.",
    ),
    ("class", "The name of the class that uses it."),
    ("holder", "The name of the adult who holds it."),
    ("site", "Where it is."),
];

/// Other names under which lists of devices carry these columns.
const ALSO: [(&str, usize); 14] = [
    ("device", 0),
    ("device name", 0),
    ("hostname", 0),
    ("hardware address", 1),
    ("mac", 1),
    ("mac address", 1),
    ("ip", 2),
    ("ip address", 2),
    ("network", 2),
    ("held by", 5),
    ("assigned to", 5),
    ("location", 6),
    ("building", 6),
    ("where", 6),
];

pub(super) fn url() -> String {
    format!("{}/rows", list::url())
}

/// Rows being looked at.
pub(super) struct Importing {
    known: Known,
    looked: Option<Looked>,
}

/// What the rows would do.
#[derive(Default)]
struct Looked {
    /// Line, what the row says, and what it would do.
    fates: Vec<(i64, String, String)>,
    refused: usize,
    not_read: Vec<String>,
    writes: Vec<(Option<String>, Particulars)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    rows: String,
    /// A mark of the rows as they stood when their fates were shown.
    seen: String,
}

/// A file's text, if it is a table.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, NotATable> {
    Table::read(bytes)?;
    Table::text(bytes)
}

/// The page of rows, with those of a file and their fates.
pub(super) async fn looked_at(
    viewer: &Viewer,
    rows: String,
) -> Result<axum::response::Response, Problem> {
    let mut records = viewer.read().await?;
    let mut act = Importing::load(&mut records, viewer, ()).await?;
    let form = Form {
        rows,
        seen: String::new(),
    };
    let mut wrong = Wrong::default();
    act.read(&mut records, viewer, &form, &mut wrong).await?;
    act.page(viewer, &form, &wrong).answer(wrong, None)
}

impl Act for Importing {
    type At = ();
    type Form = Form;
    type Read = Vec<(Option<String>, Particulars)>;

    async fn load(records: &mut Connection, viewer: &Viewer, (): ()) -> Result<Self, Problem> {
        require(viewer)?;
        Ok(Self {
            known: Known::load(records, viewer).await?,
            looked: None,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let would = self
            .looked
            .as_ref()
            .filter(|looked| !looked.writes.is_empty());
        let button = match would.map(|looked| looked.writes.len()) {
            Some(1) => "Write this device down".to_owned(),
            Some(count) => format!("Write these {count} devices down"),
            None => "Show what the rows would do".to_owned(),
        };
        let mut page = ActPage::new(viewer, list::url(), "Devices", "Devices from rows", &button);
        // The page may stand at the address of the file.
        page.send = Button {
            form_action: Some(url()),
            ..page.send
        };
        if let Some(looked) = &self.looked {
            page.lead = looked.shown();
        }
        page.fields = vec![
            Html::of(&Textarea {
                value: form.rows.clone(),
                rows: 12,
                hint: Some(
                    "The first line names the columns: name, hardware, address, group, class, holder, site. Commas, semicolons or tabs stand between them."
                        .into(),
                ),
                error: wrong.at("rows"),
                ..Textarea::new("rows", Label::medium("The rows"))
            }),
            Html::join(&[
                Html::trusted("<input type=\"hidden\" name=\"seen\" value=\""),
                would.map(|_| mark(&form.rows)).unwrap_or_default().into(),
                Html::trusted("\">"),
            ]),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Self::Read>, Problem> {
        let table = match Table::read(form.rows.as_bytes()) {
            Ok(table) if table.rows.len() > MOST => {
                wrong.say("rows", "Send at most 2,000 rows at once");
                return Ok(None);
            }
            Ok(table) => table,
            Err(NotATable::Empty) => {
                wrong.say("rows", "Paste the rows, with the names of their columns");
                return Ok(None);
            }
            Err(why) => {
                wrong.say("rows", why.sentence());
                return Ok(None);
            }
        };
        let columns = columns(&table);
        if columns[0].is_none() {
            wrong.say(
                "rows",
                "No column is called “name”. Name the columns in the first line",
            );
            return Ok(None);
        }
        let looked = look(&table, &columns, &self.known);
        let nothing = looked.writes.is_empty();
        // What was looked at is what is written down: a row that changed meanwhile is shown again.
        let seen = form.seen == mark(&form.rows);
        let writes = looked.writes.clone();
        self.looked = Some(looked);
        Ok((seen && !nothing).then_some(writes))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, writes: Self::Read) -> Result<Entry, Problem> {
        let tokens = |id: &str| {
            let mut devices = self.known.devices.iter();
            devices.find(|device| device.id == id)?.token.clone()
        };
        // Rows that change go first, so that what one gives up another can take.
        for (id, _) in &writes {
            if let Some(id) = id {
                stored::end(tx, id, None).await?;
            }
        }
        let (mut added, mut changed) = (0, 0);
        for (id, particulars) in &writes {
            let token = id.as_deref().and_then(tokens);
            match id {
                Some(_) => changed += 1,
                None => added += 1,
            }
            let id = id.clone().unwrap_or_else(|| tx.school().new_row_id());
            stored::put(tx, &id, particulars, token.as_deref()).await?;
        }
        filter::ask(tx).await?;
        Ok(Entry::of(
            EntryKind::FilterDevicesImported,
            Object::new("filter-device", "file"),
        )
        .fact("added", added)
        .fact("changed", changed))
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}

/// Tells rows from others. A browser sends a line's end as two signs.
fn mark(rows: &str) -> String {
    let lines: Vec<&str> = rows.lines().map(str::trim_end).collect();
    belisha_journal::Hash::of_payload(lines.join("\n").trim_end().as_bytes()).to_string()
}

/// Which column of the table holds what.
fn columns(table: &Table) -> [Option<usize>; 7] {
    let mut found = [None; 7];
    for (at, name) in table.columns.iter().enumerate() {
        if let Some(field) = field(name) {
            found[field].get_or_insert(at);
        }
    }
    found
}

fn field(column: &str) -> Option<usize> {
    let name = column.to_lowercase().replace(['_', '-'], " ");
    let own = COLUMNS.iter().position(|(own, _)| *own == name);
    let also = || {
        ALSO.iter()
            .find(|(also, _)| *also == name)
            .map(|(_, at)| *at)
    };
    own.or_else(also)
}

fn look(table: &Table, columns: &[Option<usize>; 7], known: &Known) -> Looked {
    let register: Vec<Particulars> = known
        .devices
        .iter()
        .map(|device| device.particulars.clone())
        .collect();
    let mut looked = Looked {
        not_read: table
            .columns
            .iter()
            .filter(|name| !name.is_empty() && field(name).is_none())
            .cloned()
            .collect(),
        ..Looked::default()
    };
    let mut before: Vec<Particulars> = Vec::new();
    for row in &table.rows {
        let cell = |field: usize| {
            let at = columns[field]?;
            Some(row.cells.get(at).map_or("", String::as_str))
        };
        let called = cell(0).unwrap_or_default().to_owned();
        let own = register
            .iter()
            .find(|other| other.name.eq_ignore_ascii_case(called.trim()));
        let mut faults = Vec::new();
        let read = reading::read(&typed(&cell, own, known).as_typed(), known, |_, words| {
            faults.push(words);
        });
        let says = match read {
            None => {
                looked.refused += 1;
                faults.join(". ")
            }
            Some(particulars) => {
                let fate = devices::fate(&particulars, &register, &before);
                let says = said(&fate, known);
                match fate {
                    Fate::Added => looked.writes.push((None, particulars.clone())),
                    Fate::Changed(at) => {
                        let id = known.devices[at].id.clone();
                        looked.writes.push((Some(id), particulars.clone()));
                    }
                    Fate::Unchanged => {}
                    Fate::Clashes(..) | Fate::Twice(_) => looked.refused += 1,
                }
                before.push(particulars);
                says
            }
        };
        looked.fates.push((row.line, called, says));
    }
    looked
}

/// A row as it was typed; what the file has no column for stays as it stands.
struct Row {
    cells: [String; 7],
}

impl Row {
    fn as_typed(&self) -> Typed<'_> {
        let [name, hardware, address, group, class, holder, site] = &self.cells;
        Typed {
            name,
            hardware,
            address,
            group,
            class,
            holder,
            site,
        }
    }
}

fn typed<'a>(
    cell: &impl Fn(usize) -> Option<&'a str>,
    own: Option<&Particulars>,
    known: &Known,
) -> Row {
    let stands = |field: usize| {
        let own = own?;
        match field {
            1 => own.hardware.clone(),
            2 => own.address.clone(),
            3 => Some(own.group.clone()),
            4 => own.class.clone(),
            5 => own.holder.map(|id| id.to_string()),
            6 => Some(own.site.clone()),
            _ => None,
        }
    };
    let only = known.groups.len() == 1;
    let cells = std::array::from_fn(|field| {
        let given = cell(field).map(str::to_owned);
        let filled = match (field, given) {
            // A group is never taken away by an empty cell.
            (3, Some(text)) if text.trim().is_empty() => stands(3),
            (_, Some(text)) => Some(text),
            (_, None) => stands(field),
        };
        filled
            .or_else(|| (field == 3 && only).then(|| known.groups[0].clone()))
            .unwrap_or_default()
    });
    Row { cells }
}

fn said(fate: &Fate, known: &Known) -> String {
    match fate {
        Fate::Added => "Will be added".to_owned(),
        Fate::Changed(_) => "Will change".to_owned(),
        Fate::Unchanged => "Stays as it is".to_owned(),
        Fate::Clashes(clash, at) => reading::clashes(*clash, &known.devices[*at]).1,
        Fate::Twice(devices::Clash::Name) => "An earlier row has this name".to_owned(),
        Fate::Twice(devices::Clash::Hardware) => {
            "An earlier row has this hardware address".to_owned()
        }
        Fate::Twice(devices::Clash::Address) => "An earlier row has this address".to_owned(),
    }
}

impl Looked {
    fn shown(&self) -> Html {
        let mut parts = Vec::new();
        if self.refused > 0 {
            parts.push(Html::of(&WarningText::new(if self.refused == 1 {
                "One row cannot be used. Correct it below, or go on without it.".to_owned()
            } else {
                format!(
                    "{} rows cannot be used. Correct them below, or go on without them.",
                    self.refused
                )
            })));
        }
        if self.writes.is_empty() {
            parts.push(Html::of(&InsetText::new(
                "No row would write anything down.",
            )));
        }
        if !self.not_read.is_empty() {
            parts.push(Html::paragraphs(&format!(
                "Not read: {}.",
                self.not_read.join(", ")
            )));
        }
        let rows = self
            .fates
            .iter()
            .map(|(line, name, says)| {
                vec![
                    line.to_string().into(),
                    name.clone().into(),
                    says.clone().into(),
                ]
            })
            .collect();
        let columns = ["Line", "Device", "What becomes of it"].map(Column::new);
        parts.push(Html::of(&Shown::new(
            "What each row would do",
            columns.to_vec(),
            rows,
        )));
        Html::join(&parts)
    }
}
