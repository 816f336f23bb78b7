//! Somebody decides about a version of a list: takes one that is held, refuses one, or goes back to the one
//! before. Each says why; the index is made anew at once.

use std::marker::PhantomData;

use belisha_filter::decided::Decided;
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::refreshing::LISTS;
use super::stored::{self, Found};
use super::{show, slug};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::devices;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// What one such decision has of its own.
pub(super) trait Verb: Send + Sync + 'static {
    const PATH: &'static str;
    const TITLE: &'static str;
    const BUTTON: &'static str;
    const ENTRY: EntryKind;
    const FOLLOWS: &'static str;

    /// The version about which it decides, where there is one.
    fn version(found: &Found) -> Option<String>;
    fn decided(version: String) -> Decided;
}

pub(super) struct Take;
pub(super) struct Refuse;
pub(super) struct Back;

impl Verb for Take {
    const PATH: &'static str = "taking";
    const TITLE: &'static str = "Take the newer version";
    const BUTTON: &'static str = "Take it";
    const ENTRY: EntryKind = EntryKind::FilterListTaken;
    const FOLLOWS: &'static str = "It is in use within a minute. The version before is kept.";

    fn version(found: &Found) -> Option<String> {
        found.waiting().map(str::to_owned)
    }

    fn decided(version: String) -> Decided {
        Decided::Take(version)
    }
}

impl Verb for Refuse {
    const PATH: &'static str = "refusal";
    const TITLE: &'static str = "Refuse the newer version";
    const BUTTON: &'static str = "Refuse it";
    const ENTRY: EntryKind = EntryKind::FilterListRefused;
    const FOLLOWS: &'static str =
        "The version in use stays. What the publisher brings out next is looked at afresh.";

    fn version(found: &Found) -> Option<String> {
        found.waiting().map(str::to_owned)
    }

    fn decided(version: String) -> Decided {
        Decided::Refuse(version)
    }
}

impl Verb for Back {
    const PATH: &'static str = "return";
    const TITLE: &'static str = "Go back to the version before";
    const BUTTON: &'static str = "Go back to it";
    const ENTRY: EntryKind = EntryKind::FilterListReturned;
    const FOLLOWS: &'static str =
        "It is in use within a minute, and stays so until somebody takes a newer one.";

    fn version(found: &Found) -> Option<String> {
        found.before().map(|kept| kept.digest.clone())
    }

    fn decided(version: String) -> Decided {
        Decided::Back(version)
    }
}

pub(super) fn url<V: Verb>(list: &str) -> String {
    format!("{}/{}", show::url(list), V::PATH)
}

/// A decision being made.
pub(super) struct Deciding<V> {
    found: Found,
    version: String,
    verb: PhantomData<V>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
    /// The version that was looked at.
    version: String,
}

impl<V: Verb> Act for Deciding<V> {
    type At = String;
    type Form = Form;
    type Read = String;

    async fn load(_: &mut Connection, viewer: &Viewer, list: String) -> Result<Self, Problem> {
        devices::require(viewer)?;
        let found = stored::find(&viewer.school, &list)?;
        let version = V::version(&found).ok_or_else(|| {
            Problem::refused(
                "There is no such version",
                "Somebody was quicker, or the publisher brought out another. Go back to the list.",
            )
        })?;
        Ok(Self {
            found,
            version,
            verb: PhantomData,
        })
    }

    fn blank(&self) -> Form {
        Form {
            version: self.version.clone(),
            ..Form::default()
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let name = &self.found.standing.name;
        let mut page = ActPage::new(viewer, show::url(name), name.clone(), V::TITLE, V::BUTTON);
        page.lead = Html::join(&[
            Html::of(&InsetText::new(V::FOLLOWS)),
            Html::trusted("<p>"),
            Html::link("What it would do to last week’s traffic", &show::url(name)),
            Html::trusted("</p>"),
        ]);
        page.fields = vec![reason("reason", &form.reason, wrong), hidden(&form.version)];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        if form.version != self.version {
            return Err(Problem::changed_first());
        }
        Ok(wrong.text("reason", &form.reason, "Say why"))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, reason: String) -> Result<Entry, Problem> {
        let name = &self.found.standing.name;
        let short = self.version.get(..16).unwrap_or_default().to_owned();
        stored::decide(tx, name, &V::decided(self.version), &reason).await?;
        let now = tx.now();
        crate::jobs::ask_within(tx, LISTS.key, now).await?;
        Ok(Entry::of(V::ENTRY, Object::new("filter-list", slug(name))).fact("version", short))
    }

    fn leads_to(&self) -> String {
        show::url(&self.found.standing.name)
    }
}

/// The question that each of them asks.
pub(super) fn reason(id: &str, typed: &str, wrong: &Wrong) -> Html {
    Html::of(&Textarea {
        id: id.to_owned(),
        value: typed.to_owned(),
        rows: 2,
        hint: Some(
            "Such as: the publisher says that it is right; or: times tables were among the games."
                .into(),
        ),
        error: wrong.at("reason"),
        ..Textarea::new("reason", Label::medium("Why?"))
    })
}

pub(super) fn hidden(version: &str) -> Html {
    Html::join(&[
        Html::trusted("<input type=\"hidden\" name=\"version\" value=\""),
        version.into(),
        Html::trusted("\">"),
    ])
}
