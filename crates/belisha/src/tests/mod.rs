//! The nets: what must hold of every statement, route and page at once.

mod schema;
mod statements;
