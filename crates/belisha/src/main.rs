//! The one binary: `belisha serve`, `demo`, `policy check`, `journal verify`, …

mod accounts;
mod actor;
mod agreements;
mod api;
mod audit;
mod backups;
mod clock;
mod db;
mod entries;
mod home;
mod incidents;
mod mail;
mod notices;
mod operations;
mod people;
mod policies;
mod problem;
mod records;
mod routes;
mod school;
mod schools;
mod tx;
mod upkeep;
mod viewer;
mod web;

fn main() {
}
