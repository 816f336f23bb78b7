//! How the school reaches one agency nearby: filled in, and confirmed again each year.

use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Html, InputKind, TextInput, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::directory::{Agency, agency};
use super::list;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(agency: &str) -> String {
    format!("/agencies/{agency}/contact")
}

/// How the school reaches an agency.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) phone: String,
    pub(crate) out_of_hours: String,
    pub(crate) email: String,
    pub(crate) web: String,
    pub(crate) note: String,
    pub(crate) checked_on: Date,
}

/// The contact of an agency nearby; none where nobody has filled it in.
pub(crate) async fn contact(
    connection: &mut Connection,
    agency: &str,
) -> Result<Option<Contact>, Fault> {
    sql("select phone, out_of_hours, email, web, note, checked_on from agency_contact where agency = $1")
        .bind(agency)
        .optional(connection)
        .await?
        .map(|row| {
            Ok(Contact {
                phone: row.get("phone")?,
                out_of_hours: row.get("out_of_hours")?,
                email: row.get("email")?,
                web: row.get("web")?,
                note: row.get("note")?,
                checked_on: row.date("checked_on")?,
            })
        })
        .transpose()
}

/// The contact of one agency, being filled in or confirmed.
pub(super) struct ContactChange {
    agency: &'static Agency,
    stands: Option<Contact>,
}

#[derive(Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    phone: String,
    out_of_hours: String,
    email: String,
    web: String,
    note: String,
}

impl Act for ContactChange {
    type At = String;
    type Form = Form;
    type Read = Form;

    /// Only an agency that has no national number has a contact to fill in.
    async fn load(records: &mut Connection, viewer: &Viewer, key: String) -> Result<Self, Problem> {
        viewer.require(Action::EditAgencies, &RecordFacts::of(Kind::School))?;
        let agency = agency(&key)
            .filter(|agency| agency.is_local)
            .ok_or(Problem::NotFound)?;
        let stands = contact(records, &key).await?;
        Ok(Self { agency, stands })
    }

    fn blank(&self) -> Form {
        self.stands
            .clone()
            .map_or_else(Form::default, |contact| Form {
                phone: contact.phone,
                out_of_hours: contact.out_of_hours,
                email: contact.email,
                web: contact.web,
                note: contact.note,
            })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let agency = self.agency;
        let mut page = ActPage::new(
            viewer,
            list::url(),
            "Agencies",
            agency.name.as_str(),
            "Save: I have checked this today",
        );
        let line = |name: &str, label: &str, value: &str, kind, hint: Option<&str>| {
            Html::of(&TextInput {
                value: value.to_owned(),
                error: wrong.at(name),
                hint: hint.map(str::to_owned),
                kind,
                ..TextInput::new(name, label)
            })
        };
        page.lead = Html::paragraphs(&agency.purpose);
        page.fields = vec![
            line("phone", "Telephone", &form.phone, InputKind::Telephone, None),
            line(
                "out-of-hours",
                "Telephone out of hours",
                &form.out_of_hours,
                InputKind::Telephone,
                None,
            ),
            line("email", "E-mail", &form.email, InputKind::Email, None),
            line(
                "web",
                "On the web",
                &form.web,
                InputKind::Text,
                Some("The page or form for referrals, beginning with https://"),
            ),
            Html::of(&Textarea {
                value: form.note.clone(),
                rows: 3,
                hint: Some("The time limit they ask for, whom to ask for. No child is named here: every member of staff can read it.".into()),
                error: wrong.at("note"),
                ..Textarea::new("note", "Note")
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Form>, Problem> {
        let (phone, email, web) = (form.phone.trim(), form.email.trim(), form.web.trim());
        if phone.is_empty() && email.is_empty() {
            wrong.say("phone", "Enter a telephone number or an e-mail address");
        }
        if !email.is_empty() && !email.contains('@') {
            wrong.say(
                "email",
                "Enter an e-mail address, such as duty@council.example",
            );
        }
        if !web.is_empty() && !web.starts_with("https://") {
            wrong.say("web", "Enter an address that begins with https://");
        }
        for (field, value, longest) in [
            ("phone", phone, 60),
            ("out-of-hours", form.out_of_hours.trim(), 60),
            ("email", email, 200),
            ("web", web, 500),
            ("note", form.note.trim(), 2000),
        ] {
            if value.chars().count() > longest {
                wrong.say(field, format!("Shorten this to {longest} characters"));
            }
            wrong.no_picture(field, value);
        }
        Ok(Some(form.clone()))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, form: Form) -> Result<Entry, Problem> {
        let key = self.agency.key.as_str();
        let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into agency_contact (agency, phone, out_of_hours, email, web, note, checked_on, changed_at, changed_by)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 on conflict (agency) do update
                 set phone = excluded.phone, out_of_hours = excluded.out_of_hours, email = excluded.email,
                     web = excluded.web, note = excluded.note, checked_on = excluded.checked_on,
                     changed_at = excluded.changed_at, changed_by = excluded.changed_by")
            .bind(key)
            .bind(form.phone.trim())
            .bind(form.out_of_hours.trim())
            .bind(form.email.trim())
            .bind(form.web.trim())
            .bind(form.note.trim())
            .bind(today)
            .bind(now)
            .bind(by),
        )
        .await?;
        Ok(Entry::of(
            EntryKind::AgencyChanged,
            Object::new("agency", key),
        ))
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
