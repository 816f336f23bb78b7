//! When it goes wrong: four outcomes, told apart by type, each shown in its own
//! shape. Pages and the API render them in [`crate::web::problems`].

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::db::WriteFault;

/// Why an act or a page did not come about.
#[derive(Debug)]
pub enum Problem {
    /// What was sent needs correcting. A page shows its form again with what was
    /// typed; this is for the API and for acts called by other acts.
    Fields(Vec<FieldProblem>),
    /// A rule says no, to somebody who may know that the thing exists.
    Refused(Refused),
    /// Not there, or not for this person: the two look the same.
    NotFound,
    /// The browser must first go elsewhere: to sign in, to unlock, to enrol.
    GoTo(String),
    Fault(Fault),
}

/// One field that needs correcting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name in the form, which is its anchor on the page too.
    pub field: Cow<'static, str>,
    /// What to do, in a sentence.
    pub says: String,
}

/// A rule's no: why, and what can be done instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub title: String,
    pub why: String,
}

impl Problem {
    /// A refusal with its title and reason.
    pub fn refused(title: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Refused(Refused {
            title: title.into(),
            why: why.into(),
        })
    }

    /// The record is not what the reader looked at when deciding.
    pub(crate) fn changed_first() -> Self {
        Self::refused(
            "Somebody else changed this first",
            "While this page was open, the record was changed. Nothing of yours was saved over it. \
             Go back, reload the page to see what it says now, and make your change again if it is still needed.",
        )
    }

    /// A single field that needs correcting.
    pub fn field(field: &'static str, says: impl Into<String>) -> Self {
        Self::Fields(vec![FieldProblem {
            field: field.into(),
            says: says.into(),
        }])
    }
}

/// A bug or a broken disk. Carries what an engineer needs, never what a school
/// wrote: it is logged once, under a reference that the page shows.
pub struct Fault {
    doing: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault with the error beneath it.
    pub fn at(doing: String, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            doing,
            source: Some(source.into()),
        }
    }

    /// A fault that no other error caused.
    pub fn said(doing: String) -> Self {
        Self {
            doing,
            source: None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.doing)?;
        let mut source = self.source.as_deref().map(|inner| inner as &dyn Error);
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Fault {}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<WriteFault> for Problem {
    fn from(fault: WriteFault) -> Self {
        match fault {
            WriteFault::Fault(fault) => Self::Fault(fault),
            WriteFault::Constraint(name) => Self::Fault(Fault::said(format!(
                "the constraint {name} was broken and no act answers for it"
            ))),
        }
    }
}
