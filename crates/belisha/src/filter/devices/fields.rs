//! The form of a device: the same for a new one and for a change.

use belisha_rules::devices::{self, Particulars};
use belisha_ui::{Checkboxes, Html, InputWidth, Label, Select, SelectOption, TextInput};
use serde::Deserialize;

use super::reading::{self, Known, Typed};
use super::stored::Device;
use crate::web::wrong::Wrong;

#[derive(Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    name: String,
    hardware: String,
    address: String,
    group: String,
    class: String,
    holder: String,
    site: String,
    private: Vec<String>,
}

impl Form {
    /// As a device stands.
    pub(super) fn of(device: &Device) -> Self {
        let it = &device.particulars;
        Self {
            name: it.name.clone(),
            hardware: it.hardware.clone().unwrap_or_default(),
            address: it.address.clone().unwrap_or_default(),
            group: it.group.clone(),
            class: it.class.clone().unwrap_or_default(),
            holder: it.holder.map(|id| id.to_string()).unwrap_or_default(),
            site: it.site.clone(),
            private: device.token.iter().map(|_| "yes".to_owned()).collect(),
        }
    }

    /// Whether it shall have a path of its own.
    pub(super) fn private(&self) -> bool {
        !self.private.is_empty()
    }

    /// What it says, if nothing is wrong and no other device has the same.
    pub(super) fn read(
        &self,
        known: &Known,
        own: Option<&str>,
        wrong: &mut Wrong,
    ) -> Option<Particulars> {
        let typed = Typed {
            name: &self.name,
            hardware: &self.hardware,
            address: &self.address,
            group: &self.group,
            class: &self.class,
            holder: &self.holder,
            site: &self.site,
        };
        let particulars = reading::read(&typed, known, |field, words| wrong.say(field, words))?;
        let others = known
            .devices
            .iter()
            .filter(|other| Some(other.id.as_str()) != own);
        for other in others {
            if let Some(clash) = devices::clash(&particulars, &other.particulars) {
                let (field, words) = reading::clashes(clash, other);
                wrong.say(field, words);
                return None;
            }
        }
        Some(particulars)
    }

    pub(super) fn fields(&self, known: &Known, wrong: &Wrong) -> Vec<Html> {
        let line = |name: &str, label: &str, hint: &str, value: &str, width| {
            Html::of(&TextInput {
                value: value.to_owned(),
                hint: Some(hint.to_owned()),
                spellcheck: Some(false),
                width: Some(width),
                error: wrong.at(name),
                ..TextInput::new(name, Label::medium(label))
            })
        };
        let select = |name: &str, label: &str, hint: &str, chosen: &str, options| {
            Html::of(&Select {
                chosen: Some(chosen.to_owned()),
                hint: Some(hint.to_owned()),
                error: wrong.at(name),
                ..Select::new(name, Label::medium(label), options)
            })
        };
        let first = |text: &str| std::iter::once(SelectOption::new("", text));
        let groups = first("Choose")
            .chain(
                known
                    .groups
                    .iter()
                    .map(|group| SelectOption::new(group.clone(), group.clone())),
            )
            .collect();
        let classes = first("No class")
            .chain(
                known
                    .classes
                    .iter()
                    .map(|(id, name)| SelectOption::new(id.clone(), name.clone())),
            )
            .collect();
        let holders = first("Nobody in particular")
            .chain(
                known
                    .holders
                    .iter()
                    .map(|(id, name)| SelectOption::new(id.to_string(), name.clone())),
            )
            .collect();
        vec![
            line(
                "name",
                "What is it called?",
                "Letters, digits, - and _, as on its label: laptop-17. It stands in the log, so no person’s name.",
                &self.name,
                InputWidth::Twenty,
            ),
            line(
                "hardware",
                "Hardware address",
                "Such as aa:bb:cc:00:11:22; it stands in the device’s network settings. The filter finds it in the lease file.",
                &self.hardware,
                InputWidth::Twenty,
            ),
            line(
                "address",
                "Address",
                "If it always has the same, such as 10.2.0.17; or a whole network, such as 10.2.0.0/16. One of the two is needed.",
                &self.address,
                InputWidth::Twenty,
            ),
            select(
                "group",
                "Which group does it follow?",
                "What the group may reach stands in the policy.",
                &self.group,
                groups,
            ),
            select(
                "class",
                "Is it a class’s?",
                "A lesson can then be opened on this class’s devices alone.",
                &self.class,
                classes,
            ),
            select("holder", "Who holds it?", "One of the school’s adults.", &self.holder, holders),
            line("site", "Where is it?", "Such as Infants’ block", &self.site, InputWidth::Twenty),
            Html::of(&Checkboxes {
                hint: Some("For a device that leaves the building, or asks over HTTPS or TLS. The path is shown once it is written down.".into()),
                chosen: self.private.clone(),
                error: wrong.at("private"),
                ..Checkboxes::confirm("private", "It asks over encrypted DNS, by a path of its own")
            }),
        ]
    }
}
