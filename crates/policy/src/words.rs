//! One word list, many kinds: each kind of word a policy may use is an enum
//! whose spelling in the policy, the database, the address and the page is
//! declared once, in [`Word::SPELLINGS`].

/// A closed set of words: a post, an audience, a subject.
pub trait Word: Copy + Eq + Sized + 'static {
    /// What the set is called in an error: "a post".
    const KIND: &'static str;
    /// Every member: the value, its spelling in files and tables, its name on a page.
    const SPELLINGS: &'static [(Self, &'static str, &'static str)];

    /// The spelling in the policy, the database and the journal: `online-safety-co-ordinator`.
    fn key(self) -> &'static str {
        spelling(self).1
    }

    /// The name in a sentence: "online safety co-ordinator".
    fn name(self) -> &'static str {
        spelling(self).2
    }

    /// The member with this spelling, if there is one. Spaces count as hyphens and
    /// case does not count, so that an editor may write "Chair of governors".
    fn from_key(text: &str) -> Option<Self> {
        let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
        Self::SPELLINGS
            .iter()
            .find(|(_, key, name)| *key == folded || name.replace(' ', "-") == folded)
            .map(|(word, _, _)| *word)
    }

    /// All members, in the order in which pages list them.
    fn all() -> impl Iterator<Item = Self> {
        Self::SPELLINGS.iter().map(|(word, _, _)| *word)
    }
}

fn spelling<W: Word>(word: W) -> &'static (W, &'static str, &'static str) {
    W::SPELLINGS
        .iter()
        .find(|(member, _, _)| *member == word)
        .expect("every member of a word list is spelled; a test of each list shows it")
}

/// One member of a word list without its Rust type: how it is spelled in a policy
/// and how it is called on a page. Forms and help pages list these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    pub key: &'static str,
    pub name: &'static str,
}

/// The word list of `W` as terms, in page order.
pub(crate) fn terms<W: Word>() -> Vec<Term> {
    W::SPELLINGS
        .iter()
        .map(|(_, key, name)| Term { key, name })
        .collect()
}

/// An appointment that a person holds between two dates, with a deputy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Post {
    Headteacher,
    DesignatedSafeguardingLead,
    DeputyDesignatedSafeguardingLead,
    OnlineSafetyCoordinator,
    SeniorLeader,
    SpecialNeedsCoordinator,
    PastoralLead,
    NetworkManager,
    SeniorInformationRiskOwner,
    DataProtectionOfficer,
    SchoolOffice,
    ChairOfGovernors,
    ViceChairOfGovernors,
    SafeguardingGovernor,
}

impl Word for Post {
    const KIND: &'static str = "a post";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Headteacher, "headteacher", "headteacher"),
        (
            Self::DesignatedSafeguardingLead,
            "designated-safeguarding-lead",
            "designated safeguarding lead",
        ),
        (
            Self::DeputyDesignatedSafeguardingLead,
            "deputy-designated-safeguarding-lead",
            "deputy designated safeguarding lead",
        ),
        (
            Self::OnlineSafetyCoordinator,
            "online-safety-co-ordinator",
            "online safety co-ordinator",
        ),
        (Self::SeniorLeader, "senior-leader", "senior leader"),
        (
            Self::SpecialNeedsCoordinator,
            "special-needs-co-ordinator",
            "special needs co-ordinator",
        ),
        (Self::PastoralLead, "pastoral-lead", "pastoral lead"),
        (Self::NetworkManager, "network-manager", "network manager"),
        (
            Self::SeniorInformationRiskOwner,
            "senior-information-risk-owner",
            "senior information risk owner",
        ),
        (
            Self::DataProtectionOfficer,
            "data-protection-officer",
            "data protection officer",
        ),
        (Self::SchoolOffice, "school-office", "school office"),
        (
            Self::ChairOfGovernors,
            "chair-of-governors",
            "chair of governors",
        ),
        (
            Self::ViceChairOfGovernors,
            "vice-chair-of-governors",
            "vice-chair of governors",
        ),
        (
            Self::SafeguardingGovernor,
            "safeguarding-governor",
            "safeguarding governor",
        ),
    ];
}

/// What a person is to the school, whatever posts they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Staff,
    StudentTeacher,
    Governor,
    Volunteer,
    Contractor,
    Guest,
    Parent,
    Pupil,
}

impl Word for Standing {
    const KIND: &'static str = "a kind of person";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Staff, "staff", "staff"),
        (Self::StudentTeacher, "student-teachers", "student teachers"),
        (Self::Governor, "governors", "governors"),
        (Self::Volunteer, "volunteers", "volunteers"),
        (Self::Contractor, "contractors", "contractors"),
        (Self::Guest, "guests", "guests"),
        (Self::Parent, "parents", "parents and carers"),
        (Self::Pupil, "pupils", "pupils"),
    ];
}

/// Whom a concern is about, as far as it decides who may hear of it.
///
/// The order is the order of restriction: where a concern is about several
/// people, the last member of this list decides (requirements (d) 4 and 19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    Pupil,
    PupilAtRisk,
    Staff,
    NetworkManager,
    OnlineSafetyCoordinator,
    DesignatedSafeguardingLead,
    Headteacher,
    ChairOfGovernors,
}

impl Word for About {
    const KIND: &'static str = "a subject of a concern";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Pupil, "pupil", "a pupil"),
        (
            Self::PupilAtRisk,
            "pupil-at-risk",
            "a pupil at risk of harm",
        ),
        (Self::Staff, "staff", "a member of staff"),
        (
            Self::NetworkManager,
            "network-manager",
            "the network manager",
        ),
        (
            Self::OnlineSafetyCoordinator,
            "online-safety-co-ordinator",
            "the online safety co-ordinator",
        ),
        (
            Self::DesignatedSafeguardingLead,
            "designated-safeguarding-lead",
            "the designated safeguarding lead",
        ),
        (Self::Headteacher, "headteacher", "the headteacher"),
        (
            Self::ChairOfGovernors,
            "chair-of-governors",
            "the chair of governors",
        ),
    ];
}

/// What a report is about, as far as it decides who else hears of it and how soon.
/// The plain words in which a page asks for each stand in `guidance/classification.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    Bullying,
    UpsettingMaterial,
    IllegalMaterial,
    NudeImage,
    StrangerContact,
    AskedToMeet,
    Hate,
    RulesBreach,
    DataBreach,
    FilterFailure,
    SuspectMessage,
    VisitorConcern,
}

impl Word for Matter {
    const KIND: &'static str = "a matter that a report may be about";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Bullying, "bullying", "bullying online"),
        (
            Self::UpsettingMaterial,
            "upsetting-material",
            "upsetting or unsuitable material",
        ),
        (
            Self::IllegalMaterial,
            "illegal-material",
            "material that may be illegal",
        ),
        (
            Self::NudeImage,
            "nude-image",
            "a nude or semi-nude image of a child",
        ),
        (
            Self::StrangerContact,
            "stranger-contact",
            "contact from a stranger",
        ),
        (
            Self::AskedToMeet,
            "asked-to-meet",
            "a child who was asked to meet or to give personal details",
        ),
        (
            Self::Hate,
            "hate",
            "hate or abuse because of who somebody is",
        ),
        (
            Self::RulesBreach,
            "rules-breach",
            "a breach of the rules for technology",
        ),
        (
            Self::DataBreach,
            "data-breach",
            "personal data that was lost or reached the wrong person",
        ),
        (
            Self::FilterFailure,
            "filter-failure",
            "a failure of the filter",
        ),
        (
            Self::SuspectMessage,
            "suspect-message",
            "a suspect e-mail or message",
        ),
        (
            Self::VisitorConcern,
            "visitor-concern",
            "what a visitor reports",
        ),
    ];
}

/// For whom a clause is the advice that stands on the page for reporting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    Families,
    Visitors,
    Staff,
}

impl Word for Audience {
    const KIND: &'static str = "an audience";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Families, "families", "parents and carers"),
        (Self::Visitors, "visitors", "visitors"),
        (Self::Staff, "staff", "staff"),
    ];
}

impl Post {
    /// The post in a sentence: "the headteacher", "a senior leader".
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Headteacher => "the headteacher",
            Self::DesignatedSafeguardingLead => "the designated safeguarding lead",
            Self::DeputyDesignatedSafeguardingLead => "the deputy designated safeguarding lead",
            Self::OnlineSafetyCoordinator => "the online safety co-ordinator",
            Self::SeniorLeader => "a senior leader",
            Self::SpecialNeedsCoordinator => "the special needs co-ordinator",
            Self::PastoralLead => "the pastoral lead",
            Self::NetworkManager => "the network manager",
            Self::SeniorInformationRiskOwner => "the senior information risk owner",
            Self::DataProtectionOfficer => "the data protection officer",
            Self::SchoolOffice => "the school office",
            Self::ChairOfGovernors => "the chair of governors",
            Self::ViceChairOfGovernors => "the vice-chair of governors",
            Self::SafeguardingGovernor => "the safeguarding governor",
        }
    }
}

impl About {
    /// Concerns about adults are sealed to the persons who may read them.
    pub fn is_adult(self) -> bool {
        match self {
            Self::Pupil | Self::PupilAtRisk => false,
            Self::Staff
            | Self::NetworkManager
            | Self::OnlineSafetyCoordinator
            | Self::DesignatedSafeguardingLead
            | Self::Headteacher
            | Self::ChairOfGovernors => true,
        }
    }

    /// The post whose holder the concern is about, where it is about one post.
    pub fn post(self) -> Option<Post> {
        match self {
            Self::Pupil | Self::PupilAtRisk | Self::Staff => None,
            Self::NetworkManager => Some(Post::NetworkManager),
            Self::OnlineSafetyCoordinator => Some(Post::OnlineSafetyCoordinator),
            Self::DesignatedSafeguardingLead => Some(Post::DesignatedSafeguardingLead),
            Self::Headteacher => Some(Post::Headteacher),
            Self::ChairOfGovernors => Some(Post::ChairOfGovernors),
        }
    }

    /// The wider subject whose route serves where a policy has no route for this one.
    pub fn wider(self) -> Option<Self> {
        match self {
            Self::PupilAtRisk => Some(Self::Pupil),
            Self::NetworkManager | Self::OnlineSafetyCoordinator => Some(Self::Staff),
            Self::Pupil
            | Self::Staff
            | Self::DesignatedSafeguardingLead
            | Self::Headteacher
            | Self::ChairOfGovernors => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trips<W: Word + std::fmt::Debug>() {
        for word in W::all() {
            assert_eq!(W::from_key(word.key()), Some(word));
            assert_eq!(W::from_key(&word.name().to_uppercase()), Some(word));
        }
    }

    #[test]
    fn every_word_is_read_back_from_its_key_and_its_name() {
        round_trips::<Post>();
        round_trips::<Standing>();
        round_trips::<About>();
    }

    #[test]
    fn every_member_is_spelled() {
        // `key` panics for a member that is missing from the list.
        let posts = [Post::Headteacher, Post::SafeguardingGovernor].map(Word::key);
        assert_eq!(posts, ["headteacher", "safeguarding-governor"]);
        for post in Post::all() {
            assert!(post.with_article().ends_with(post.name()));
        }
        assert!(About::Pupil < About::Staff && About::Staff < About::Headteacher);
    }
}
