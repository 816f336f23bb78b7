//! Signatures as they are kept: written once, by the signer on screen or by the office
//! from paper, and read back for copies.

use belisha_policy::{Standing, Word as _};
use belisha_rules::agreements::Agreement;
use belisha_rules::ids::{PersonId, PolicyVersionId, SignatureId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::notices::{NoticeKind, settled};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// A signature as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: SignatureId,
    pub(super) person: PersonId,
    pub(super) person_name: String,
    pub(super) of: String,
    pub(super) version: i64,
    pub(super) signed_at: Timestamp,
    pub(super) signed_on: Date,
    pub(super) full_name: String,
    pub(super) post: String,
    pub(super) until_on: Option<Date>,
    pub(super) basis: String,
    pub(super) sequence: Option<i64>,
    /// Empty for a signature on paper.
    pub(super) signed_text: String,
    pub(super) paper_place: Option<String>,
}

/// What is kept of a new signature.
pub(super) struct New<'a> {
    pub(super) id: SignatureId,
    pub(super) person: PersonId,
    pub(super) version: PolicyVersionId,
    pub(super) agreement: &'a Agreement,
    pub(super) on: Date,
    pub(super) full_name: &'a str,
    pub(super) post: &'a str,
    pub(super) signed_text: &'a str,
    pub(super) paper_place: Option<&'a str>,
}

/// Keeps a signature with the marks of every clause as it was signed, works out anew
/// what its signer owes, and takes the reminders off their list.
pub(super) async fn keep(tx: &mut Tx, new: New<'_>) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    let sequence = i64::try_from(tx.next_sequence())
        .map_err(|error| Fault::at("the journal's sequence".into(), error))?;
    let basis = basis(tx, new.person).await?;
    let until = new.agreement.again.map(|period| period.after(new.on));
    tx.run_one(
        sql(
            "insert into agreement_signature (id, person, agreement, version, signed_at, signed_on,
                                              full_name, post, until_on, basis, sequence,
                                              withdrawn_at, signed_text, paper_place, recorded_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, $12, $13, $14)",
        )
        .bind(new.id.to_string())
        .bind(new.person.to_string())
        .bind(&new.agreement.of)
        .bind(new.version.to_string())
        .bind(now)
        .bind(new.on)
        .bind(new.full_name)
        .bind(new.post)
        .bind(until)
        .bind(basis)
        .bind(sequence)
        .bind(new.signed_text)
        .bind(new.paper_place)
        .bind(by),
    )
    .await?;
    for (clause, mark) in &new.agreement.clauses {
        tx.run_one(
            sql(
                "insert into agreement_signature_clause (signature, clause, fingerprint)
                 values ($1, $2, $3)",
            )
            .bind(new.id.to_string())
            .bind(clause)
            .bind(mark),
        )
        .await?;
    }
    super::person_changed(tx, new.person).await?;
    let object = Object::new("agreement", &new.agreement.of);
    settled(tx, new.person, NoticeKind::AgreementToSign, &object).await
}

/// What the agreement is part of for this person: a contract, an office, or an
/// undertaking of their own (C-157).
async fn basis(tx: &mut Tx, person: PersonId) -> Result<&'static str, Fault> {
    let standing = sql("select standing from person where id = $1")
        .bind(person.to_string())
        .one(tx)
        .await?
        .read("standing", Standing::from_key)?;
    Ok(match standing {
        Standing::Staff => "contract of employment",
        Standing::Governor => "duties of a governor",
        Standing::StudentTeacher
        | Standing::Volunteer
        | Standing::Contractor
        | Standing::Guest
        | Standing::Parent
        | Standing::Pupil => "own undertaking",
    })
}

/// A signature by its id.
pub(super) async fn find(connection: &mut Connection, id: SignatureId) -> Result<Kept, Problem> {
    let row = sql(
        "select agreement_signature.id, agreement_signature.person, person.name as person_name,
                agreement_signature.agreement, policy_version.number as version,
                agreement_signature.signed_at, agreement_signature.signed_on,
                agreement_signature.full_name, agreement_signature.post,
                agreement_signature.until_on, agreement_signature.basis,
                agreement_signature.sequence, agreement_signature.signed_text,
                agreement_signature.paper_place
         from agreement_signature
         join person on person.id = agreement_signature.person
         join policy_version on policy_version.id = agreement_signature.version
         where agreement_signature.id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    Ok(Kept {
        id,
        person: row.read("person", |text| text.parse().ok())?,
        person_name: row.get("person_name")?,
        of: row.get("agreement")?,
        version: row.get("version")?,
        signed_at: row.instant("signed_at")?,
        signed_on: row.date("signed_on")?,
        full_name: row.get("full_name")?,
        post: row.get("post")?,
        until_on: row.date_optional("until_on")?,
        basis: row.get("basis")?,
        sequence: row.get("sequence")?,
        signed_text: row.get("signed_text")?,
        paper_place: row.get("paper_place")?,
    })
}
