//! The nets: what must hold of every statement, route and page at once.

mod routes;
mod schema;
mod several_servers;
mod statements;
