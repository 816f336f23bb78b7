//! Made-up people sign what the policy asks of them: most in their first weeks, some
//! late, a few not yet.

use jiff::Span;

use super::dice::Dice;
use super::{Life, Living};
use crate::problem::Problem;

/// The one agreement of both packs.
const OF: &str = "staff";

/// Everybody who is asked signs on one of the days that follow, except one in twelve.
/// Those who hold a post sign first, since their work cannot wait.
pub(super) async fn sign(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    let dice = Dice::of(&*life.school.chance);
    let first_day = life.school.today();
    for (who, account) in living.accounts.iter().enumerate() {
        let someone = &living.cast.people[account.who];
        let has_post = !someone.posts.is_empty();
        if !has_post && who % 12 == 5 {
            continue;
        }
        let days = if has_post { 0 } else { dice.between(0, 9) };
        let day = (first_day + Span::new().days(days)).max(someone.starts_on).min(life.until);
        life.be(day, dice.between(8, 15), dice.between(0, 59));
        let mut browser = living.sit_down(life, account).await?;
        let path = format!("/agreements/{OF}/sign");
        let asked = browser.try_get(&path).await?;
        let Some(shown) = asked.hidden("shown") else {
            // The policy does not ask this person.
            continue;
        };
        let date = asked.hidden("date").unwrap_or_default();
        browser
            .post(
                &path,
                &[
                    ("shown", &shown),
                    ("date", &date),
                    ("full-name", &someone.name),
                    ("post", someone.job_title),
                    ("policy-read", "yes"),
                    ("agree", "yes"),
                    ("name-asked", ""),
                ],
            )
            .await?;
    }
    Ok(())
}
