//! The register as the resolver reads it, made from what is written down. Pure.

use belisha_filter::resolver::{DeviceOf, RangeOf, Register};
use belisha_filter::verdict::Policy;

use super::stored::Device;
use crate::filter::settings::class_group;
use crate::problem::Fault;

/// Who follows which group of this policy.
pub(in crate::filter) fn register(devices: &[Device], policy: &Policy) -> Register {
    let mut register = Register::default();
    for device in devices {
        let it = &device.particulars;
        let of_its_class = it
            .class
            .as_deref()
            .map(|class| class_group(&it.group, class));
        let group = of_its_class
            .into_iter()
            .chain([it.group.clone()])
            .find(|group| policy.group(group).is_ok())
            // A group may have gone with a new version of the policy.
            .unwrap_or_else(|| policy.unknown_group().name.clone());
        match &it.address {
            Some(range) if it.is_range() => register.ranges.push(RangeOf {
                range: range.clone(),
                group,
            }),
            address => register.devices.push(DeviceOf {
                group,
                id: Some(it.name.clone()),
                address: address.as_deref().and_then(|text| text.parse().ok()),
                hardware: it.hardware.clone(),
                token: device.token.clone(),
            }),
        }
    }
    register
}

/// The text of the file.
pub(in crate::filter) fn text(register: &Register) -> Result<String, Fault> {
    let made = toml_edit::ser::to_string_pretty(register)
        .map_err(|error| Fault::at("writing the register of devices".into(), error))?;
    Ok(format!(
        "# Made by Belisha from the devices that the school wrote down. Changes here are lost.\n\n{made}"
    ))
}
