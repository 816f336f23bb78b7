//! What a school decided: groups, what is stopped for them and when, and names it judged itself.
//!
//! ```toml
//! zone = "Europe/London"
//!
//! [[group]]
//! name = "pupils"
//! preset = "strict"
//! allow = ["webmail"]
//! youtube = "strict"
//!
//! [[group.change]]
//! during = ["break"]
//! allow = ["games"]
//!
//! [[own]]
//! name = "ttrockstars.com"
//! decision = "allow"
//! groups = ["pupils"]
//! reason = "Times tables"
//! by = "network manager"
//! until = "2027-07-20T17:00:00Z"
//! ```

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::calendar::{Calendar, PartOfDay};
use crate::categories::{self, Preset};
use crate::name::{self, NameRefused};

/// How much of YouTube, or of a search engine, a group sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restriction {
    #[default]
    Strict,
    Moderate,
    Off,
}

/// Who is filtered alike.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub preset: Preset,
    /// Categories stopped besides the preset's.
    #[serde(default)]
    pub block: BTreeSet<String>,
    /// Categories of the preset that are open all the same.
    #[serde(default)]
    pub allow: BTreeSet<String>,
    /// Nothing is reached but what is allowed by name.
    #[serde(default)]
    pub only_allowed: bool,
    /// The block page speaks to its people as adults, and lets them ask for a site.
    #[serde(default)]
    pub adults: bool,
    #[serde(default)]
    pub youtube: Restriction,
    #[serde(default = "yes")]
    pub safe_search: bool,
    #[serde(default, rename = "change")]
    pub changes: Vec<Change>,
}

fn yes() -> bool {
    true
}

/// What is otherwise in some parts of the day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub during: Vec<PartOfDay>,
    #[serde(default)]
    pub block: BTreeSet<String>,
    #[serde(default)]
    pub allow: BTreeSet<String>,
    /// No internet at all.
    #[serde(default)]
    pub closed: bool,
}

/// What the school says of one name.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Opened for a while by those who may, whatever else the school says.
    Approval,
    Deny,
    Allow,
}

/// A name that the school judged itself, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub name: String,
    pub decision: Decision,
    /// For these groups; none named means for all.
    #[serde(default)]
    pub groups: Vec<String>,
    pub reason: String,
    pub by: String,
    #[serde(default)]
    pub from: Option<Timestamp>,
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Everything a school decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The school's time zone.
    #[serde(default = "zone")]
    pub zone: String,
    #[serde(default)]
    pub calendar: Calendar,
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// The group of devices that nobody has named. It is the strictest one if left out.
    #[serde(default)]
    pub unknown: Option<String>,
    #[serde(default)]
    pub own: Vec<Own>,
    /// Names that no list may stop, besides those of the program.
    #[serde(default)]
    pub protected: Vec<String>,
}

fn zone() -> String {
    "Europe/London".to_owned()
}

/// So many groups fit into the tables of the resolver.
pub const MOST_GROUPS: usize = 64;

/// Why a policy cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PolicyRefused {
    #[error("the filter's policy cannot be read: {0}")]
    Text(String),
    #[error("a policy names from 1 to {MOST_GROUPS} groups; this one names {0}")]
    Groups(usize),
    #[error(
        "“{0}” is no name of a group: it is empty, or has signs that a line of the log cannot hold"
    )]
    GroupName(String),
    #[error("two groups are called “{0}”")]
    SameName(String),
    #[error("there is no group “{0}”; there are: {1}")]
    NoSuchGroup(String, String),
    #[error("“{0}” is no name: {1}")]
    Name(String, #[source] NameRefused),
    #[error("there is no time zone “{0}”")]
    Zone(String),
    #[error("the entry for “{0}” needs an end, because it is an approval")]
    EndlessApproval(String),
    #[error("the entry for “{0}” needs a reason and who decided")]
    NoReason(String),
}

impl Default for Policy {
    /// Pupils, guests and staff, from strict to light.
    fn default() -> Self {
        let group = |name: &str, preset, youtube| Group {
            name: name.to_owned(),
            preset,
            block: BTreeSet::new(),
            allow: BTreeSet::new(),
            only_allowed: false,
            adults: preset == Preset::Light,
            youtube,
            safe_search: true,
            changes: Vec::new(),
        };
        Self {
            zone: zone(),
            calendar: Calendar::default(),
            groups: vec![
                group("pupils", Preset::Strict, Restriction::Strict),
                group("guests", Preset::Middle, Restriction::Moderate),
                group("staff", Preset::Light, Restriction::Off),
            ],
            unknown: None,
            own: Vec::new(),
            protected: Vec::new(),
        }
    }
}

impl Policy {
    /// Reads a policy and puts its names into their one form.
    pub fn parse(text: &str) -> Result<Self, PolicyRefused> {
        let policy: Self =
            toml_edit::de::from_str(text).map_err(|why| PolicyRefused::Text(why.to_string()))?;
        policy.checked()
    }

    /// Checks what the types cannot say.
    pub fn checked(mut self) -> Result<Self, PolicyRefused> {
        if self.groups.is_empty() || self.groups.len() > MOST_GROUPS {
            return Err(PolicyRefused::Groups(self.groups.len()));
        }
        for (at, group) in self.groups.iter().enumerate() {
            if group.name.trim().is_empty() || group.name.contains(char::is_control) {
                return Err(PolicyRefused::GroupName(group.name.clone()));
            }
            if self.groups[..at]
                .iter()
                .any(|other| other.name == group.name)
            {
                return Err(PolicyRefused::SameName(group.name.clone()));
            }
        }
        let named = self
            .own
            .iter()
            .flat_map(|own| &own.groups)
            .chain(&self.unknown);
        for name in named {
            self.group(name)?;
        }
        let normal = |text: &mut String| match name::normal(text) {
            Ok(name) => {
                *text = name.into_owned();
                Ok(())
            }
            Err(why) => Err(PolicyRefused::Name(text.clone(), why)),
        };
        for own in &mut self.own {
            normal(&mut own.name)?;
            if own.decision == Decision::Approval && own.until.is_none() {
                return Err(PolicyRefused::EndlessApproval(own.name.clone()));
            }
            if own.reason.trim().is_empty() || own.by.trim().is_empty() {
                return Err(PolicyRefused::NoReason(own.name.clone()));
            }
        }
        self.protected.iter_mut().try_for_each(normal)?;
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            return Err(PolicyRefused::Zone(self.zone));
        }
        Ok(self)
    }

    pub fn group(&self, name: &str) -> Result<&Group, PolicyRefused> {
        self.groups
            .iter()
            .find(|group| group.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .groups
                    .iter()
                    .map(|group| group.name.as_str())
                    .collect();
                PolicyRefused::NoSuchGroup(name.to_owned(), names.join(", "))
            })
    }

    /// The group of a device that nobody has named.
    pub fn unknown_group(&self) -> &Group {
        let named = self.unknown.as_ref().and_then(|name| self.group(name).ok());
        let strictest = || {
            self.groups
                .iter()
                .max_by_key(|group| (group.only_allowed, group.preset, !group.adults))
        };
        // A checked policy has a group.
        named.or_else(strictest).unwrap_or(&self.groups[0])
    }
}

impl Group {
    /// Whether this group is stopped at this category now.
    pub fn stops(&self, category: &str, part: PartOfDay) -> bool {
        let mut changes = self
            .changes
            .iter()
            .filter(|change| change.during.contains(&part));
        let changed = changes
            .clone()
            .any(|change| change.block.contains(category));
        if changed {
            return true;
        }
        if changes.any(|change| change.allow.contains(category)) {
            return false;
        }
        self.block.contains(category)
            || (!self.allow.contains(category) && categories::stops(self.preset, category))
    }

    /// Whether this group has no internet now.
    pub fn is_closed(&self, part: PartOfDay) -> bool {
        self.changes
            .iter()
            .any(|change| change.closed && change.during.contains(&part))
    }
}

impl Own {
    pub fn is_for(&self, group: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|name| name == group)
    }

    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
