//! Founding a made-up school at once: what the steps of the wizard write, without their
//! pages. The school is marked as a demonstration, which no page can do.

use std::collections::BTreeMap;

use belisha_policy::Post;
use belisha_vault::KitRecipient;
use jiff::civil::Date;

use super::{kit, people};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::policies::{Pack, adopt};
use crate::problem::Problem;
use crate::schools::details::Details;
use crate::schools::terms::{Calendar, Span};
use crate::tx::Tx;

/// What the wizard asks for.
pub(crate) struct Founding<'a> {
    pub(crate) name: &'a str,
    pub(crate) address: &'a str,
    pub(crate) town: &'a str,
    pub(crate) terms: Vec<(String, Date, Date)>,
    pub(crate) closures: Vec<(String, Date, Date)>,
    /// Name, e-mail address and posts of each of the first people.
    pub(crate) holders: Vec<(String, String, Vec<Post>)>,
    pub(crate) kit: &'a KitRecipient,
    pub(crate) pack: &'a Pack,
    pub(crate) minute: &'a str,
}

/// Whether set-up asks who holds this post; other appointments are proposed and approved.
pub(crate) fn asks_for(post: Post) -> bool {
    people::POSTS.iter().any(|(asked, _)| *asked == post)
}

/// Writes it all.
pub(crate) async fn found(tx: &mut Tx, founding: Founding<'_>) -> Result<Entry, Problem> {
    let now = tx.now();
    Details::of(founding.name, founding.address, founding.town)
        .write(tx)
        .await?;
    let spans = |spans: Vec<(String, Date, Date)>| {
        let span = |(name, from, until)| Span { name, from, until };
        spans.into_iter().map(span).collect()
    };
    let calendar = Calendar {
        terms: spans(founding.terms),
        closures: spans(founding.closures),
    };
    calendar.write(tx).await?;
    let holders: BTreeMap<String, people::Holder> = founding
        .holders
        .into_iter()
        .map(|(name, email, posts)| (email, people::Holder { name, posts }))
        .collect();
    people::appoint(tx, &holders).await?;
    kit::keep(tx, founding.kit).await?;
    kit::is_printed(tx).await?;
    adopt(tx, founding.pack, founding.minute).await?;
    tx.run_one(
        sql("update school set demonstration = true, set_up_at = $1 where only_row = 1").bind(now),
    )
    .await?;
    Ok(
        Entry::of(EntryKind::SchoolSetUp, Object::new("school", "set-up"))
            .fact("accounts", 0_usize),
    )
}
