//! What follows from the policy. Facts in, decision out: nothing here reads a
//! clock, a database or a source of randomness, so every decision can be
//! replayed from the facts it was given.

pub mod access;
pub mod agreements;
pub mod assurance;
pub mod bank_holidays;
pub mod calendar;
pub mod ids;
pub mod incidents;
pub mod people;
pub mod routing;
pub mod upn;

pub use ids::{
    AccountId, ActionId, BackupId, ClassId, FamilyId, IncidentId, PersonId, PolicyVersionId,
    ReportId, SessionId, SignatureId,
};
