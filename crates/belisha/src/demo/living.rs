//! The life of a made-up school: what is going to happen, and who does it.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use belisha_rules::ids::PersonId;
use jiff::civil::Date;
use jiff::{SignedDuration, Span};

use super::accounts::Account;
use super::agenda::Agenda;
use super::cases::{self, Ends, Step, Telling};
use super::cast::Cast;
use super::dice::Dice;
use super::stories::{ABOUT_ADULTS, AboutWhom, STORIES, Story};
use super::visit::Browser;
use super::{Life, Pack, drafting, filtering, founding, guests, nights, register, signing};
use crate::jobs;
use crate::problem::{Fault, Problem};

/// Everybody of a made-up school with the keys to act.
pub(super) struct Living {
    pub(super) pack: Pack,
    pub(super) cast: Cast,
    ids: Vec<Option<PersonId>>,
    pub(super) accounts: Vec<Account>,
    pub(super) router: Router,
}

/// Something that somebody does. Accounts and tellings are known by their places in their lists.
pub(super) enum Deed {
    Sign {
        account: usize,
    },
    Report {
        telling: usize,
    },
    Handle {
        telling: usize,
        step: Step,
    },
    DraftPolicy,
    /// A school year begins: the roll is imported.
    NewYear {
        school_year: i16,
    },
    WelcomeGuest,
    /// The filter’s part: lists, requests, traffic.
    UseFilter,
    /// The program does its nightly work.
    Night,
}

/// Concerns are told of after so many days: by then whoever signs has signed, and may
/// look the children up.
const SETTLING_IN: usize = 12;
/// So many concerns a term of twelve weeks for two hundred pupils.
const CONCERNS: usize = 28;
/// So many of them in the last days, of which some are still open.
const FRESH: [Ends; 6] = [
    Ends::Responding,
    Ends::Triaged,
    Ends::Acknowledged,
    Ends::Responding,
    Ends::Reported,
    Ends::Reported,
];

/// So many times more of them where many years are made up: ten years of four hundred and
/// fifty pupils come to about six thousand.
const OVER_YEARS: (usize, usize) = (32, 10);
/// What is older than so many days was dealt with.
const SETTLED_AFTER: i64 = 35;

impl Living {
    pub(super) fn new(pack: Pack, cast: Cast, router: Router) -> Self {
        Self {
            pack,
            ids: vec![None; cast.people.len()],
            cast,
            accounts: Vec::new(),
            router,
        }
    }

    /// The id of somebody who is on the register.
    pub(super) fn id(&self, who: usize) -> PersonId {
        self.ids[who].expect("nobody acts or is acted on before they are on the register")
    }

    pub(super) fn is_known(&self, who: usize) -> bool {
        self.ids[who].is_some()
    }

    /// Learns the id that the register gave.
    pub(super) fn know(&mut self, who: usize, id: PersonId) {
        self.ids[who] = Some(id);
    }

    /// Somebody signs in.
    pub(super) async fn sit_down(
        &self,
        life: &Life<'_>,
        account: usize,
    ) -> Result<Browser, Problem> {
        let account = &self.accounts[account];
        let key = account
            .key
            .as_ref()
            .ok_or_else(|| Fault::said("a guest was asked to act".into()))?;
        Browser::open(&self.router, life.school, self.id(account.who), key).await
    }

    /// Lives from the day the school was set up until the present.
    pub(super) async fn live(&mut self, life: &Life<'_>) -> Result<(), Problem> {
        let dice = Dice::of(&*life.school.chance);
        let mut agenda = Agenda::until(life.end);
        signing::plan(life, self, dice, &mut agenda)?;
        drafting::plan(life, dice, &mut agenda)?;
        guests::plan(life, dice, &mut agenda)?;
        filtering::plan(life, &mut agenda)?;
        nights::plan(life, &mut agenda)?;
        let mut tellings = self.tell(life, dice, &mut agenda)?;
        while let Some((at, deed)) = agenda.next() {
            life.clock
                .set(at.max(life.school.clock.now() + SignedDuration::from_secs(1)));
            match deed {
                Deed::Sign { account } => signing::sign(life, self, account).await?,
                Deed::Report { telling } => {
                    tellings[telling]
                        .report(telling, life, self, &mut agenda)
                        .await?;
                }
                Deed::Handle { telling, step } => {
                    tellings[telling].handle(step, life, self).await?
                }
                Deed::DraftPolicy => drafting::draft(life, self).await?,
                Deed::NewYear { school_year } => {
                    register::new_year(life, self, school_year).await?;
                }
                Deed::WelcomeGuest => guests::welcome(life, self).await?,
                Deed::UseFilter => filtering::live(life, self).await?,
                Deed::Night => jobs::work_until_idle(life.school).await?,
            }
        }
        Ok(())
    }

    /// Spreads the concerns over the school days, those of the last days apart.
    fn tell(
        &self,
        life: &Life<'_>,
        dice: Dice<'_>,
        agenda: &mut Agenda<Deed>,
    ) -> Result<Vec<Telling>, Problem> {
        let days: Vec<Date> = life
            .school
            .today()
            .series(Span::new().days(1))
            .skip(SETTLING_IN)
            .take_while(|day| *day < life.until)
            .filter(|day| founding::is_school_day(*day))
            .collect();
        let Some(last_days) = days.len().checked_sub(4).map(|from| &days[from..]) else {
            return Ok(Vec::new());
        };
        let rolls: BTreeMap<i16, Vec<usize>> = days
            .iter()
            .map(|day| founding::school_year(*day))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|year| {
                let roll = self.cast.roll(year).into_iter();
                (year, roll.map(|(who, _)| who).collect())
            })
            .collect();
        if rolls.values().any(|roll| roll.len() < 2) {
            return Ok(Vec::new());
        }
        let pupils = rolls.values().map(Vec::len).max().unwrap_or_default();
        let mut concerns = (CONCERNS * days.len() * pupils / (60 * 210)).max(8);
        if life.years > 1 {
            concerns = concerns * OVER_YEARS.0 / OVER_YEARS.1;
        }
        let mut stories: Vec<&'static Story> = Vec::new();
        let mut tellings = Vec::new();
        let mut plan = |telling: Telling, day: Date| {
            agenda.plan(
                cases::in_school(life, day, dice)?,
                Deed::Report {
                    telling: tellings.len(),
                },
            );
            tellings.push(telling);
            Ok::<(), Problem>(())
        };
        for (number, story) in ABOUT_ADULTS.iter().enumerate() {
            let ends = if number == 0 {
                Ends::Closed
            } else {
                Ends::Responding
            };
            let late = days.len().saturating_sub(30).max(days.len() / 2);
            let day = *dice.one_of(&days[late..]);
            plan(self.telling(story, &rolls, day, dice, ends), day)?;
        }
        let settled = life.until - Span::new().days(SETTLED_AFTER);
        for _ in 0..concerns {
            if stories.is_empty() {
                stories.extend(STORIES);
                dice.shuffle(&mut stories);
            }
            let Some(story) = stories.pop() else { continue };
            let day = *dice.one_of(&days);
            let ends = match dice.below(20) {
                0 => Ends::NoFurtherAction,
                1 if day >= settled => Ends::Reopened,
                2 if day >= settled => Ends::Responding,
                _ => Ends::Closed,
            };
            plan(self.telling(story, &rolls, day, dice, ends), day)?;
        }
        for (story, ends) in STORIES.iter().zip(FRESH) {
            let day = *dice.one_of(last_days);
            plan(self.telling(story, &rolls, day, dice, ends), day)?;
        }
        Ok(tellings)
    }

    fn telling(
        &self,
        story: &'static Story,
        rolls: &BTreeMap<i16, Vec<usize>>,
        day: Date,
        dice: Dice<'_>,
        ends: Ends,
    ) -> Telling {
        let pupils = &rolls[&founding::school_year(day)];
        let child = *dice.one_of(pupils);
        let other = match story.about {
            AboutWhom::Child | AboutWhom::Children => loop {
                let other = *dice.one_of(pupils);
                if other != child {
                    break other;
                }
            },
            AboutWhom::Assistant => self.working_as("Teaching assistant"),
            AboutWhom::Headteacher => self.cast.holder(belisha_policy::Post::Headteacher),
        };
        let teachers: Vec<usize> = (0..self.accounts.len())
            .filter(|account| {
                let who = self.accounts[*account].who;
                who != other
                    && self
                        .cast
                        .classes
                        .iter()
                        .any(|class| class.teacher == who || class.assistant == Some(who))
            })
            .collect();
        // A class teacher who holds a post might be the one who handles it, so others report.
        let plain: Vec<usize> = teachers
            .iter()
            .copied()
            .filter(|account| {
                !signing::leaves_it(*account)
                    && self.cast.people[self.accounts[*account].who]
                        .posts
                        .is_empty()
            })
            .collect();
        Telling::new(
            story,
            *dice.one_of(if plain.is_empty() { &teachers } else { &plain }),
            child,
            other,
            ends,
        )
    }

    /// The first person of this work.
    fn working_as(&self, job: &str) -> usize {
        self.cast
            .people
            .iter()
            .position(|someone| someone.job_title == job)
            .unwrap_or(0)
    }

    /// The account of a class teacher who holds no post.
    pub(super) fn a_teacher(&self) -> usize {
        (0..self.accounts.len())
            .find(|account| {
                let who = self.accounts[*account].who;
                !signing::leaves_it(*account)
                    && self.accounts[*account].key.is_some()
                    && self.cast.people[who].posts.is_empty()
                    && self.cast.classes.iter().any(|class| class.teacher == who)
            })
            .unwrap_or(0)
    }

    /// The account of whoever holds a post.
    pub(super) fn account_of(&self, post: belisha_policy::Post) -> usize {
        let holder = self.cast.holder(post);
        self.accounts
            .iter()
            .position(|account| account.who == holder)
            .expect("whoever holds a post of a made-up school has an account")
    }
}
