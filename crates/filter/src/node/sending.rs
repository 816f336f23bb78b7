//! The log on its way: file by file, piece by piece, each piece once. The server says how far it has each
//! file, so that whatever is cut off goes on from there.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::SyncFailed;
use super::client::Client;

pub const LOG_PATH: &str = "/filter/node/log";
/// At most so much of a file at once.
pub const PIECE: u64 = 512 * 1024;
/// At most so many pieces a turn, so that a long absence does not keep what is new from coming.
const PIECES: usize = 64;

/// What the server answers: how far it has the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LogReceived {
    pub received: u64,
}

/// Sends what the server has not; how many bytes it took. A file that is over and sent is removed.
pub(super) async fn send(client: &Client, folder: &Path) -> Result<u64, SyncFailed> {
    let files = files(folder);
    let (mut sent, mut pieces) = (0, 0);
    for (at, file) in files.iter().enumerate() {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // A question with nothing in it: how far is it?
        let mut known = piece(client, &name, 0, Vec::new()).await?;
        loop {
            let text = read_from(file, known).map_err(|why| SyncFailed::Io(file.clone(), why))?;
            // The last line may still be on its way.
            let Some(end) = text.iter().rposition(|byte| *byte == b'\n') else {
                break;
            };
            if pieces == PIECES {
                return Ok(sent);
            }
            let text = text[..=end].to_vec();
            let length = text.len() as u64;
            let now = piece(client, &name, known, text).await?;
            if now <= known {
                return Err(SyncFailed::Answer(format!(
                    "it has {now} bytes of {name} and got {length} more"
                )));
            }
            sent += now - known;
            pieces += 1;
            known = now;
        }
        // It is never written to again once a later one stands.
        if at + 1 < files.len() {
            std::fs::remove_file(file).map_err(|why| SyncFailed::Io(file.clone(), why))?;
        }
    }
    Ok(sent)
}

async fn piece(client: &Client, name: &str, from: u64, text: Vec<u8>) -> Result<u64, SyncFailed> {
    let path = format!("{LOG_PATH}?file={name}&from={from}");
    let answer = client
        .send(&path, text, "text/plain; charset=utf-8")
        .await?;
    let received: LogReceived =
        serde_json::from_slice(&answer).map_err(|why| SyncFailed::Answer(why.to_string()))?;
    Ok(received.received)
}

/// The log's files, oldest first: they are named by hour and number.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "log"))
        .collect();
    files.sort();
    files
}

fn read_from(file: &Path, from: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(file)?;
    file.seek(SeekFrom::Start(from))?;
    let mut text = Vec::new();
    file.take(PIECE).read_to_end(&mut text)?;
    Ok(text)
}
