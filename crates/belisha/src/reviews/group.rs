//! One page of a review: a few questions that belong together. What is answered is kept
//! at once, so that whoever is interrupted loses nothing.

use belisha_rules::guides::{
    Answer, AnswerRefused, Answers, Group, Progress, Question, When, group_may_be_answered,
    progress,
};
use belisha_rules::ids::IncidentId;
use belisha_ui::{Button, Html, WarningText};

use super::field::{self, Typed};
use super::queries::{self, Open};
use super::{following, opening, show};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{object, settle};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// Where a page of a review stands.
pub(super) fn url(id: IncidentId, guide: &str, group: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/pages/{group}")
}

/// The name of the button that keeps what is answered so far.
const PART: &str = "part";

/// The answers to one page of one review.
pub(super) struct Answering {
    open: Open,
    group: &'static Group,
    /// Where it leads, once the answers are read.
    to: String,
}

/// What stands once the form is kept, and the answers that changed.
pub(super) struct Given {
    answers: Answers,
    changed: Vec<(&'static str, Answer)>,
}

impl Act for Answering {
    type At = (IncidentId, String, String);
    type Form = Typed;
    type Read = Given;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, guide, group): (IncidentId, String, String),
    ) -> Result<Self, Problem> {
        let open = queries::load(records, viewer, id, &guide).await?;
        let group = may(&open, viewer, &group)?;
        let to = show::url(id, open.review.guide.key);
        Ok(Self { open, group, to })
    }

    fn blank(&self) -> Typed {
        let mut typed = Typed::default();
        for question in self.group.questions {
            if let Some(answer) = self.open.answers.get(question.key) {
                typed.put(question, answer);
            }
        }
        typed
    }

    fn page(&self, viewer: &Viewer, typed: &Typed, wrong: &Wrong) -> ActPage {
        let (open, group) = (&self.open, self.group);
        let mut page = show::act_page(viewer, open, group.title, "Keep and go on");
        let mut lead: Vec<Html> = open
            .review
            .guide
            .warnings
            .iter()
            .map(|warning| Html::of(&WarningText::new(*warning)))
            .collect();
        lead.push(Html::paragraphs(group.says));
        page.lead = Html::join(&lead);
        let known = open.known(viewer);
        page.fields = group
            .questions
            .iter()
            .filter(|question| !matches!(question.when, When::Follows { .. }))
            .filter(|question| question.is_asked(&known))
            .map(|question| {
                let followers: Vec<&'static Question> = group
                    .questions
                    .iter()
                    .filter(
                        |other| matches!(other.when, When::Follows { of, .. } if of == question.key),
                    )
                    .collect();
                field::field(question, &followers, typed, &open.case, wrong)
            })
            .collect();
        page.also = Html::of(&Button {
            name: Some(PART.into()),
            value: Some("yes".into()),
            ..Button::secondary("Keep what I have")
        });
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        typed: &Typed,
        wrong: &mut Wrong,
    ) -> Result<Option<Given>, Problem> {
        let (open, group) = (&self.open, self.group);
        known_fields(group, typed)?;
        let partly = typed.get(PART) == "yes";
        let given = given(viewer, open, group, typed, wrong);
        if !partly {
            lacking(viewer, open, group, &given.answers, wrong);
        }
        self.to = after(viewer, open, group, &given.answers, partly);
        Ok(Some(given))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, given: Given) -> Result<Entry, Problem> {
        let Self { open, group, to } = self;
        // Nothing changed, so there is nothing to write down: go on.
        if given.changed.is_empty() {
            return Err(Problem::GoTo(to));
        }
        keep(tx, &open, &given).await?;
        let before = (open.review.guide.needs)(&open.known(viewer));
        let called_for = following::set(tx, viewer, &open, &given.answers, &before).await?;
        for other in called_for {
            if opening::open_one(tx, viewer, &open.case, other).await? {
                following::tell_the_lead(tx, viewer, &open).await?;
            }
        }
        settle(tx, open.case.id).await?;
        Ok(Entry::of(EntryKind::ReviewAnswered, object(open.case.id))
            .fact("review", open.review.guide.key)
            .fact("page", group.key)
            .fact("answers", given.changed.len()))
    }

    fn leads_to(&self) -> String {
        self.to.clone()
    }

    /// Two who answer at once do not write past one another.
    fn revision(&self) -> Option<i64> {
        Some(self.open.review.answers)
    }
}

/// The group, if the viewer may answer it now.
fn may(open: &Open, viewer: &Viewer, group: &str) -> Result<&'static Group, Problem> {
    let known = open.known(viewer);
    let group = open.review.guide.group(group).ok_or(Problem::NotFound)?;
    // What is locked says what comes first, even while none of its questions is asked yet.
    if !group.exists(&known) && (group.opens)(&known).is_ok() {
        return Err(Problem::NotFound);
    }
    group_may_be_answered(group, &known, &open.standing, open.is_the_lead).map_err(|refused| {
        match refused {
            AnswerRefused::CaseHasEnded => Problem::refused(
                "This cannot be answered now",
                "The case has ended. Open it again first, or escalate the review.",
            ),
            // Its answers are the lead's, so to others the page does not exist.
            AnswerRefused::OnlyTheLead => Problem::NotFound,
            AnswerRefused::Locked(first) => Problem::refused("Something else comes first", first),
        }
    })?;
    Ok(group)
}

/// Turns away a form that sends what the page does not show.
fn known_fields(group: &Group, typed: &Typed) -> Result<(), Problem> {
    let mut names: Vec<String> = group.questions.iter().flat_map(field::names).collect();
    names.push(PART.to_owned());
    if typed
        .names()
        .all(|name| names.iter().any(|known| known == name))
    {
        Ok(())
    } else {
        Err(Problem::refused(
            "This form could not be read",
            "It holds a field that the page does not show. Nothing was saved. Go back, reload the page and try again.",
        ))
    }
}

/// Reads the page. A question that is asked no longer is taken back.
fn given(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    typed: &Typed,
    wrong: &mut Wrong,
) -> Given {
    let zone = viewer.school.settings().time_zone.clone();
    let now = viewer.now.to_zoned(zone);
    let mut answers = open.answers.clone();
    for question in group.questions {
        match field::read(question, typed, &open.case, &now, wrong) {
            Some(answer) => answers.insert(question.key.to_owned(), answer),
            None => answers.remove(question.key),
        };
    }
    let asked: Vec<&'static str> = {
        let known = open.with(viewer, &answers);
        group.asked(&known).map(|question| question.key).collect()
    };
    let mut changed = Vec::new();
    for question in group.questions {
        if !asked.contains(&question.key) {
            answers.remove(question.key);
        }
        let new = answers.get(question.key);
        if new != open.answers.get(question.key) {
            changed.push((question.key, new.cloned().unwrap_or_default()));
        }
    }
    Given { answers, changed }
}

/// Says what is missing on the page, and what its answers contradict.
fn lacking(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    answers: &Answers,
    wrong: &mut Wrong,
) {
    let known = open.with(viewer, answers);
    for question in group.asked(&known) {
        if let Some((field, says)) = field::missing(question, answers.get(question.key)) {
            wrong.say(&field, says);
        }
    }
    for (question, says) in (open.review.guide.objections)(&known) {
        if group.questions.iter().any(|one| one.key == question) {
            wrong.say(question, says);
        }
    }
}

/// Writes the changed answers, each as a row of its own.
async fn keep(tx: &mut Tx, open: &Open, given: &Given) -> Result<(), Problem> {
    let school = tx.school().clone();
    let (now, by) = (tx.now(), tx.actor().key());
    let mut number = open.review.answers;
    for (question, answer) in &given.changed {
        number += 1;
        let id = school.new_row_id();
        let seal = |field: &str, words: &str| {
            open.record
                .seal(&school, &format!("{field}-{id}"), 0, words)
        };
        tx.run_one(
            sql("insert into review_answer (id, review, number, question, made_at, made_by, sealed_value, sealed_reason)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&id)
            .bind(&open.review.id)
            .bind(number)
            .bind(*question)
            .bind(now)
            .bind(by.clone())
            .bind(seal("answer", &answer.value))
            .bind(seal("reason", &answer.reason)),
        )
        .await?;
    }
    tx.run_one(
        sql("update review set answers = $2 where id = $1")
            .bind(&open.review.id)
            .bind(number),
    )
    .await
}

/// Where a kept page leads: to the next that is not answered, or to the review.
fn after(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    answers: &Answers,
    partly: bool,
) -> String {
    let guide = open.review.guide;
    let known = open.with(viewer, answers);
    let next = progress(guide, &known)
        .into_iter()
        .skip_while(|(other, _)| other.key != group.key)
        .skip(1)
        .find(|(other, how)| {
            matches!(how, Progress::NotBegun | Progress::Begun)
                && group_may_be_answered(other, &known, &open.standing, open.is_the_lead).is_ok()
        });
    match next {
        Some((next, _)) if !partly => url(open.case.id, guide.key, next.key),
        _ => show::url(open.case.id, guide.key),
    }
}
