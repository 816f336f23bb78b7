//! What there is to be read or done: kinds of record, the facts about one
//! record that decide who may reach it, and the actions.

use jiff::Timestamp;

use crate::ids::PersonId;
use crate::people::Identity;

/// A row group of the rights table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A concern that is about to be raised; there is no record yet.
    NewConcern,
    PupilWelfare,
    ChildProtection,
    /// Below the harm threshold ("Keeping children safe in education", part four, section two).
    LowLevelConcern,
    AllegationStaff,
    AllegationHead,
    AllegationChair,
    /// That somebody took emergency sight of a case, and why.
    EmergencySight,
    /// One person's signature on an agreement, or its absence.
    Agreement,
    PolicyDocument,
    /// The clauses with their status and evidence.
    Assurance,
    /// People, classes and families.
    Register,
    /// Who holds which post.
    Appointment,
    Account,
    Journal,
    Backup,
    ApiToken,
    /// The school's name, terms and clock.
    School,
    /// Health, jobs and their outcome, without content.
    Operations,
    /// A request that others decide: a change of the filter, a sensitive lesson.
    Approval,
    /// What the filter does for whom, and the numbers of what it did.
    Filter,
    /// What devices asked for, and what in it is unusual.
    FilterLog,
}

impl Kind {
    /// Every kind, in the order of the printed table.
    pub const ALL: [Self; 22] = [
        Self::NewConcern,
        Self::PupilWelfare,
        Self::ChildProtection,
        Self::LowLevelConcern,
        Self::AllegationStaff,
        Self::AllegationHead,
        Self::AllegationChair,
        Self::EmergencySight,
        Self::Agreement,
        Self::PolicyDocument,
        Self::Assurance,
        Self::Register,
        Self::Appointment,
        Self::Account,
        Self::Journal,
        Self::Backup,
        Self::ApiToken,
        Self::School,
        Self::Operations,
        Self::Approval,
        Self::Filter,
        Self::FilterLog,
    ];

    /// A case: a record of a concern about somebody.
    pub fn is_case(self) -> bool {
        match self {
            Self::PupilWelfare
            | Self::ChildProtection
            | Self::LowLevelConcern
            | Self::AllegationStaff
            | Self::AllegationHead
            | Self::AllegationChair => true,
            Self::NewConcern
            | Self::EmergencySight
            | Self::Agreement
            | Self::PolicyDocument
            | Self::Assurance
            | Self::Register
            | Self::Appointment
            | Self::Account
            | Self::Journal
            | Self::Backup
            | Self::ApiToken
            | Self::School
            | Self::Operations
            | Self::Approval
            | Self::Filter
            | Self::FilterLog => false,
        }
    }

    /// Sealed cases are encrypted to persons, so only persons can be given them:
    /// whoever takes over a post gets them by hand-over, not by the post.
    pub fn is_sealed(self) -> bool {
        match self {
            Self::LowLevelConcern
            | Self::AllegationStaff
            | Self::AllegationHead
            | Self::AllegationChair => true,
            Self::PupilWelfare
            | Self::ChildProtection
            | Self::NewConcern
            | Self::EmergencySight
            | Self::Agreement
            | Self::PolicyDocument
            | Self::Assurance
            | Self::Register
            | Self::Appointment
            | Self::Account
            | Self::Journal
            | Self::Backup
            | Self::ApiToken
            | Self::School
            | Self::Operations
            | Self::Approval
            | Self::Filter
            | Self::FilterLog => false,
        }
    }

    /// What a person must be able to do for the record to exist in their eyes;
    /// nothing, where everybody knows that the school has such a thing.
    pub(super) fn seen_by(self) -> Option<Action> {
        match self {
            Self::PupilWelfare
            | Self::ChildProtection
            | Self::LowLevelConcern
            | Self::AllegationStaff
            | Self::AllegationHead
            | Self::AllegationChair => Some(Action::ReadCase),
            Self::EmergencySight => Some(Action::ReadEmergencySight),
            Self::Agreement => Some(Action::ReadSignature),
            Self::Register => Some(Action::ReadRegister),
            Self::Account => Some(Action::ListAccounts),
            Self::ApiToken => Some(Action::ListApiTokens),
            Self::Approval => Some(Action::ReadApproval),
            Self::NewConcern
            | Self::PolicyDocument
            | Self::Assurance
            | Self::Appointment
            | Self::Journal
            | Self::Backup
            | Self::School
            | Self::Operations
            | Self::Filter
            | Self::FilterLog => None,
        }
    }

    /// The actions that make sense for this kind, in the order of the printed table.
    pub fn actions(self) -> &'static [Action] {
        use Action as A;
        match self {
            Self::NewConcern => &[A::RaiseConcern],
            Self::PupilWelfare
            | Self::ChildProtection
            | Self::LowLevelConcern
            | Self::AllegationStaff
            | Self::AllegationHead
            | Self::AllegationChair => &[
                A::ReadOwnReport,
                A::ConfirmOwnReport,
                A::ReadCase,
                A::AddEntry,
                A::AddAction,
                A::RecordParentsInformed,
                A::WithholdFromParents,
                A::Acknowledge,
                A::Triage,
                A::LeadReview,
                A::CloseCase,
                A::ReopenCase,
                A::ShareCase,
                A::DelegateCase,
                A::HandOverCase,
                A::ExportCase,
                A::HoldCase,
                A::BreakGlass,
                A::MoveAlertOn,
            ],
            Self::EmergencySight => &[A::ReadEmergencySight, A::JudgeEmergencySight],
            Self::Agreement => &[
                A::SignAgreement,
                A::ReadSignature,
                A::ListUnsigned,
                A::RecordPaperSignature,
                A::ExportSignatures,
            ],
            Self::PolicyDocument => &[
                A::ReadPolicy,
                A::ReadPolicyDraft,
                A::EditPolicyDraft,
                A::ApprovePolicy,
            ],
            Self::Assurance => &[A::ReadAssurance, A::AttestClause, A::ReadPatterns],
            Self::Register => &[
                A::ReadOwnEntry,
                A::ReadRegister,
                A::ImportPeople,
                A::EditPeople,
                A::MergePeople,
            ],
            Self::Appointment => &[
                A::ReadAppointments,
                A::ProposeAppointment,
                A::ApproveAppointment,
            ],
            Self::Account => &[
                A::UseOwnAccount,
                A::ListAccounts,
                A::InviteAccount,
                A::DisableAccount,
                A::EndOthersSessions,
                A::StartReset,
                A::ApproveFactorReset,
            ],
            Self::Journal => &[
                A::ReadOwnLines,
                A::ReadTechnicalLines,
                A::ReadAllLines,
                A::TakeCheckpoint,
                A::VerifyJournal,
            ],
            Self::Backup => &[
                A::ReadBackups,
                A::RunBackup,
                A::ApproveRestore,
                A::RestoreBackup,
            ],
            Self::ApiToken => &[A::ListApiTokens, A::IssueApiToken, A::RevokeApiToken],
            Self::School => &[A::ReadSchool, A::EditSchool, A::EditAgencies],
            Self::Operations => &[A::ReadOperations],
            Self::Approval => &[
                A::AskApproval,
                A::ReadApproval,
                A::DecideApproval,
                A::ApplyApproval,
                A::ReviewApproval,
            ],
            Self::Filter => &[
                A::ReadFilter,
                A::ReadFilterFigures,
                A::ManageFilter,
                A::TestFilter,
            ],
            Self::FilterLog => &[
                A::SearchFilterLog,
                A::HandleFilterAlert,
                A::ReadTechnicalAlert,
            ],
        }
    }
}

/// Something a person may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    RaiseConcern,
    ReadOwnReport,
    /// The reporter says that the record is right.
    ConfirmOwnReport,
    ReadCase,
    AddEntry,
    /// Adds a thing to be done, or ticks one off.
    AddAction,
    RecordParentsInformed,
    /// Holds back telling the parents, with a reason.
    WithholdFromParents,
    Acknowledge,
    Triage,
    /// Answers and signs a guided review that the safeguarding lead conducts.
    LeadReview,
    /// Closes the case, or ends it with no further action.
    CloseCase,
    ReopenCase,
    /// Lets one more person read the case, or ends that.
    ShareCase,
    /// Lets the lead read one case about an adult, for a time.
    DelegateCase,
    /// Passes the case to the next holder of the post.
    HandOverCase,
    ExportCase,
    /// Keeps the case from deletion.
    HoldCase,
    /// Asks for emergency sight of a case; a grant follows if all else is in order.
    BreakGlass,
    /// Tells the next in line, because nobody answered or nobody is left.
    MoveAlertOn,
    ReadEmergencySight,
    /// Says whether emergency sight was right; never one's own.
    JudgeEmergencySight,
    SignAgreement,
    ReadSignature,
    ListUnsigned,
    RecordPaperSignature,
    ExportSignatures,
    ReadPolicy,
    ReadPolicyDraft,
    EditPolicyDraft,
    /// Agrees or approves a version; which step is whose is in `policies`.
    ApprovePolicy,
    ReadAssurance,
    /// Gives their word for what no record can prove.
    AttestClause,
    /// Sees numbers about cases; small ones are said as few to those who may not open them.
    ReadPatterns,
    ReadOwnEntry,
    ReadRegister,
    ImportPeople,
    EditPeople,
    MergePeople,
    ReadAppointments,
    ProposeAppointment,
    /// Approves an appointment; whose is in `appointments`.
    ApproveAppointment,
    /// Own password, factors and sessions.
    UseOwnAccount,
    ListAccounts,
    InviteAccount,
    DisableAccount,
    EndOthersSessions,
    StartReset,
    ApproveFactorReset,
    ReadOwnLines,
    ReadTechnicalLines,
    /// All lines, save the content of cases that the reader may not open.
    ReadAllLines,
    TakeCheckpoint,
    VerifyJournal,
    ReadBackups,
    RunBackup,
    ApproveRestore,
    RestoreBackup,
    ListApiTokens,
    IssueApiToken,
    RevokeApiToken,
    ReadSchool,
    EditSchool,
    /// Fills in how the agencies nearby are reached.
    EditAgencies,
    ReadOperations,
    /// Asks for a site, or for a lesson.
    AskApproval,
    ReadApproval,
    /// Agrees or refuses; whose it is, the policy says.
    DecideApproval,
    /// Puts into the filter what was agreed, and takes it back.
    ApplyApproval,
    /// Looks at what somebody else applied.
    ReviewApproval,
    ReadFilter,
    ReadFilterFigures,
    /// Writes the devices and sites, and takes or refuses lists, where the policy names their post.
    ManageFilter,
    /// Has the filter tested now.
    TestFilter,
    /// Looks up what a device asked for, for a reason.
    SearchFilterLog,
    HandleFilterAlert,
    /// That the log is silent or has a gap: nothing of people.
    ReadTechnicalAlert,
}

/// How one person stands to one record, apart from their posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Reported it.
    Reporter,
    /// It is their own: their signature, entry, account, line.
    Own,
    /// Teaches or looks after the pupil's class.
    Cohort,
    /// Was told first, or next when nobody answered, and so must act.
    InCharge,
    /// Was told for information.
    Informed,
    /// A reader shared it with them.
    Shared,
    /// The headteacher delegated this record for a time.
    Delegated,
    /// The former holder of the post handed it over.
    HandedOver,
    /// Emergency sight, for an hour.
    BreakGlass,
    /// The one deputy whom the policy names for emergencies.
    NamedDeputy,
}

impl Relation {
    pub const ALL: [Self; 10] = [
        Self::Reporter,
        Self::Own,
        Self::Cohort,
        Self::InCharge,
        Self::Informed,
        Self::Shared,
        Self::Delegated,
        Self::HandedOver,
        Self::BreakGlass,
        Self::NamedDeputy,
    ];
}

/// One record given to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub to: PersonId,
    pub how: Granted,
    /// When the grant ends. Delegations and emergency sight always end; without
    /// an end they count as ended.
    pub until: Option<Timestamp>,
}

/// In what way a record was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granted {
    Shared,
    Delegated,
    HandedOver,
    BreakGlass,
}

impl Grant {
    fn relation(&self, now: Timestamp) -> Option<Relation> {
        let lasts = self.until.is_some_and(|until| now < until);
        match self.how {
            Granted::Shared => (lasts || self.until.is_none()).then_some(Relation::Shared),
            Granted::HandedOver => (lasts || self.until.is_none()).then_some(Relation::HandedOver),
            Granted::Delegated => lasts.then_some(Relation::Delegated),
            Granted::BreakGlass => lasts.then_some(Relation::BreakGlass),
        }
    }
}

/// What must be known of a record to say who may reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    pub kind: Kind,
    /// Whom the concern is about, under every id that they ever had.
    pub subjects: Vec<PersonId>,
    /// Marked as close to a subject: family, partner, household.
    pub close_to_subjects: Vec<PersonId>,
    pub reporters: Vec<PersonId>,
    /// Whose signature, entry, account or line it is.
    pub owners: Vec<PersonId>,
    /// Those who teach or look after the pupil's class.
    pub cohort: Vec<PersonId>,
    /// Told first, or next when nobody answered.
    pub in_charge: Vec<PersonId>,
    /// Told for information.
    pub informed: Vec<PersonId>,
    /// Who may ask for emergency sight as the deputy whom the policy names.
    pub named_deputies: Vec<PersonId>,
    pub grants: Vec<Grant>,
}

impl RecordFacts {
    /// A record of this kind about which nothing else is known.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            subjects: Vec::new(),
            close_to_subjects: Vec::new(),
            reporters: Vec::new(),
            owners: Vec::new(),
            cohort: Vec::new(),
            in_charge: Vec::new(),
            informed: Vec::new(),
            named_deputies: Vec::new(),
            grants: Vec::new(),
        }
    }

    /// Whether the person may know nothing of the record, whatever else holds:
    /// they are a subject of it, or marked as close to one.
    pub fn excludes(&self, identity: &Identity) -> bool {
        identity.is_among(&self.subjects) || identity.is_among(&self.close_to_subjects)
    }

    /// How this person stands to the record now.
    pub(super) fn relations(&self, identity: &Identity, now: Timestamp) -> Vec<Relation> {
        let named = |people: &[PersonId], relation| identity.is_among(people).then_some(relation);
        [
            named(&self.reporters, Relation::Reporter),
            named(&self.owners, Relation::Own),
            named(&self.cohort, Relation::Cohort),
            named(&self.in_charge, Relation::InCharge),
            named(&self.informed, Relation::Informed),
            named(&self.named_deputies, Relation::NamedDeputy),
        ]
        .into_iter()
        .flatten()
        .chain(
            self.grants
                .iter()
                .filter(|grant| identity.is(grant.to))
                .filter_map(|grant| grant.relation(now)),
        )
        .collect()
    }
}
