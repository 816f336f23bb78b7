//! How a made-up concern is raised and handled, form by form, as far as its end allows.

use belisha_policy::Post;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use super::agenda::Agenda;
use super::dice::Dice;
use super::living::{Deed, Living};
use super::stories::{AboutWhom, Story};
use super::visit::Browser;
use super::{Life, Pack};
use crate::db::sql;
use crate::problem::{Fault, Problem};
use crate::web::sent::LOOKED_AT;

/// One story as it happens to certain people.
pub(super) struct Telling {
    pub(super) story: &'static Story,
    /// The account of whoever reports it.
    pub(super) reporter: usize,
    /// The child, and the other child or the adult, by their places in the cast.
    pub(super) child: usize,
    pub(super) other: usize,
    pub(super) ends: Ends,
    incident: String,
    report: String,
    /// The account of whoever was told first.
    handler: usize,
}

/// How far a case gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Reported,
    Acknowledged,
    Triaged,
    Responding,
    NoFurtherAction,
    Closed,
    Reopened,
}

/// One form in the handling of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Acknowledge,
    Triage,
    Write,
    SetAction,
    TellParents,
    DecideOnPolice,
    LogOutside,
    CompleteActions,
    Confirm,
    Close,
    EndWithoutAction,
    Reopen,
}

impl Ends {
    fn steps(self, pack: Pack) -> &'static [Step] {
        use Step::*;
        match (self, pack) {
            (Self::Reported, _) => &[],
            (Self::Acknowledged, _) => &[Acknowledge],
            (Self::Triaged, _) => &[Acknowledge, Triage],
            (Self::Responding, _) => &[Acknowledge, Triage, Write, SetAction],
            (Self::NoFurtherAction, _) => &[Acknowledge, Triage, EndWithoutAction],
            (Self::Closed, Pack::Junior) => &[
                Acknowledge,
                Triage,
                Write,
                TellParents,
                SetAction,
                DecideOnPolice,
                CompleteActions,
                Close,
            ],
            (Self::Closed, Pack::Primary) => &[
                Acknowledge,
                Triage,
                Write,
                TellParents,
                SetAction,
                DecideOnPolice,
                LogOutside,
                Confirm,
                CompleteActions,
                Close,
            ],
            (Self::Reopened, Pack::Junior) => &[
                Acknowledge,
                Triage,
                Write,
                TellParents,
                DecideOnPolice,
                CompleteActions,
                Close,
                Reopen,
            ],
            (Self::Reopened, Pack::Primary) => &[
                Acknowledge,
                Triage,
                Write,
                TellParents,
                DecideOnPolice,
                LogOutside,
                Confirm,
                CompleteActions,
                Close,
                Reopen,
            ],
        }
    }
}

impl Telling {
    pub(super) fn new(
        story: &'static Story,
        reporter: usize,
        child: usize,
        other: usize,
        ends: Ends,
    ) -> Self {
        Self {
            story,
            reporter,
            child,
            other,
            ends,
            incident: String::new(),
            report: String::new(),
            handler: reporter,
        }
    }

    fn told(&self, living: &Living, words: &str) -> String {
        let name = |who: usize| living.cast.people[who].name.as_str();
        words
            .replace("{a}", first(name(self.child)))
            .replace("{b}", first(name(self.other)))
            .replace("{adult}", name(self.other))
    }

    /// Raises the concern, and plans how it is handled.
    pub(super) async fn report(
        &mut self,
        number: usize,
        life: &Life<'_>,
        living: &Living,
        agenda: &mut Agenda<Deed>,
    ) -> Result<(), Problem> {
        let mut browser = living.sit_down(life, self.reporter).await?;
        let words = self.told(living, self.story.words);
        let mut fields = vec![
            ("words", words.as_str()),
            ("when", "now"),
            ("place", self.story.place),
            ("at-risk", if self.story.at_risk { "yes" } else { "no" }),
            ("told-lead", if self.story.at_risk { "yes" } else { "no" }),
            ("knows-how", self.story.knows_how),
        ];
        let (child, other) = (
            living.id(self.child).to_string(),
            living.id(self.other).to_string(),
        );
        let (child_name, other_name) = (
            &living.cast.people[self.child].name,
            &living.cast.people[self.other].name,
        );
        match self.story.about {
            AboutWhom::Child => {
                fields.extend([
                    ("who", child_name.as_str()),
                    ("part", "harmed"),
                    ("meant", child.as_str()),
                ]);
            }
            AboutWhom::Children => {
                fields.extend([
                    ("who", child_name.as_str()),
                    ("part", "harmed"),
                    ("meant", child.as_str()),
                ]);
                fields.extend([
                    ("who", other_name.as_str()),
                    ("part", "alleged"),
                    ("meant", other.as_str()),
                ]);
            }
            AboutWhom::Assistant | AboutWhom::Headteacher => {
                fields.extend([
                    ("who", other_name.as_str()),
                    ("part", "alleged"),
                    ("meant", other.as_str()),
                ]);
            }
        }
        browser.post("/reports", &fields).await?;
        self.find(life, living).await?;
        self.plan(number, life, living, agenda)
    }

    /// Looks up which case came of the report and who was told first.
    async fn find(&mut self, life: &Life<'_>, living: &Living) -> Result<(), Problem> {
        let mut records = life.school.database.read().await?;
        let row = sql("select id, incident from report order by reported_at desc, id limit 1")
            .one(&mut records)
            .await?;
        (self.report, self.incident) = (row.get("id")?, row.get("incident")?);
        let readers = sql("select person from incident_reader where incident = $1 and why = 'first' order by person")
            .bind(&self.incident)
            .all(&mut records)
            .await?;
        for reader in readers {
            let person: String = reader.get("person")?;
            let found = living
                .accounts
                .iter()
                .position(|account| living.id(account.who).to_string() == person);
            if let Some(handler) = found {
                self.handler = handler;
                return Ok(());
            }
        }
        Err(Fault::said("a made-up report reached nobody who can sign in".into()).into())
    }

    fn plan(
        &self,
        number: usize,
        life: &Life<'_>,
        living: &Living,
        agenda: &mut Agenda<Deed>,
    ) -> Result<(), Problem> {
        let dice = Dice::of(&*life.school.chance);
        let mut at = life.school.clock.now();
        for step in self.ends.steps(living.pack) {
            at = match step {
                Step::Acknowledge => at + SignedDuration::from_mins(dice.between(4, 50)),
                Step::Triage => at + SignedDuration::from_mins(dice.between(15, 120)),
                Step::Write | Step::SetAction | Step::DecideOnPolice | Step::LogOutside => {
                    at + SignedDuration::from_mins(dice.between(5, 40))
                }
                Step::TellParents => at + SignedDuration::from_mins(dice.between(30, 90)),
                Step::Confirm | Step::EndWithoutAction => life.morning_after(at, 1, dice)?,
                Step::CompleteActions => life.morning_after(at, dice.between(2, 8), dice)?,
                Step::Close => at + SignedDuration::from_mins(dice.between(10, 60)),
                Step::Reopen => life.morning_after(at, dice.between(3, 9), dice)?,
            };
            agenda.plan(
                at,
                Deed::Handle {
                    telling: number,
                    step: *step,
                },
            );
        }
        Ok(())
    }

    /// Does one step of the handling.
    pub(super) async fn handle(
        &self,
        step: Step,
        life: &Life<'_>,
        living: &Living,
    ) -> Result<(), Problem> {
        let who = match step {
            Step::Confirm => self.reporter,
            Step::EndWithoutAction => living.account_of(Post::DesignatedSafeguardingLead),
            Step::Acknowledge
            | Step::Triage
            | Step::Write
            | Step::SetAction
            | Step::TellParents
            | Step::DecideOnPolice
            | Step::LogOutside
            | Step::CompleteActions
            | Step::Close
            | Step::Reopen => self.handler,
        };
        let mut browser = living.sit_down(life, who).await?;
        let at = |act: &str| format!("/incidents/{}/{act}", self.incident);
        let (entry, action, outcome) = (
            self.told(living, self.story.entry),
            self.told(living, self.story.action),
            self.told(living, self.story.outcome),
        );
        let today = life.school.today();
        let is_about_an_adult = matches!(
            self.story.about,
            AboutWhom::Assistant | AboutWhom::Headteacher
        );
        let [day, month, year] = boxes(today);
        match step {
            Step::Acknowledge => {
                browser.post(&at("acknowledgement"), &[]).await?;
            }
            Step::Triage => {
                let path = at("triage");
                let revision = browser
                    .get(&path)
                    .await?
                    .hidden(LOOKED_AT)
                    .unwrap_or_default();
                let at_risk = if self.story.at_risk && !is_about_an_adult {
                    "yes"
                } else {
                    "no"
                };
                let fields = [
                    ("category", self.story.category),
                    ("child-at-risk", at_risk),
                    ("disturbing", "no"),
                    ("imagery", "no"),
                    ("outcome", "respond"),
                    (
                        "reason",
                        "From what the report says and what the child told me since.",
                    ),
                    (LOOKED_AT, &revision),
                ];
                browser.post(&path, &fields).await?;
            }
            Step::Write => {
                let path = at("entries/new");
                let fields = [
                    ("words", entry.as_str()),
                    ("on-day", ""),
                    ("on-month", ""),
                    ("on-year", ""),
                ];
                browser.post(&path, &fields).await?;
            }
            Step::SetAction => {
                let owner = living.id(living.accounts[self.handler].who).to_string();
                let [day, month, year] = boxes(today + Span::new().days(7));
                let fields = [
                    ("words", action.as_str()),
                    ("owner", &owner),
                    ("due-day", &day),
                    ("due-month", &month),
                    ("due-year", &year),
                ];
                browser.post(&at("actions/new"), &fields).await?;
            }
            // Neither parents nor the outside log hear of a concern about an adult.
            Step::TellParents | Step::LogOutside if is_about_an_adult => (),
            Step::TellParents => {
                let fields = [
                    ("decision", "informed"),
                    ("on-day", &day),
                    ("on-month", &month),
                    ("on-year", &year),
                    (
                        "words",
                        "Rang home and told them what happened and what we are doing about it.",
                    ),
                ];
                browser
                    .ask(
                        &at("parents"),
                        &fields.map(|(name, value)| (name, value as &str)),
                    )
                    .await?;
            }
            Step::DecideOnPolice => {
                let fields = [
                    ("decision", "not-told"),
                    (
                        "reason",
                        "Nothing here is unlawful, and the advice we took agrees.",
                    ),
                ];
                // Only some triages ask the question.
                browser.ask(&at("police"), &fields).await?;
            }
            Step::LogOutside => {
                browser
                    .ask(
                        &at("external-record"),
                        &[("reference", "Entered the same day")],
                    )
                    .await?;
            }
            Step::CompleteActions => {
                for id in self.open_actions(life).await? {
                    let path = at(&format!("actions/{id}/completion"));
                    browser
                        .ask(&path, &[("outcome", "Done, and all is well.")])
                        .await?;
                }
            }
            Step::Confirm => {
                browser
                    .ask(&format!("/reports/{}/confirmation", self.report), &[])
                    .await?;
            }
            Step::Close => {
                if !is_about_an_adult {
                    self.see_to_everybody(&mut browser, living, who).await?;
                }
                let path = at("closure");
                let revision = browser
                    .try_get(&path)
                    .await?
                    .hidden(LOOKED_AT)
                    .unwrap_or_default();
                browser
                    .ask(&path, &[("outcome", &outcome), (LOOKED_AT, &revision)])
                    .await?;
            }
            Step::EndWithoutAction => {
                let path = at("no-further-action");
                let revision = browser
                    .try_get(&path)
                    .await?
                    .hidden(LOOKED_AT)
                    .unwrap_or_default();
                browser
                    .ask(&path, &[("reason", &outcome), (LOOKED_AT, &revision)])
                    .await?;
            }
            Step::Reopen => {
                let fields = [("reason", "It has happened again, this time after school.")];
                browser.ask(&at("reopening"), &fields).await?;
            }
        }
        Ok(())
    }

    /// What both policies ask before a case about children closes: support for each, and a
    /// sanction for whoever did it.
    async fn see_to_everybody(
        &self,
        browser: &mut Browser,
        living: &Living,
        who: usize,
    ) -> Result<(), Problem> {
        let at = |act: &str| format!("/incidents/{}/{act}", self.incident);
        let agreed = living.id(living.accounts[who].who).to_string();
        let mut children = vec![self.child];
        if matches!(self.story.about, AboutWhom::Children) {
            children.push(self.other);
            let person = living.id(self.other).to_string();
            let fields = [
                ("person", person.as_str()),
                ("step", "talk"),
                ("agreed", &agreed),
                ("reason", "The first time, and they were sorry."),
            ];
            browser.ask(&at("sanctions/new"), &fields).await?;
        }
        for child in children {
            let person = living.id(child).to_string();
            let fields = [
                ("person", person.as_str()),
                ("decision", "declined"),
                ("words", "They know whom to come to, and are well."),
            ];
            browser.ask(&at("support/new"), &fields).await?;
        }
        Ok(())
    }

    async fn open_actions(&self, life: &Life<'_>) -> Result<Vec<String>, Fault> {
        let mut records = life.school.database.read().await?;
        sql("select id from incident_action where incident = $1 and done_at is null order by id")
            .bind(&self.incident)
            .all(&mut records)
            .await?
            .iter()
            .map(|row| row.get("id"))
            .collect()
    }
}

/// A date as the three boxes of a form take it.
pub(super) fn boxes(day: Date) -> [String; 3] {
    [
        day.day().to_string(),
        day.month().to_string(),
        day.year().to_string(),
    ]
}

fn first(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// When something happens on a school day.
pub(super) fn in_school(life: &Life<'_>, day: Date, dice: Dice<'_>) -> Result<Timestamp, Fault> {
    life.at(day, dice.between(9, 14), dice.between(0, 59))
}
