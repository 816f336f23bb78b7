//! Says what happens with a nude or semi-nude image of a child: reviewed by the
//! safeguarding lead first, or told to the police first. Enforced by `reviews`; the
//! evidence is counted from reviews and referrals.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::OneOf;
use crate::measure::{Measure, Unit};
use crate::param::Param;
use crate::prose;
use crate::words::{Post, Word};

/// Who acts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The safeguarding lead reviews it, and refers it or not.
    Review,
    /// The police are told at once, whatever else is known.
    PoliceFirst,
}

impl Word for Mode {
    const KIND: &'static str = "a way to deal with nude images";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Review, "review", "the lead reviews it"),
        (Self::PoliceFirst, "police-first", "the police first"),
    ];
}

/// Whether such a picture may ever be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewing {
    /// Only by the lead, with a second person and a reason, where a child cannot be kept safe otherwise.
    Rarely,
    Never,
}

impl Word for Viewing {
    const KIND: &'static str = "a rule on looking at nude images";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Rarely, "rarely", "rarely"),
        (Self::Never, "never", "never"),
    ];
}

pub static MODE: Param<OneOf<Mode>> = Param::new(&CONTROL, "mode", "Who acts first.", Mode::Review);

pub static VIEWING: Param<OneOf<Viewing>> = Param::new(
    &CONTROL,
    "viewing",
    "Whether the lead may ever look at such a picture.",
    Viewing::Never,
);

pub static SIGNED_WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "signed_within",
    "How soon the lead has reviewed the case and signed.",
    Measure::SchoolDays(1),
)
.within(
    &[
        Unit::SameDay,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
    ],
    Measure::Days(14),
);

pub static REFERRED_WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "referred_within",
    "How soon the police or social care are told, once they must be.",
    Measure::AtOnce,
)
.within(
    &[Unit::AtOnce, Unit::Minutes, Unit::Hours, Unit::SameDay],
    Measure::Hours(24),
);

pub static CONTROL: Control = Control {
    key: "nude-image-review",
    title: "Nude images of children",
    about: "What the school does when a child may have made, sent or received a nude or \
            semi-nude picture. Either the safeguarding lead reviews the case and refers it \
            wherever one of five criteria holds, or the police are told first. In both, no \
            such picture ever enters the records.",
    params: &[&MODE, &VIEWING, &SIGNED_WITHIN, &REFERRED_WITHIN],
    repeats_by: None,
    sentence: |set| {
        let looks = match set.get(&VIEWING) {
            Viewing::Rarely => {
                "The picture is looked at only in the rarest case, by the lead, with a second person and for a reason on record"
            }
            Viewing::Never => "Nobody looks at the picture",
        };
        let signed = prose::within(set.get(&SIGNED_WITHIN));
        let referred = prose::within(set.get(&REFERRED_WITHIN));
        match set.get(&MODE) {
            Mode::Review => format!(
                "The designated safeguarding lead reviews each case {signed}; if one of the five \
                 criteria holds, or may hold, the police or children’s social care are told {referred}. {looks}."
            ),
            Mode::PoliceFirst => format!(
                "The police are told of each case {referred}; then the designated safeguarding \
                 lead reviews it {signed}. {looks}."
            ),
        }
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "reviews",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'review:' || review.id as item,
       'A review, to be signed in time' as label,
       case when exists (select 1 from review_signature
                         where review_signature.review = review.id
                           and review_signature.made_at <= review.sign_by) then 'met'
            when review.sign_by > $1 then 'due'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from review
where review.guide in ('nude-image', 'indecent-image')
  and review.withdrawn_at is null
  and review.opened_at <= $1
  and review.opened_at > $1 - 31536000000
union all
select 'referral:' || referral.id,
       'A referral, to be sent in time',
       case when exists (select 1 from referral_step
                         where referral_step.referral = referral.id
                           and referral_step.step = 'sent'
                           and referral_step.made_at <= referral.due_at) then 'met'
            when referral.due_at > $1 then 'due'
            else 'not-met' end,
       cast(null as text),
       cast(null as text)
from referral
join review on review.id = referral.review
where review.guide in ('nude-image', 'indecent-image')
  and referral.due_at is not null
  and referral.withdrawn_at is null
  and referral.made_at <= $1
  and referral.made_at > $1 - 31536000000",
        binds: &[Bind::Now],
        opens: "/incidents",
        said: Wording {
            one_has: "was in time",
            many_have: "were in time",
            one_has_not: "was not in time",
            many_have_not: "were not in time",
        },
        past: Past::Untold("What was in time is counted over the twelve months before today."),
    }),
    source: Some(
        "Sharing nudes and semi-nudes: advice for education settings working with children and young people",
    ),
};
