//! The signature: the way a review ends, and the statements that stand behind it.

use belisha_rules::guides::{SignRefused, Way, may_sign};
use belisha_rules::ids::IncidentId;
use belisha_ui::{Checkboxes, Choice, Html, InsetText, Label, Radios, Textarea};
use serde::Deserialize;

use super::queries::{self, Open};
use super::show;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{object, settle};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// Where a review is signed.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/signature")
}

/// The signature of one review.
pub(super) struct Signature {
    open: Open,
    /// The ways that the answers leave open, and those that they do not, with the reason.
    ways: Vec<(&'static Way, Result<(), &'static str>)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    way: String,
    /// The statements that were made: way and number, such as `refer-0`.
    states: Vec<String>,
    words: String,
}

/// What the form says.
pub(super) struct Said {
    way: &'static Way,
    words: String,
}

impl Act for Signature {
    type At = (IncidentId, String);
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, guide): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let open = queries::load(records, viewer, id, &guide).await?;
        let known = open.known(viewer);
        let guide = open.review.guide;
        let ways = guide
            .ways
            .iter()
            .map(|way| (way, (way.offered)(&known)))
            .collect();
        // Whoever comes before everything is answered hears what is missing, and to
        // others than the lead the page does not exist.
        match may_sign(
            guide,
            &known,
            &open.standing,
            open.is_the_lead,
            &guide.ways[0],
            &[],
            "",
        ) {
            Err(SignRefused::OnlyTheLead) => return Err(Problem::NotFound),
            Err(refused @ (SignRefused::CaseHasEnded | SignRefused::Unanswered(_))) => {
                return Err(refusal(&refused));
            }
            Ok(())
            | Err(
                SignRefused::AlreadySigned
                | SignRefused::NotOffered(_)
                | SignRefused::StatementMissing(_)
                | SignRefused::WordsMissing(_),
            ) => {}
        }
        Ok(Self { open, ways })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = show::act_page(viewer, &self.open, "Sign the review", "Sign the review");
        let mut lead = vec![Html::paragraphs(
            "Your name and the time stand beside it. If an answer changes later, it is signed again.",
        )];
        let mut choices = Vec::new();
        for (way, offered) in &self.ways {
            match offered {
                Err(why) => lead.push(Html::of(&InsetText::new(format!(
                    "“{}” is not open: {why}",
                    way.name
                )))),
                Ok(()) => choices.push(choice(way, form, wrong)),
            }
        }
        let chosen = match (choices.as_slice(), form.way.as_str()) {
            ([only], "") => Some(only.value.clone()),
            (_, "") => None,
            (_, way) => Some(way.to_owned()),
        };
        page.lead = Html::join(&lead);
        page.fields = vec![Html::of(&Radios {
            chosen,
            error: wrong.at("way"),
            ..Radios::new("way", Label::medium("How does it end?"), choices)
        })];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let open = &self.open;
        let Some(way) = open.review.guide.way(&form.way) else {
            wrong.say("way", "Choose how it ends");
            return Ok(None);
        };
        wrong.no_picture("words", &form.words);
        let states: Vec<bool> = (0..way.statements.len())
            .map(|number| form.states.contains(&format!("{}-{number}", way.key)))
            .collect();
        match may_sign(
            open.review.guide,
            &open.known(viewer),
            &open.standing,
            open.is_the_lead,
            way,
            &states,
            &form.words,
        ) {
            // The act says it again, after a form that was sent twice has been led on.
            Ok(()) | Err(SignRefused::AlreadySigned) => {}
            Err(SignRefused::StatementMissing(statement)) => wrong.say(
                "states",
                format!("Say that this is so, or go back and change your answers: “{statement}”"),
            ),
            Err(SignRefused::WordsMissing(asks)) => {
                wrong.say("words", format!("Answer this: {asks}"));
            }
            Err(SignRefused::NotOffered(why)) => wrong.say("way", why.trim_end_matches('.')),
            Err(refused) => return Err(refusal(&refused)),
        }
        Ok(Some(Said {
            way,
            words: form.words.trim().to_owned(),
        }))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, said: Said) -> Result<Entry, Problem> {
        let Self { open, .. } = self;
        if open.standing.signed.is_some() {
            return Err(refusal(&SignRefused::AlreadySigned));
        }
        let (school, id) = (tx.school().clone(), open.case.id);
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        let sealed = open
            .record
            .seal(&school, &format!("signature-{row}"), 0, &said.words);
        tx.run_one(
            sql("insert into review_signature (id, review, made_at, made_by, way, answers, sealed_words)
                 values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&row)
            .bind(&open.review.id)
            .bind(now)
            .bind(by)
            .bind(said.way.key)
            .bind(open.review.answers)
            .bind(sealed),
        )
        .await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::ReviewSigned, object(id))
            .fact("review", open.review.guide.key)
            .fact("way", said.way.key))
    }

    fn leads_to(&self) -> String {
        show::url(self.open.case.id, self.open.review.guide.key)
    }

    /// What is signed are the answers that were looked at.
    fn revision(&self) -> Option<i64> {
        Some(self.open.review.answers)
    }
}

/// A way with its statements beneath it.
fn choice(way: &Way, form: &Form, wrong: &Wrong) -> Choice {
    let is_this = form.way == way.key;
    let statements = way
        .statements
        .iter()
        .enumerate()
        .map(|(number, says)| Choice::new(format!("{}-{number}", way.key), *says))
        .collect();
    let mut reveals = vec![Html::of(&Checkboxes {
        id: format!("states-{}", way.key),
        error: wrong.at("states").filter(|_| is_this),
        chosen: form.states.clone(),
        ..Checkboxes::new("states", "I say that", statements)
    })];
    if !way.asks.is_empty() {
        reveals.push(Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words").filter(|_| is_this),
            rows: 4,
            ..Textarea::new("words", way.asks)
        }));
    }
    Choice {
        reveals: Some(Html::join(&reveals)),
        ..Choice::new(way.key, way.name)
    }
}

fn refusal(refused: &SignRefused) -> Problem {
    let why = match refused {
        SignRefused::CaseHasEnded => "The case has ended. Open it again first.".to_owned(),
        SignRefused::AlreadySigned => {
            "It is signed already. Change an answer first, and it can be signed again.".to_owned()
        }
        SignRefused::OnlyTheLead => "The safeguarding lead signs this.".to_owned(),
        SignRefused::Unanswered(pages) => {
            let pages: Vec<String> = pages.iter().map(|page| format!("“{page}”")).collect();
            format!("Answer these pages first: {}.", belisha_policy::and(&pages))
        }
        SignRefused::NotOffered(why)
        | SignRefused::StatementMissing(why)
        | SignRefused::WordsMissing(why) => (*why).to_owned(),
    };
    Problem::refused("This review cannot be signed now", why)
}
