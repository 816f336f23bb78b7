//! The kinds of value a parameter may have: each ties the Rust type that a rule
//! reads to the form that an editor writes.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Time;

use crate::count::Count;
use crate::form::Form;
use crate::measure::{Measure, Unit};
use crate::period::Period;
use crate::value::Value;
use crate::words::{self, Term, Word};

/// A kind of value. `Written` is what a declaration states as the default, so it
/// can stand in a constant; `Typed` is what a rule gets.
pub trait Kind: 'static {
    type Typed: Clone + PartialEq + fmt::Debug;
    type Written: Copy + Send + Sync + 'static;
    /// The form, with the widest bounds.
    const FORM: Form;

    fn keep(written: Self::Written) -> Value;
    /// The typed value; `None` for a value of another kind.
    fn typed(value: &Value) -> Option<Self::Typed>;
}

/// A whole number.
pub enum Number {}
/// True or false.
pub enum YesNo {}
/// One line of words.
pub enum Text {}
/// A short name of small letters, digits and hyphens.
pub enum Slug {}
/// A time of day.
pub enum TimeOfDay {}
/// A period, or never.
pub enum PeriodOrNever {}
/// One word of the list `W`.
pub struct OneOf<W>(PhantomData<W>);
/// Several words of the list `W`.
pub struct ListOf<W>(PhantomData<W>);

impl Kind for Number {
    type Typed = u32;
    type Written = u32;
    const FORM: Form = Form::Number {
        least: 0,
        most: u32::MAX,
    };

    fn keep(written: u32) -> Value {
        Value::Number(written)
    }

    fn typed(value: &Value) -> Option<u32> {
        if let Value::Number(number) = value {
            Some(*number)
        } else {
            None
        }
    }
}

impl Kind for YesNo {
    type Typed = bool;
    type Written = bool;
    const FORM: Form = Form::YesNo;

    fn keep(written: bool) -> Value {
        Value::YesNo(written)
    }

    fn typed(value: &Value) -> Option<bool> {
        if let Value::YesNo(yes) = value {
            Some(*yes)
        } else {
            None
        }
    }
}

impl Kind for Text {
    type Typed = String;
    type Written = &'static str;
    const FORM: Form = Form::Text;

    fn keep(written: &'static str) -> Value {
        Value::Text(written.to_owned())
    }

    fn typed(value: &Value) -> Option<String> {
        if let Value::Text(text) = value {
            Some(text.clone())
        } else {
            None
        }
    }
}

impl Kind for Slug {
    type Typed = String;
    type Written = &'static str;
    const FORM: Form = Form::Slug;

    fn keep(written: &'static str) -> Value {
        Text::keep(written)
    }

    fn typed(value: &Value) -> Option<String> {
        Text::typed(value)
    }
}

impl Kind for TimeOfDay {
    type Typed = Time;
    type Written = Time;
    const FORM: Form = Form::Time;

    fn keep(written: Time) -> Value {
        Value::Time(written)
    }

    fn typed(value: &Value) -> Option<Time> {
        if let Value::Time(time) = value {
            Some(*time)
        } else {
            None
        }
    }
}

/// A length of time in any unit that the parameter allows.
impl Kind for Measure {
    type Typed = Measure;
    type Written = Measure;
    const FORM: Form = Form::Measure {
        units: &[
            Unit::AtOnce,
            Unit::SameDay,
            Unit::Minutes,
            Unit::Hours,
            Unit::SchoolDays,
            Unit::WorkingDays,
            Unit::Days,
            Unit::Weeks,
            Unit::Months,
            Unit::Years,
        ],
        most: None,
    };

    fn keep(written: Measure) -> Value {
        Value::Measure(written)
    }

    fn typed(value: &Value) -> Option<Measure> {
        if let Value::Measure(measure) = value {
            Some(*measure)
        } else {
            None
        }
    }
}

impl Kind for Period {
    type Typed = Period;
    type Written = Period;
    const FORM: Form = Form::Period {
        most: None,
        or_never: false,
    };

    fn keep(written: Period) -> Value {
        Value::Period(written)
    }

    fn typed(value: &Value) -> Option<Period> {
        if let Value::Period(period) = value {
            Some(*period)
        } else {
            None
        }
    }
}

impl Kind for PeriodOrNever {
    type Typed = Option<Period>;
    type Written = Option<Period>;
    const FORM: Form = Form::Period {
        most: None,
        or_never: true,
    };

    fn keep(written: Option<Period>) -> Value {
        written.map_or(Value::Never, Value::Period)
    }

    fn typed(value: &Value) -> Option<Option<Period>> {
        if matches!(value, Value::Never) {
            Some(None)
        } else {
            Period::typed(value).map(Some)
        }
    }
}

/// Minutes, hours or days, where only that unit fits.
impl<C: Count> Kind for C {
    type Typed = C;
    type Written = C;
    const FORM: Form = Form::Count {
        unit: C::UNIT,
        least: 1,
        most: u32::MAX,
    };

    fn keep(written: C) -> Value {
        Value::Measure(written.measure())
    }

    fn typed(value: &Value) -> Option<C> {
        Measure::typed(value).and_then(C::of)
    }
}

impl<W: Word + fmt::Debug + Send + Sync> Kind for OneOf<W> {
    type Typed = W;
    type Written = W;
    const FORM: Form = Form::OneOf {
        kind: W::KIND,
        terms: words::terms::<W>,
    };

    fn keep(written: W) -> Value {
        Value::Term(term(written))
    }

    fn typed(value: &Value) -> Option<W> {
        if let Value::Term(term) = value {
            W::from_key(term.key)
        } else {
            None
        }
    }
}

impl<W: Word + fmt::Debug + Send + Sync> Kind for ListOf<W> {
    type Typed = Vec<W>;
    type Written = &'static [W];
    const FORM: Form = Form::ListOf {
        kind: W::KIND,
        terms: words::terms::<W>,
    };

    fn keep(written: &'static [W]) -> Value {
        Value::Terms(written.iter().copied().map(term).collect())
    }

    fn typed(value: &Value) -> Option<Vec<W>> {
        if let Value::Terms(terms) = value {
            terms.iter().map(|term| W::from_key(term.key)).collect()
        } else {
            None
        }
    }
}

fn term<W: Word>(word: W) -> Term {
    Term {
        key: word.key(),
        name: word.name(),
    }
}
