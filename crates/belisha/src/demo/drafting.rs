//! The next version of a made-up school's policy, half written: the screen is to lock
//! after five minutes.

use belisha_policy::Post;
use jiff::Span;

use super::Life;
use super::agenda::Agenda;
use super::dice::Dice;
use super::living::{Deed, Living};
use crate::problem::{Fault, Problem};

/// Plans it for the week before the present.
pub(super) fn plan(
    life: &Life<'_>,
    dice: Dice<'_>,
    agenda: &mut Agenda<Deed>,
) -> Result<(), Fault> {
    let day = life.until - Span::new().days(4);
    agenda.plan(life.at(day, 15, dice.between(30, 59))?, Deed::DraftPolicy);
    Ok(())
}

/// The co-ordinator begins a draft and changes one line of it.
pub(super) async fn draft(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    let mut browser = living
        .sit_down(life, living.account_of(Post::OnlineSafetyCoordinator))
        .await?;
    let draft = browser.post("/policy/versions", &[]).await?.led_to;
    let draft = draft.trim_end_matches("/text").to_owned();
    let path = format!("{draft}/text");
    let revision = browser
        .get(&path)
        .await?
        .hidden("revision")
        .unwrap_or_default();
    let text = sooner(living.pack.policy().text);
    browser
        .post(&path, &[("revision", &revision), ("text", &text)])
        .await?;
    Ok(())
}

/// The same policy with a shorter time before the screen locks.
fn sooner(text: &str) -> String {
    match text.split_once("```control idle-lock") {
        Some((before, after)) => {
            let after = after.replacen("10 minutes", "5 minutes", 1);
            format!("{before}```control idle-lock{after}")
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use belisha_policy::controls::idle_lock;

    use super::super::Pack;
    use super::*;

    #[test]
    fn the_draft_reads_and_locks_sooner() {
        for pack in [Pack::Junior, Pack::Primary] {
            let text = pack.policy().text;
            let lock = |text: &str| {
                belisha_policy::parse(text)
                    .expect("a policy")
                    .get(&idle_lock::AFTER)
                    .seconds()
            };
            assert_eq!((lock(text), lock(&sooner(text))), (600, 300));
        }
    }
}
