//! Step three: who holds which post. One person may hold several: the same e-mail
//! address is the same person.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;
use belisha_ui::{
    BackLink, Button, ErrorSummary, FieldError, Fieldset, Frame, Html, InputKind, Label, TextInput,
};

use super::details::StepPage;
use super::{account, begun, entry, kit, write};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::sent::Sent;

/// The posts that set-up asks for; the first ones a school cannot be without, since a
/// concern about the headteacher, or raised with nobody else left, must reach somebody.
pub(super) const POSTS: &[(Post, bool)] = &[
    (Post::Headteacher, true),
    (Post::DesignatedSafeguardingLead, true),
    (Post::ChairOfGovernors, true),
    (Post::ViceChairOfGovernors, false),
    (Post::DeputyDesignatedSafeguardingLead, false),
    (Post::OnlineSafetyCoordinator, false),
    (Post::NetworkManager, false),
    (Post::SafeguardingGovernor, false),
    (Post::SchoolOffice, false),
];

pub(super) fn url() -> String {
    "/set-up/people".to_owned()
}

/// A name and an address for each post, in the order of the posts.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    email: Vec<String>,
}

/// A person with the posts they hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) name: String,
    pub(super) posts: Vec<Post>,
}

impl Form {
    fn cell(column: &[String], at: usize) -> &str {
        column.get(at).map_or("", |text| text.trim())
    }

    /// The people by address, or what needs correcting, by field.
    fn read(&self) -> Result<BTreeMap<String, Holder>, Vec<(String, String)>> {
        let mut faults = Vec::new();
        let mut people: BTreeMap<String, Holder> = BTreeMap::new();
        for (at, (post, needed)) in POSTS.iter().enumerate() {
            let name = Self::cell(&self.name, at);
            let email = Self::cell(&self.email, at).to_lowercase();
            let (name_field, email_field) = (format!("name-{at}"), format!("email-{at}"));
            match (name.is_empty(), email.is_empty()) {
                (true, true) if *needed => faults.push((
                    name_field,
                    format!("Enter who is {}: a school cannot be without", post.name()),
                )),
                (true, true) => {}
                (true, false) => {
                    faults.push((name_field, format!("Enter the name of the {}", post.name())));
                }
                (false, true) => faults.push((
                    email_field,
                    format!("Enter the e-mail address of the {}", post.name()),
                )),
                (false, false) if !is_address(&email) => faults.push((
                    email_field,
                    format!("The e-mail address of the {} is not one", post.name()),
                )),
                (false, false) => {
                    let holder = people.entry(email).or_insert_with(|| Holder {
                        name: name.to_owned(),
                        posts: Vec::new(),
                    });
                    if holder.name == name {
                        holder.posts.push(*post);
                    } else {
                        faults.push((
                            name_field,
                            format!(
                                "{name} and {} have the same e-mail address. Each person needs their own",
                                holder.name
                            ),
                        ));
                    }
                }
            }
        }
        let both = |a: Post, b: Post| {
            people
                .values()
                .any(|holder| holder.posts.contains(&a) && holder.posts.contains(&b))
        };
        if both(Post::Headteacher, Post::ChairOfGovernors) {
            faults.push((
                "name-2".to_owned(),
                "The chair of governors must be somebody else than the headteacher: a concern about the headteacher goes to the chair".to_owned(),
            ));
        }
        if faults.is_empty() {
            Ok(people)
        } else {
            Err(faults)
        }
    }

    async fn kept(connection: &mut Connection) -> Result<Self, Problem> {
        let mut form = Self::default();
        for (post, _) in POSTS {
            let row = sql("select person.name, person.email
                 from post_holding join person on person.id = post_holding.person
                 where post_holding.post = $1 order by post_holding.id")
            .bind(post.key())
            .optional(connection)
            .await?;
            let (name, email) = match row {
                Some(row) => (
                    row.get("name")?,
                    row.get::<Option<String>>("email")?.unwrap_or_default(),
                ),
                None => (String::new(), String::new()),
            };
            form.name.push(name);
            form.email.push(email);
        }
        Ok(form)
    }

    fn fields(&self, faults: &[(String, String)]) -> Html {
        let error = |field: &str| {
            faults
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, says)| says.clone())
        };
        let posts: Vec<Html> = POSTS
            .iter()
            .enumerate()
            .map(|(at, (post, needed))| {
                let (name_id, email_id) = (format!("name-{at}"), format!("email-{at}"));
                let name = TextInput {
                    name: "name".into(),
                    value: Self::cell(&self.name, at).to_owned(),
                    error: error(&name_id),
                    spellcheck: Some(false),
                    autocomplete: Some("off".into()),
                    ..TextInput::new(&name_id, "Name")
                };
                let email = TextInput {
                    name: "email".into(),
                    value: Self::cell(&self.email, at).to_owned(),
                    error: error(&email_id),
                    kind: InputKind::Email,
                    spellcheck: Some(false),
                    autocomplete: Some("off".into()),
                    ..TextInput::new(&email_id, "E-mail address")
                };
                let mut legend = post.name().to_owned();
                legend[..1].make_ascii_uppercase();
                if !needed {
                    legend.push_str(" (if there is one)");
                }
                Html::of(&Fieldset::new(
                    Label::medium(legend),
                    Html::join(&[Html::of(&name), Html::of(&email)]),
                ))
            })
            .collect();
        Html::join(&posts)
    }
}

/// Enough to catch a slip of the finger; the first mail shows the rest.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.chars().any(char::is_whitespace)
            && !domain.contains('@')
    })
}

fn page(form: &Form, faults: &[(String, String)]) -> Result<Response, Problem> {
    let errors = faults
        .iter()
        .map(|(field, says)| FieldError::new(field.clone(), says.clone()))
        .collect();
    crate::web::page(&StepPage {
        frame: Frame {
            has_errors: !faults.is_empty(),
            ..frame::bare()
        },
        back: BackLink::to(super::url()),
        errors: ErrorSummary::new(errors),
        heading: "People and their posts",
        lead: "Who is told, who decides and who may read follows from these posts. One person may hold several: \
               write the same name and address again. Write yourself in at the posts you hold.",
        action: url(),
        fields: form.fields(faults),
        go_on: Button::submit("Continue"),
    })
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    page(
        &Form::kept(&mut here.school.database.read().await?).await?,
        &[],
    )
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let people = match form.read() {
        Ok(people) => people,
        Err(faults) => {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form, &faults)?).into_response());
        }
    };
    let mut tx = write(&here).await?;
    appoint(&mut tx, &people).await?;
    tx.commit(entry("people")).await?;
    Ok(crate::web::go_to(&kit::url()))
}

/// Writes people and posts in place of what an earlier try wrote. What rests on the people of that try
/// goes with them: the first account, and what the policy asks of each.
pub(super) async fn appoint(tx: &mut Tx, people: &BTreeMap<String, Holder>) -> Result<(), Problem> {
    account::forget(tx).await?;
    tx.run(sql("delete from agreement_due")).await?;
    tx.run(sql("delete from notice")).await?;
    tx.run(sql("delete from post_holding")).await?;
    tx.run(sql("delete from person")).await?;
    let today = tx.today();
    for (email, holder) in people {
        let id: PersonId = tx.new_id();
        let governs = holder.posts.iter().all(|post| {
            [
                Post::ChairOfGovernors,
                Post::ViceChairOfGovernors,
                Post::SafeguardingGovernor,
            ]
            .contains(post)
        });
        let standing = if governs {
            Standing::Governor
        } else {
            Standing::Staff
        };
        let mut job_title = holder
            .posts
            .first()
            .map_or("", |post| post.name())
            .to_owned();
        if !job_title.is_empty() {
            job_title[..1].make_ascii_uppercase();
        }
        tx.run_one(
            sql("insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                     born_on, starts_on, ends_on, merged_into)
                 values ($1, $2, $3, $4, $5, $6, null, null, null, $7, null, null)")
            .bind(id.to_string())
            .bind(&holder.name)
            .bind(holder.name.to_lowercase())
            .bind(standing.key())
            .bind(job_title)
            .bind(email)
            .bind(today),
        )
        .await?;
        for post in &holder.posts {
            let holding = tx.school().new_row_id();
            tx.run_one(
                sql(
                    "insert into post_holding (id, post, person, deputy, from_on, until_on)
                     values ($1, $2, $3, false, $4, null)",
                )
                .bind(holding)
                .bind(post.key())
                .bind(id.to_string())
                .bind(today),
            )
            .await?;
        }
    }
    crate::agreements::everybody_changed(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_apart_by_their_address() {
        let check = |rows: &[(&str, &str)], expected: Result<usize, &str>| {
            let form = Form {
                name: rows.iter().map(|row| row.0.to_owned()).collect(),
                email: rows.iter().map(|row| row.1.to_owned()).collect(),
            };
            match (form.read(), expected) {
                (Ok(people), Ok(count)) => assert_eq!(people.len(), count, "{rows:?}"),
                (Err(faults), Err(says)) => assert!(faults[0].1.contains(says), "{faults:?}"),
                (found, _) => panic!("{rows:?}: {found:?}"),
            }
        };
        let head = ("Ann Marsh", "head@school.example");
        let lead = ("Tom Reed", "lead@school.example");
        let chair = ("Ida Fell", "chair@school.example");
        check(&[head, lead, chair], Ok(3));
        // Head and lead are one person in a small school.
        check(&[head, head, chair], Ok(2));
        check(&[head, lead], Err("a school cannot be without"));
        check(&[head, lead, head], Err("must be somebody else"));
        check(
            &[head, lead, ("Ida Fell", "head@school.example")],
            Err("same e-mail address"),
        );
        check(
            &[head, lead, ("Ida Fell", "")],
            Err("Enter the e-mail address"),
        );
        check(
            &[head, lead, ("", "chair@school.example")],
            Err("Enter the name"),
        );
        check(&[head, lead, ("Ida Fell", "chair")], Err("is not one"));
    }
}
