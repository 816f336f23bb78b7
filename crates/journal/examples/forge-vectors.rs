//! Writes `crates/journal/vectors/` afresh: the sound and forged files on which every
//! verifier is tested.

#[path = "../tests/forgeries/mod.rs"]
mod forgeries;

fn main() -> std::io::Result<()> {
    let path = forgeries::path();
    if path.exists() {
        std::fs::remove_dir_all(&path)?;
    }
    std::fs::create_dir(&path)?;
    for (name, bytes) in forgeries::folder() {
        std::fs::write(path.join(name), bytes)?;
    }
    Ok(())
}
