//! Says who signs in with a second factor. Carried out by `accounts`; the
//! evidence counts those who have none yet.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::OneOf;
use crate::param::Param;
use crate::words::{Post, Word};

/// Who must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    ThoseWhoReadRecords,
    Everyone,
}

impl Word for Of {
    const KIND: &'static str = "a group of account holders";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::ThoseWhoReadRecords,
            "those-who-read-records",
            "those who read records",
        ),
        (Self::Everyone, "everyone", "everyone"),
    ];
}

pub static OF: Param<OneOf<Of>> = Param::new(
    &CONTROL,
    "of",
    "Who must have a second factor.",
    Of::ThoseWhoReadRecords,
);

pub static CONTROL: Control = Control {
    key: "second-factor",
    title: "Second factor",
    about: "A password can be watched, guessed or given away. Whoever can read about children \
            and staff also proves who they are with something they have, such as a code from a \
            phone. Without it they can sign in only to set one up.",
    params: &[&OF],
    repeats_by: None,
    sentence: |set| {
        let who = match set.get(&OF) {
            Of::ThoseWhoReadRecords => "Everyone who can read records",
            Of::Everyone => "Everyone who has an account",
        };
        format!("{who} signs in with a second factor, such as a code from a phone.")
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'person:' || person.id as item,
       person.name as label,
       case when account.second_factor_at is null then 'not-met' else 'met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from account
join person on person.id = account.person
where account.state = 'active'
  and ($1 = 'everyone'
       or exists (select 1
                  from post_holding
                  where post_holding.person = person.id
                    and post_holding.from_on <= $2
                    and (post_holding.until_on is null or post_holding.until_on >= $2)))
order by 3 desc, 2",
        binds: &[Bind::Param("of"), Bind::Today],
        opens: "/accounts",
        said: Wording {
            one_has: "has a second factor",
            many_have: "have a second factor",
            one_has_not: "has none yet",
            many_have_not: "have none yet",
        },
        past: Past::Untold(
            "The records keep when each second factor was last set up, and not since when there \
             was one.",
        ),
    }),
    source: None,
};
