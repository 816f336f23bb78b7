//! Who is asking, and by what means.

use std::collections::BTreeSet;

use super::records::{Action, Kind};
use super::roles::Role;
use crate::people::{Hats, Identity};

/// Whoever asks: a person with their roles of today, or the nightly duties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    identity: Option<Identity>,
    roles: BTreeSet<Role>,
    account: AccountState,
    means: Means,
    withheld: bool,
}

impl Viewer {
    /// A person who is signed in.
    pub fn person(identity: Identity, hats: &Hats, account: AccountState) -> Self {
        Self {
            identity: Some(identity),
            roles: Role::of(hats),
            account,
            means: Means::Session,
            withheld: false,
        }
    }

    /// A program that acts for a person by a token that names what it may do.
    pub fn token(
        identity: Identity,
        hats: &Hats,
        account: AccountState,
        scope: impl IntoIterator<Item = Action>,
    ) -> Self {
        let means = Means::Token(scope.into_iter().collect());
        Self {
            means,
            ..Self::person(identity, hats, account)
        }
    }

    /// The same person, from whom the filter and its log are withheld while a case about them
    /// is dealt with.
    #[must_use]
    pub fn withheld(self, withheld: bool) -> Self {
        Self { withheld, ..self }
    }

    /// The program itself, acting at set times.
    pub fn nightly_duties() -> Self {
        Self {
            identity: None,
            roles: BTreeSet::from([Role::NightlyDuties]),
            account: AccountState::Active,
            means: Means::Session,
            withheld: false,
        }
    }

    /// Somebody without an account, whom nobody knows: a child on a school device, a
    /// parent with a link. They can raise a concern and do nothing else.
    pub fn without_account() -> Self {
        Self {
            identity: None,
            roles: BTreeSet::new(),
            account: AccountState::Active,
            means: Means::Session,
            withheld: false,
        }
    }

    /// One column of the table as a viewer, for printing it.
    pub(super) fn in_role(identity: Identity, role: Role) -> Self {
        Self {
            identity: Some(identity),
            roles: BTreeSet::from([role]),
            account: AccountState::Active,
            means: Means::Session,
            withheld: false,
        }
    }

    /// The person, or none for the nightly duties.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    pub fn account(&self) -> AccountState {
        self.account
    }

    pub(super) fn is_withheld(&self) -> bool {
        self.withheld
    }

    pub(super) fn means(&self) -> &Means {
        &self.means
    }
}

/// By what means a request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    Session,
    /// Only these actions; and of a case no more than how it stands.
    Token(BTreeSet<Action>),
}

impl Means {
    /// Whether the action may be asked for by these means at all. A token
    /// cannot authenticate afresh, so what needs that is beyond it. It has no key
    /// that opens a record, so reading a case is to it seeing how the case stands;
    /// of a case that is sealed to persons it knows no more than that its own
    /// report was taken up.
    pub(super) fn covers(&self, action: Action, kind: Kind) -> bool {
        match self {
            Self::Session => true,
            Self::Token(scope) => {
                let is_for_programs = !kind.is_case()
                    || action == Action::ReadOwnReport
                    || (action == Action::ReadCase && !kind.is_sealed());
                scope.contains(&action)
                    && is_for_programs
                    && !super::needs_fresh_authentication(action)
            }
        }
    }
}

/// How far an account has come, or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountState {
    /// The invitation has not been taken up.
    Invited,
    /// Waits for the second person's approval.
    Pending,
    /// Signed in, but a second factor is owed first.
    MustEnrol,
    /// Signed in, but an agreement that gates the account is owed first.
    MustSign,
    Active,
    /// The password was reported as known to somebody else, until it is reset.
    Locked,
    /// A guest's end date, or a leaver's last day, has passed.
    Expired,
    Disabled,
}

impl AccountState {
    pub const ALL: [Self; 8] = [
        Self::Invited,
        Self::Pending,
        Self::MustEnrol,
        Self::MustSign,
        Self::Active,
        Self::Locked,
        Self::Expired,
        Self::Disabled,
    ];

    /// Whether an account in this state may ask for the action at all. Whoever
    /// can sign in can raise a concern, even before they have enrolled or signed.
    pub fn allows(self, action: Action) -> bool {
        match self {
            Self::Active => true,
            Self::MustEnrol => matches!(action, Action::RaiseConcern | Action::UseOwnAccount),
            Self::MustSign => matches!(
                action,
                Action::RaiseConcern
                    | Action::UseOwnAccount
                    | Action::SignAgreement
                    | Action::ReadSignature
                    | Action::ReadPolicy
            ),
            Self::Invited | Self::Pending | Self::Locked | Self::Expired | Self::Disabled => false,
        }
    }

    /// What the person is told, and what they can do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Invited => "Your account is not set up yet. Follow the link in your invitation.",
            Self::Pending => {
                "Your account waits for a second person's approval. The headteacher can give it."
            }
            Self::MustEnrol => {
                "Your posts need a second factor. Set one up; everything else opens then. \
                 You can still report a concern."
            }
            Self::MustSign => {
                "Your account opens when you have signed the agreement. \
                 You can still report a concern."
            }
            Self::Active => "Your account is active.",
            Self::Locked => {
                "Your password was reported as known to somebody else. Ask for a new one; \
                 the account opens again with it."
            }
            Self::Expired => {
                "Your access has ended on the date that was agreed. \
                 If you still need it, ask the school office."
            }
            Self::Disabled => {
                "This account has been closed. If this is wrong, ask the school office."
            }
        }
    }
}
