//! What a key may be made for: each scope and the acts it covers, declared once.

use belisha_rules::access::Action;

/// A scope: its name in a key, what it is for, and the acts it covers.
pub(crate) struct Scope {
    pub(crate) key: &'static str,
    pub(crate) says: &'static str,
    pub(crate) covers: &'static [Action],
}

pub(crate) const SCOPES: &[Scope] = &[
    Scope {
        key: "report",
        says: "send reports of concerns and follow them",
        covers: &[Action::RaiseConcern, Action::ReadOwnReport],
    },
    Scope {
        key: "cases",
        says: "see which cases there are and how they stand, without a word of them",
        covers: &[Action::ReadCase],
    },
    Scope {
        key: "register",
        says: "read the register of people and classes",
        covers: &[Action::ReadRegister, Action::ReadOwnEntry],
    },
    Scope {
        key: "policy",
        says: "read the policy in force and the status of its clauses",
        covers: &[Action::ReadPolicy, Action::ReadAssurance],
    },
    Scope {
        key: "agreements",
        says: "read who has signed and who has not",
        covers: &[Action::ReadSignature, Action::ListUnsigned],
    },
    Scope {
        key: "sign",
        says: "sign your own agreements in your name",
        covers: &[Action::SignAgreement],
    },
];

/// The acts that a key with these scopes covers.
pub(crate) fn actions(scopes: &str) -> Vec<Action> {
    SCOPES
        .iter()
        .filter(|scope| scopes.split(' ').any(|held| held == scope.key))
        .flat_map(|scope| scope.covers.iter().copied())
        .collect()
}
