//! Proposing somebody for a post. Every post opens something that others may not see,
//! so another person must approve it.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Post, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts, Role};
use belisha_rules::appointments::{self, ApprovedBy};
use belisha_rules::ids::PersonId;
use belisha_ui::{
    BackLink, Button, Checkboxes, DateInput, ErrorSummary, FieldError, Frame, Label, Radios,
    Select, SelectOption, TextInput,
};
use jiff::civil::Date;
use serde::Deserialize;

use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::people::choosing::{self, Sought};
use crate::people::dates::DateTyped;
use crate::people::{hats, queries};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words::capital;

pub(crate) fn url() -> String {
    "/people/posts/appoint".to_owned()
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Typed {
    person: String,
    post: String,
    deputy: String,
    from_on_day: String,
    from_on_month: String,
    from_on_year: String,
}

#[derive(Template)]
#[template(path = "people/posts/appoint.html")]
struct AppointPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    q: TextInput,
    find: Button,
    nobody_found: bool,
    form: Option<AppointForm>,
}

struct AppointForm {
    submission: String,
    person: Radios,
    post: Select,
    deputy: Checkboxes,
    from_on: DateInput,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer, Query(sought): Query<Sought>) -> Result<Response, Problem> {
    viewer.require(
        Action::ProposeAppointment,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let today = DateTyped::of(Some(viewer.today()));
    let typed = Typed {
        from_on_day: today.day,
        from_on_month: today.month,
        from_on_year: today.year,
        ..Typed::default()
    };
    let submission = viewer.school.new_row_id();
    page(&viewer, &sought.q, &typed, Vec::new(), submission).await
}

pub(crate) async fn post(viewer: Viewer, sent: Sent<Typed>) -> Result<Response, Problem> {
    viewer.require(
        Action::ProposeAppointment,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let typed = &sent.form;
    let mut errors = Vec::new();
    let Some(post) = Post::from_key(&typed.post) else {
        errors.push(FieldError::new("post", "Choose a post"));
        return page(&viewer, "", typed, errors, sent.submission).await;
    };
    let from_on = match typed.start().read("from-on", "First day") {
        Ok(Some(day)) => day,
        Ok(None) => {
            errors.push(FieldError::new(
                "from-on-day",
                "Enter the first day in the post",
            ));
            return page(&viewer, "", typed, errors, sent.submission).await;
        }
        Err(error) => return page(&viewer, "", typed, vec![error], sent.submission).await,
    };
    let mut tx = viewer.write().await?;
    let person = appointee(&mut tx, &typed.person).await?;
    tx.once(&sent.submission, &super::url()).await?;
    let appointee = hats::identity(&mut tx, person).await?;
    let proposer = hats::identity(&mut tx, viewer.person).await?;
    if appointments::propose(&proposer, &appointee).is_err() {
        return Err(Problem::refused(
            "You cannot propose yourself",
            "Nobody changes their own posts. Ask somebody else to propose you.",
        ));
    }
    let entry = propose(&mut tx, post, person, typed.deputy == "yes", from_on).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&super::url()))
}

/// Writes a proposal and tells whoever may approve it.
pub(crate) async fn propose(
    tx: &mut Tx,
    post: Post,
    person: PersonId,
    deputy: bool,
    from_on: Date,
) -> Result<Entry, Problem> {
    let (id, now, by) = (tx.school().new_row_id(), tx.now(), tx.person()?);
    tx.run_one(
        sql("insert into post_proposal (id, post, person, deputy, from_on, proposed_at, proposed_by,
                                        decided_at, decided_by, approved)
             values ($1, $2, $3, $4, $5, $6, $7, null, null, null)")
        .bind(&id)
        .bind(post.key())
        .bind(person.to_string())
        .bind(deputy)
        .bind(from_on)
        .bind(now)
        .bind(by.to_string()),
    )
    .await?;
    let object = Object::new("post-proposal", &id);
    for approver in approvers(tx, post).await? {
        if approver != by && approver != person {
            notices::tell(tx, approver, NoticeKind::PostToApprove, &object, false).await?;
        }
    }
    Ok(Entry::of(EntryKind::PostProposed, object)
        .fact("post", post.key())
        .fact("person", person)
        .fact("deputy", deputy))
}

/// Those who hold a post whose role approves this one.
async fn approvers(connection: &mut Connection, post: Post) -> Result<Vec<PersonId>, Fault> {
    let roles: &[Role] = match appointments::approval_of(post) {
        ApprovedBy::Head => &[Role::Head],
        ApprovedBy::Chair => &[Role::Chair],
        ApprovedBy::ViceChairOrHead => &[Role::ViceChair, Role::Head],
    };
    let held = sql(
        "select distinct post, deputy, person from post_holding where until_on is null order by person, post",
    )
    .all(connection)
    .await?;
    let mut found = Vec::new();
    for row in held {
        let held = belisha_rules::people::Held {
            post: row.read("post", Post::from_key)?,
            deputy: row.get("deputy")?,
        };
        let person = row.read("person", |text| text.parse().ok())?;
        if roles.contains(&Role::of_post(held)) && !found.contains(&person) {
            found.push(person);
        }
    }
    Ok(found)
}

/// The person of the form: somebody of the school who has not left.
async fn appointee(connection: &mut Connection, id: &str) -> Result<PersonId, Problem> {
    if id.is_empty() {
        return Err(Problem::field("person", "Choose who is proposed"));
    }
    let person = queries::person(connection, id).await?;
    if person.merged_into.is_some() || person.standing == belisha_policy::Standing::Pupil {
        return Err(Problem::field("person", "Choose an adult of the school"));
    }
    Ok(person.id)
}

/// Those of this name. Governors and technicians propose too, who do not read the
/// register: a name and what somebody does is all they are shown.
async fn adults(
    connection: &mut Connection,
    today: Date,
    name: &str,
) -> Result<Vec<queries::Listed>, Fault> {
    if name.trim().is_empty() {
        return Ok(Vec::new());
    }
    let narrowed = queries::Narrowed {
        name,
        ..queries::Narrowed::default()
    };
    queries::list(connection, &narrowed, today, 20, 0).await
}

impl Typed {
    fn start(&self) -> DateTyped {
        DateTyped {
            day: self.from_on_day.clone(),
            month: self.from_on_month.clone(),
            year: self.from_on_year.clone(),
        }
    }
}

async fn page(
    viewer: &Viewer,
    sought: &str,
    typed: &Typed,
    errors: Vec<FieldError>,
    submission: String,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let name = match queries::person(&mut records, &typed.person).await {
        Ok(person) => person.name,
        Err(Problem::NotFound) => sought.to_owned(),
        Err(problem) => return Err(problem),
    };
    let found: Vec<_> = adults(&mut records, viewer.today(), &name)
        .await?
        .into_iter()
        .filter(|listed| listed.standing != belisha_policy::Standing::Pupil)
        .collect();
    let posts = std::iter::once(SelectOption::new("", "Choose a post"))
        .chain(Post::all().map(|post| {
            let by = match appointments::approval_of(post) {
                ApprovedBy::Head => "the headteacher approves",
                ApprovedBy::Chair => "the chair of governors approves",
                ApprovedBy::ViceChairOrHead => "the vice-chair or the headteacher approves",
            };
            SelectOption::new(post.key(), format!("{} ({by})", capital(post.name())))
        }))
        .collect();
    let wrong = !errors.is_empty();
    let post_error = errors
        .iter()
        .find(|error| error.field_id.as_deref() == Some("post"))
        .map(|error| error.text.clone());
    let page = crate::web::page(&AppointPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::url()),
        q: choosing::box_for("Find the person", &name),
        find: Button::secondary("Find"),
        nobody_found: !name.is_empty() && found.is_empty(),
        form: choosing::radios(
            "person",
            "Who is proposed?",
            &found,
            Some(typed.person.clone()),
        )
        .map(|person| AppointForm {
            submission,
            person,
            post: Select {
                chosen: Some(typed.post.clone()),
                error: post_error,
                ..Select::new("post", Label::medium("For which post?"), posts)
            },
            deputy: Checkboxes {
                chosen: Some(typed.deputy.clone())
                    .filter(|text| !text.is_empty())
                    .into_iter()
                    .collect(),
                ..Checkboxes::confirm("deputy", "As deputy, who stands in when the holder is away")
            },
            from_on: typed.start().input(
                "from-on",
                Label::medium("From which day?"),
                "For example, 13 9 2026",
                &errors,
            ),
            send: Button::submit("Propose for the post"),
        }),
        errors: ErrorSummary::new(errors),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
