//! Who can open a record: readers added and taken, and the public keys that records are wrapped to.

use super::*;

/// Lets one more person open a sealed record. The caller holds the open record, so a
/// reader is added by a reader. False where the person has no key to wrap to yet.
pub async fn give(
    tx: &mut Tx,
    object: &Object,
    record: &OpenRecord,
    to: PersonId,
) -> Result<bool, Problem> {
    let Some(public) = public_key(tx, to).await? else {
        return Ok(false);
    };
    let school = tx.school().clone();
    let reader = to.to_string();
    let wrapped = record.key.wrap_for(
        &Reader {
            person: &reader,
            key: &public,
        },
        &record.record(),
        &mut ForVault(&*school.chance),
    );
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run(
        sql("insert into record_key_reader (record, person, wrapped, given_at, given_by)
             values ($1, $2, $3, $4, $5)
             on conflict (record, person) do update
             set wrapped = excluded.wrapped, given_at = excluded.given_at, given_by = excluded.given_by")
        .bind(object.as_str())
        .bind(&reader)
        .bind(wrapped)
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(true)
}

/// Takes every sealed record from a person whose private key is lost: what was wrapped to
/// the old key opens for nobody. How many there were; a reader or the recovery kit can
/// give them again.
pub async fn forget_reader(tx: &mut Tx, person: PersonId) -> Result<u64, Problem> {
    Ok(tx
        .run(sql("delete from record_key_reader where person = $1").bind(person.to_string()))
        .await?)
}

/// Takes one record from a person. What they read they have read; a record that is written
/// on gets a new key besides, by [`replace_key`].
pub async fn take(tx: &mut Tx, object: &Object, person: PersonId) -> Result<(), Problem> {
    tx.run(
        sql("delete from record_key_reader where record = $1 and person = $2")
            .bind(object.as_str())
            .bind(person.to_string()),
    )
    .await?;
    Ok(())
}

/// The public half of a person's key, once they have an account.
pub async fn public_key(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<PersonPublic>, Fault> {
    let row = sql("select public_key from account where person = $1 and state <> 'disabled'")
        .bind(person.to_string())
        .optional(connection)
        .await?;
    let Some(bytes) = row
        .map(|row| row.get::<Option<Vec<u8>>>("public_key"))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    PersonPublic::from_bytes(&bytes)
        .map(Some)
        .map_err(|error| Fault::at(format!("the public key of person {person}"), error))
}

/// The public half of the recovery kit that is in use; none before set-up made one.
pub async fn recovery_recipient(
    connection: &mut Connection,
) -> Result<Option<KitRecipient>, Fault> {
    let row =
        sql("select recipient from recovery_kit where retired_at is null order by made_at desc")
            .optional(connection)
            .await?;
    row.map(|row| row.read("recipient", |text| text.parse().ok()))
        .transpose()
}
