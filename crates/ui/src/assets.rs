//! The style sheet, the script, the fonts and the mark, under addresses that change with their content.
//!
//! The style sheet is the vendored one followed by those beside the components; a debug build reads
//! them from disk again when one was edited, so that an edit shows without a rebuild.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Where the product serves assets.
const PREFIX: &str = "/assets/";
const HASH_LENGTH: usize = 12;
/// Plain elements give way to components, and both to our own theme, which is in no layer.
const LAYERS: &str = "@layer base, govuk;\n";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/"]
#[include = "*.css"]
#[include = "*.js"]
#[include = "*.svg"]
struct Sources;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets/vendor/"]
struct Vendored;

/// A file for a browser.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// Whether the address changes with the content, so that a browser may keep it for a year.
    pub immutable: bool,
}

/// The asset at this path below `/assets/`. An address with the hash of older content still answers,
/// with the present content, so that a page opened before an upgrade keeps its looks.
#[must_use]
pub fn get(path: &str) -> Option<Asset> {
    let built = built();
    if let Some(file) = built.files.iter().find(|file| file.path == path) {
        return Some(file.asset(true));
    }
    let stem = without_hash(path)?;
    let file = built
        .files
        .iter()
        .find(|file| without_hash(&file.path).is_some_and(|known| known == stem))?;
    Some(file.asset(false))
}

/// Every path below `/assets/` that a page of today may ask for.
#[must_use]
pub fn paths() -> Vec<String> {
    built().files.iter().map(|file| file.path.clone()).collect()
}

/// Address of the style sheet.
#[must_use]
pub fn stylesheet_url() -> String {
    url_of("belisha", "css")
}

/// Address of the script, an ES module that every page does without.
#[must_use]
pub fn script_url() -> String {
    url_of("belisha", "js")
}

/// Address of the mark as an icon.
#[must_use]
pub fn icon_url() -> String {
    url_of("mark", "svg")
}

fn url_of(name: &str, extension: &str) -> String {
    let built = built();
    let file = built
        .files
        .iter()
        .find(|file| without_hash(&file.path) == Some((name, extension)))
        .expect("style sheet, script and mark are always built");
    format!("{PREFIX}{}", file.path)
}

struct Built {
    files: Vec<File>,
}

struct File {
    path: String,
    bytes: Cow<'static, [u8]>,
    content_type: &'static str,
}

impl File {
    fn new(
        name: &str,
        extension: &str,
        content_type: &'static str,
        bytes: Cow<'static, [u8]>,
    ) -> Self {
        let path = format!("{name}-{}.{extension}", hash(&bytes));
        Self {
            path,
            bytes,
            content_type,
        }
    }

    fn asset(&self, immutable: bool) -> Asset {
        Asset {
            bytes: self.bytes.clone(),
            content_type: self.content_type,
            immutable,
        }
    }
}

fn built() -> Arc<Built> {
    static ONCE: LazyLock<Arc<Built>> = LazyLock::new(|| Arc::new(build()));
    if cfg!(debug_assertions) {
        built_since_last_edit()
    } else {
        Arc::clone(&ONCE)
    }
}

/// How long an edited source may wait before a page shows it: reading the folder for every page
/// would cost more than the page.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What was looked at last: when, how new the newest source was, and what was built of it.
struct Looked {
    at: Instant,
    edited_at: Option<SystemTime>,
    built: Arc<Built>,
}

/// What was built before, unless a source has changed on disk since.
#[expect(
    clippy::disallowed_methods,
    reason = "edits are made by the wall clock, in development alone"
)]
fn built_since_last_edit() -> Arc<Built> {
    static LAST: Mutex<Option<Looked>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(looked) = &*last
        && looked.at.elapsed() < LOOK_AGAIN_AFTER
    {
        return Arc::clone(&looked.built);
    }
    let edited_at = Sources::iter()
        .filter_map(|path| {
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src")
                .join(path.as_ref());
            file.metadata().ok()?.modified().ok()
        })
        .max();
    let built = match &*last {
        Some(looked) if looked.edited_at == edited_at => Arc::clone(&looked.built),
        _ => Arc::new(build()),
    };
    *last = Some(Looked {
        at: Instant::now(),
        edited_at,
        built: Arc::clone(&built),
    });
    built
}

fn build() -> Built {
    let mut files: Vec<File> = Vec::new();
    let mut stylesheet = LAYERS.to_owned();
    stylesheet.push_str(&vendored_text("govuk.css"));
    for path in in_order("css") {
        stylesheet.push_str(&source_text(&path));
    }
    for name in Vendored::iter().filter(|name| name.ends_with(".woff2")) {
        let bytes = Vendored::get(&name).expect("listed by the embedding").data;
        let stem = name.trim_end_matches(".woff2");
        let font = File::new(stem, "woff2", "font/woff2", bytes);
        stylesheet = stylesheet.replace(name.as_ref(), &font.path);
        files.push(font);
    }
    let script: String = in_order("js")
        .iter()
        .map(|path| without_comments(&source_text(path)))
        .collect();
    let mark = source_text("frame/mark.svg");
    files.push(File::new(
        "belisha",
        "css",
        "text/css; charset=utf-8",
        owned(stylesheet),
    ));
    files.push(File::new(
        "belisha",
        "js",
        "text/javascript; charset=utf-8",
        owned(script),
    ));
    files.push(File::new("mark", "svg", "image/svg+xml", owned(mark)));
    Built { files }
}

/// Theme first, components next, paper last: each may overrule what stands before it.
fn in_order(extension: &str) -> Vec<String> {
    let ending = format!(".{extension}");
    let mut paths: Vec<String> = Sources::iter()
        .filter(|path| path.ends_with(&ending))
        .map(Cow::into_owned)
        .collect();
    paths.sort_by_key(|path| {
        let place = match path.as_str() {
            "theme/print.css" => 2,
            theme if theme.starts_with("theme/") => 0,
            _ => 1,
        };
        (place, path.clone())
    });
    paths
}

/// The script without its whole-line comments and indentation, which browsers need not fetch.
fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn source_text(path: &str) -> String {
    text(Sources::get(path))
}

fn vendored_text(path: &str) -> String {
    text(Vendored::get(path))
}

fn text(file: Option<rust_embed::EmbeddedFile>) -> String {
    let bytes = file.expect("the folder is part of this crate").data;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn owned(text: String) -> Cow<'static, [u8]> {
    Cow::Owned(text.into_bytes())
}

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex[..HASH_LENGTH].to_owned()
}

/// Name and extension of a path whose name ends in a hash.
fn without_hash(path: &str) -> Option<(&str, &str)> {
    let (stem, extension) = path.rsplit_once('.')?;
    let (name, hash) = stem.rsplit_once('-')?;
    let is_hash = hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some((name, extension))
}

#[cfg(test)]
mod tests;
