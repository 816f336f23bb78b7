//! Unpacks a publisher's archive to one folder: plain files of its top or at most two folders deep, no links, no
//! surprises.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Component, Path};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const MOST_FILES: usize = 1_000;

/// Unpacks a tar archive, packed by gzip or not, to an empty folder, and says how many files it held.
pub(super) fn unpack(archive: &Path, to: &Path, most: u64) -> io::Result<usize> {
    let mut from = BufReader::with_capacity(1 << 16, File::open(archive)?);
    let packed = from.fill_buf()?.starts_with(&GZIP);
    let from: Box<dyn Read> = if packed {
        Box::new(flate2::bufread::MultiGzDecoder::new(from))
    } else {
        Box::new(from)
    };
    fs::create_dir_all(to)?;
    let mut left = most;
    let mut files = 0;
    for entry in tar::Archive::new(from).entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        // A list is a file in a folder of its own; what lies deeper, or elsewhere, is not of it.
        let path = entry.path()?.into_owned();
        let parts: Vec<_> = path.components().collect();
        let plain = |part: &Component<'_>| matches!(part, Component::Normal(_));
        let (1..=3, Some(Component::Normal(name))) = (parts.len(), parts.last()) else {
            continue;
        };
        let folders = &parts[..parts.len() - 1];
        if !folders
            .iter()
            .all(|part| plain(part) || *part == Component::CurDir)
            || name.to_string_lossy().starts_with('.')
        {
            continue;
        }
        files += 1;
        if files > MOST_FILES {
            return Err(io::Error::other(
                "the archive holds more than a thousand files",
            ));
        }
        let mut limited = entry.take(left.saturating_add(1));
        let written = io::copy(&mut limited, &mut File::create(to.join(name))?)?;
        left = left.checked_sub(written).ok_or_else(|| {
            io::Error::other(format!("the archive unpacks to more than {most} bytes"))
        })?;
    }
    if files == 0 {
        return Err(io::Error::other("the archive holds no file"));
    }
    Ok(files)
}
