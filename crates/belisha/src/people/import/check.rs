//! The third step of an import: what the file would do, row by row, and the word that
//! it shall.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_ui::{
    BackLink, BigNumber, Button, Checkboxes, Choice, Column, DateInput, ErrorSummary, FieldError,
    Frame, Html, Label, Table as Shown,
};

use super::columns::PREFIX;
use super::fields::{Field, Mapping};
use super::plan::{Decision, Fate, Plan, plan};
use super::register::Register;
use super::table::Table;
use super::{Confirmed, Import, ImportState, columns};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::jobs;
use crate::people::dates::DateTyped;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

/// How many rows of a kind the page shows; the rest are in the download.
const SHOWN: usize = 100;

pub(crate) fn url(id: &str) -> String {
    format!("/people/import/{id}/check")
}

#[derive(Template)]
#[template(path = "people/import/check.html")]
struct CheckPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    numbers: Vec<BigNumber>,
    classes: Vec<String>,
    lists: Vec<Shown>,
    rows_url: String,
    hidden: Vec<(String, String)>,
    submission: String,
    leavers: Option<(Checkboxes, DateInput)>,
    nothing: bool,
    send: Button,
}

/// What was typed on the page.
#[derive(Default)]
struct Typed {
    leavers: Vec<String>,
    left_on: DateTyped,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let import = open(&mut records, &viewer, &id).await?;
    let table = import.table(&viewer.school)?;
    let mapping = match columns::chosen(&import, &table, &pairs) {
        Ok(mapping) => mapping,
        Err((mapping, errors)) => return columns::page(&viewer, &import, &table, &mapping, errors),
    };
    let register = Register::load(&mut records).await?;
    let would = plan(import.kind, &table, &mapping, &register, viewer.today());
    let submission = viewer.school.new_row_id();
    page(
        &viewer,
        &import,
        &mapping,
        &would,
        &Typed::default(),
        Vec::new(),
        submission,
    )
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    // A second press of the button finds the import under way, and is led to it.
    let import = open(&mut tx, &viewer, &id).await?;
    let table = import.table(&viewer.school)?;
    let pairs = &sent.form;
    let mapping = match columns::chosen(&import, &table, pairs) {
        Ok(mapping) => mapping,
        Err((mapping, errors)) => return columns::page(&viewer, &import, &table, &mapping, errors),
    };
    let register = Register::load(&mut tx).await?;
    let would = plan(import.kind, &table, &mapping, &register, viewer.today());
    let value = |key: &str| {
        pairs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let typed = Typed {
        leavers: pairs
            .iter()
            .filter(|(name, _)| name == "leaver")
            .map(|(_, value)| value.clone())
            .collect(),
        left_on: DateTyped {
            day: value("left-on-day"),
            month: value("left-on-month"),
            year: value("left-on-year"),
        },
    };
    let left_on = match typed.left_on.read("left-on", "Last day") {
        Ok(None) if !typed.leavers.is_empty() => Err(FieldError::new(
            "left-on-day",
            "Enter the last day of those you ticked",
        )),
        read => read,
    };
    let left_on = match left_on {
        Ok(left_on) => left_on,
        Err(error) => {
            return page(
                &viewer,
                &import,
                &mapping,
                &would,
                &typed,
                vec![error],
                sent.submission,
            );
        }
    };
    let confirmed = confirmed(&table, &mapping, &would, typed, left_on);
    let written = serde_json::to_string(&confirmed)
        .map_err(|error| Fault::at("writing a mapping".into(), error))?;
    tx.run_one(
        sql("update person_import set state = 'running', mapping = $2 where id = $1 and state = 'mapping'")
            .bind(&import.id)
            .bind(written),
    )
    .await?;
    let entry = Entry::of(
        EntryKind::PeopleImportConfirmed,
        Object::new("person-import", &import.id),
    )
    .fact("kind", import.kind.key())
    .fact("leavers", confirmed.leavers.len());
    tx.commit(entry).await?;
    jobs::ask_for(&viewer.school, super::job::KEY, &viewer.actor().key()).await?;
    Ok(crate::web::go_to(&super::result::url(&import.id)))
}

/// What is kept of the word that was given: only those who were offered can leave.
fn confirmed(
    table: &Table,
    mapping: &Mapping,
    would: &Plan,
    typed: Typed,
    left_on: Option<jiff::civil::Date>,
) -> Confirmed {
    Confirmed {
        columns: mapping
            .iter()
            .map(|(field, column)| (field.key().to_owned(), *column))
            .collect(),
        names: mapping
            .iter()
            .map(|(field, column)| (field.key().to_owned(), table.columns[*column].clone()))
            .collect(),
        leavers: typed
            .leavers
            .into_iter()
            .filter(|id| would.missing.iter().any(|missing| missing.id == *id))
            .collect(),
        left_on,
    }
}

async fn open(
    connection: &mut crate::db::Connection,
    viewer: &Viewer,
    id: &str,
) -> Result<Import, Problem> {
    let import = super::load(connection, viewer, id).await?;
    match import.state {
        ImportState::Mapping => Ok(import),
        ImportState::Running | ImportState::Done | ImportState::Abandoned => {
            Err(Problem::GoTo(super::result::url(id)))
        }
    }
}

fn page(
    viewer: &Viewer,
    import: &Import,
    mapping: &Mapping,
    would: &Plan,
    typed: &Typed,
    errors: Vec<FieldError>,
    submission: String,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let hidden: Vec<(String, String)> = mapping
        .iter()
        .map(|(field, column): (&Field, &usize)| {
            (format!("{PREFIX}{}", field.key()), column.to_string())
        })
        .collect();
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&hidden)
        .finish();
    let of = |fate: Fate| {
        would
            .decisions
            .iter()
            .filter(move |decision| decision.fate == fate)
    };
    let lists = [
        list("Rows that cannot be read", of(Fate::Refused).collect()),
        list(
            "Rows to look at",
            would
                .decisions
                .iter()
                .filter(|decision| decision.warns)
                .collect(),
        ),
        list("People who change", of(Fate::Changed).collect()),
        list("People who are added", of(Fate::Added).collect()),
    ];
    let nothing =
        would.count(Fate::Added) + would.count(Fate::Changed) == 0 && would.missing.is_empty();
    let page = crate::web::page(&CheckPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(columns::url(&import.id)),
        numbers: numbers(would),
        classes: would.classes.keys().cloned().collect(),
        lists: lists.into_iter().flatten().collect(),
        rows_url: format!("{}?{query}", super::fates::url(&import.id)),
        hidden,
        submission,
        leavers: leavers(viewer, would, typed, &errors),
        nothing,
        send: Button::submit("Import these people"),
        errors: ErrorSummary::new(errors),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}

fn numbers(would: &Plan) -> Vec<BigNumber> {
    let number =
        |count: usize, says: &str| BigNumber::new(u64::try_from(count).unwrap_or(u64::MAX), says);
    vec![
        number(would.count(Fate::Added), "will be added"),
        number(would.count(Fate::Changed), "will change"),
        number(would.count(Fate::Unchanged), "stay as they are"),
        BigNumber {
            needs_action: would.count(Fate::Refused) > 0,
            ..number(would.count(Fate::Refused), "cannot be read")
        },
    ]
}

/// Those who are not in the file, each with a box that is not ticked.
fn leavers(
    viewer: &Viewer,
    would: &Plan,
    typed: &Typed,
    errors: &[FieldError],
) -> Option<(Checkboxes, DateInput)> {
    let own = viewer.person.to_string();
    let choices: Vec<Choice> = would
        .missing
        .iter()
        .filter(|missing| missing.id != own)
        .map(|missing| {
            let text = match &missing.class {
                Some(class) => format!("{} ({class})", missing.name),
                None => missing.name.clone(),
            };
            Choice::new(&missing.id, text)
        })
        .collect();
    (!choices.is_empty()).then(|| {
        let boxes = Checkboxes {
            hint: Some("Tick those who have left or are about to. Whoever is not ticked stays as they are.".into()),
            chosen: typed.leavers.clone(),
            ..Checkboxes::new("leaver", Label::medium("Who has left?"), choices)
        };
        let day = typed.left_on.input(
            "left-on",
            Label::medium("What was their last day?"),
            "For example, 18 7 2026. Leave it empty if nobody is ticked.",
            errors,
        );
        (boxes, day)
    })
}

fn list(caption: &str, decisions: Vec<&Decision>) -> Option<Shown> {
    if decisions.is_empty() {
        return None;
    }
    let caption = if decisions.len() > SHOWN {
        format!("{caption}: the first {SHOWN} of {}", decisions.len())
    } else {
        caption.to_owned()
    };
    let rows = decisions
        .iter()
        .take(SHOWN)
        .map(|decision| {
            vec![
                Html::from(format!("Line {}", decision.line)),
                decision.says.clone().into(),
            ]
        })
        .collect();
    Some(Shown::new(
        caption,
        vec![Column::new("Where"), Column::new("What, and what to do")],
        rows,
    ))
}
