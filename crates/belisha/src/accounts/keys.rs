//! A person's key pair from the invitation on, so that what is sealed to somebody who
//! has not signed in yet reaches them.

use std::sync::Arc;

use belisha_rules::ids::PersonId;
use belisha_vault::{PasswordWrap, Person, PersonPrivate};

use super::codes::Code;
use super::passwords::{self, Password};
use crate::clock::ForVault;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::School;
use crate::tx::Tx;

/// A new pair whose private half waits under a code.
pub(crate) struct UnderCode {
    pub(crate) code: Code,
    pub(crate) private: PersonPrivate,
    pub(crate) wrapped: PasswordWrap,
}

/// Makes a pair for a person who is being invited. Slow, so it is done before the act begins.
pub(crate) async fn under_code(school: &Arc<School>, person: PersonId) -> Result<UnderCode, Fault> {
    let code = Code::new(school);
    let private = new(school);
    let (private, wrapped) =
        passwords::wrap(school, person, private, &Password::from(code.letters())).await?;
    Ok(UnderCode {
        code,
        private,
        wrapped,
    })
}

/// A new private key.
pub(crate) fn new(school: &School) -> PersonPrivate {
    PersonPrivate::new(&mut ForVault(&*school.chance))
}

/// A private key for the recovery kit; none while the school has no kit.
pub(crate) async fn for_recovery(
    tx: &mut Tx,
    person: PersonId,
    private: &PersonPrivate,
) -> Result<Option<Vec<u8>>, Problem> {
    let school = tx.school().clone();
    let kit = records::recovery_recipient(tx).await?;
    let (settings, id) = (school.settings(), person.to_string());
    let place = Person {
        school: &settings.id,
        id: &id,
    };
    Ok(kit.map(|kit| private.wrap_for_kit(&kit, &place, &mut ForVault(&*school.chance))))
}
