//! Office documents, looked at as the zip containers that they are. Nothing of the
//! container's own account is believed: what it unpacks to is counted while unpacking.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::kinds::{FileKind, Unfit};
use super::xml;

const MOST_ENTRIES: usize = 1000;
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
const MOST_RATIO: u64 = 100;
/// A small entry may be emptier than the ratio allows without doing harm.
const RATIO_FROM: u64 = 64 * 1024;
const LONGEST_DIRECTORY: u32 = 4 * 1024 * 1024;

/// One entry of a container's directory.
struct Part {
    name: String,
    stored: bool,
    packed: u64,
    at: u64,
}

/// Which document a container is, or why it is refused.
pub(super) fn look<R: Read + Seek>(
    file: &mut R,
    named: Option<FileKind>,
) -> Result<FileKind, Unfit> {
    let parts = directory(file)?;
    let has = |name: &str| parts.iter().any(|part| part.name == name);
    let kind = if has("[Content_Types].xml") && has("word/document.xml") {
        FileKind::Docx
    } else if has("[Content_Types].xml") && has("xl/workbook.xml") {
        FileKind::Xlsx
    } else if has("mimetype") && has("content.xml") {
        FileKind::Odt
    } else {
        return Err(Unfit::Archive);
    };
    if named.is_some_and(|named| named != kind) {
        return Err(Unfit::NameSaysOtherwise);
    }
    if parts.iter().any(|part| is_macro(&part.name)) {
        return Err(Unfit::Macros);
    }
    let mut unpacked = 0;
    for part in &parts {
        unpacked += unpack(file, part, kind, MOST_UNPACKED - unpacked)?;
    }
    Ok(kind)
}

fn is_macro(name: &str) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.starts_with("vbaproject")
        || last.starts_with("vbadata")
        || last.starts_with("activex")
        || name.contains("/activex/")
        || name.starts_with("basic/")
        || name.starts_with("scripts/")
        || name.contains("/macrosheets/")
}

/// Reads the directory at the end.
fn directory<R: Read + Seek>(file: &mut R) -> Result<Vec<Part>, Unfit> {
    let broken = |_: io::Error| Unfit::BrokenContainer;
    let size = file.seek(SeekFrom::End(0)).map_err(broken)?;
    let tail_at = size.saturating_sub(65_557);
    file.seek(SeekFrom::Start(tail_at)).map_err(broken)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(broken)?;
    let end = (0..tail.len().saturating_sub(21))
        .rev()
        .find(|at| tail[*at..].starts_with(b"PK\x05\x06"))
        .ok_or(Unfit::BrokenContainer)?;
    let end = &tail[end..];
    let (count, length, at) = (
        usize::from(short(end, 10)?),
        long(end, 12)?,
        u64::from(long(end, 16)?),
    );
    if count > MOST_ENTRIES {
        return Err(Unfit::TooMuchInside);
    }
    if length > LONGEST_DIRECTORY || at + u64::from(length) > size {
        return Err(Unfit::BrokenContainer);
    }
    file.seek(SeekFrom::Start(at)).map_err(broken)?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| Unfit::BrokenContainer)?];
    file.read_exact(&mut bytes).map_err(broken)?;
    let mut rest = bytes.as_slice();
    let mut parts = Vec::new();
    let mut names = BTreeSet::new();
    for _ in 0..count {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(Unfit::BrokenContainer);
        }
        let flags = short(rest, 8)?;
        let method = short(rest, 10)?;
        let packed = u64::from(long(rest, 20)?);
        let name_length = usize::from(short(rest, 28)?);
        let after = name_length + usize::from(short(rest, 30)?) + usize::from(short(rest, 32)?);
        let unix_mode = long(rest, 38)? >> 16;
        let at = u64::from(long(rest, 42)?);
        let name = rest
            .get(46..46 + name_length)
            .and_then(|name| std::str::from_utf8(name).ok())
            .ok_or(Unfit::BrokenContainer)?
            .to_owned();
        rest = rest.get(46 + after..).ok_or(Unfit::BrokenContainer)?;
        if flags & 1 != 0 {
            return Err(Unfit::Encrypted);
        }
        // A link, or a name that would leave the folder it is unpacked into.
        if unix_mode & 0o170_000 == 0o120_000
            || name.starts_with('/')
            || name.contains('\\')
            || name.contains(':')
            || name.split('/').any(|step| step == "..")
        {
            return Err(Unfit::LinkInside);
        }
        if !names.insert(name.to_lowercase()) {
            return Err(Unfit::BrokenContainer);
        }
        let stored = match method {
            0 => true,
            8 => false,
            _ => return Err(Unfit::BrokenContainer),
        };
        parts.push(Part {
            name,
            stored,
            packed,
            at,
        });
    }
    Ok(parts)
}

/// Unpacks one part into nothing; how much it was.
fn unpack<R: Read + Seek>(
    file: &mut R,
    part: &Part,
    kind: FileKind,
    left: u64,
) -> Result<u64, Unfit> {
    let broken = |_: io::Error| Unfit::BrokenContainer;
    file.seek(SeekFrom::Start(part.at)).map_err(broken)?;
    let mut header = [0; 30];
    file.read_exact(&mut header).map_err(broken)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(Unfit::BrokenContainer);
    }
    let skip = u64::from(short(&header, 26)?) + u64::from(short(&header, 28)?);
    file.seek(SeekFrom::Start(part.at + 30 + skip))
        .map_err(broken)?;
    let packed = BufReader::new(file.take(part.packed));
    let most = left.min((part.packed * MOST_RATIO).max(RATIO_FROM));
    let plain: Box<dyn Read + '_> = if part.stored {
        Box::new(packed)
    } else {
        Box::new(DeflateDecoder::new(packed))
    };
    let mut counted = Counted {
        inner: plain,
        count: 0,
        most,
        over: false,
    };
    let looked = look_inside(&mut counted, &part.name, kind);
    // Whatever was not read for a reason of its own is still unpacked and counted.
    let drained = io::copy(&mut counted, &mut io::sink());
    if counted.over {
        return Err(Unfit::TooMuchInside);
    }
    looked?;
    drained.map_err(broken)?;
    Ok(counted.count)
}

fn look_inside(part: &mut impl Read, name: &str, kind: FileKind) -> Result<(), Unfit> {
    let lower = name.to_lowercase();
    if lower.ends_with(".xml") || lower.ends_with(".rels") || lower.ends_with(".rdf") {
        return xml::look(BufReader::new(part), lower.ends_with(".rels"));
    }
    let mut head = [0; 64];
    let mut filled = 0;
    while filled < head.len() {
        match part.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(_) => return Err(Unfit::BrokenContainer),
        }
    }
    let head = &head[..filled];
    if name == "mimetype" {
        return if kind == FileKind::Odt && head == b"application/vnd.oasis.opendocument.text" {
            Ok(())
        } else {
            Err(Unfit::NotAKindTaken)
        };
    }
    let nested: [&[u8]; 6] = [
        b"PK\x03\x04",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0",
        b"%PDF-",
    ];
    if nested.iter().any(|magic| head.starts_with(magic)) {
        return Err(Unfit::ArchiveInside);
    }
    if head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") {
        return Err(Unfit::Program);
    }
    Ok(())
}

/// A stream that is counted, and ends in an error once there is too much of it.
struct Counted<R> {
    inner: R,
    count: u64,
    most: u64,
    over: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        if self.count > self.most {
            self.over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(count)
    }
}

fn short(bytes: &[u8], at: usize) -> Result<u16, Unfit> {
    bytes
        .get(at..at + 2)
        .and_then(|two| two.try_into().ok())
        .map(u16::from_le_bytes)
        .ok_or(Unfit::BrokenContainer)
}

fn long(bytes: &[u8], at: usize) -> Result<u32, Unfit> {
    bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .map(u32::from_le_bytes)
        .ok_or(Unfit::BrokenContainer)
}
