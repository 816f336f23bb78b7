//! What somebody typed of a device, or what a row of a file says, read into what is written down.

use std::net::IpAddr;

use belisha_filter::resolver::Range;
use belisha_policy::{Standing, Word as _};
use belisha_rules::devices::{self, Clash, Particulars, Unknowable};
use belisha_rules::ids::PersonId;

use super::stored::{self, Device};
use crate::db::{Connection, sql};
use crate::filter;
use crate::people::queries::sort_name;
use crate::problem::Fault;
use crate::viewer::Viewer;

/// As long as the name of a site may be.
const LONGEST_SITE: usize = 60;

/// What a device can be tied to: the groups of the policy, the classes, the adults of the school, and the
/// devices that are written down already.
pub(super) struct Known {
    pub(super) groups: Vec<String>,
    pub(super) classes: Vec<(String, String)>,
    pub(super) holders: Vec<(PersonId, String)>,
    pub(super) devices: Vec<Device>,
}

impl Known {
    pub(super) async fn load(records: &mut Connection, viewer: &Viewer) -> Result<Self, Fault> {
        let classes = sql("select id, name from class order by year_group, name")
            .all(records)
            .await?
            .iter()
            .map(|row| Ok((row.get("id")?, row.get("name")?)))
            .collect::<Result<_, Fault>>()?;
        let holders = sql("select id, name from person
             where standing not in ($2, $3) and merged_into is null
               and (ends_on is null or ends_on >= $1)
             order by sort_name, id")
        .bind(viewer.today())
        .bind(Standing::Pupil.key())
        .bind(Standing::Parent.key())
        .all(records)
        .await?
        .iter()
        .map(|row| Ok((row.read("id", |text| text.parse().ok())?, row.get("name")?)))
        .collect::<Result<_, Fault>>()?;
        Ok(Self {
            groups: filter::groups(&viewer.policy.policy),
            classes,
            holders,
            devices: stored::all(records).await?,
        })
    }
}

/// As it was typed.
#[derive(Default, Clone)]
pub(super) struct Typed<'a> {
    pub(super) name: &'a str,
    pub(super) hardware: &'a str,
    pub(super) address: &'a str,
    pub(super) group: &'a str,
    /// By id, or by name in a file.
    pub(super) class: &'a str,
    /// By id, or by name in a file.
    pub(super) holder: &'a str,
    pub(super) site: &'a str,
}

/// Reads it; what is wrong is said with the field at which it stands.
pub(super) fn read(
    typed: &Typed<'_>,
    known: &Known,
    mut wrong: impl FnMut(&'static str, String),
) -> Option<Particulars> {
    let mut right = true;
    let mut say = |field: &'static str, words: &str| {
        right = false;
        wrong(field, words.to_owned());
    };
    let name = devices::name(typed.name.trim());
    if name.is_none() {
        say(
            "name",
            "Enter a name of up to 40 letters, digits, - and _, such as laptop-17",
        );
    }
    let hardware = optional(typed.hardware, devices::hardware);
    if hardware.is_err() {
        say(
            "hardware",
            "Enter twelve digits and letters from A to F, such as aa:bb:cc:00:11:22",
        );
    }
    let address = optional(typed.address, address);
    if address.is_err() {
        say(
            "address",
            "Enter an address such as 10.2.0.17, or a network such as 10.2.0.0/16",
        );
    }
    let group = known
        .groups
        .iter()
        .find(|group| **group == typed.group.trim());
    if group.is_none() {
        say(
            "group",
            &format!("Choose a group: {}", known.groups.join(", ")),
        );
    }
    let class = optional(typed.class, |text| {
        let by = |(id, name): &&(String, String)| id == text || same(name, text);
        known.classes.iter().find(by).map(|(id, _)| id.clone())
    });
    if class.is_err() {
        say("class", "There is no class of this name");
    }
    let holder = optional(typed.holder, |text| holder(known, text));
    if holder.is_err() {
        say(
            "holder",
            "Nobody, or more than one person, of the school’s adults has this name",
        );
    }
    let site = typed.site.split_whitespace().collect::<Vec<_>>().join(" ");
    if site.chars().count() > LONGEST_SITE || site.contains(char::is_control) {
        say("site", "Shorten the place to 60 characters");
    }
    if !right {
        return None;
    }
    let particulars = Particulars {
        name: name?,
        hardware: hardware.ok()?,
        address: address.ok()?,
        group: group?.clone(),
        class: class.ok()?,
        holder: holder.ok()?,
        site,
    };
    match devices::can_be_known(&particulars) {
        Ok(()) => Some(particulars),
        Err(why) => {
            let (field, words) = unknowable(why);
            wrong(field, words.to_owned());
            None
        }
    }
}

/// Nothing, or what the reader makes of it.
fn optional<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(()),
    }
}

fn same(one: &str, two: &str) -> bool {
    sort_name(one) == sort_name(two)
}

fn holder(known: &Known, text: &str) -> Option<PersonId> {
    if let Ok(id) = text.parse::<PersonId>() {
        return known
            .holders
            .iter()
            .any(|(other, _)| *other == id)
            .then_some(id);
    }
    let mut named = known.holders.iter().filter(|(_, name)| same(name, text));
    let (id, _) = named.next()?;
    named.next().is_none().then_some(*id)
}

/// An address or a range in its one form.
fn address(text: &str) -> Option<String> {
    if text.contains('/') {
        return text.parse::<Range>().ok().map(|range| range.to_string());
    }
    let address: IpAddr = text.parse().ok()?;
    devices::is_of_a_device(address).then(|| address.to_string())
}

fn unknowable(why: Unknowable) -> (&'static str, &'static str) {
    match why {
        Unknowable::NoAddress => (
            "hardware",
            "Enter its hardware address or its address: the filter knows it by one of them",
        ),
        Unknowable::RangeWithHardware => (
            "hardware",
            "A network has no hardware address. Leave one of the two out",
        ),
        Unknowable::RangeWithClass => (
            "class",
            "A network belongs to no class. Leave the class out",
        ),
    }
}

/// What is said of what another device has.
pub(super) fn clashes(clash: Clash, other: &Device) -> (&'static str, String) {
    let other = &other.particulars.name;
    match clash {
        Clash::Name => ("name", format!("There is a device called {other} already")),
        Clash::Hardware => ("hardware", format!("{other} has this hardware address")),
        Clash::Address => ("address", format!("{other} has this address")),
    }
}
