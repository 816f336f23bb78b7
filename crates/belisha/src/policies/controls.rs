//! The help page about controls, derived from the catalogue: what each does, what it
//! takes, what it says by default, and who answers for it.

use askama::Template;
use axum::response::Response;
use belisha_policy::{Assurance, Control, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Column, Frame, Html, SubNavigation, Table};

use super::shown;
use crate::home;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    format!("{}/controls", super::url())
}

struct ControlHelp {
    key: &'static str,
    title: &'static str,
    about: &'static str,
    sentence: Option<String>,
    parameters: Option<Table>,
    repeats: String,
    owner: String,
    assured: String,
    source: Option<&'static str>,
    /// The clauses of the policy in force that set it.
    set_in: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "policies/controls.html")]
struct ControlsPage {
    frame: Frame,
    navigation: SubNavigation,
    controls: Vec<ControlHelp>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadPolicy, &RecordFacts::of(Kind::PolicyDocument))?;
    let policy = &viewer.policy.policy;
    let controls = belisha_policy::catalogue()
        .iter()
        .map(|control| ControlHelp {
            key: control.key,
            title: control.title,
            about: control.about,
            sentence: control.by_default().map(|settings| settings.sentence()),
            parameters: parameters(control),
            repeats: match control.repeats_by {
                Some(param) => format!("It may be set once for each “{}”.", param.name()),
                None => "It is set once.".to_owned(),
            },
            owner: control.owner.name().to_owned(),
            assured: match control.assurance {
                Assurance::Enforced => "The program enforces it.".to_owned(),
                Assurance::Counted(_) => "Whether it holds is counted from records.".to_owned(),
                Assurance::Attested { every } => {
                    format!("A named person confirms it every {every}.")
                }
            },
            source: control.source,
            set_in: policy
                .all(control)
                .filter_map(|bound| policy.clause(&bound.clause))
                .map(|clause| {
                    (
                        super::clause::url(&clause.id),
                        format!("{} {}", clause.number, clause.title),
                    )
                })
                .collect(),
        })
        .collect();
    crate::web::page(&ControlsPage {
        frame: home::frame::of(&viewer),
        navigation: shown::parts(&viewer, &url()),
        controls,
    })
}

fn parameters(control: &Control) -> Option<Table> {
    let rows: Vec<Vec<Html>> = control
        .params
        .iter()
        .map(|param| {
            let default = param
                .default()
                .map_or_else(|| "must be given".to_owned(), |value| value.written());
            vec![
                param.name().into(),
                param.about().into(),
                param.form().allowed().into(),
                default.into(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        Table::new(
            format!("What “{}” takes", control.key),
            vec![
                Column::new("Name"),
                Column::new("Meaning"),
                Column::new("Takes"),
                Column::new("By default"),
            ],
            rows,
        )
    })
}
