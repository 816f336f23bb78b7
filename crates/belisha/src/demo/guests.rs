//! A supply teacher comes for two weeks: the network manager opens a guest account, and
//! the guest types the code and chooses a password.

use belisha_policy::{Post, Standing};
use jiff::Span;

use super::accounts::Account;
use super::agenda::Agenda;
use super::dice::Dice;
use super::living::{Deed, Living};
use super::visit::Browser;
use super::{Life, founding, names};
use crate::db::sql;
use crate::problem::{Fault, Problem};

/// Plans it for the last days before the present.
pub(super) fn plan(
    life: &Life<'_>,
    dice: Dice<'_>,
    agenda: &mut Agenda<Deed>,
) -> Result<(), Fault> {
    let day = founding::weekday_before(life.until - Span::new().days(5));
    agenda.plan(life.at(day, 8, dice.between(0, 50))?, Deed::WelcomeGuest);
    Ok(())
}

pub(super) async fn welcome(life: &Life<'_>, living: &mut Living) -> Result<(), Problem> {
    let guest = living
        .cast
        .people
        .iter()
        .position(|someone| someone.standing == Standing::Guest);
    let Some(who) = guest else { return Ok(()) };
    let someone = &living.cast.people[who];
    let (email, last) = (
        someone.email.clone().unwrap_or_default(),
        someone.ends_on.unwrap_or(life.until),
    );
    let [day, month, year] = super::cases::boxes(last);
    let fields = [
        ("name", someone.name.as_str()),
        ("email", &email),
        ("ends-on-day", &day),
        ("ends-on-month", &month),
        ("ends-on-year", &year),
    ];
    let mut browser = living
        .sit_down(life, living.account_of(Post::NetworkManager))
        .await?;
    let code = browser
        .send_form("/accounts/guests/new", &fields)
        .await?
        .code()
        .ok_or_else(|| Fault::said("the guest account showed no code".into()))?;
    let password = names::password(Dice::of(&*life.school.chance));
    life.a_minute_passes();
    let mut theirs = Browser::of_nobody(&living.router, life.school);
    theirs
        .post(
            "/invitation",
            &[("code", &code), ("new_password", &password)],
        )
        .await?;
    let row = sql("select id from person where email = $1")
        .bind(email)
        .one(&mut life.school.database.read().await?)
        .await?;
    living.know(who, row.read("id", |text| text.parse().ok())?);
    living.accounts.push(Account {
        who,
        password,
        totp_secret: None,
        key: None,
    });
    Ok(())
}
