//! Referrals as they are read.

use belisha_policy::Word as _;
use belisha_rules::ids::IncidentId;
use belisha_rules::referrals::{self, State, Step};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;

/// A referral without what is sealed.
pub(super) struct Referral {
    pub(super) id: String,
    pub(super) review: Option<String>,
    pub(super) agencies: Vec<String>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) chase_on: Option<Date>,
    pub(super) state: State,
    /// The agency that it was last sent to.
    pub(super) sent_to: Option<String>,
}

/// The referrals of a case, those withdrawn too, oldest first.
pub(super) async fn of_case(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<Vec<Referral>, Fault> {
    let steps = sql(
        "select referral_step.referral, referral_step.step, referral_step.agency
         from referral_step join referral on referral.id = referral_step.referral
         where referral.incident = $1 order by referral_step.referral, referral_step.number",
    )
    .bind(incident.to_string())
    .all(connection)
    .await?;
    let taken: Vec<(String, Step, String)> = steps
        .iter()
        .map(|row| {
            Ok((
                row.get("referral")?,
                row.read("step", Step::from_key)?,
                row.get("agency")?,
            ))
        })
        .collect::<Result<_, Fault>>()?;
    sql("select id, review, agencies, due_at, chase_on, withdrawn_at
         from referral where incident = $1 order by made_at, id")
    .bind(incident.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| referral(row, &taken))
    .collect()
}

fn referral(row: &Row, taken: &[(String, Step, String)]) -> Result<Referral, Fault> {
    let id: String = row.get("id")?;
    let due_at = row.instant_optional("due_at")?;
    let withdrawn = row.instant_optional("withdrawn_at")?.is_some();
    let own = || taken.iter().filter(|(referral, _, _)| *referral == id);
    let steps: Vec<Step> = own().map(|(_, step, _)| *step).collect();
    Ok(Referral {
        state: referrals::state(&steps, due_at, withdrawn),
        sent_to: own()
            .rfind(|(_, step, _)| *step == Step::Sent)
            .map(|(_, _, agency)| agency.clone()),
        review: row.get("review")?,
        agencies: row
            .get::<String>("agencies")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        due_at,
        chase_on: row.date_optional("chase_on")?,
        id,
    })
}

/// A referral that a review asks for.
pub(crate) struct OfReview {
    pub(crate) need: String,
    pub(crate) sent: bool,
}

impl OfReview {
    pub(crate) fn is_due(&self) -> bool {
        !self.sent
    }
}

/// The referrals that a review asks for.
pub(crate) async fn of_review(
    connection: &mut Connection,
    review: &str,
) -> Result<Vec<OfReview>, Fault> {
    sql("select need, exists (select 1 from referral_step
                              where referral_step.referral = referral.id and referral_step.step = 'sent') as sent
         from referral where review = $1 and withdrawn_at is null")
    .bind(review)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(OfReview {
            need: row.get("need")?,
            sent: row.get("sent")?,
        })
    })
    .collect()
}

/// How many referrals of the case must be sent and have not been.
pub(crate) async fn due(connection: &mut Connection, incident: IncidentId) -> Result<usize, Fault> {
    let row = sql("select count(*) as count from referral
         where incident = $1 and withdrawn_at is null
           and not exists (select 1 from referral_step
                           where referral_step.referral = referral.id and referral_step.step = 'sent')")
    .bind(incident.to_string())
    .one(connection)
    .await?;
    Ok(usize::try_from(row.get::<i64>("count")?).unwrap_or(usize::MAX))
}
