//! A control with its values, and the place in the policy that set them.

use crate::control::Control;
use crate::kind::Kind;
use crate::param::{Handle, Parameter};
use crate::value::Value;

/// A control with a value for each of its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    control: &'static Control,
    /// In the order of `control.params`.
    values: Vec<Value>,
}

/// A control as a clause sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The id of the clause.
    pub clause: String,
    /// The line of the block, counted from 1.
    pub line: usize,
    pub settings: Settings,
}

impl Settings {
    /// `values` has one value for each parameter, in order.
    pub(crate) fn new(control: &'static Control, values: Vec<Value>) -> Self {
        debug_assert_eq!(control.params.len(), values.len());
        Self { control, values }
    }

    pub(crate) fn by_default(control: &'static Control) -> Option<Self> {
        let values: Option<Vec<Value>> =
            control.params.iter().map(|param| param.default()).collect();
        values.map(|values| Self { control, values })
    }

    pub fn control(&self) -> &'static Control {
        self.control
    }

    /// The typed value of a parameter of this control.
    ///
    /// # Panics
    /// Where the parameter belongs to another control.
    pub fn get<H: Handle>(&self, handle: &H) -> <H::Kind as Kind>::Typed {
        assert_eq!(
            handle.control(),
            self.control,
            "“{}” is asked of another control",
            handle.name()
        );
        <H::Kind as Kind>::typed(self.value(handle.name()))
            .expect("a value is only kept after its own parameter has read it")
    }

    /// The value of the parameter of this name.
    pub(crate) fn value(&self, name: &str) -> &Value {
        self.values()
            .find(|(param, _)| param.name() == name)
            .map(|(_, value)| value)
            .expect("settings hold a value for each parameter of their control")
    }

    /// Every parameter with its value, in order.
    pub fn values(&self) -> impl Iterator<Item = (&'static dyn Parameter, &Value)> {
        self.control.params.iter().copied().zip(&self.values)
    }

    /// The value that tells this use of the control from another, where it repeats.
    pub fn repeat_key(&self) -> Option<&Value> {
        self.control
            .repeats_by
            .map(|param| self.value(param.name()))
    }

    /// What readers see in place of the block.
    pub fn sentence(&self) -> String {
        (self.control.sentence)(self)
    }

    /// The block as an editor would write it, without the values that are the default anyway.
    pub fn block(&self) -> String {
        let mut block = format!("```control {}\n", self.control.key);
        for (param, value) in self.values() {
            if param.default().as_ref() != Some(value) {
                block.push_str(&format!("{} = {}\n", param.name(), value.written()));
            }
        }
        block.push_str("```\n");
        block
    }
}

impl Bound {
    pub fn control(&self) -> &'static Control {
        self.settings.control()
    }

    /// The typed value of a parameter; see [`Settings::get`].
    pub fn get<H: Handle>(&self, handle: &H) -> <H::Kind as Kind>::Typed {
        self.settings.get(handle)
    }

    pub fn sentence(&self) -> String {
        self.settings.sentence()
    }
}
