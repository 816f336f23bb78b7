//! The columns of the table: what a person's hats amount to when the question
//! is who may do what.

use std::collections::BTreeSet;

use belisha_policy::{Post, Standing};

use crate::people::{Hats, Held};

/// A column of the rights table. A person may be several at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Pupil,
    /// Parents and carers, guests, volunteers, contractors.
    Outsider,
    /// Staff and student teachers.
    Staff,
    /// Pastoral leads and the special needs co-ordinator.
    Pastoral,
    Coordinator,
    SeniorLeader,
    DeputyLead,
    /// The designated safeguarding lead.
    Lead,
    Head,
    Chair,
    ViceChair,
    /// The safeguarding governor.
    LinkGovernor,
    Governor,
    DataProtectionOfficer,
    /// The senior information risk owner.
    RiskOwner,
    Office,
    /// Whoever runs the system: network manager and administrator.
    Technician,
    /// What the program does on its own at set times. It never reads a case.
    NightlyDuties,
}

impl Role {
    /// Every role, in the order of the printed table.
    pub const ALL: [Self; 18] = [
        Self::Pupil,
        Self::Outsider,
        Self::Staff,
        Self::Pastoral,
        Self::Coordinator,
        Self::SeniorLeader,
        Self::DeputyLead,
        Self::Lead,
        Self::Head,
        Self::Chair,
        Self::ViceChair,
        Self::LinkGovernor,
        Self::Governor,
        Self::DataProtectionOfficer,
        Self::RiskOwner,
        Self::Office,
        Self::Technician,
        Self::NightlyDuties,
    ];

    /// The roles that these hats amount to.
    pub fn of(hats: &Hats) -> BTreeSet<Self> {
        let standings = hats
            .standings
            .iter()
            .map(|standing| Self::of_standing(*standing));
        let posts = hats.posts.iter().map(|held| Self::of_post(*held));
        standings.chain(posts).collect()
    }

    fn of_standing(standing: Standing) -> Self {
        match standing {
            Standing::Staff | Standing::StudentTeacher => Self::Staff,
            Standing::Governor => Self::Governor,
            Standing::Volunteer | Standing::Contractor | Standing::Guest | Standing::Parent => {
                Self::Outsider
            }
            Standing::Pupil => Self::Pupil,
        }
    }

    /// The role of a post. Deputising for the headteacher is not being the
    /// headteacher: an acting head is appointed to the post itself.
    pub fn of_post(held: Held) -> Self {
        match (held.post, held.deputy) {
            (Post::Headteacher, false) => Self::Head,
            (Post::Headteacher, true) | (Post::SeniorLeader, _) => Self::SeniorLeader,
            (Post::DesignatedSafeguardingLead, false) => Self::Lead,
            (Post::DesignatedSafeguardingLead, true)
            | (Post::DeputyDesignatedSafeguardingLead, _) => Self::DeputyLead,
            (Post::OnlineSafetyCoordinator, _) => Self::Coordinator,
            (Post::SpecialNeedsCoordinator | Post::PastoralLead, _) => Self::Pastoral,
            (Post::NetworkManager, _) => Self::Technician,
            (Post::SeniorInformationRiskOwner, _) => Self::RiskOwner,
            (Post::DataProtectionOfficer, _) => Self::DataProtectionOfficer,
            (Post::SchoolOffice, _) => Self::Office,
            (Post::ChairOfGovernors, false) => Self::Chair,
            (Post::ChairOfGovernors, true) | (Post::ViceChairOfGovernors, _) => Self::ViceChair,
            (Post::SafeguardingGovernor, _) => Self::LinkGovernor,
        }
    }
}
