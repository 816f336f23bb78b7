//! Accounts from invitation to end: what state one is in, who needs a second
//! factor, when guests and leavers lose access, and who may help when a
//! password or a factor is lost.

use belisha_policy::controls::second_factor::Of;
use belisha_policy::controls::{guest_account, second_factor};
use belisha_policy::{Days, Policy, Word};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::access::{AccountState, Role};
use crate::agreements::Shut;
use crate::ids::PersonId;
use crate::people::Hats;

/// What is on record about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub disabled: bool,
    /// A guest's end date, or a leaver's last day: access ends when this day ends.
    pub last_day: Option<Date>,
    /// The person has followed the invitation and set a password.
    pub taken_up: bool,
    /// A sensitive role waits for its second approver.
    pub awaits_approval: bool,
    /// The password was reported as known to somebody else; only a reset opens the
    /// account. Wrong guesses never come here: they slow down whoever guesses (see
    /// [`crate::throttle`]) and leave open sessions alone.
    pub password_is_known: bool,
    pub has_second_factor: bool,
    pub needs_second_factor: bool,
    /// The gate that an unsigned agreement holds shut.
    pub shut: Option<Shut>,
}

/// The state of an account today; the most final one wins.
pub fn state(account: &Account, today: Date) -> AccountState {
    if account.disabled {
        AccountState::Disabled
    } else if account.last_day.is_some_and(|last| last < today) {
        AccountState::Expired
    } else if !account.taken_up {
        AccountState::Invited
    } else if account.awaits_approval {
        AccountState::Pending
    } else if account.password_is_known {
        AccountState::Locked
    } else if account.needs_second_factor && !account.has_second_factor {
        AccountState::MustEnrol
    } else {
        match account.shut {
            Some(Shut::Account) => AccountState::MustSign,
            Some(Shut::ContactWithPupils) | None => AccountState::Active,
        }
    }
}

/// How an account is made safe whose password somebody else may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeSafe {
    /// The person chooses a new password when they next sign in; what was sealed to them stays theirs.
    NewPassword,
    /// Nobody signs in until the school gives a code for a new password.
    Shut,
}

impl Word for MadeSafe {
    const KIND: &'static str = "a way to make an account safe";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::NewPassword, "new-password", "new password"),
        (Self::Shut, "shut", "shut"),
    ];
}

/// Why an account is not made safe in this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeSafeRefused {
    /// Without a second factor, whoever knows the password could choose the new one.
    NoSecondFactor,
    /// One’s own account has a page of its own.
    Oneself,
}

impl MadeSafeRefused {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoSecondFactor => {
                "This account has no second factor, so whoever knows the password could choose the new one: shut it instead"
            }
            Self::Oneself => {
                "This is your own account: choose “Somebody else knows my password” on its page"
            }
        }
    }
}

/// Whether one person may make another’s account safe in this way.
///
/// # Errors
/// What stands against it.
pub fn make_safe(
    how: MadeSafe,
    has_second_factor: bool,
    is_oneself: bool,
) -> Result<(), MadeSafeRefused> {
    if is_oneself {
        return Err(MadeSafeRefused::Oneself);
    }
    match how {
        MadeSafe::NewPassword if !has_second_factor => Err(MadeSafeRefused::NoSecondFactor),
        MadeSafe::NewPassword | MadeSafe::Shut => Ok(()),
    }
}

/// Whether a person needs a second factor under this policy.
pub fn needs_second_factor(policy: &Policy, hats: &Hats) -> bool {
    match policy.get(&second_factor::OF) {
        Of::Everyone => true,
        Of::ThoseWhoReadRecords => Role::of(hats).into_iter().any(reads_or_runs),
    }
}

/// Roles that read other people's records or change how the system runs (OWASP
/// ASVS 5.0.0, 6.3.3). Staff without a post read the register and what is
/// shared with them; the policy may ask it of everyone.
fn reads_or_runs(role: Role) -> bool {
    match role {
        Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::Head
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => true,
        Role::Pupil | Role::Outsider | Role::Staff | Role::Governor | Role::NightlyDuties => false,
    }
}

/// Why a guest account was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuestRefused {
    /// Each guest account names one person.
    NobodyNamed,
    EndsBeforeItBegins,
    TooLong {
        latest: Date,
    },
}

impl GuestRefused {
    /// What to do about it.
    pub fn sentence(self) -> String {
        match self {
            Self::NobodyNamed => {
                "Enter the guest's name. Each guest account is for one person.".to_owned()
            }
            Self::EndsBeforeItBegins => "Choose an end date from today on.".to_owned(),
            Self::TooLong { latest } => format!(
                "The policy lets a guest account last until {} at the latest. Choose an earlier \
                 date; it can be opened anew then.",
                latest.strftime("%-d %B %Y")
            ),
        }
    }
}

/// The longest that the policy lets a guest account last.
pub fn longest_guest_account(policy: &Policy) -> Days {
    policy.get(&guest_account::LONGEST)
}

/// Whether a guest account may be opened today that ends on this day.
pub fn open_guest_account(
    name: &str,
    ends_on: Date,
    longest: Days,
    today: Date,
) -> Result<(), GuestRefused> {
    let latest = today.saturating_add(i64::from(longest.0).days());
    if name.trim().is_empty() {
        Err(GuestRefused::NobodyNamed)
    } else if ends_on < today {
        Err(GuestRefused::EndsBeforeItBegins)
    } else if ends_on > latest {
        Err(GuestRefused::TooLong { latest })
    } else {
        Ok(())
    }
}

/// A link that lets somebody set a password, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub purpose: Purpose,
    pub made_at: Timestamp,
    pub used: bool,
    /// A newer link, a disabled account or a leaver withdraws it.
    pub withdrawn: bool,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first password. It lasts seven days, because it is often handed over on
    /// paper before a first day of term.
    Invitation,
    /// A new password. It lasts one hour and leaves the second factor as it is.
    Reset,
}

impl Purpose {
    /// How long a link lasts.
    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::Invitation => SignedDuration::from_hours(7 * 24),
            Self::Reset => SignedDuration::from_hours(1),
        }
    }
}

/// The link does not open anything. All reasons look the same to whoever follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRefused {
    Used,
    Withdrawn,
    TooOld,
}

impl LinkRefused {
    /// One sentence for every reason, so that a found link teaches nothing.
    pub fn sentence(self) -> &'static str {
        "This link does not work any longer. Ask for a new one, or ask the school office."
    }
}

/// Whether a link may be followed now.
pub fn follow(link: Link, now: Timestamp) -> Result<(), LinkRefused> {
    if link.used {
        Err(LinkRefused::Used)
    } else if link.withdrawn {
        Err(LinkRefused::Withdrawn)
    } else if now.duration_since(link.made_at) >= link.purpose.lasts() {
        Err(LinkRefused::TooOld)
    } else {
        Ok(())
    }
}

/// Why a lost factor was not cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorResetRefused {
    /// Nobody clears, starts or approves their own.
    OwnFactor,
    /// Whoever started it cannot also approve it.
    SamePerson,
}

/// Whether a lost second factor may be cleared: one authorised person starts it,
/// another approves it, and neither is the owner (OWASP ASVS 5.0.0, 6.4.4 and 6.4.6).
pub fn clear_factor(
    owner: PersonId,
    started_by: PersonId,
    approved_by: PersonId,
) -> Result<(), FactorResetRefused> {
    if owner == started_by || owner == approved_by {
        Err(FactorResetRefused::OwnFactor)
    } else if started_by == approved_by {
        Err(FactorResetRefused::SamePerson)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
