//! Says how often a backup is made and when its absence is an alarm. The
//! evidence is counted from the backups that were restored in a drill, which
//! `backup` keeps.

use jiff::civil::{Time, time};

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::count::Hours;
use crate::kind::TimeOfDay;
use crate::param::Param;
use crate::words::Post;

/// The time between two backups.
pub static EVERY: Param<Hours> = Param::new(
    &CONTROL,
    "every",
    "The time between two backups.",
    Hours(24),
)
.between(1, 24);

const TWO_IN_THE_MORNING: Time = time(2, 0, 0, 0);

/// The time of day from which backups are counted, by the school's own clock.
pub static AT: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "at",
    "The time of day from which backups are counted, by the school's own clock.",
    TWO_IN_THE_MORNING,
);

/// How long without a verified backup is an alarm.
pub static ALARM_AFTER: Param<Hours> = Param::new(
    &CONTROL,
    "alarm_after",
    "How long the school may be without a new backup that was proved good before an alarm is raised.",
    Hours(26),
)
.between(2, 48);

pub static CONTROL: Control = Control {
    key: "backup",
    title: "Backups",
    about: "A backup that was never restored is a hope. Each one is encrypted, restored into a \
            scratch place, opened and compared, and only then does it count.",
    params: &[&EVERY, &AT, &ALARM_AFTER],
    repeats_by: None,
    sentence: |set| {
        let (every, at) = (set.get(&EVERY), crate::value::clock(set.get(&AT)));
        let rhythm = match every {
            Hours(24) => format!("every day at {at}"),
            Hours(1) => format!("every hour, counted from {at},"),
            Hours(_) => format!("every {every}, counted from {at},"),
        };
        format!(
            "A backup is made {rhythm} and proved by restoring it; {} without a proved one raise an alarm.",
            set.get(&ALARM_AFTER)
        )
    },
    objections: Some(|set| {
        let (every, alarm) = (set.get(&EVERY), set.get(&ALARM_AFTER));
        if alarm > every {
            return Vec::new();
        }
        vec![Objection {
            param: "alarm_after",
            message: format!(
                "an alarm after {alarm} would sound before the next backup, which is made every {every}."
            ),
            help: Some(format!("Make it longer than {every}.")),
        }]
    }),
    needs: None,
    owner: Post::NetworkManager,
    feature: "backup",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'backup:' || newest.id as item,
       'The newest backup that was proved good' as label,
       case when newest.made_at >= $1 then 'met' else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from backup newest
where newest.verified_at <= $2
  and newest.failed is null
  and not exists (select 1
                  from backup later
                  where later.verified_at <= $2
                    and later.failed is null
                    and (later.made_at > newest.made_at
                         or (later.made_at = newest.made_at and later.id > newest.id)))
union all
select 'backup', 'No backup was ever proved good', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1 from backup where verified_at <= $2 and failed is null)",
        binds: &[Bind::NowLess("alarm_after"), Bind::Now],
        opens: "/backups",
        said: Wording {
            one_has: "is recent and proved good",
            many_have: "are recent and proved good",
            one_has_not: "is missing or too old",
            many_have_not: "are missing or too old",
        },
        past: Past::Told,
    }),
    source: None,
};
