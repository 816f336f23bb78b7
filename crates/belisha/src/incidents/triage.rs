//! Triage: what it is, whether a child is at risk, and what follows.

use belisha_policy::{Post, Word as _};
use belisha_rules::access::{Action, Kind};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::{self, FollowUp, Triage};
use belisha_ui::{Details, Html, Label, Radios, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::kind_key;
use super::{case, categories, classification, entry, guidance};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/triage")
}

/// What the triage decided should happen.
const OUTCOMES: [(&str, &str); 3] = [
    ("respond", "Deal with it in school"),
    ("investigate", "Find out more first"),
    ("refer", "Refer it to an agency"),
];

/// What makes an online matter one of child protection, for whoever is not sure.
const SIGNS: [&str; 6] = [
    "An adult, or somebody whom nobody knows, asked for pictures, secrets or a meeting.",
    "The child is threatened, blackmailed, or made to do something.",
    "The child speaks of hurting themselves, or of not wanting to live.",
    "Something sexual was done, shown or asked for.",
    "Somebody draws the child towards violence or hatred of others.",
    "The child is afraid to go home, or this is not the first time.",
];

/// The triage of one case.
pub(super) struct CaseTriage {
    case: Case,
    /// What the case and the people in it are about so far.
    given: Vec<(String, Option<PersonId>)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    category: String,
    child_at_risk: String,
    disturbing: String,
    imagery: String,
    outcome: String,
    reason: String,
    /// What else it is about, as the records spell it.
    also: Vec<String>,
    /// The people of the case, and what is said of each in the same order.
    of: Vec<String>,
    said: Vec<String>,
}

/// What the triage says.
pub(super) struct Decided {
    triage: Triage,
    disturbing: bool,
    /// Whether it is investigated, by this decision or by the policy.
    investigates: bool,
    /// What else it is about.
    also: Vec<String>,
    /// Whether a nude picture of a child may be part of it: yes, no, unknown.
    imagery: String,
    told_apart: categories::Said,
    category: String,
    outcome: &'static str,
    reason: String,
}

impl Act for CaseTriage {
    type At = IncidentId;
    type Form = Form;
    type Read = Decided;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        let given = categories::of(records, id).await?;
        Ok(Self { case, given })
    }

    fn blank(&self) -> Form {
        let (case, given) = (&self.case, &self.given);
        // Before the first triage, what the reporter said suggests a line of the list.
        let category = given
            .iter()
            .find_map(|(category, _)| classification::risk_of(category))
            .filter(|_| case.category.is_empty())
            .map_or_else(|| case.category.clone(), str::to_owned);
        let people = categories::people(case);
        let of_person = |person: PersonId| {
            let said = given.iter().find(|(_, of)| *of == Some(person));
            said.map_or_else(String::new, |(category, _)| category.clone())
        };
        Form {
            category,
            also: given
                .iter()
                .filter(|(category, person)| person.is_none() && *category != case.category)
                .map(|(category, _)| category.clone())
                .collect(),
            of: people
                .iter()
                .map(|(person, _, _)| person.to_string())
                .collect(),
            said: people
                .iter()
                .map(|(person, _, _)| of_person(*person))
                .collect(),
            ..Form::default()
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let edition = guidance::of(&self.case.guidance);
        let categories = std::iter::once(SelectOption::new("", "Choose"))
            .chain(edition.areas.iter().flat_map(|area| {
                area.risks.iter().map(|risk| {
                    SelectOption::new(risk.key.clone(), format!("{}: {}", area.name, risk.name))
                })
            }))
            .collect();
        let says: Vec<String> = edition
            .areas
            .iter()
            .map(|area| format!("{}: {}", area.name, area.says))
            .collect();
        let mut page = ActPage::of(viewer, &self.case, "Triage", "Save the triage");
        page.fields = vec![
            Html::of(&Select {
                error: wrong.at("category"),
                chosen: Some(form.category.clone()),
                hint: Some(format!("{}. ({})", says.join("; "), edition.name)),
                ..Select::new("category", Label::medium("What kind of risk is it?"), categories)
            }),
            categories::fields(viewer, &self.case, &form.also, &form.of, &form.said),
            Html::of(&Details::new(
                "When a child may be at risk of significant harm",
                Html::trusted(
                    SIGNS
                        .iter()
                        .map(|sign| format!("<li>{}</li>", Html::from(*sign)))
                        .fold(String::from("<ul>"), |list, line| list + &line)
                        + "</ul>",
                ),
            )),
            Html::of(&Radios {
                error: wrong.at("child-at-risk"),
                chosen: chosen(&form.child_at_risk),
                hint: Some("If so, the designated safeguarding lead is told, whoever has the case.".into()),
                ..Radios::yes_or_no("child-at-risk", Label::medium("Is a child at risk of significant harm?"))
            }),
            Html::of(&Radios {
                error: wrong.at("disturbing"),
                chosen: chosen(&form.disturbing),
                hint: Some("If so, somebody must decide whether the police are told before the case can be closed.".into()),
                ..Radios::yes_or_no(
                    "disturbing",
                    Label::medium("Was a message especially disturbing or unlawful, or may material be illegal?"),
                )
            }),
            Html::of(&Radios {
                error: wrong.at("imagery"),
                chosen: chosen(&form.imagery),
                hint: Some("If so, or if you are not sure, a review of its own opens, and no file can be put into the case. Do not look at the picture, and do not ask to see it.".into()),
                ..Radios::new(
                    "imagery",
                    Label::medium("May a nude or semi-nude picture of a child be part of it?"),
                    [("yes", "Yes"), ("no", "No"), ("unknown", "Not sure")]
                        .map(|(key, name)| belisha_ui::Choice::new(key, name))
                        .to_vec(),
                )
            }),
            Html::of(&Radios {
                error: wrong.at("outcome"),
                chosen: chosen(&form.outcome),
                ..Radios::new(
                    "outcome",
                    Label::medium("What should happen?"),
                    OUTCOMES
                        .iter()
                        .map(|(key, name)| belisha_ui::Choice::new(*key, *name))
                        .collect(),
                )
            }),
            Html::of(&Textarea {
                error: wrong.at("reason"),
                value: form.reason.clone(),
                ..Textarea::new("reason", Label::medium("Why?"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Decided>, Problem> {
        let risk = guidance::of(&self.case.guidance).risk(&form.category);
        if risk.is_none() {
            wrong.say("category", "Choose the kind of risk that fits best");
        }
        for (field, value) in [
            ("child-at-risk", &form.child_at_risk),
            ("disturbing", &form.disturbing),
        ] {
            if !matches!(value.as_str(), "yes" | "no") {
                wrong.say(field, "Answer yes or no");
            }
        }
        if !matches!(form.imagery.as_str(), "yes" | "no" | "unknown") {
            wrong.say("imagery", "Say yes, no or not sure");
        }
        let outcome = OUTCOMES.iter().find(|(key, _)| *key == form.outcome);
        if outcome.is_none() {
            wrong.say("outcome", "Choose what should happen");
        }
        let reason = wrong.text("reason", &form.reason, "Say why, in a sentence or two");
        let (Some(risk), Some((outcome, _)), Some(reason)) = (risk, outcome, reason) else {
            return Ok(None);
        };
        let mut categories: Vec<&str> = vec![form.category.as_str()];
        categories.extend(form.also.iter().map(String::as_str));
        let policy = &viewer.policy.policy;
        let by_policy = incidents::is_investigated(policy, &categories);
        Ok(Some(Decided {
            told_apart: categories::Said::read(
                viewer, &self.case, &form.also, &form.of, &form.said,
            ),
            triage: Triage {
                child_at_risk: form.child_at_risk == "yes",
                police_question: risk.police_question || form.disturbing == "yes" || by_policy,
            },
            disturbing: form.disturbing == "yes",
            investigates: by_policy || *outcome == "investigate",
            also: form.also.clone(),
            imagery: form.imagery.clone(),
            category: form.category.clone(),
            outcome,
            reason,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, decided: Decided) -> Result<Entry, Problem> {
        let case = &self.case;
        incidents::triage(&case.incident).map_err(|wrong| {
            Problem::refused("This case cannot be triaged now", wrong.sentence())
        })?;
        let (school, now, today) = (tx.school().clone(), tx.now(), tx.today());
        let (id, by) = (school.new_row_id(), tx.actor().key());
        let record = records::open(tx, viewer, &object(case.id)).await?;
        let kind = match case.kind {
            Kind::PupilWelfare if decided.triage.child_at_risk => Kind::ChildProtection,
            kind => kind,
        };
        tx.run_one(
            sql("update incident set category = $2, kind = $3 where id = $1")
                .bind(case.id.to_string())
                .bind(&decided.category)
                .bind(kind_key(kind)),
        )
        .await?;
        tx.run_one(
            sql("insert into incident_triage (id, incident, triaged_at, triaged_by, category, child_at_risk,
                                              outcome, sealed_reason, police_question, imagery,
                                              investigates)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(&id)
            .bind(case.id.to_string())
            .bind(now)
            .bind(by)
            .bind(&decided.category)
            .bind(decided.triage.child_at_risk)
            .bind(decided.outcome)
            .bind(record.seal(&school, &format!("triage-{id}"), 0, &decided.reason))
            .bind(decided.triage.police_question)
            .bind(&decided.imagery)
            .bind(decided.investigates),
        )
        .await?;
        decided
            .told_apart
            .write(tx, case.id, &decided.category)
            .await?;
        let triaged = queries::find(tx, case.id).await?.ok_or(Problem::NotFound)?;
        let mut categories: Vec<&str> = vec![decided.category.as_str()];
        categories.extend(decided.also.iter().map(String::as_str));
        let occasion = crate::reviews::Triaged {
            categories: &categories,
            imagery: decided.imagery != "no",
            disturbing: decided.disturbing,
        };
        let guides = crate::reviews::open(tx, viewer, &triaged, &occasion).await?;
        for follow_up in incidents::follow_ups(case.kind, decided.triage, &guides) {
            match follow_up {
                FollowUp::TellTheLead => tell_the_lead(tx, case).await?,
                // The close-check asks for it until it is recorded.
                FollowUp::DecideOnPolice => {}
            }
        }
        entry::write(tx, &record, case.id, "triage", &decided.reason, today, None).await?;
        settle(tx, case.id).await?;
        Ok(Entry::of(EntryKind::IncidentTriaged, object(case.id)).fact("triage", id))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }

    /// Somebody else's change in between is not triaged over.
    fn revision(&self) -> Option<i64> {
        Some(self.case.revision)
    }
}

/// Tells the lead, and the deputies, of a child at risk; the lead reads the case by their post.
async fn tell_the_lead(tx: &mut Tx, found: &Case) -> Result<(), Problem> {
    let (now, today) = (tx.now(), tx.today());
    for post in [
        Post::DesignatedSafeguardingLead,
        Post::DeputyDesignatedSafeguardingLead,
    ] {
        for (person, _) in hats::holders(tx, post, today).await? {
            let identity = hats::identity(tx, person).await?;
            if found.facts.excludes(&identity) {
                continue;
            }
            tx.run(
                sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
                     values ($1, $2, 'first', 0, $3, null, $4)
                     on conflict (incident, person, why) do nothing")
                .bind(found.id.to_string())
                .bind(person.to_string())
                .bind(now)
                .bind(format!("post:{}", post.key())),
            )
            .await?;
            notices::tell(
                tx,
                person,
                NoticeKind::IncidentForYou,
                &object(found.id),
                true,
            )
            .await?;
        }
    }
    Ok(())
}
