//! The table in plain words, for the page that tells everybody who may see what. Like
//! the printed table it is made by asking the decision function.

use jiff::Timestamp;

use super::matrix::related;
use super::may;
use super::records::{Action, Kind, RecordFacts, Relation};
use super::roles::Role;
use super::viewer::Viewer;
use crate::ids::PersonId;
use crate::people::Identity;

/// Who may do one thing with records of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub always: Vec<Role>,
    /// Those who may with a record to which they stand so.
    pub related: Vec<(Relation, Vec<Role>)>,
}

impl Who {
    /// Whether nobody may at all.
    pub fn is_nobody(&self) -> bool {
        self.always.is_empty() && self.related.is_empty()
    }
}

/// Who may do this with records of this kind.
pub fn who_may(kind: Kind, action: Action) -> Who {
    let person = PersonId::new(1);
    let asks = |role: Role, record: &RecordFacts| {
        let viewer = Viewer::in_role(Identity::of(person), role);
        may(&viewer, action, record, Timestamp::UNIX_EPOCH).is_allowed()
    };
    let (always, others): (Vec<Role>, Vec<Role>) = Role::ALL
        .into_iter()
        .partition(|role| asks(*role, &RecordFacts::of(kind)));
    let related = Relation::ALL
        .into_iter()
        .map(|relation| {
            let record = related(kind, person, relation);
            let roles: Vec<Role> = others
                .iter()
                .copied()
                .filter(|role| asks(*role, &record))
                .collect();
            (relation, roles)
        })
        .filter(|(_, roles)| !roles.is_empty())
        .collect();
    Who { always, related }
}

impl Role {
    /// Those who are meant, as a sentence names them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pupil => "pupils",
            Self::Outsider => "parents, volunteers and other guests",
            Self::Staff => "staff",
            Self::Pastoral => "pastoral leads and the special needs co-ordinator",
            Self::Coordinator => "the online safety co-ordinator",
            Self::SeniorLeader => "senior leaders",
            Self::DeputyLead => "deputy safeguarding leads",
            Self::Lead => "the designated safeguarding lead",
            Self::Head => "the headteacher",
            Self::Chair => "the chair of governors",
            Self::ViceChair => "the vice-chair of governors",
            Self::LinkGovernor => "the safeguarding governor",
            Self::Governor => "governors",
            Self::DataProtectionOfficer => "the data protection officer",
            Self::RiskOwner => "the information risk owner",
            Self::Office => "the school office",
            Self::Technician => "the network manager",
            Self::NightlyDuties => "the program itself, at set times",
        }
    }
}

impl Relation {
    /// When somebody stands so, as the end of a sentence.
    pub fn when(self) -> &'static str {
        match self {
            Self::Reporter => "if they reported it",
            Self::Own => "if it is their own",
            Self::Cohort => "if the pupil is in their class or care",
            Self::InCharge => "if they were told first, or next when nobody answered",
            Self::Informed => "if they were told for information",
            Self::Shared => "if a reader shared it with them",
            Self::Delegated => "while the headteacher delegates it to them",
            Self::HandedOver => "if it was handed over to them",
            Self::BreakGlass => "within an hour of emergency sight, which others are told of",
            Self::NamedDeputy => "if the policy names them as the deputy for emergencies",
        }
    }
}

impl Kind {
    /// What is meant, as a heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewConcern => "A new concern",
            Self::PupilWelfare => "A case about a pupil’s welfare",
            Self::ChildProtection => "A child protection case",
            Self::LowLevelConcern => "A low-level concern about an adult",
            Self::AllegationStaff => "An allegation about a member of staff",
            Self::AllegationHead => "An allegation about the headteacher",
            Self::AllegationChair => "An allegation about the chair of governors",
            Self::EmergencySight => "Emergency sight of a case",
            Self::Agreement => "A signature on an agreement",
            Self::PolicyDocument => "The policy",
            Self::Assurance => "Whether the policy is kept",
            Self::Register => "The register of people",
            Self::Appointment => "Who holds which post",
            Self::Account => "Accounts",
            Self::Journal => "The journal",
            Self::Backup => "Backups",
            Self::ApiToken => "Keys for programs",
            Self::School => "The school’s name, terms and clock",
            Self::Operations => "The health of the program",
            Self::Approval => "Requests that others decide",
            Self::Filter => "The filter",
            Self::FilterLog => "The log of the filter",
        }
    }
}

impl Action {
    /// What is done, as a line of a list.
    pub fn name(self) -> &'static str {
        match self {
            Self::RaiseConcern => "Report it",
            Self::ReadOwnReport => "Read one’s own report and its state",
            Self::ConfirmOwnReport => "Say that the record of one’s report is right",
            Self::ReadCase => "Read it",
            Self::AddEntry => "Write in its chronology",
            Self::AddAction => "Set an action, or complete one",
            Self::RecordParentsInformed => "Record that the parents were told",
            Self::WithholdFromParents => "Hold back telling the parents, with a reason",
            Self::Acknowledge => "Acknowledge it",
            Self::Triage => "Triage it",
            Self::LeadReview => "Answer and sign the guided reviews that the lead conducts",
            Self::CloseCase => "Close it",
            Self::ReopenCase => "Open it again",
            Self::ShareCase => "Share it with one more person",
            Self::DelegateCase => "Delegate it for a time",
            Self::ReadEmergencySight => "See who took it and how it was judged",
            Self::JudgeEmergencySight => "Judge whether it was right",
            Self::HandOverCase => "Hand it over to the next holder of the post",
            Self::ExportCase => "Take a copy out of the program",
            Self::HoldCase => "Keep it from being destroyed",
            Self::BreakGlass => "Ask for emergency sight",
            Self::MoveAlertOn => "Tell the next in line when nobody answered",
            Self::SignAgreement => "Sign",
            Self::ReadSignature => "Read a signature",
            Self::ListUnsigned => "See who has not signed",
            Self::RecordPaperSignature => "Record a signature on paper",
            Self::ExportSignatures => "Take the list of signatures out of the program",
            Self::ReadPolicy => "Read the policy in force",
            Self::ReadPolicyDraft => "Read a draft",
            Self::EditPolicyDraft => "Change a draft",
            Self::ApprovePolicy => "Approve a version",
            Self::ReadAssurance => "See how each clause stands, without names of pupils",
            Self::AttestClause => "Give one’s word for what no record can prove",
            Self::ReadPatterns => "See numbers and patterns of cases",
            Self::ReadOwnEntry => "Read one’s own entry",
            Self::ReadRegister => "Read the register",
            Self::ImportPeople => "Import people",
            Self::EditPeople => "Change entries",
            Self::MergePeople => "Join two entries of one person",
            Self::ReadAppointments => "See who holds which post",
            Self::ProposeAppointment => "Propose an appointment",
            Self::ApproveAppointment => "Approve an appointment",
            Self::UseOwnAccount => "Use one’s own account",
            Self::ListAccounts => "See who has an account",
            Self::InviteAccount => "Invite somebody",
            Self::DisableAccount => "Close an account",
            Self::EndOthersSessions => "Sign somebody out everywhere",
            Self::StartReset => "Begin the reset of a password or second factor",
            Self::ApproveFactorReset => "Agree to the reset of a second factor",
            Self::ReadOwnLines => "Read the lines about oneself",
            Self::ReadTechnicalLines => "Read the technical lines",
            Self::ReadAllLines => "Read all lines, but nothing of a case one may not read",
            Self::TakeCheckpoint => "Take a checkpoint",
            Self::VerifyJournal => "Verify it",
            Self::ReadBackups => "See whether backups were made and tried",
            Self::RunBackup => "Make one",
            Self::ApproveRestore => "Agree to putting one back",
            Self::RestoreBackup => "Put one back",
            Self::ListApiTokens => "See one’s own keys",
            Self::IssueApiToken => "Make a key",
            Self::RevokeApiToken => "Revoke a key",
            Self::ReadSchool => "Read them",
            Self::EditSchool => "Change them",
            Self::EditAgencies => "Fill in how the agencies nearby are reached",
            Self::ReadOperations => "See it",
            Self::AskApproval => "Ask for a site or a lesson",
            Self::ReadApproval => "Read a request and what became of it",
            Self::DecideApproval => "Agree or refuse, where the policy names them",
            Self::ApplyApproval => "Apply it and roll it back, where the policy names them",
            Self::ReviewApproval => "Look at what somebody else applied",
            Self::ReadFilter => "See what it does for whom, and why",
            Self::ReadFilterFigures => "See its numbers",
            Self::ManageFilter => {
                "Write down its devices and sites, take and refuse lists, where the policy names them"
            }
            Self::TestFilter => "Have it tested now",
            Self::SearchFilterLog => "Look up what a device asked for, for a reason",
            Self::HandleFilterAlert => "Look into an alert",
            Self::ReadTechnicalAlert => "See that the log is silent or has a gap",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_the_table_says() {
        let who = who_may(Kind::AllegationHead, Action::ReadCase);
        assert!(who.always.is_empty());
        let told = who
            .related
            .iter()
            .find(|(relation, _)| *relation == Relation::InCharge)
            .map(|(_, roles)| roles.clone());
        let expected = vec![Role::Chair, Role::ViceChair, Role::LinkGovernor];
        assert_eq!(told, Some(expected));
        let everybody = who_may(Kind::NewConcern, Action::RaiseConcern);
        assert_eq!(everybody.always, Role::ALL);
        for kind in Kind::ALL {
            for action in kind.actions() {
                let who = who_may(kind, *action);
                let technician = who.always.contains(&Role::Technician);
                assert!(!(technician && kind.is_case()), "{kind:?} {action:?}");
            }
        }
    }
}
