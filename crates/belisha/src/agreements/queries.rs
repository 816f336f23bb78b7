//! What the agreement pages read: the agreements in force, who is asked, and how each
//! person stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use belisha_policy::controls::agreement;
use belisha_policy::{Policy, Standing, Word as _};
use belisha_rules::agreements::{Agreement, Clauses, Signature, Signer};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::{InForce, School};

/// The agreements of the policy in force, each with the day since when its words have
/// stood as they do now.
pub(super) async fn in_force(
    connection: &mut Connection,
    school: &School,
) -> Result<(Arc<InForce>, Vec<Agreement>), Problem> {
    let in_force = school.in_force(connection).await?;
    let mut agreements = Agreement::all(&in_force.policy, in_force.in_force_on);
    if agreements.is_empty() {
        return Ok((in_force, agreements));
    }
    // A version that leaves an agreement's words alone starts no new time to sign.
    let earlier = sql("select text, in_force_on from policy_version
         where state = 'superseded' and in_force_on is not null order by number desc")
    .all(connection)
    .await?;
    let mut unchanged: Vec<bool> = vec![true; agreements.len()];
    for row in &earlier {
        let text: String = row.get("text")?;
        let Ok(policy) = belisha_policy::parse(&text) else {
            break;
        };
        let on = row.date("in_force_on")?;
        let before = Agreement::all(&policy, on);
        for (agreement, unchanged) in agreements.iter_mut().zip(&mut unchanged) {
            let same = before
                .iter()
                .find(|earlier| earlier.of == agreement.of)
                .is_some_and(|earlier| earlier.clauses == agreement.clauses);
            *unchanged &= same;
            if *unchanged {
                agreement.in_force_on = on;
            }
        }
        if !unchanged.contains(&true) {
            break;
        }
    }
    Ok((in_force, agreements))
}

/// The title and gate of an agreement by its short name.
pub(super) fn bound<'a>(
    policy: &'a Policy,
    of: &str,
) -> Result<&'a belisha_policy::Bound, Problem> {
    policy
        .find(&agreement::OF, &of.to_owned())
        .ok_or(Problem::NotFound)
}

/// Everybody who is still one entry of the register and has not left, or one of them.
pub(super) async fn signers(
    connection: &mut Connection,
    only: Option<PersonId>,
    today: Date,
) -> Result<BTreeMap<PersonId, Signer>, Fault> {
    let only = only.map(|person| person.to_string()).unwrap_or_default();
    let mut signers: BTreeMap<PersonId, Signer> = BTreeMap::new();
    for row in sql("select id, standing, starts_on, ends_on from person
         where merged_into is null and ($1 = '' or id = $1)
           and (ends_on is null or ends_on >= $2)")
    .bind(&only)
    .bind(today)
    .all(connection)
    .await?
    {
        signers.insert(
            row.read("id", |text| text.parse().ok())?,
            Signer {
                standings: [row.read("standing", Standing::from_key)?].into(),
                starts_on: row.date("starts_on")?,
                ends_on: row.date_optional("ends_on")?,
            },
        );
    }
    for row in sql("select distinct adult from family_tie where $1 = '' or adult = $1")
        .bind(&only)
        .all(connection)
        .await?
    {
        let adult: PersonId = row.read("adult", |text| text.parse().ok())?;
        if let Some(signer) = signers.get_mut(&adult) {
            signer.standings.insert(Standing::Parent);
        }
    }
    Ok(signers)
}

/// The signatures on one agreement, of everybody or of one person, under whatever id
/// they were given.
pub(super) async fn signatures(
    connection: &mut Connection,
    of: &str,
    only: Option<PersonId>,
) -> Result<BTreeMap<PersonId, Vec<Signature>>, Fault> {
    let merged = merged(connection).await?;
    let mut ids: Vec<String> = Vec::new();
    if let Some(person) = only {
        let identity = hats::identity(connection, person).await?;
        ids.push(identity.person.to_string());
        ids.extend(identity.aliases.iter().map(ToString::to_string));
    } else {
        ids.push(String::new());
    }
    let mut found: BTreeMap<String, (PersonId, Signature)> = BTreeMap::new();
    for id in ids {
        let rows = sql(
            "select agreement_signature.id, agreement_signature.signed_on,
                    agreement_signature.person,
                    agreement_signature_clause.clause, agreement_signature_clause.fingerprint
             from agreement_signature
             join agreement_signature_clause
               on agreement_signature_clause.signature = agreement_signature.id
             where agreement_signature.agreement = $1 and agreement_signature.withdrawn_at is null
               and ($2 = '' or agreement_signature.person = $2)",
        )
        .bind(of)
        .bind(id)
        .all(connection)
        .await?;
        for row in rows {
            let person = match only {
                Some(person) => person,
                None => kept(&merged, row.read("person", |text| text.parse().ok())?),
            };
            let (_, signature) = match found.entry(row.get("id")?) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => entry.insert((
                    person,
                    Signature {
                        signed_on: row.date("signed_on")?,
                        clauses: Clauses::new(),
                    },
                )),
            };
            signature
                .clauses
                .insert(row.get("clause")?, row.get("fingerprint")?);
        }
    }
    let mut by_person: BTreeMap<PersonId, Vec<Signature>> = BTreeMap::new();
    for (person, signature) in found.into_values() {
        by_person.entry(person).or_default().push(signature);
    }
    Ok(by_person)
}

/// Which entry of the register was folded into which.
async fn merged(connection: &mut Connection) -> Result<BTreeMap<PersonId, PersonId>, Fault> {
    sql("select id, merged_into from person where merged_into is not null")
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.read("id", |text| text.parse().ok())?,
                row.read("merged_into", |text| text.parse().ok())?,
            ))
        })
        .collect()
}

/// The entry that stands for a person after every merge.
fn kept(merged: &BTreeMap<PersonId, PersonId>, mut person: PersonId) -> PersonId {
    // No chain is longer than the list, so a ring, which no merge makes, ends too.
    for _ in 0..merged.len() {
        match merged.get(&person) {
            Some(next) => person = *next,
            None => break,
        }
    }
    person
}

/// What a person owes or has signed, as `agreement_due` keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owed {
    pub(super) of: String,
    pub(super) due_on: Date,
    pub(super) signed_on: Option<Date>,
    pub(super) until_on: Option<Date>,
    pub(super) changed: Vec<String>,
}

/// How it stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stands {
    Overdue,
    Due,
    Signed,
}

impl Owed {
    pub(super) fn stands(&self, today: Date) -> Stands {
        let holds = self.signed_on.is_some() && self.until_on.is_none_or(|until| until >= today);
        match (holds, self.due_on < today) {
            (true, _) => Stands::Signed,
            (false, true) => Stands::Overdue,
            (false, false) => Stands::Due,
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            of: row.get("agreement")?,
            due_on: row.date("due_on")?,
            signed_on: row.date_optional("signed_on")?,
            until_on: row.date_optional("until_on")?,
            changed: row
                .get::<String>("changed_clauses")?
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// What one person owes and has signed, by agreement.
pub(super) async fn owed_by(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Vec<Owed>, Fault> {
    sql(
        "select agreement, due_on, signed_on, until_on, changed_clauses
         from agreement_due where person = $1 order by agreement",
    )
    .bind(person.to_string())
    .all(connection)
    .await?
    .iter()
    .map(Owed::read)
    .collect()
}
