//! The table itself: for each kind of record and each role, what may be done
//! and on what condition. What is not listed is not allowed.

use super::records::{Action, Kind, Relation};
use super::roles::Role;

/// On what condition a right holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    If(Relation),
}

use When::{Always, If};

type Rights = &'static [(When, &'static [Action])];

// The letters of the printed policy on access: read, amend, triage, share, export, hold.
const R: &[Action] = &[Action::ReadCase];
const RA: &[Action] = &[
    Action::ReadCase,
    Action::AddEntry,
    Action::AddAction,
    Action::RecordParentsInformed,
];
const RAT: &[Action] = &[
    Action::ReadCase,
    Action::AddEntry,
    Action::AddAction,
    Action::RecordParentsInformed,
    Action::Acknowledge,
    Action::Triage,
    Action::CloseCase,
    Action::ReopenCase,
];
const SHARE: &[Action] = &[Action::ShareCase, Action::HandOverCase];
const EXPORT: &[Action] = &[Action::ExportCase];
const HOLD: &[Action] = &[Action::HoldCase];
const WITHHOLD: &[Action] = &[Action::WithholdFromParents];
const DELEGATE: &[Action] = &[Action::DelegateCase];
const BREAK_GLASS: &[Action] = &[Action::BreakGlass];
/// A guided review of the safeguarding lead; in a sealed case, of whoever has charge of it.
const LEAD: &[Action] = &[Action::LeadReview];
const MOVE_ON: &[Action] = &[Action::MoveAlertOn];

/// A case held by a person to whom it is sealed.
const SEALED_HOLDER: Rights = &[
    (If(Relation::InCharge), RAT),
    (If(Relation::InCharge), LEAD),
    (If(Relation::InCharge), SHARE),
    (If(Relation::InCharge), EXPORT),
    (If(Relation::InCharge), HOLD),
    (If(Relation::HandedOver), RAT),
    (If(Relation::HandedOver), LEAD),
    (If(Relation::HandedOver), SHARE),
    (If(Relation::HandedOver), EXPORT),
    (If(Relation::HandedOver), HOLD),
    (If(Relation::Shared), R),
    (If(Relation::Informed), R),
];
/// Somebody who stepped in, or whom a reader asked to look into it.
const SEALED_STAND_IN: Rights = &[
    (If(Relation::InCharge), RAT),
    (If(Relation::InCharge), LEAD),
    (If(Relation::InCharge), SHARE),
    (If(Relation::HandedOver), RAT),
    (If(Relation::HandedOver), LEAD),
    (If(Relation::HandedOver), SHARE),
    (If(Relation::Shared), R),
    (If(Relation::Informed), R),
];
/// The headteacher's cases about other adults: what whoever holds one may do, and
/// emergency sight of one that was not handed over.
const HEAD_ABOUT_STAFF: Rights = &[
    (If(Relation::InCharge), RAT),
    (If(Relation::InCharge), LEAD),
    (If(Relation::InCharge), SHARE),
    (If(Relation::InCharge), DELEGATE),
    (If(Relation::InCharge), EXPORT),
    (If(Relation::InCharge), HOLD),
    (If(Relation::HandedOver), RAT),
    (If(Relation::HandedOver), LEAD),
    (If(Relation::HandedOver), SHARE),
    (If(Relation::HandedOver), DELEGATE),
    (If(Relation::HandedOver), EXPORT),
    (If(Relation::HandedOver), HOLD),
    (If(Relation::Shared), R),
    (If(Relation::Informed), R),
    (Always, BREAK_GLASS),
    (If(Relation::BreakGlass), R),
];
const NOTHING: Rights = &[];

/// What this role may do with a record of this kind. The rules that stand above
/// the table (subjects, account states, own reports) are in [`super::may`].
pub(super) fn rights(kind: Kind, role: Role) -> Rights {
    match kind {
        Kind::NewConcern => &[(Always, &[Action::RaiseConcern])],
        Kind::PupilWelfare => pupil_welfare(role),
        Kind::ChildProtection => child_protection(role),
        Kind::LowLevelConcern | Kind::AllegationStaff => about_staff(role),
        Kind::AllegationHead => about_head(role),
        Kind::AllegationChair => about_chair(role),
        Kind::EmergencySight => emergency_sight(role),
        Kind::Agreement => agreement(role),
        Kind::PolicyDocument => policy_document(role),
        Kind::Assurance => assurance(role),
        Kind::Register => register(role),
        Kind::Appointment => appointment(role),
        Kind::Account => account(role),
        Kind::Journal => journal(role),
        Kind::Backup => backup(role),
        Kind::ApiToken => api_token(role),
        Kind::School => school(role),
        Kind::Operations => operations(role),
        Kind::Approval => approval(role),
        Kind::Filter => filter(role),
        Kind::FilterLog => filter_log(role),
    }
}

fn pupil_welfare(role: Role) -> Rights {
    match role {
        Role::Staff => &[(If(Relation::Shared), R)],
        Role::Pastoral => &[
            (If(Relation::Cohort), RA),
            (If(Relation::Shared), R),
            (If(Relation::Informed), RA),
            (If(Relation::InCharge), RAT),
        ],
        Role::Coordinator => &[
            (If(Relation::Shared), R),
            (If(Relation::Informed), RA),
            (If(Relation::InCharge), RAT),
        ],
        Role::SeniorLeader => &[
            (If(Relation::Shared), R),
            (If(Relation::Informed), RA),
            (If(Relation::InCharge), RAT),
            (If(Relation::NamedDeputy), BREAK_GLASS),
            (If(Relation::BreakGlass), R),
        ],
        Role::DeputyLead => &[
            (Always, RAT),
            (Always, SHARE),
            (Always, EXPORT),
            (Always, WITHHOLD),
            (Always, LEAD),
        ],
        Role::Lead => &[
            (Always, RAT),
            (Always, SHARE),
            (Always, EXPORT),
            (Always, HOLD),
            (Always, WITHHOLD),
            (Always, LEAD),
        ],
        Role::Head => &[
            (Always, R),
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), SHARE),
        ],
        Role::Chair => &[
            (Always, BREAK_GLASS),
            (If(Relation::BreakGlass), R),
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), SHARE),
        ],
        Role::ViceChair => &[
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), SHARE),
            (If(Relation::NamedDeputy), BREAK_GLASS),
            (If(Relation::BreakGlass), R),
        ],
        Role::NightlyDuties => &[(Always, MOVE_ON)],
        Role::Pupil
        | Role::Outsider
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => NOTHING,
    }
}

fn child_protection(role: Role) -> Rights {
    match role {
        Role::Staff => &[(If(Relation::Shared), R)],
        Role::Pastoral | Role::Coordinator => &[
            (If(Relation::Shared), R),
            (If(Relation::Informed), R),
            (If(Relation::InCharge), RAT),
        ],
        Role::SeniorLeader => &[
            (If(Relation::Shared), R),
            (If(Relation::Informed), R),
            (If(Relation::InCharge), RAT),
            (If(Relation::NamedDeputy), BREAK_GLASS),
            (If(Relation::BreakGlass), R),
        ],
        Role::Head => &[
            (Always, R),
            (Always, EXPORT),
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), SHARE),
        ],
        Role::DeputyLead
        | Role::Lead
        | Role::Chair
        | Role::ViceChair
        | Role::NightlyDuties
        | Role::Pupil
        | Role::Outsider
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => pupil_welfare(role),
    }
}

fn about_staff(role: Role) -> Rights {
    match role {
        Role::Head => HEAD_ABOUT_STAFF,
        // The headteacher may delegate reading; a policy that names the lead in
        // the route is the governors' delegation of more.
        Role::Lead | Role::DeputyLead => &[
            (If(Relation::Delegated), R),
            (If(Relation::Shared), R),
            (If(Relation::Informed), R),
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), LEAD),
            (If(Relation::InCharge), SHARE),
        ],
        Role::SeniorLeader => &[
            (If(Relation::Shared), R),
            (If(Relation::NamedDeputy), BREAK_GLASS),
            (If(Relation::BreakGlass), R),
        ],
        Role::Chair => &[
            (Always, BREAK_GLASS),
            (If(Relation::BreakGlass), R),
            (If(Relation::Informed), R),
            (If(Relation::Shared), R),
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), LEAD),
            (If(Relation::InCharge), SHARE),
            (If(Relation::InCharge), EXPORT),
            (If(Relation::InCharge), HOLD),
        ],
        Role::ViceChair => &[
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), LEAD),
            (If(Relation::InCharge), SHARE),
            (If(Relation::HandedOver), RAT),
            (If(Relation::HandedOver), LEAD),
            (If(Relation::HandedOver), SHARE),
            (If(Relation::Shared), R),
            (If(Relation::Informed), R),
            (If(Relation::NamedDeputy), BREAK_GLASS),
            (If(Relation::BreakGlass), R),
        ],
        Role::LinkGovernor => SEALED_STAND_IN,
        Role::NightlyDuties => &[(Always, MOVE_ON)],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => NOTHING,
    }
}

fn about_head(role: Role) -> Rights {
    match role {
        Role::Chair => SEALED_HOLDER,
        Role::ViceChair | Role::LinkGovernor => SEALED_STAND_IN,
        Role::Governor => &[(If(Relation::Shared), R)],
        Role::NightlyDuties => &[(Always, MOVE_ON)],
        // Neither this headteacher nor the next, and nobody who answers to them.
        Role::Head
        | Role::Lead
        | Role::DeputyLead
        | Role::SeniorLeader
        | Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => NOTHING,
    }
}

fn about_chair(role: Role) -> Rights {
    match role {
        Role::ViceChair => SEALED_HOLDER,
        Role::LinkGovernor => SEALED_STAND_IN,
        Role::Head => &[
            (If(Relation::InCharge), RAT),
            (If(Relation::InCharge), LEAD),
            (If(Relation::Informed), R),
        ],
        Role::NightlyDuties => &[(Always, MOVE_ON)],
        Role::Chair
        | Role::Governor
        | Role::Lead
        | Role::DeputyLead
        | Role::SeniorLeader
        | Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => NOTHING,
    }
}

/// Those who were alerted judge it; whoever asked for it sees how it was judged.
fn emergency_sight(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (If(Relation::Own), &[Action::ReadEmergencySight]);
    const ALERTED: (When, &[Action]) = (
        If(Relation::Informed),
        &[Action::ReadEmergencySight, Action::JudgeEmergencySight],
    );
    match role {
        Role::Head | Role::Chair => &[OWN, ALERTED],
        Role::Lead => &[ALERTED],
        Role::SeniorLeader | Role::ViceChair => &[OWN],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::DeputyLead
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician
        | Role::NightlyDuties => NOTHING,
    }
}

fn agreement(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (
        If(Relation::Own),
        &[Action::SignAgreement, Action::ReadSignature],
    );
    const READ: (When, &[Action]) = (Always, &[Action::ReadSignature, Action::ListUnsigned]);
    match role {
        Role::Head => &[
            OWN,
            READ,
            (
                Always,
                &[Action::RecordPaperSignature, Action::ExportSignatures],
            ),
        ],
        Role::Office => &[OWN, READ, (Always, &[Action::RecordPaperSignature])],
        Role::Coordinator | Role::SeniorLeader | Role::DeputyLead | Role::Lead => &[OWN, READ],
        Role::Staff | Role::Pastoral => &[
            OWN,
            (
                If(Relation::Cohort),
                &[Action::ReadSignature, Action::ListUnsigned],
            ),
        ],
        Role::Pupil
        | Role::Outsider
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Technician => &[OWN],
        Role::NightlyDuties => NOTHING,
    }
}

fn policy_document(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadPolicy]);
    const DRAFT: (When, &[Action]) = (Always, &[Action::ReadPolicyDraft]);
    const EDIT: (When, &[Action]) = (Always, &[Action::EditPolicyDraft]);
    const APPROVE: (When, &[Action]) = (Always, &[Action::ApprovePolicy]);
    match role {
        Role::Head | Role::SeniorLeader => &[READ, DRAFT, EDIT, APPROVE],
        Role::Coordinator | Role::Lead | Role::DeputyLead => &[READ, DRAFT, EDIT],
        Role::Chair | Role::ViceChair | Role::LinkGovernor | Role::Governor => {
            &[READ, DRAFT, APPROVE]
        }
        Role::Staff
        | Role::Pastoral
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::Technician => &[READ, DRAFT],
        Role::Pupil | Role::Outsider | Role::NightlyDuties => &[READ],
    }
}

fn assurance(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadAssurance]);
    const ATTEST: (When, &[Action]) = (Always, &[Action::AttestClause]);
    const PATTERNS: (When, &[Action]) = (Always, &[Action::ReadPatterns]);
    match role {
        Role::Head | Role::Lead | Role::Coordinator | Role::Chair | Role::LinkGovernor => {
            &[READ, ATTEST, PATTERNS]
        }
        Role::SeniorLeader | Role::DeputyLead | Role::DataProtectionOfficer => &[READ, PATTERNS],
        Role::ViceChair | Role::Governor | Role::RiskOwner | Role::Technician => &[READ],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Office
        | Role::NightlyDuties => NOTHING,
    }
}

fn register(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (If(Relation::Own), &[Action::ReadOwnEntry]);
    const READ: (When, &[Action]) = (Always, &[Action::ReadRegister]);
    match role {
        Role::Head | Role::Office => &[
            OWN,
            READ,
            (
                Always,
                &[
                    Action::ImportPeople,
                    Action::EditPeople,
                    Action::MergePeople,
                ],
            ),
        ],
        Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead => &[OWN, READ],
        Role::Pupil
        | Role::Outsider
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Technician => &[OWN],
        Role::NightlyDuties => NOTHING,
    }
}

fn appointment(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadAppointments]);
    const PROPOSE: (When, &[Action]) = (Always, &[Action::ProposeAppointment]);
    const APPROVE: (When, &[Action]) = (Always, &[Action::ApproveAppointment]);
    match role {
        Role::Head | Role::Chair | Role::ViceChair => &[READ, PROPOSE, APPROVE],
        Role::Office | Role::Technician => &[READ, PROPOSE],
        Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner => &[READ],
        Role::Pupil | Role::Outsider | Role::NightlyDuties => NOTHING,
    }
}

fn account(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (If(Relation::Own), &[Action::UseOwnAccount]);
    const LIST: (When, &[Action]) = (Always, &[Action::ListAccounts]);
    const RUN: (When, &[Action]) = (
        Always,
        &[
            Action::InviteAccount,
            Action::DisableAccount,
            Action::EndOthersSessions,
            Action::StartReset,
        ],
    );
    const APPROVE: (When, &[Action]) = (Always, &[Action::ApproveFactorReset]);
    match role {
        Role::Head => &[OWN, LIST, RUN, APPROVE],
        Role::Technician => &[OWN, LIST, RUN],
        Role::Office => &[OWN, LIST, (Always, &[Action::InviteAccount])],
        Role::Lead | Role::Chair => &[OWN, APPROVE],
        Role::DataProtectionOfficer => &[OWN, LIST],
        Role::NightlyDuties => &[(Always, &[Action::DisableAccount, Action::EndOthersSessions])],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::RiskOwner => &[OWN],
    }
}

fn journal(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (If(Relation::Own), &[Action::ReadOwnLines]);
    const CHECK: (When, &[Action]) = (Always, &[Action::TakeCheckpoint, Action::VerifyJournal]);
    match role {
        Role::Head => &[
            OWN,
            CHECK,
            (Always, &[Action::ReadAllLines, Action::ReadTechnicalLines]),
        ],
        Role::Chair | Role::ViceChair | Role::LinkGovernor | Role::DataProtectionOfficer => {
            &[OWN, CHECK]
        }
        Role::Technician | Role::RiskOwner => &[OWN, (Always, &[Action::ReadTechnicalLines])],
        Role::NightlyDuties => &[(Always, &[Action::TakeCheckpoint, Action::VerifyJournal])],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::Governor
        | Role::Office => &[OWN],
    }
}

fn backup(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadBackups]);
    match role {
        Role::Technician => &[READ, (Always, &[Action::RunBackup, Action::RestoreBackup])],
        Role::Chair => &[READ, (Always, &[Action::ApproveRestore])],
        Role::Head | Role::RiskOwner | Role::DataProtectionOfficer => &[READ],
        Role::NightlyDuties => &[(Always, &[Action::RunBackup])],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::Office => NOTHING,
    }
}

fn api_token(role: Role) -> Rights {
    match role {
        Role::Head | Role::Technician => &[(
            Always,
            &[
                Action::ListApiTokens,
                Action::IssueApiToken,
                Action::RevokeApiToken,
            ],
        )],
        Role::DataProtectionOfficer => &[(Always, &[Action::ListApiTokens])],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::RiskOwner
        | Role::Office
        | Role::NightlyDuties => NOTHING,
    }
}

fn school(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadSchool]);
    match role {
        Role::Head | Role::Office => &[READ, (Always, &[Action::EditSchool, Action::EditAgencies])],
        Role::Lead | Role::DeputyLead | Role::Coordinator => {
            &[READ, (Always, &[Action::EditAgencies])]
        }
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::SeniorLeader
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Technician
        | Role::NightlyDuties => &[READ],
    }
}

fn operations(role: Role) -> Rights {
    match role {
        Role::Technician | Role::Head | Role::RiskOwner => &[(Always, &[Action::ReadOperations])],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Coordinator
        | Role::SeniorLeader
        | Role::DeputyLead
        | Role::Lead
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::Office
        | Role::NightlyDuties => NOTHING,
    }
}

fn approval(role: Role) -> Rights {
    const OWN: (When, &[Action]) = (If(Relation::Own), &[Action::ReadApproval]);
    const ASK: (When, &[Action]) = (Always, &[Action::AskApproval]);
    const READ: (When, &[Action]) = (Always, &[Action::ReadApproval]);
    const DECIDE: (When, &[Action]) = (Always, &[Action::DecideApproval]);
    const APPLY: (When, &[Action]) = (Always, &[Action::ApplyApproval]);
    const REVIEW: (When, &[Action]) = (Always, &[Action::ReviewApproval]);
    match role {
        Role::Head | Role::SeniorLeader => &[OWN, ASK, READ, DECIDE, APPLY, REVIEW],
        Role::Lead => &[OWN, ASK, READ, DECIDE, REVIEW],
        Role::DataProtectionOfficer => &[OWN, READ, DECIDE],
        Role::Technician => &[OWN, ASK, READ, DECIDE, APPLY],
        Role::Coordinator => &[OWN, ASK, READ, REVIEW],
        Role::DeputyLead | Role::RiskOwner => &[OWN, ASK, READ],
        Role::Chair | Role::ViceChair | Role::LinkGovernor => &[OWN, READ],
        Role::Staff | Role::Pastoral | Role::Office => &[OWN, ASK],
        Role::Pupil | Role::Outsider | Role::Governor | Role::NightlyDuties => NOTHING,
    }
}

fn filter(role: Role) -> Rights {
    const READ: (When, &[Action]) = (Always, &[Action::ReadFilter]);
    const FIGURES: (When, &[Action]) = (Always, &[Action::ReadFilterFigures]);
    const MANAGE: (When, &[Action]) = (Always, &[Action::ManageFilter]);
    const TEST: (When, &[Action]) = (Always, &[Action::TestFilter]);
    match role {
        Role::Head | Role::SeniorLeader | Role::Technician => &[READ, FIGURES, MANAGE, TEST],
        Role::Lead | Role::DeputyLead | Role::Coordinator => &[READ, FIGURES, TEST],
        Role::Chair | Role::ViceChair | Role::LinkGovernor | Role::DataProtectionOfficer => {
            &[READ, FIGURES]
        }
        Role::RiskOwner => &[READ],
        Role::Governor => &[FIGURES],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::Office
        | Role::NightlyDuties => NOTHING,
    }
}

fn filter_log(role: Role) -> Rights {
    const SEARCH: (When, &[Action]) = (Always, &[Action::SearchFilterLog]);
    const HANDLE: (When, &[Action]) = (Always, &[Action::HandleFilterAlert]);
    const TECHNICAL: (When, &[Action]) = (Always, &[Action::ReadTechnicalAlert]);
    match role {
        Role::Head | Role::Lead | Role::DeputyLead => &[SEARCH, HANDLE, TECHNICAL],
        Role::Coordinator => &[HANDLE, TECHNICAL],
        Role::Technician => &[TECHNICAL],
        Role::Pupil
        | Role::Outsider
        | Role::Staff
        | Role::Pastoral
        | Role::SeniorLeader
        | Role::Chair
        | Role::ViceChair
        | Role::LinkGovernor
        | Role::Governor
        | Role::DataProtectionOfficer
        | Role::RiskOwner
        | Role::Office
        | Role::NightlyDuties => NOTHING,
    }
}
