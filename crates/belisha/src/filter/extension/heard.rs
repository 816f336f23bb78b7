//! Which devices were heard of, for the standing evidence: the extension is there only where devices report in.

use belisha_policy::Policy;
use belisha_policy::controls::search_terms;
use jiff::{SignedDuration, Timestamp};

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// A device that was heard of within this time is at work.
pub(super) const AT_WORK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What is known of the devices and of what the policy promises.
pub(in crate::filter) struct Heard {
    /// Devices that were heard of within a week, of enrolments that stand.
    devices: i64,
    /// What the policy says of searches.
    promised: Option<String>,
}

pub(in crate::filter) async fn heard(
    records: &mut Connection,
    policy: &Policy,
    now: Timestamp,
) -> Result<Heard, Fault> {
    let devices = sql("select count(*) as count from filter_extension_device
         join filter_enrolment on filter_enrolment.id = filter_extension_device.enrolment
         where filter_enrolment.ended_at is null and filter_extension_device.last_at >= $1")
    .bind(now - AT_WORK)
    .one(records)
    .await?;
    Ok(Heard {
        devices: devices.get("count")?,
        promised: policy
            .bound(&search_terms::CONTROL)
            .map(|bound| bound.sentence()),
    })
}

impl Heard {
    /// What the browser extension adds, and on how many devices.
    pub(in crate::filter) fn says(&self, adds: &str) -> String {
        match self.devices {
            0 => "No device with the browser extension was heard of this week.".to_owned(),
            1 => format!(
                "On the one device with the browser extension that was heard of this week, {adds}."
            ),
            many => format!(
                "On the {many} devices with the browser extension that were heard of this week, {adds}."
            ),
        }
    }

    pub(in crate::filter) fn sees_searches(&self) -> bool {
        self.promised.is_some() && self.devices > 0
    }

    pub(in crate::filter) fn of_searches(&self) -> String {
        const BLIND: &str =
            "Neither the resolver nor the proxy sees what is typed into a search engine.";
        match &self.promised {
            None => format!("The policy says nothing of it. {BLIND}"),
            Some(_) if self.devices == 0 => {
                format!("The policy promises it. {} {BLIND}", self.says(""))
            }
            Some(said) => format!("{said} {}", self.says("it is so")),
        }
    }
}
