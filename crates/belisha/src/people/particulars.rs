//! What is typed about a person when they are added or changed.

use belisha_policy::{Standing, Word as _};
use belisha_rules::ids::PersonId;
use belisha_rules::upn::UniquePupilNumber;
use belisha_ui::{DateInput, ErrorSummary, FieldError, InputKind, InputWidth, Select, TextInput};
use jiff::civil::Date;
use serde::Deserialize;

use super::dates::{DateTyped, in_words};
use super::queries::{Person, sort_name};
use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};

/// The form as it was typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Typed {
    name: String,
    /// Asked when a person is added; what somebody is to the school does not change here.
    standing: String,
    job_title: String,
    email: String,
    telephone: String,
    upn: String,
    born_on_day: String,
    born_on_month: String,
    born_on_year: String,
    starts_on_day: String,
    starts_on_month: String,
    starts_on_year: String,
}

/// The form as the register takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Particulars {
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) job_title: String,
    pub(crate) email: Option<String>,
    pub(crate) telephone: Option<String>,
    pub(crate) upn: Option<String>,
    pub(crate) born_on: Option<Date>,
    pub(crate) starts_on: Date,
}

/// The fields of the page.
pub(crate) struct Fields {
    pub(crate) errors: ErrorSummary,
    pub(crate) standing: Option<Select>,
    pub(crate) texts: Vec<TextInput>,
    pub(crate) dates: Vec<DateInput>,
}

impl Typed {
    /// An empty form that begins today.
    pub(crate) fn fresh(today: Date) -> Self {
        let starts = DateTyped::of(Some(today));
        Self {
            starts_on_day: starts.day,
            starts_on_month: starts.month,
            starts_on_year: starts.year,
            ..Self::default()
        }
    }

    pub(crate) fn of(person: &Person) -> Self {
        let (born, starts) = (
            DateTyped::of(person.born_on),
            DateTyped::of(Some(person.starts_on)),
        );
        Self {
            name: person.name.clone(),
            standing: person.standing.key().to_owned(),
            job_title: person.job_title.clone(),
            email: person.email.clone().unwrap_or_default(),
            telephone: person.telephone.clone().unwrap_or_default(),
            upn: person.upn.clone().unwrap_or_default(),
            born_on_day: born.day,
            born_on_month: born.month,
            born_on_year: born.year,
            starts_on_day: starts.day,
            starts_on_month: starts.month,
            starts_on_year: starts.year,
        }
    }

    fn born_on(&self) -> DateTyped {
        DateTyped {
            day: self.born_on_day.clone(),
            month: self.born_on_month.clone(),
            year: self.born_on_year.clone(),
        }
    }

    fn starts_on(&self) -> DateTyped {
        DateTyped {
            day: self.starts_on_day.clone(),
            month: self.starts_on_month.clone(),
            year: self.starts_on_year.clone(),
        }
    }

    /// Reads the form. `standing` is what the person is already, where the form does not ask.
    pub(crate) fn read(
        &self,
        standing: Option<Standing>,
        today: Date,
    ) -> Result<Particulars, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            errors.push(FieldError::new("name", "Enter the person’s full name"));
        } else if name.chars().count() > 200 {
            errors.push(FieldError::new(
                "name",
                "A name may have up to 200 characters",
            ));
        }
        let standing = standing.or_else(|| Standing::from_key(&self.standing));
        if standing.is_none() {
            errors.push(FieldError::new(
                "standing",
                "Choose what the person is to the school",
            ));
        }
        let email = optional(&self.email).and_then(|text| {
            let read = super::import::email(text);
            if read.is_none() {
                errors.push(FieldError::new(
                    "email",
                    "Enter an e-mail address like name@school.example, or leave it empty",
                ));
            }
            read
        });
        let upn = optional(&self.upn).and_then(|text| match UniquePupilNumber::read(text) {
            Ok(_) if standing.is_some_and(|standing| standing != Standing::Pupil) => {
                errors.push(FieldError::new(
                    "upn",
                    "Only pupils have a unique pupil number",
                ));
                None
            }
            Ok(number) => Some(number.as_str().to_owned()),
            Err(why) => {
                errors.push(FieldError::new("upn", why.to_string()));
                None
            }
        });
        let born_on = day(self.born_on().read("born-on", "Date of birth"), &mut errors);
        if born_on.is_some_and(|born| born > today) {
            errors.push(FieldError::new(
                "born-on-year",
                "Date of birth: the date must be in the past",
            ));
        }
        let starts_on = day(self.starts_on().read("starts-on", "First day"), &mut errors);
        if self.starts_on() == DateTyped::default() {
            errors.push(FieldError::new("starts-on-day", "Enter the first day"));
        }
        for (field, what, text) in [
            ("job-title", "A job title", &self.job_title),
            ("telephone", "A telephone number", &self.telephone),
            ("email", "An e-mail address", &self.email),
        ] {
            if text.chars().count() > 200 {
                errors.push(FieldError::new(
                    field,
                    format!("{what} may have up to 200 characters"),
                ));
            }
        }
        match (standing, starts_on) {
            (Some(standing), Some(starts_on)) if errors.is_empty() => Ok(Particulars {
                name,
                standing,
                job_title: self.job_title.trim().to_owned(),
                email,
                telephone: optional(&self.telephone).map(str::to_owned),
                upn,
                born_on,
                starts_on,
            }),
            _ => Err(errors),
        }
    }

    /// The fields with what was typed and what is wrong.
    pub(crate) fn fields(&self, asks_standing: bool, errors: Vec<FieldError>) -> Fields {
        let error = |field: &str| {
            errors
                .iter()
                .find(|error| error.field_id.as_deref() == Some(field))
                .map(|error| error.text.clone())
        };
        let text = |name: &str, label: &str, value: &str, hint: &str, kind: InputKind| TextInput {
            value: value.to_owned(),
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
            error: error(name),
            kind,
            spellcheck: Some(false),
            ..TextInput::new(name, label)
        };
        let texts = vec![
            text("name", "Full name", &self.name, "", InputKind::Text),
            text(
                "job-title",
                "Job title (optional)",
                &self.job_title,
                "",
                InputKind::Text,
            ),
            text(
                "email",
                "E-mail address (optional)",
                &self.email,
                "Staff and governors sign in with it",
                InputKind::Email,
            ),
            text(
                "telephone",
                "Telephone (optional)",
                &self.telephone,
                "",
                InputKind::Telephone,
            ),
            TextInput {
                width: Some(InputWidth::Twenty),
                ..text(
                    "upn",
                    "Unique pupil number (optional)",
                    &self.upn,
                    "Pupils only: a letter and 12 digits",
                    InputKind::Text,
                )
            },
        ];
        let dates = vec![
            self.born_on().input(
                "born-on",
                "Date of birth (optional)",
                "For example, 27 3 2019",
                &errors,
            ),
            self.starts_on().input(
                "starts-on",
                "First day at the school",
                "For example, 13 9 2026",
                &errors,
            ),
        ];
        let standing = asks_standing.then(|| Select {
            chosen: Some(self.standing.clone()),
            error: error("standing"),
            ..Select::new(
                "standing",
                "What the person is to the school",
                super::list::kinds("Choose"),
            )
        });
        Fields {
            errors: ErrorSummary::new(errors),
            standing,
            texts,
            dates,
        }
    }
}

impl Particulars {
    /// A guest, of whom the school knows a name and an address.
    pub(crate) fn of_guest(name: &str, email: &str, starts_on: Date) -> Self {
        Self {
            name: name.to_owned(),
            standing: Standing::Guest,
            job_title: Standing::Guest.name().to_owned(),
            email: Some(email.to_owned()),
            telephone: None,
            upn: None,
            born_on: None,
            starts_on,
        }
    }

    /// What the register has against them: a number or an address that somebody else has.
    pub(crate) async fn clashes(
        &self,
        connection: &mut Connection,
        with: Option<PersonId>,
    ) -> Result<Vec<FieldError>, Fault> {
        let mut errors = Vec::new();
        let own = with.map(|id| id.to_string()).unwrap_or_default();
        if let Some(email) = &self.email
            && let Some(row) =
                sql("select name from person where email = $1 and id <> $2 and merged_into is null")
                    .bind(email)
                    .bind(&own)
                    .optional(connection)
                    .await?
        {
            let name: String = row.get("name")?;
            errors.push(FieldError::new(
                "email",
                format!("{name} has this address. If they are one person, merge the two entries; if not, each needs their own."),
            ));
        }
        if let Some(upn) = &self.upn
            && let Some(row) =
                sql("select name from person where upn = $1 and id <> $2 and merged_into is null")
                    .bind(upn)
                    .bind(&own)
                    .optional(connection)
                    .await?
        {
            let name: String = row.get("name")?;
            errors.push(FieldError::new(
                "upn",
                format!("{name} has this number. If they are one child, merge the two entries; if not, one number is mistyped."),
            ));
        }
        Ok(errors)
    }

    /// A namesake with the same date of birth, whom a new entry would double.
    pub(crate) async fn double(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<FieldError>, Problem> {
        let Some(born_on) = self.born_on else {
            return Ok(None);
        };
        let row = sql(
            "select id from person where sort_name = $1 and born_on = $2 and merged_into is null",
        )
        .bind(sort_name(&self.name))
        .bind(born_on)
        .optional(connection)
        .await?;
        Ok(row.map(|_| {
            FieldError::new(
                "name",
                format!(
                    "Somebody of this name born on {} is in the register already. Look for them in the list.",
                    in_words(born_on)
                ),
            )
        }))
    }
}

fn day(read: Result<Option<Date>, FieldError>, errors: &mut Vec<FieldError>) -> Option<Date> {
    read.unwrap_or_else(|error| {
        errors.push(error);
        None
    })
}

fn optional(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
