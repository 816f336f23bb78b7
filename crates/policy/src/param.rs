//! Parameters: the typed handles by which a control is declared and asked.

use std::marker::PhantomData;

use crate::control::Control;
use crate::form::Form;
use crate::kind::Kind;
use crate::measure::{Measure, Unit};
use crate::period::Period;
use crate::value::Value;

/// What every parameter tells about itself, whatever its type: enough to draw an
/// editor's form and to write the help page.
pub trait Parameter: Sync {
    /// The control that it belongs to.
    fn control(&self) -> &'static Control;
    /// The name before the equals sign.
    fn name(&self) -> &'static str;
    /// One sentence of help.
    fn about(&self) -> &'static str;
    /// What may be written.
    fn form(&self) -> Form;
    /// What holds where nothing is written; `None` where something must be.
    fn default(&self) -> Option<Value>;
}

/// A parameter whose typed value can be asked of a control that is set.
pub trait Handle: Parameter {
    type Kind: Kind;
}

/// A parameter with a default, which holds wherever the policy is silent.
pub struct Param<K: Kind> {
    control: &'static Control,
    name: &'static str,
    about: &'static str,
    form: Form,
    default: K::Written,
    kind: PhantomData<fn() -> K>,
}

/// A parameter that has no default: the policy must state it.
pub struct Required<K: Kind> {
    control: &'static Control,
    name: &'static str,
    about: &'static str,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Param<K> {
    pub const fn new(
        control: &'static Control,
        name: &'static str,
        about: &'static str,
        default: K::Written,
    ) -> Self {
        Self {
            control,
            name,
            about,
            form: K::FORM,
            default,
            kind: PhantomData,
        }
    }

    /// The typed default.
    pub fn by_default(&self) -> K::Typed {
        K::typed(&K::keep(self.default)).expect("a kind reads back what it keeps")
    }
}

impl<K: Kind> Required<K> {
    pub const fn new(control: &'static Control, name: &'static str, about: &'static str) -> Self {
        Self {
            control,
            name,
            about,
            kind: PhantomData,
        }
    }
}

impl<K: Kind> Param<K> {
    /// Both bounds of a number or of a count, in its own unit. Does not compile for
    /// another kind.
    pub const fn between(mut self, least: u32, most: u32) -> Self {
        self.form = match self.form {
            Form::Number { .. } => Form::Number { least, most },
            Form::Count { unit, .. } => Form::Count { unit, least, most },
            Form::YesNo
            | Form::Text
            | Form::Slug
            | Form::OneOf { .. }
            | Form::ListOf { .. }
            | Form::Measure { .. }
            | Form::Period { .. }
            | Form::Time => panic!("only a number or a count lies between two bounds"),
        };
        self
    }

    /// The longest period. Does not compile for another kind.
    pub const fn at_most(mut self, most: Period) -> Self {
        self.form = match self.form {
            Form::Period { or_never, .. } => Form::Period {
                most: Some(most),
                or_never,
            },
            Form::Number { .. }
            | Form::YesNo
            | Form::Text
            | Form::Slug
            | Form::OneOf { .. }
            | Form::ListOf { .. }
            | Form::Count { .. }
            | Form::Measure { .. }
            | Form::Time => panic!("only a period has a longest period"),
        };
        self
    }
}

impl Param<Measure> {
    /// The units that fit, and the longest that makes sense.
    pub const fn within(mut self, units: &'static [Unit], most: Measure) -> Self {
        self.form = Form::Measure {
            units,
            most: Some(most),
        };
        self
    }
}

impl<K: Kind> Parameter for Param<K> {
    fn control(&self) -> &'static Control {
        self.control
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn form(&self) -> Form {
        self.form
    }

    fn default(&self) -> Option<Value> {
        Some(K::keep(self.default))
    }
}

impl<K: Kind> Parameter for Required<K> {
    fn control(&self) -> &'static Control {
        self.control
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn form(&self) -> Form {
        K::FORM
    }

    fn default(&self) -> Option<Value> {
        None
    }
}

impl<K: Kind> Handle for Param<K> {
    type Kind = K;
}

impl<K: Kind> Handle for Required<K> {
    type Kind = K;
}
