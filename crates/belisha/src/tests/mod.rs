//! The nets: what must hold of every statement, route and page at once.

mod statements;
mod schema;
