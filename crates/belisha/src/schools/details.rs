//! The school's own facts: name, address, town, number and clock. One form, for the
//! set-up and for later.

use belisha_ui::{ErrorSummary, FieldError, Html, InputKind, InputWidth, TextInput, Textarea};
use jiff::tz::TimeZone;

use crate::db::{Connection, sql};
use crate::problem::Problem;
use crate::tx::Tx;

/// What is asked.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Details {
    name: String,
    address: String,
    town: String,
    urn: String,
    time_zone: String,
}

impl Details {
    /// As a school begins.
    pub(super) fn blank() -> Self {
        Self {
            name: String::new(),
            address: String::new(),
            town: String::new(),
            urn: String::new(),
            time_zone: "Europe/London".into(),
        }
    }

    /// Of a school in the usual time zone, without a number yet.
    pub(super) fn of(name: &str, address: &str, town: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            town: town.to_owned(),
            ..Self::blank()
        }
    }

    /// As they stand in the records.
    pub(super) async fn kept(connection: &mut Connection) -> Result<Option<Self>, Problem> {
        let row = sql("select name, address, town, urn, time_zone from school")
            .optional(connection)
            .await?;
        row.map(|row| {
            Ok(Self {
                name: row.get("name")?,
                address: row.get("address")?,
                town: row.get("town")?,
                urn: row.get("urn")?,
                time_zone: row.get("time_zone")?,
            })
        })
        .transpose()
    }

    /// What needs correcting, by field.
    pub(super) fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let length = |text: &str| text.trim().chars().count();
        if !(2..=100).contains(&length(&self.name)) {
            faults.push(("name", "Enter the school’s name, in at most 100 letters"));
        }
        if length(&self.address) > 300 {
            faults.push(("address", "Shorten the address to 300 letters"));
        }
        if length(&self.town) > 100 {
            faults.push(("town", "Shorten the town to 100 letters"));
        }
        let urn = self.urn.trim();
        if !urn.is_empty() && (urn.len() != 6 || !urn.bytes().all(|b| b.is_ascii_digit())) {
            faults.push((
                "urn",
                "The unique reference number has six figures; leave it empty if there is none yet",
            ));
        }
        if TimeZone::get(self.time_zone.trim()).is_err() {
            faults.push(("time_zone", "Enter a time zone such as Europe/London"));
        }
        faults
    }

    /// Writes them; makes the school's one row where there is none.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), Problem> {
        let id = tx.school().new_row_id();
        tx.run_one(
            sql("insert into school (only_row, id, name, address, town, urn, time_zone, demonstration, set_up_at)
                 values (1, $1, $2, $3, $4, $5, $6, false, null)
                 on conflict (only_row) do update
                 set name = excluded.name, address = excluded.address, town = excluded.town,
                     urn = excluded.urn, time_zone = excluded.time_zone")
            .bind(id)
            .bind(self.name.trim())
            .bind(self.address.trim())
            .bind(self.town.trim())
            .bind(self.urn.trim())
            .bind(self.time_zone.trim()),
        )
        .await
    }

    /// The fields, with what was typed and what is wrong with it.
    pub(super) fn fields(&self, faults: &[(&'static str, &'static str)]) -> Html {
        let error = |field: &str| {
            faults
                .iter()
                .find(|(name, _)| *name == field)
                .map(|(_, says)| (*says).to_owned())
        };
        Html::join(&[
            Html::of(&TextInput {
                value: self.name.clone(),
                error: error("name"),
                autocomplete: Some("organization".into()),
                spellcheck: Some(false),
                ..TextInput::new("name", "Name of the school")
            }),
            Html::of(&Textarea {
                value: self.address.clone(),
                error: error("address"),
                hint: Some("As it stands on letters, without the town".into()),
                ..Textarea::new("address", "Address")
            }),
            Html::of(&TextInput {
                value: self.town.clone(),
                error: error("town"),
                width: Some(InputWidth::Twenty),
                ..TextInput::new("town", "Town")
            }),
            Html::of(&TextInput {
                value: self.urn.clone(),
                error: error("urn"),
                hint: Some("Six figures; leave it empty if there is none yet".into()),
                kind: InputKind::Digits,
                width: Some(InputWidth::Ten),
                ..TextInput::new("urn", "Unique reference number")
            }),
            Html::of(&TextInput {
                value: self.time_zone.clone(),
                error: error("time_zone"),
                hint: Some("By whose clock deadlines are counted".into()),
                width: Some(InputWidth::Twenty),
                spellcheck: Some(false),
                ..TextInput::new("time_zone", "Time zone")
            }),
        ])
    }
}

/// The summary of what needs correcting.
pub(super) fn summary(faults: &[(&'static str, &'static str)]) -> ErrorSummary {
    ErrorSummary::new(
        faults
            .iter()
            .map(|(field, says)| FieldError::new(*field, *says))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let right = Details {
            name: "Larkfield School".into(),
            address: "1 Chalk Lane".into(),
            town: "Larkfield".into(),
            urn: "123456".into(),
            time_zone: "Europe/London".into(),
        };
        let check = |change: fn(&mut Details), expected: &[&str]| {
            let mut details = right.clone();
            change(&mut details);
            let found: Vec<_> = details.faults().iter().map(|(field, _)| *field).collect();
            assert_eq!(found, expected, "{details:?}");
        };
        check(|_| {}, &[]);
        check(|details| details.urn = String::new(), &[]);
        check(|details| details.name = " ".into(), &["name"]);
        check(|details| details.urn = "12345".into(), &["urn"]);
        check(|details| details.urn = "12345x".into(), &["urn"]);
        check(
            |details| details.time_zone = "Mars/North".into(),
            &["time_zone"],
        );
        check(|details| details.town = "x".repeat(101), &["town"]);
    }
}
