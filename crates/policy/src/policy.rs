//! A policy that has been read: its clauses in order and the controls they set.

use crate::control::Control;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::param::{Handle, Param, Parameter};
use crate::settings::{Bound, Settings};

/// One version of a school's policy, free of faults in form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub title: String,
    /// The words between the title and the first section; may be empty. Markdown.
    pub introduction: String,
    /// Sections, clauses and sub-clauses in the order in which they stand.
    pub clauses: Vec<Clause>,
    /// The line of the title, counted from 1.
    pub line: usize,
}

/// A numbered part of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The id that stays the same from version to version: `leaving-a-computer`.
    pub id: String,
    /// "2", "2.3" or "2.3.1".
    pub number: String,
    pub depth: Depth,
    pub title: String,
    /// Markdown, without control blocks and without the words of sub-clauses.
    pub words: String,
    /// The controls that this clause sets, in the order in which they stand.
    pub controls: Vec<Bound>,
    /// The id of the part that this one belongs to; none for a section.
    pub parent: Option<String>,
    /// The line of the heading, counted from 1.
    pub line: usize,
}

/// How deep a part of the policy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    Section,
    Clause,
    SubClause,
}

impl Policy {
    /// The clause, section or sub-clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The parts directly under the one with this id, in order.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Clause> {
        self.clauses
            .iter()
            .filter(move |clause| clause.parent.as_deref() == Some(id))
    }

    /// Sections in order.
    pub fn sections(&self) -> impl Iterator<Item = &Clause> {
        self.clauses
            .iter()
            .filter(|clause| clause.depth == Depth::Section)
    }

    /// Every control that the policy sets, in the order in which they stand.
    pub fn controls(&self) -> impl Iterator<Item = &Bound> {
        self.clauses.iter().flat_map(|clause| &clause.controls)
    }

    /// Every use of one control, in order: all routes, all agreements.
    pub fn all<'a>(&'a self, control: &'static Control) -> impl Iterator<Item = &'a Bound> {
        self.controls()
            .filter(move |bound| bound.control() == control)
    }

    /// The use of a control that does not repeat, if a clause sets it.
    pub fn bound(&self, control: &'static Control) -> Option<&Bound> {
        self.all(control).next()
    }

    /// What is in force for a control that does not repeat: what the clause says, or
    /// else the default. None only where the control has a parameter without default
    /// and no clause sets it.
    pub fn settings(&self, control: &'static Control) -> Option<Settings> {
        self.bound(control)
            .map(|bound| bound.settings.clone())
            .or_else(|| control.by_default())
    }

    /// The value in force of a parameter of a control that does not repeat. Where no
    /// clause sets the control the default holds, so that a silent policy leaves no door open.
    ///
    /// # Panics
    /// Where the control repeats: then each use has its own value, and [`Policy::find`]
    /// or [`Policy::all`] leads to it.
    pub fn get<K: Kind>(&self, param: &Param<K>) -> K::Typed {
        let control = param.control();
        assert!(
            control.repeats_by.is_none(),
            "“{}” repeats; ask each use of it",
            control.key
        );
        self.bound(control)
            .map_or_else(|| param.by_default(), |bound| bound.get(param))
    }

    /// The use of a repeating control where this parameter has this value: the
    /// agreement of "staff", the route about the headteacher.
    pub fn find<H: Handle>(&self, param: &H, value: &<H::Kind as Kind>::Typed) -> Option<&Bound> {
        self.all(param.control())
            .find(|bound| bound.get(param) == *value)
    }

    /// Whether the policy may be sent for approval and come into force, beyond being
    /// well formed: nothing that every school must decide is left out.
    pub fn ready(&self) -> Result<(), Vec<Fault>> {
        let lacks: Vec<Fault> = crate::controls::catalogue()
            .iter()
            .filter_map(|control| control.needs)
            .flat_map(|needs| needs(self))
            .map(|lack| Fault {
                line: self.line,
                column: 1,
                message: lack.message,
                help: Some(lack.help),
            })
            .collect();
        if lacks.is_empty() { Ok(()) } else { Err(lacks) }
    }
}
