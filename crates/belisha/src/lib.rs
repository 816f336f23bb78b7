//! The product: one folder a feature, one way to write, one way in.
//!
//! Text is parsed into a policy, the policy into rules in force; a person acts; the
//! act loads, asks whether it may, decides by rule, writes its row and its journal
//! entry in one transaction, and tells those who must know; the evidence is counted
//! from the rows; the clause shows it.

pub mod accounts;
pub mod actor;
pub mod agencies;
pub mod agreements;
pub mod api;
pub mod approvals;
pub mod audit;
pub mod backups;
pub mod clock;
pub mod commands;
pub mod data_requests;
pub mod db;
pub mod demo;
pub mod drafts;
pub mod entries;
pub mod exports;
pub mod files;
pub mod filter;
pub mod home;
pub mod incidents;
pub mod jobs;
pub mod mail;
pub mod notices;
pub mod operations;
pub mod patterns;
pub mod people;
pub mod policies;
pub mod problem;
pub mod records;
pub mod referrals;
pub mod retention;
pub mod reviews;
pub mod routes;
pub mod school;
pub mod school_keys;
pub mod schools;
pub mod tx;
pub mod upkeep;
pub mod viewer;
pub mod web;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
