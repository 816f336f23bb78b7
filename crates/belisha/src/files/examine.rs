//! The examination of a file that has arrived: what it is, and whether it is fit to be kept.

use std::io::{Read, Seek, SeekFrom};

use super::containers;
use super::kinds::{FileKind, Looks, Unfit, is_harmful_ending, looks};
use super::pictures::{self, PictureFacts};

/// How much of the beginning tells what a file looks like.
const HEAD: usize = 4096;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Examined {
    pub(super) kind: FileKind,
    pub(super) picture: Option<PictureFacts>,
}

/// Looks a whole file through, without ever holding it.
pub(super) fn examine<R: Read + Seek>(file: &mut R, name: &str) -> Result<Examined, Unfit> {
    let mut head = vec![0; HEAD];
    let filled = fill(file, &mut head)?;
    head.truncate(filled);
    let plain = |kind| Examined {
        kind,
        picture: None,
    };
    match looks(&head, name)? {
        Looks::Pdf => {
            start(file)?;
            if contains(file, &[&b"/JavaScript"[..], b"/Launch"])? {
                return Err(Unfit::PdfActs);
            }
            Ok(plain(FileKind::Pdf))
        }
        Looks::Picture(kind) => {
            let facts = pictures::look(file, kind)?;
            Ok(Examined {
                kind,
                picture: Some(facts),
            })
        }
        Looks::Container(named) => containers::look(file, named).map(plain),
        Looks::Text(kind) => {
            start(file)?;
            let text = read_text(file, kind == FileKind::Eml)?;
            match kind {
                FileKind::Eml if !text.is_mail => Err(Unfit::BrokenMail),
                FileKind::Eml if text.carries_harm => Err(Unfit::MailCarriesPrograms),
                kind => Ok(plain(kind)),
            }
        }
    }
}

fn start(file: &mut impl Seek) -> Result<(), Unfit> {
    file.seek(SeekFrom::Start(0))
        .map(drop)
        .map_err(|_| Unfit::BrokenText)
}

fn fill(file: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Unfit> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(_) => return Err(Unfit::BrokenText),
        }
    }
    Ok(filled)
}

/// Whether one of these stands anywhere in the file, also across two reads.
fn contains(file: &mut impl Read, needles: &[&[u8]]) -> Result<bool, Unfit> {
    let longest = needles.iter().map(|needle| needle.len()).max().unwrap_or(0);
    let mut window: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(|_| Unfit::BrokenText)?;
        if count == 0 {
            return Ok(false);
        }
        window.extend_from_slice(&buffer[..count]);
        // What a PDF calls by name begins with a slash.
        let names = window.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        for (at, _) in names {
            if needles
                .iter()
                .any(|needle| window[at..].starts_with(needle))
            {
                return Ok(true);
            }
        }
        let keep = window.len().saturating_sub(longest.saturating_sub(1));
        window.drain(..keep);
    }
}

struct Text {
    is_mail: bool,
    carries_harm: bool,
}

/// Reads text line by line. Text is UTF-8 without zeros; a mail may hold any bytes, and is
/// searched for what is attached to it.
fn read_text(file: &mut impl Read, mail: bool) -> Result<Text, Unfit> {
    let mut found = Text {
        is_mail: false,
        carries_harm: false,
    };
    let mut in_head = true;
    let mut rest: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(|_| Unfit::BrokenText)?;
        rest.extend_from_slice(&buffer[..count]);
        let whole = if count == 0 {
            rest.len()
        } else {
            rest.iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1)
        };
        if whole == 0 && rest.len() > 1024 * 1024 {
            return Err(Unfit::BrokenText);
        }
        if mail {
            for line in rest[..whole].split(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(line).to_lowercase();
                in_head &= !line.trim().is_empty();
                found.is_mail |= in_head && is_mail_header(&line);
                found.carries_harm |= names_harm(&line);
            }
        } else if rest[..whole].contains(&0) || std::str::from_utf8(&rest[..whole]).is_err() {
            return Err(Unfit::BrokenText);
        }
        rest.drain(..whole);
        if count == 0 {
            return Ok(found);
        }
    }
}

fn is_mail_header(line: &str) -> bool {
    ["from:", "date:", "received:"]
        .iter()
        .any(|header| line.starts_with(header))
}

/// Whether a line of a mail names an attachment that a computer would run.
fn names_harm(line: &str) -> bool {
    let Some(at) = line.find("name") else {
        return false;
    };
    let Some((_, name)) = line[at..].split_once('=') else {
        return false;
    };
    let name = name.trim().trim_end_matches([';', '\r']).trim_matches('"');
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        is_harmful_ending(ending) || matches!(ending, "zip" | "rar" | "7z" | "gz" | "cab" | "one")
    })
}
