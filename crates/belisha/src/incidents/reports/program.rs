//! A report from a program of the school: read like the form of the page and sent by
//! the same act. The program learns what a reporter learns, and not a word of it again.

use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::ReportId;
use jiff::Timestamp;
use jiff::civil::Date;

use super::form::{Form, PEOPLE_AT_MOST};
use super::report::{Channel, Sender, Source};
use super::{opening, sent, show};
use crate::incidents::words::state_key;
use crate::problem::{FieldProblem, Problem};
use crate::viewer::Viewer;

/// A report as a program sends it.
pub(crate) struct Typed {
    pub(crate) words: String,
    pub(crate) happened: Option<Happened>,
    pub(crate) place: String,
    pub(crate) people: Vec<Somebody>,
    pub(crate) child_at_risk: String,
    pub(crate) told_lead: bool,
    pub(crate) knows_how: String,
}

/// The day of it, and the time where it is known.
pub(crate) struct Happened {
    pub(crate) on: String,
    pub(crate) time: Option<String>,
}

/// Somebody who is involved, as named.
pub(crate) struct Somebody {
    pub(crate) who: String,
    pub(crate) part: String,
    pub(crate) meant: Option<String>,
}

/// A report that is kept.
pub(crate) struct Kept {
    /// None where the reporter may not follow it.
    pub(crate) id: Option<ReportId>,
    /// Who was told, by post.
    pub(crate) told: String,
}

/// How far a report has come.
pub(crate) struct Standing {
    pub(crate) reference: String,
    pub(crate) state: &'static str,
    pub(crate) sent_at: Timestamp,
    pub(crate) taken_up_at: Option<Timestamp>,
}

/// Keeps the report and tells whoever the policy names; sent twice under one number, once.
pub(crate) async fn receive(viewer: &Viewer, typed: &Typed, number: &str) -> Result<Kept, Problem> {
    let form = form(typed)?;
    let read = form.read(&mut viewer.read().await?, viewer).await?;
    let report = read.map_err(|faulty| {
        let named = |error: belisha_ui::FieldError| FieldProblem {
            field: field(error.field_id.as_deref().unwrap_or_default()).into(),
            says: error.text,
        };
        Problem::Fields(faulty.errors.into_iter().map(named).collect())
    })?;
    let mut tx = viewer.write().await?;
    let id: ReportId = tx.new_id();
    let leads_to = if report.subjects().contains(&viewer.person) {
        sent::plain_url()
    } else {
        sent::url(id)
    };
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    let kept_as = match tx.once(number, &leads_to).await {
        Ok(()) => {
            let entry = opening::open(&mut tx, &report, &source(viewer), id, None).await?;
            tx.commit(entry).await?;
            leads_to
        }
        // It came before under this number: the answer is the one that was given then.
        Err(Problem::GoTo(before)) => {
            drop(tx);
            before
        }
        Err(problem) => return Err(problem),
    };
    let Some(id) = sent::id_in(&kept_as) else {
        return Ok(Kept {
            id: None,
            told: sent::PLAIN.to_owned(),
        });
    };
    let mut records = viewer.read().await?;
    let own = show::load(&mut records, viewer, id).await?;
    Ok(Kept {
        id: Some(id),
        told: sent::told(&mut records, viewer, &own).await?,
    })
}

/// How far a report of the viewer's own has come.
pub(crate) async fn standing(viewer: &Viewer, id: ReportId) -> Result<Standing, Problem> {
    let own = show::load(&mut viewer.read().await?, viewer, id).await?;
    Ok(Standing {
        state: state_key(own.case.incident.state()),
        taken_up_at: own.case.acknowledged_at,
        sent_at: own.reported_at,
        reference: own.reference,
    })
}

fn source(viewer: &Viewer) -> Source {
    Source {
        channel: Channel::Program,
        from: Sender::Account,
        reporter: Some(viewer.person),
        named: String::new(),
        chosen: None,
    }
}

/// The form as somebody would have filled it in.
fn form(typed: &Typed) -> Result<Form, Problem> {
    if typed.people.len() > PEOPLE_AT_MOST {
        let says = format!("Name {PEOPLE_AT_MOST} people at most, and the others in the words.");
        return Err(Problem::field("people", says));
    }
    let mut form = Form {
        words: typed.words.clone(),
        when: "now".into(),
        place: typed.place.clone(),
        at_risk: typed.child_at_risk.clone(),
        told_lead: if typed.told_lead { "yes" } else { "no" }.into(),
        knows_how: typed.knows_how.clone(),
        who: typed
            .people
            .iter()
            .map(|somebody| somebody.who.clone())
            .collect(),
        part: typed
            .people
            .iter()
            .map(|somebody| somebody.part.clone())
            .collect(),
        meant: typed
            .people
            .iter()
            .map(|somebody| somebody.meant.clone().unwrap_or_default())
            .collect(),
        ..Form::default()
    };
    if let Some(happened) = &typed.happened {
        let on: Date = happened.on.parse().map_err(|_| {
            Problem::field("happened", "Send the day as a date, such as 2026-09-23.")
        })?;
        form.when = "other".into();
        form.on_day = on.day().to_string();
        form.on_month = on.month().to_string();
        form.on_year = format!("{:04}", on.year());
        form.on_time = happened.time.clone().unwrap_or_default();
    }
    Ok(form)
}

/// What the documentation calls a field of the form.
fn field(of_form: &str) -> String {
    let person = |number: &str, part: &str| {
        let at = number.parse::<usize>().unwrap_or(1).saturating_sub(1);
        format!("people[{at}].{part}")
    };
    match of_form.split_once('-') {
        Some((part @ ("who" | "part" | "meant"), number)) => person(number, part),
        Some(("on" | "today", _)) => "happened".to_owned(),
        Some(("at", _)) => "child_at_risk".to_owned(),
        _ if of_form == "when" => "happened".to_owned(),
        _ => of_form.replace('-', "_"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_field_is_called_as_it_is_documented() {
        let check = |of_form, expected| assert_eq!(super::field(of_form), expected);
        check("words", "words");
        check("at-risk", "child_at_risk");
        check("told-lead", "told_lead");
        check("knows-how", "knows_how");
        check("on-day", "happened");
        check("when", "happened");
        check("meant-3", "people[2].meant");
    }
}
