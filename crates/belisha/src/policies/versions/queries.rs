//! What the records hold of the versions of the policy. The only file of the feature
//! that reads them whole.

use belisha_policy::controls::policy_approval::Approver;
use belisha_policy::{Policy, Word as _};
use belisha_rules::ids::{PersonId, PolicyVersionId};
use belisha_rules::people::Identity;
use belisha_rules::policies::{self as rules, Approval, Chain, VersionState};
use jiff::Timestamp;
use jiff::civil::Date;

use super::fingerprint;
use crate::db::{Connection, Row, sql};
use crate::problem::{Fault, Problem};

/// One version without its text, as lists show it.
pub(in crate::policies) struct Listed {
    pub(in crate::policies) id: PolicyVersionId,
    pub(in crate::policies) number: i64,
    pub(in crate::policies) state: String,
    pub(in crate::policies) revision: i64,
    pub(in crate::policies) made_at: Timestamp,
    pub(in crate::policies) made_by: String,
    pub(in crate::policies) in_force_on: Option<Date>,
    pub(in crate::policies) superseded_on: Option<Date>,
    pub(in crate::policies) begun_from: Option<PolicyVersionId>,
}

/// One version, whole.
pub(in crate::policies) struct Version {
    pub(in crate::policies) row: Listed,
    pub(in crate::policies) text: String,
    pub(in crate::policies) policy: Policy,
    pub(in crate::policies) decisions: Vec<Decision>,
}

/// What one body decided about one text.
pub(in crate::policies) struct Decision {
    pub(in crate::policies) step: Approver,
    pub(in crate::policies) approved: bool,
    pub(in crate::policies) minute: String,
    pub(in crate::policies) reason: String,
    pub(in crate::policies) at: Timestamp,
    pub(in crate::policies) person: Option<PersonId>,
    pub(in crate::policies) name: String,
    fingerprint: String,
}

impl Version {
    /// The decisions about the text as it stands; those about earlier words are void.
    pub(in crate::policies) fn standing_decisions(&self) -> impl Iterator<Item = &Decision> {
        let mark = fingerprint(&self.text, self.row.revision);
        self.decisions
            .iter()
            .filter(move |decision| decision.fingerprint == mark)
    }

    /// The facts by which the rules decide.
    pub(in crate::policies) fn facts(&self) -> rules::Version {
        rules::Version {
            put_forward: matches!(
                self.row.state.as_str(),
                "proposed" | "approved" | "in-force" | "superseded"
            ),
            approvals: self
                .standing_decisions()
                .filter(|decision| decision.approved)
                .filter_map(|decision| {
                    Some(Approval {
                        step: decision.step,
                        by: Identity::of(decision.person?),
                    })
                })
                .collect(),
            in_force_from: self.row.in_force_on,
            superseded_from: self.row.superseded_on,
            withdrawn: self.row.state == "withdrawn",
        }
    }

    /// The chain by which this version is approved.
    pub(in crate::policies) fn chain(&self, in_force: &Policy) -> Chain {
        Chain::of(&self.policy, Some(in_force)).unwrap_or(Chain {
            steps: Vec::new(),
            minute: true,
        })
    }

    pub(in crate::policies) fn state(&self, in_force: &Policy, today: Date) -> VersionState {
        rules::state(&self.facts(), &self.chain(in_force), today)
    }

    /// Whether no other version came into force since this one was begun.
    pub(in crate::policies) fn is_begun_from(&self, in_force: PolicyVersionId) -> bool {
        self.row.begun_from == Some(in_force)
    }
}

/// Every version, newest first.
pub(in crate::policies) async fn list(connection: &mut Connection) -> Result<Vec<Listed>, Fault> {
    sql("select policy_version.id, policy_version.number, policy_version.state, policy_version.revision,
                policy_version.made_at, policy_version.in_force_on, policy_version.superseded_on,
                policy_version.begun_from, coalesce(person.name, 'set-up') as made_by
         from policy_version
         left join person on person.id = substr(policy_version.made_by, 8)
         order by policy_version.number desc")
    .all(connection)
    .await?
    .iter()
    .map(listed)
    .collect()
}

fn listed(row: &Row) -> Result<Listed, Fault> {
    Ok(Listed {
        id: row.read("id", |text| text.parse().ok())?,
        number: row.get("number")?,
        state: row.get("state")?,
        revision: row.get("revision")?,
        made_at: row.instant("made_at")?,
        made_by: row.get("made_by")?,
        in_force_on: row.date_optional("in_force_on")?,
        superseded_on: row.date_optional("superseded_on")?,
        begun_from: row.read_optional("begun_from", |text| text.parse().ok())?,
    })
}

/// One version, or not found.
pub(in crate::policies) async fn version(
    connection: &mut Connection,
    id: PolicyVersionId,
) -> Result<Version, Problem> {
    let row = sql(
        "select policy_version.id, policy_version.number, policy_version.state, policy_version.revision,
                policy_version.made_at, policy_version.in_force_on, policy_version.superseded_on,
                policy_version.begun_from, policy_version.text, coalesce(person.name, 'set-up') as made_by
         from policy_version
         left join person on person.id = substr(policy_version.made_by, 8)
         where policy_version.id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let text: String = row.get("text")?;
    let policy = belisha_policy::parse(&text)
        .map_err(|_| Fault::said(format!("version {id} of the policy no longer reads")))?;
    Ok(Version {
        row: listed(&row)?,
        text,
        policy,
        decisions: decisions(connection, id).await?,
    })
}

/// What was decided about a version, oldest first.
pub(in crate::policies) async fn decisions(
    connection: &mut Connection,
    id: PolicyVersionId,
) -> Result<Vec<Decision>, Fault> {
    sql(
        "select policy_approval.approver, policy_approval.decision, policy_approval.minute,
                policy_approval.reason, policy_approval.approved_at, policy_approval.approved_by,
                policy_approval.fingerprint, coalesce(person.name, 'set-up') as name
         from policy_approval
         left join person on person.id = substr(policy_approval.approved_by, 8)
         where policy_approval.version = $1
         order by policy_approval.approved_at, policy_approval.id",
    )
    .bind(id.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let by: String = row.get("approved_by")?;
        Ok(Decision {
            step: row.read("approver", Approver::from_key)?,
            approved: row.get::<String>("decision")? == "approved",
            minute: row.get("minute")?,
            reason: row.get("reason")?,
            at: row.instant("approved_at")?,
            person: by
                .strip_prefix("person:")
                .and_then(|person| person.parse().ok()),
            name: row.get("name")?,
            fingerprint: row.get("fingerprint")?,
        })
    })
    .collect()
}

/// The version that held on a day: its id, number and first day.
pub(in crate::policies) async fn on_day(
    connection: &mut Connection,
    day: Date,
) -> Result<Option<PolicyVersionId>, Fault> {
    sql("select id from policy_version
         where state in ('in-force', 'superseded')
           and in_force_on <= $1 and (superseded_on is null or superseded_on > $1)
         order by number desc")
    .bind(day)
    .optional(connection)
    .await?
    .map(|row| row.read("id", |text| text.parse().ok()))
    .transpose()
}

/// The version from which another was begun.
pub(in crate::policies) async fn begun_from(
    connection: &mut Connection,
    id: PolicyVersionId,
) -> Result<Option<PolicyVersionId>, Fault> {
    sql("select begun_from from policy_version where id = $1")
        .bind(id.to_string())
        .one(connection)
        .await?
        .read_optional("begun_from", |text| text.parse().ok())
}
