//! Says how long before the last day a request to see data is called urgent. The periods
//! themselves are law. The evidence counts the requests that `data_requests` keeps.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::param::Param;
use crate::period::Period;
use crate::words::Post;

/// How long before its last day a request stands out.
pub static NOTICE: Param<Period> = Param::new(
    &CONTROL,
    "notice",
    "How long before its last day a request stands out on the pages of those who answer it.",
    Period::Days(7),
)
.at_most(Period::Weeks(4));

pub static CONTROL: Control = Control {
    key: "data-requests",
    title: "Requests to see what we hold",
    about: "People may ask to see what the school holds about them or their child, and anybody may \
            ask what the school does. Each request is written down on the day it comes, with the day \
            by which the law wants an answer, and counted until it is answered.",
    params: &[&NOTICE],
    repeats_by: None,
    sentence: |set| {
        format!(
            "Whoever asks what we hold about them has our answer within a month, or is told within that \
             month why it takes up to two months more. A request stands out {} before its last day.",
            set.get(&NOTICE)
        )
    },
    objections: None,
    needs: None,
    owner: Post::DataProtectionOfficer,
    feature: "data_requests",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'data-request:' || id as item,
       'Request of ' || received_on as label,
       case when ended_on is not null and (due_on is null or ended_on <= due_on) then 'met'
            when ended_on is not null then 'not-met'
            when due_on is not null and due_on < $1 then 'not-met'
            else 'due' end as standing,
       received_on as since_on,
       case when ended_on is null then due_on end as until_on
from data_request
order by received_on, id",
        binds: &[Bind::Today],
        opens: "/data-requests",
        said: Wording {
            one_has: "was answered in time",
            many_have: "were answered in time",
            one_has_not: "was not answered in time",
            many_have_not: "were not answered in time",
        },
        past: Past::Untold("The records keep each request’s last day as it stands now."),
    }),
    source: Some("UK GDPR, articles 12 and 15; Freedom of Information Act 2000"),
};
