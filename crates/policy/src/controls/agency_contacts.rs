//! Promises that the school knows how to reach the agencies near it. The evidence is
//! counted from the directory of agencies.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::ListOf;
use crate::param::Param;
use crate::period::Period;
use crate::prose;
use crate::words::{Post, Word};

/// An agency that has no national number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocalAgency {
    SocialCare,
    DesignatedOfficer,
    PoliceSchool,
    Prevent,
}

impl Word for LocalAgency {
    const KIND: &'static str = "an agency nearby";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::SocialCare,
            "children-social-care",
            "children’s social care",
        ),
        (
            Self::DesignatedOfficer,
            "lado",
            "the local authority designated officer",
        ),
        (
            Self::PoliceSchool,
            "police-school",
            "the police contact for schools",
        ),
        (Self::Prevent, "prevent-local", "the Prevent contact"),
    ];
}

/// All of them, by default.
const NEARBY: &[LocalAgency] = &[
    LocalAgency::SocialCare,
    LocalAgency::DesignatedOfficer,
    LocalAgency::PoliceSchool,
    LocalAgency::Prevent,
];

pub static AGENCIES: Param<ListOf<LocalAgency>> = Param::new(
    &CONTROL,
    "agencies",
    "Whose number or address the school must hold.",
    NEARBY,
);

pub static CHECKED_EVERY: Param<Period> = Param::new(
    &CONTROL,
    "checked_every",
    "How often somebody checks that they still answer there.",
    Period::Months(12),
);

pub static CONTROL: Control = Control {
    key: "agency-contacts",
    title: "Agencies nearby",
    about: "National helplines come with the program; those of the school's own area have no \
            national number. The clause is met while each has a number or an address that \
            somebody has checked in time.",
    params: &[&AGENCIES, &CHECKED_EVERY],
    repeats_by: None,
    sentence: |set| {
        let names: Vec<String> = set
            .get(&AGENCIES)
            .into_iter()
            .map(|agency| agency.name().to_owned())
            .collect();
        format!(
            "We hold the contacts of {}, and check them at least every {}.",
            prose::and(&names),
            set.get(&CHECKED_EVERY)
        )
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "agencies",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'agency:' || asked.agency as item,
       asked.label as label,
       case when agency_contact.agency is null then 'not-met'
            when agency_contact.checked_on < $2 then 'not-met'
            else 'met' end as standing,
       agency_contact.checked_on as since_on,
       cast(null as text) as until_on
from (select 'children-social-care' as agency, 'Children’s social care' as label
      union all select 'lado', 'Local authority designated officer'
      union all select 'police-school', 'Police contact for schools'
      union all select 'prevent-local', 'Prevent contact') asked
left join agency_contact on agency_contact.agency = asked.agency
     and (agency_contact.phone <> '' or agency_contact.email <> '')
where $1 like '%' || asked.agency || '%'",
        binds: &[Bind::Param("agencies"), Bind::TodayLess("checked_every")],
        opens: "/agencies",
        said: Wording {
            one_has: "is filled in and checked",
            many_have: "are filled in and checked",
            one_has_not: "is missing or was not checked in time",
            many_have_not: "are missing or were not checked in time",
        },
        past: Past::Untold("The directory keeps each contact only as it stands today."),
    }),
    source: None,
};
