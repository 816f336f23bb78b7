//! Brings lists up to date from the addresses of their publishers.
//!
//! What is new is fetched beside the old, proved, and only then put in its place. Whatever fails leaves the
//! old version where it is. Whether a new version is fit to use is for `compile` to say, which holds
//! one that lost or gained most of its names.

mod fetch;
mod proof;
mod sources;
mod unpack;

pub use fetch::FetchFailed;
pub use proof::ProofFailed;
pub use sources::{Source, Sources, SourcesRefused};

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fetch::{Fetch, Version};

use crate::index::write_whole;
use crate::trust;

/// What became of one source.
#[derive(Debug)]
pub enum Outcome {
    /// The publisher has nothing newer.
    Unchanged,
    /// It is in its place now.
    Fetched {
        bytes: u64,
    },
    Failed(UpdateFailed),
}

/// Why a source was not brought up to date. Its old version stays.
#[derive(Debug, thiserror::Error)]
pub enum UpdateFailed {
    #[error(transparent)]
    Fetch(#[from] FetchFailed),
    #[error(transparent)]
    Proof(#[from] ProofFailed),
    #[error("it cannot be unpacked: {0}")]
    Unpack(#[source] io::Error),
    #[error("it cannot be put in its place: {0}")]
    Place(#[source] io::Error),
}

/// Why nothing was brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum UpdateRefused {
    #[error(transparent)]
    Sources(#[from] SourcesRefused),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Trust(String),
}

/// Hidden, so that it is no list.
const STATE: &str = ".sources.json";

/// What is known of the version in place.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
struct State {
    from: String,
    version: Version,
    /// What it was proved by. One that was proved by something else, or by nothing, is fetched once more.
    #[serde(default)]
    proof: [Option<String>; 2],
}

fn proof_of(source: &Source) -> [Option<String>; 2] {
    [source.sha256.clone(), source.key.clone()]
}

/// Fetches what is new to the folder of lists, and says of each source what became of it.
pub fn update(sources: &Sources, lists: &Path) -> Result<Vec<(String, Outcome)>, UpdateRefused> {
    fs::create_dir_all(lists)?;
    let place = lists.join(STATE);
    let mut states: BTreeMap<String, State> = match fs::read(&place) {
        // If it is damaged, everything is fetched once more.
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(why) if why.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(why) => return Err(why.into()),
    };
    let roots = trust::roots(sources.authority.as_deref()).map_err(UpdateRefused::Trust)?;
    let tls = trust::client(roots, &[b"http/1.1"]).map_err(UpdateRefused::Trust)?;
    let fetch = Fetch::new(Arc::new(tls));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut outcomes = Vec::new();
    for source in &sources.sources {
        let known = states
            .get(&source.to)
            .filter(|state| state.from == source.from && state.proof == proof_of(source))
            .filter(|_| lists.join(&source.to).exists())
            .map(|state| state.version.clone())
            .unwrap_or_default();
        let outcome = match runtime.block_on(one(&fetch, source, lists, &known)) {
            Ok(None) => Outcome::Unchanged,
            Ok(Some((version, bytes))) => {
                let state = State {
                    from: source.from.clone(),
                    version,
                    proof: proof_of(source),
                };
                states.insert(source.to.clone(), state);
                Outcome::Fetched { bytes }
            }
            Err(why) => Outcome::Failed(why),
        };
        outcomes.push((source.to.clone(), outcome));
    }
    let text = serde_json::to_vec_pretty(&states).map_err(io::Error::from)?;
    write_whole(&place, |out| out.write_all(&text))?;
    Ok(outcomes)
}

/// Removes what was fetched, unless it has been put in its place.
struct Beside(PathBuf);

impl Beside {
    /// A place that is free, also of what a run left there that was cut off.
    fn new(place: PathBuf) -> Self {
        let beside = Self(place);
        beside.clear();
        beside
    }

    fn clear(&self) {
        // Whichever of the two it was; if it has gone, all is well.
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.clear();
    }
}

async fn one(
    fetch: &Fetch,
    source: &Source,
    lists: &Path,
    known: &Version,
) -> Result<Option<(Version, u64)>, UpdateFailed> {
    let flat = source.to.trim_end_matches('/').replace('/', "+");
    let beside = |end: &str| Beside::new(lists.join(format!(".{flat}.{end}")));
    let (new, proof) = (beside("new"), beside("proof"));
    let most = source.most_mb.saturating_mul(1 << 20);
    let Some(version) = fetch.to_file(&source.from, known, most, &new.0).await? else {
        return Ok(None);
    };
    if let Some(sum) = &source.sha256 {
        let name = source.from.rsplit('/').next().unwrap_or_default();
        if proof::is_sum(sum) {
            proof::checksum(&new.0, sum, name)?;
        } else {
            let promised = fetch.text(sum, &proof.0).await?;
            proof::checksum(&new.0, &promised, name)?;
        }
    }
    if let Some(key) = &source.key {
        let signature = fetch.text(&source.signature_at(), &proof.0).await?;
        proof::signature(&new.0, key, &signature)?;
    }
    let bytes = fs::metadata(&new.0).map_err(UpdateFailed::Place)?.len();
    let place = lists.join(source.to.trim_end_matches('/'));
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(UpdateFailed::Place)?;
    }
    if source.is_archive() {
        let unpacked = beside("folder");
        unpack::unpack(&new.0, &unpacked.0, most.saturating_mul(8))
            .map_err(UpdateFailed::Unpack)?;
        let old = beside("old");
        exchange(&unpacked.0, &place, &old.0).map_err(UpdateFailed::Place)?;
    } else {
        fs::rename(&new.0, &place).map_err(UpdateFailed::Place)?;
    }
    Ok(Some((version, bytes)))
}

/// Puts a folder in the place of another, which is brought back if that fails.
fn exchange(new: &Path, place: &Path, old: &Path) -> io::Result<()> {
    if !place.exists() {
        return fs::rename(new, place);
    }
    fs::rename(place, old)?;
    let put = fs::rename(new, place);
    if put.is_err() {
        fs::rename(old, place)?;
    }
    put
}

#[cfg(test)]
mod tests;
