//! Who is involved, and how: adding a person with their own part, and taking a part
//! away that was wrong. A concern about an adult is never grafted onto a pupil's case.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, Label, Select, SelectOption, Textarea, TypeAhead};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::reports::{Candidate, Named, find, suggestions_url};
use super::words::Part;
use super::{case, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/people")
}

/// The change of who is involved in one case.
pub(super) struct PeopleChange {
    case: Case,
    /// Those whom a typed name may mean, where it means several.
    candidates: Vec<Candidate>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    who: String,
    meant: String,
    part: String,
    /// The part to take away, instead of adding one.
    away: String,
    reason: String,
}

impl Act for PeopleChange {
    type At = IncidentId;
    type Form = Form;
    /// The change, and why.
    type Read = (Change, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self {
            case,
            candidates: Vec::new(),
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let choose = || std::iter::once(SelectOption::new("", "Choose"));
        let parts = choose()
            .chain(
                Part::all()
                    .filter(|part| *part != Part::Reporter)
                    .map(|part| SelectOption::new(part.key(), part.name())),
            )
            .collect();
        let there = std::iter::once(SelectOption::new("", "Nobody: add the person above"))
            .chain(
                self.case
                    .people
                    .iter()
                    .filter(|involved| involved.part != Part::Reporter)
                    .map(|involved| {
                        let text = format!("{} {}", involved.name, involved.part.name());
                        SelectOption::new(involved.id.clone(), text)
                    }),
            )
            .collect();
        let title = "Change who is involved";
        let mut page = ActPage::of(viewer, &self.case, title, "Save");
        page.fields = vec![Html::of(&TypeAhead {
            value: form.who.clone(),
            error: wrong.at("who"),
            suggestions_url: Some(suggestions_url()),
            ..TypeAhead::new("who", Label::medium("Who should be added?"), Vec::new())
        })];
        if !self.candidates.is_empty() {
            page.fields.push(Html::of(&Select {
                error: wrong.at("meant"),
                ..Select::new(
                    "meant",
                    "Which of these?",
                    choose()
                        .chain(self.candidates.iter().map(|candidate| {
                            SelectOption::new(candidate.person.to_string(), candidate.label.clone())
                        }))
                        .collect(),
                )
            }));
        }
        page.fields.extend([
            Html::of(&Select {
                chosen: Some(form.part.clone()),
                error: wrong.at("part"),
                ..Select::new("part", "What they have to do with it", parts)
            }),
            Html::of(&Select {
                chosen: Some(form.away.clone()),
                error: wrong.at("away"),
                ..Select::new(
                    "away",
                    Label::medium("Or whose part should be taken away?"),
                    there,
                )
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                ..Textarea::new("reason", Label::medium("Why?"))
            }),
        ]);
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Change, String)>, Problem> {
        let says = "Say why, so that the chronology explains itself";
        let reason = wrong.text("reason", &form.reason, says);
        let change = if form.away.is_empty() {
            let part = Part::from_key(&form.part).filter(|part| *part != Part::Reporter);
            if part.is_none() {
                wrong.say("part", "Choose what they have to do with it");
            }
            let named = if form.who.trim().is_empty() {
                wrong.say("who", "Enter a name");
                None
            } else {
                match find(records, viewer, form.who.trim(), &form.meant).await? {
                    Named::Person(person) => Some(person),
                    Named::Unclear(several) if !several.is_empty() => {
                        wrong.say("meant", "Choose the person you mean");
                        self.candidates = several;
                        None
                    }
                    Named::Unclear(_) | Named::Outside | Named::UnnamedAdult => {
                        wrong.say(
                            "who",
                            "Nobody of this name is on the register. Write them in the chronology instead",
                        );
                        None
                    }
                }
            };
            named.zip(part).map(Change::Add)
        } else {
            let there = self
                .case
                .people
                .iter()
                .find(|involved| involved.id == form.away && involved.part != Part::Reporter);
            if there.is_none() {
                wrong.say("away", "Choose a part from the list");
            }
            there.map(|involved| Change::TakeAway(involved.id.clone()))
        };
        Ok(change.zip(reason))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (change, reason): (Change, String),
    ) -> Result<Entry, Problem> {
        if !self.case.incident.state().is_open() {
            return Err(Problem::refused(
                "This case has ended",
                "Open the case again before you change who is involved.",
            ));
        }
        make(tx, viewer, &self.case, change).await?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        let entry = entry::write(tx, &record, id, "people", &reason, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentPeopleChanged, object(id)).fact("entry", entry))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// A part that comes, or one that goes.
pub(super) enum Change {
    Add((PersonId, Part)),
    TakeAway(String),
}

async fn make(tx: &mut Tx, viewer: &Viewer, found: &Case, change: Change) -> Result<(), Problem> {
    let now = tx.now();
    match change {
        Change::Add((person, part)) => {
            let worn = hats::of(tx, person, viewer.today()).await?;
            if part == Part::Alleged && worn.hats.is_of_the_school() && !found.kind.is_sealed() {
                return Err(Problem::refused(
                    "A concern about an adult needs a case of its own",
                    "A case about a pupil can be read by more people than may know of a concern about \
                     an adult of the school. Report it as a concern of its own: it then goes where the \
                     policy says and is sealed. Nothing was changed here.",
                ));
            }
            if part == Part::Alleged && worn.identity.is(viewer.person) {
                return Err(Problem::refused(
                    "You would lose sight of this case",
                    "Nobody reads a case about themselves. Ask the next person in line to take it over.",
                ));
            }
            let there = found
                .people
                .iter()
                .any(|involved| worn.identity.is(involved.person) && involved.part == part);
            if there {
                return Err(Problem::refused(
                    "This person has that part already",
                    "Nothing was changed.",
                ));
            }
            let (row, by) = (tx.school().new_row_id(), tx.actor().key());
            tx.run_one(
                sql("insert into incident_person (id, incident, person, part, added_at, added_by, removed_at)
                     values ($1, $2, $3, $4, $5, $6, null)")
                .bind(row)
                .bind(found.id.to_string())
                .bind(person.to_string())
                .bind(part.key())
                .bind(now)
                .bind(by),
            )
            .await
        }
        Change::TakeAway(row) => {
            tx.run_one(
                sql("update incident_person set removed_at = $3
                     where id = $1 and incident = $2 and removed_at is null")
                .bind(row)
                .bind(found.id.to_string())
                .bind(now),
            )
            .await
        }
    }
}
