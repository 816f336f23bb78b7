//! Says who signs which agreement, when, and what stays shut until they have.
//! The text is the clause that carries this control, with its sub-clauses. The
//! evidence is counted from what is due and what is signed, which `agreements` keeps.

use super::notice::Place;
use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::kind::{ListOf, OneOf, PeriodOrNever, Slug, Text};
use crate::measure::{Measure, Unit};
use crate::param::{Param, Required};
use crate::period::Period;
use crate::policy::{Clause, Policy};
use crate::prose;
use crate::words::{Post, Standing, Word};

/// What stays shut until the agreement is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    Account,
    ContactWithPupils,
    None,
}

impl Word for Gate {
    const KIND: &'static str = "a gate";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Account, "account", "an account"),
        (
            Self::ContactWithPupils,
            "contact-with-pupils",
            "contact with pupils",
        ),
        (Self::None, "none", "nothing"),
    ];
}

/// What a person gives when signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asks {
    FullName,
    Post,
    Date,
}

impl Word for Asks {
    const KIND: &'static str = "a part of a signature";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::FullName, "full-name", "full name"),
        (Self::Post, "post", "post"),
        (Self::Date, "date", "date"),
    ];
}

/// The short name of the agreement, by which signatures know it from version to version.
pub static OF: Required<Slug> = Required::new(
    &CONTROL,
    "of",
    "The short name of the agreement. Signatures are kept under it, so it stays the same.",
);

pub static TITLE: Required<Text> = Required::new(
    &CONTROL,
    "title",
    "What the agreement is called where people sign it.",
);

pub static SIGNED_BY: Required<ListOf<Standing>> =
    Required::new(&CONTROL, "signed_by", "Who signs it.");

pub static GATE: Param<OneOf<Gate>> = Param::new(
    &CONTROL,
    "gate",
    "What stays shut for a person until they have signed.",
    Gate::None,
);

/// How soon after a person's start date; a gate holds the person anyway.
pub static WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "within",
    "How soon after their start a person signs. Of no account where a gate holds them back.",
    Measure::AtOnce,
)
.within(
    &[
        Unit::AtOnce,
        Unit::SameDay,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
        Unit::Weeks,
        Unit::Months,
    ],
    Measure::Months(12),
);

/// How often it is signed anew.
pub static AGAIN: Param<PeriodOrNever> = Param::new(
    &CONTROL,
    "again",
    "How often it is signed anew, if at all.",
    None,
)
.at_most(Period::Years(5));

pub static ASKS: Param<ListOf<Asks>> = Param::new(
    &CONTROL,
    "asks",
    "What a person gives when signing.",
    EVERYTHING,
);

const EVERYTHING: &[Asks] = &[Asks::FullName, Asks::Post, Asks::Date];

pub static CONTROL: Control = Control {
    key: "agreement",
    title: "Agreement",
    about: "The words of the clause that carries this control, and of its sub-clauses, are what \
            people sign. When a new version of the policy changes them, those who signed are \
            asked again, and only for the sub-clauses that changed.",
    params: &[&OF, &TITLE, &SIGNED_BY, &GATE, &WITHIN, &AGAIN, &ASKS],
    repeats_by: Some(&OF),
    sentence: |set| {
        let signers: Vec<&str> = set.get(&SIGNED_BY).into_iter().map(Word::name).collect();
        let asked: Vec<&str> = set.get(&ASKS).into_iter().map(Word::name).collect();
        let when = match (set.get(&GATE), set.get(&WITHIN)) {
            (Gate::Account, _) => "before their account opens".to_owned(),
            (Gate::ContactWithPupils, _) => "before they have contact with pupils".to_owned(),
            (Gate::None, Measure::AtOnce) => "as soon as they start".to_owned(),
            (Gate::None, Measure::SameDay) => "on the day they start".to_owned(),
            (Gate::None, within) => format!("within {within} of starting"),
        };
        let again = match set.get(&AGAIN) {
            Some(period) => format!(", and again every {}", super::policy_review::every(period)),
            None => String::new(),
        };
        format!(
            "{} sign “{}” with {} {when}{again}.",
            prose::capital(&prose::and(&signers)),
            set.get(&TITLE),
            prose::and(&asked),
        )
    },
    objections: Some(|set| {
        if !set.get(&ASKS).is_empty() {
            return Vec::new();
        }
        vec![Objection {
            param: "asks",
            message: "a signature needs something that the person gives.".to_owned(),
            help: Some("Write asks = [\"full-name\"], or leave the line out.".to_owned()),
        }]
    }),
    needs: None,
    owner: Post::Headteacher,
    feature: "agreements",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'person:' || person.id as item,
       person.name as label,
       case when agreement_due.signed_on is not null
                 and (agreement_due.until_on is null or agreement_due.until_on >= $2) then 'met'
            when agreement_due.due_on >= $2 then 'due'
            else 'not-met' end as standing,
       case when agreement_due.signed_on is not null
                 and (agreement_due.until_on is null or agreement_due.until_on >= $2)
            then agreement_due.signed_on
            else coalesce(agreement_due.until_on, agreement_due.due_on) end as since_on,
       agreement_due.until_on as until_on
from agreement_due
join person on person.id = agreement_due.person
where agreement_due.agreement = $1
order by 3 desc, 2",
        binds: &[Bind::Param("of"), Bind::Today],
        opens: "/agreements",
        said: Wording {
            one_has: "has signed",
            many_have: "have signed",
            one_has_not: "has not signed",
            many_have_not: "have not signed",
        },
        past: Past::Untold(
            "The list of who owes this signature is kept as it stands today. Each signature keeps \
             its own date, which the agreement’s page shows.",
        ),
    }),
    source: None,
};

impl Policy {
    /// The text that people sign under the agreement of this short name: the clause that
    /// carries it and its sub-clauses, in order, then the [notices](Policy::notices) of the
    /// policy; empty where there is no such agreement.
    pub fn agreement_text(&self, of: &str) -> Vec<Clause> {
        let Some(bound) = self.find(&OF, &of.to_owned()) else {
            return Vec::new();
        };
        self.clauses
            .iter()
            .filter(|clause| {
                clause.id == bound.clause || clause.parent.as_ref() == Some(&bound.clause)
            })
            .cloned()
            .chain(self.notices(Place::Agreements))
            .collect()
    }
}
