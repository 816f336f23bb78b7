//! Writes the gallery as files that a browser can open: `cargo run -p belisha-ui --example gallery -- DIR`.

use std::path::PathBuf;
use std::{env, fs, io};

use belisha_ui::{assets, gallery};

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("name the folder to write to"));
    };
    let asset_folder = folder.join("assets");
    fs::create_dir_all(&asset_folder)?;
    for path in assets::paths() {
        if let Some(asset) = assets::get(&path) {
            fs::write(asset_folder.join(&path), asset.bytes)?;
        }
    }
    for page in gallery::pages("/gallery") {
        let page_folder = folder.join("gallery").join(page.slug);
        fs::create_dir_all(&page_folder)?;
        fs::write(page_folder.join("index.html"), page.html)?;
    }
    Ok(())
}
