//! The one binary: `belisha serve`, `demo`, `policy check`, `journal verify`, …

fn main() -> std::process::ExitCode {
    belisha::commands::run(belisha_press::render)
}
