//! `belisha routes`: every address with who may come in.

#[expect(clippy::print_stdout, reason = "the command's answer")]
pub(super) fn print() {
    print!("{}", crate::web::route::list(&crate::routes::routes()));
}
