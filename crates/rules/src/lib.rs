//! What follows from the policy. Facts in, decision out: nothing here reads a
//! clock, a database or a source of randomness, so every decision can be
//! replayed from the facts it was given.

pub mod access;
pub mod accounts;
pub mod agreements;
pub mod appointments;
pub mod approvals;
pub mod assurance;
pub mod backups;
pub mod bank_holidays;
pub mod calendar;
pub mod devices;
pub mod emergency_sight;
pub mod exports;
pub mod files;
pub mod giving;
pub mod guides;
pub mod ids;
pub mod incidents;
pub mod masking;
pub mod monitoring;
pub mod passwords;
pub mod patterns;
pub mod people;
pub mod policies;
pub mod referrals;
pub mod routing;
pub mod sanctions;
pub mod sessions;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod upn;

pub use ids::{
    AccountId, ActionId, ApprovalId, BackupId, ClassId, ExportId, FamilyId, FileId, IncidentId,
    PersonId, PolicyVersionId, ReportId, SessionId, SignatureId,
};
