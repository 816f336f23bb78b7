//! Made-up people sign what the policy asks of them: those who hold a post on the first
//! day, most others within two weeks, a few not yet; and again when their signature has run out.

use jiff::civil::Date;
use jiff::{SignedDuration, Span};

use super::Life;
use super::agenda::Agenda;
use super::dice::Dice;
use super::living::{Deed, Living};
use crate::problem::{Fault, Problem};

/// The one agreement of both packs.
const PATH: &str = "/agreements/staff/sign";

/// Plans who signs when. Of those without a post one in ten leaves it.
pub(super) fn plan(
    life: &Life<'_>,
    living: &Living,
    dice: Dice<'_>,
    agenda: &mut Agenda<Deed>,
) -> Result<(), Fault> {
    let first_day = life.school.today();
    let mut at = life.school.clock.now();
    for (number, account) in living.accounts.iter().enumerate() {
        let someone = &living.cast.people[account.who];
        let deed = || Deed::Sign { account: number };
        let signed_on = if someone.posts.is_empty() {
            let day = (first_day + Span::new().days(dice.between(0, 9))).max(someone.starts_on);
            if leaves_it(number) {
                continue;
            }
            agenda.plan(
                life.at(day, dice.between(9, 15), dice.between(0, 59))?,
                deed(),
            );
            day
        } else {
            at += SignedDuration::from_mins(2);
            agenda.plan(at, deed());
            first_day
        };
        for day in again(signed_on, life.years) {
            agenda.plan(life.at(day, 8, 5)?, deed());
        }
    }
    Ok(())
}

/// The days of signing anew: a signature holds for a year, and three days after its end there is another.
fn again(signed_on: Date, years: u8) -> impl Iterator<Item = Date> {
    (1..=i64::from(years)).map(move |year| signed_on + Span::new().years(year).days(3 * year))
}

/// Whether this account without a post does not get round to signing.
pub(super) fn leaves_it(account: usize) -> bool {
    account % 10 == 4
}

/// Somebody reads the agreement and signs it, if the policy asks them to.
pub(super) async fn sign(life: &Life<'_>, living: &Living, account: usize) -> Result<(), Problem> {
    let someone = &living.cast.people[living.accounts[account].who];
    let mut browser = living.sit_down(life, account).await?;
    let asked = browser.try_get(PATH).await?;
    let Some(shown) = asked.hidden("shown") else {
        return Ok(());
    };
    let date = asked.hidden("date").unwrap_or_default();
    let fields = [
        ("shown", shown.as_str()),
        ("date", &date),
        ("full-name", &someone.name),
        ("post", someone.job_title),
        ("policy-read", "yes"),
        ("agree", "yes"),
    ];
    browser.post(PATH, &fields).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use belisha_policy::Standing;
    use belisha_rules::agreements::{Agreement, Signature, Signer, Signing, standing};
    use belisha_rules::calendar::SchoolCalendar;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn whoever_signs_again_is_asked_to_and_is_in_time() {
        let policy = belisha_policy::parse(crate::testing::JUNIOR).expect("the pack");
        let calendar = SchoolCalendar::of_england_and_wales();
        for signed_on in [date(2017, 9, 4), date(2020, 2, 29), date(2023, 12, 31)] {
            let agreement = Agreement::all(&policy, signed_on).remove(0);
            let signer = Signer {
                standings: BTreeSet::from([Standing::Staff]),
                starts_on: signed_on,
                ends_on: None,
            };
            let mut signature = Signature {
                signed_on,
                clauses: agreement.clauses.clone(),
            };
            let days: Vec<Date> = again(signed_on, 10).collect();
            assert_eq!(days.len(), 10);
            for day in days {
                let signatures = std::slice::from_ref(&signature);
                let stands = standing(&agreement, &signer, signatures, day, &calendar);
                assert!(
                    matches!(stands, Signing::Due { overdue: false, .. }),
                    "{signed_on} {day}: {stands:?}"
                );
                signature.signed_on = day;
            }
        }
    }
}
