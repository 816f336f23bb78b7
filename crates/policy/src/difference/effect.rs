//! What changes in effect: control by control, the sentence that holds before
//! and the sentence that holds after.

use crate::control::Control;
use crate::controls;
use crate::policy::Policy;
use crate::settings::Settings;
use crate::value::Value;

/// A control that will act otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectChange {
    pub control: &'static Control,
    /// Which use of the control, where it repeats: "the headteacher".
    pub of: Option<String>,
    /// What holds before; none where nothing does.
    pub before: Option<InForce>,
    /// What will hold; none where nothing will.
    pub after: Option<InForce>,
    /// The parameters that differ, where something holds before and after.
    pub params: Vec<ParamChange>,
}

/// What a version of a policy makes of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    pub sentence: String,
    /// The id of the clause that says so; none where the policy is silent and the
    /// default holds.
    pub clause: Option<String>,
}

/// A parameter with its value before and after, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamChange {
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

pub(super) fn changes(old: &Policy, new: &Policy) -> Vec<EffectChange> {
    controls::catalogue()
        .iter()
        .flat_map(|control| {
            keys(old, new, control)
                .into_iter()
                .filter_map(move |key| change(old, new, control, key.as_ref()))
        })
        .collect()
}

/// Every use of a control in either version: one for a control that does not repeat.
fn keys(old: &Policy, new: &Policy, control: &'static Control) -> Vec<Option<Value>> {
    if control.repeats_by.is_none() {
        return vec![None];
    }
    let mut keys: Vec<Option<Value>> = Vec::new();
    for bound in new.all(control).chain(old.all(control)) {
        let key = bound.settings.repeat_key().cloned();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn change(
    old: &Policy,
    new: &Policy,
    control: &'static Control,
    key: Option<&Value>,
) -> Option<EffectChange> {
    let (before, after) = (holding(old, control, key), holding(new, control, key));
    if before.as_ref().map(|(settings, _)| settings) == after.as_ref().map(|(settings, _)| settings)
    {
        return None;
    }
    let params = match (&before, &after) {
        (Some((before, _)), Some((after, _))) => params(before, after),
        (_, _) => Vec::new(),
    };
    let in_force = |(settings, clause): (Settings, Option<String>)| InForce {
        sentence: settings.sentence(),
        clause,
    };
    Some(EffectChange {
        control,
        of: key.map(Value::words),
        before: before.map(in_force),
        after: after.map(in_force),
        params,
    })
}

/// The settings in force for one use of a control, with the clause that says so.
fn holding(
    policy: &Policy,
    control: &'static Control,
    key: Option<&Value>,
) -> Option<(Settings, Option<String>)> {
    policy
        .all(control)
        .find(|bound| bound.settings.repeat_key() == key)
        .map(|bound| (bound.settings.clone(), Some(bound.clause.clone())))
        .or_else(|| control.by_default().map(|settings| (settings, None)))
}

fn params(before: &Settings, after: &Settings) -> Vec<ParamChange> {
    before
        .values()
        .zip(after.values())
        .filter(|((_, before), (_, after))| before != after)
        .map(|((param, before), (_, after))| ParamChange {
            name: param.name(),
            before: before.words(),
            after: after.words(),
        })
        .collect()
}
