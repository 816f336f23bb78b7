//! The container of a pack: a zip file whose entries are stored as they are, so that it can
//! be written in constant memory, opened everywhere, and read back by forty lines.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;

/// The moment that stands in every entry: 1 January 1980, the first that the form knows.
/// When the pack was made stands in its text.
const DAY: u16 = 0x21;
const MOST_ENTRIES: usize = 1000;
const LONGEST_DIRECTORY: u64 = 1024 * 1024;

/// A container that is being written.
pub(crate) struct Writer<W> {
    out: W,
    at: u32,
    directory: Vec<u8>,
    count: u16,
}

impl<W: Write> Writer<W> {
    pub(crate) fn begin(out: W) -> Self {
        Self {
            out,
            at: 0,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// Adds what is at hand.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.entry(name, crc.sum(), size)?;
        self.out.write_all(bytes)
    }

    fn entry(&mut self, name: &str, crc: u32, size: u32) -> io::Result<()> {
        let length = u16::try_from(name.len()).map_err(io::Error::other)?;
        let mut shared = Vec::new();
        shared.extend_from_slice(&20_u16.to_le_bytes());
        // Names are UTF-8.
        shared.extend_from_slice(&0x0800_u16.to_le_bytes());
        shared.extend_from_slice(&0_u16.to_le_bytes());
        shared.extend_from_slice(&0_u16.to_le_bytes());
        shared.extend_from_slice(&DAY.to_le_bytes());
        shared.extend_from_slice(&crc.to_le_bytes());
        shared.extend_from_slice(&size.to_le_bytes());
        shared.extend_from_slice(&size.to_le_bytes());
        shared.extend_from_slice(&length.to_le_bytes());
        shared.extend_from_slice(&0_u16.to_le_bytes());
        let mut header = b"PK\x03\x04".to_vec();
        header.extend_from_slice(&shared);
        header.extend_from_slice(name.as_bytes());
        self.out.write_all(&header)?;
        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend_from_slice(&20_u16.to_le_bytes());
        self.directory.extend_from_slice(&shared);
        // No comment, the first disk, plain attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.at.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        let grown = header.len() as u64 + u64::from(size) + u64::from(self.at);
        self.at = u32::try_from(grown).map_err(io::Error::other)?;
        self.count += 1;
        Ok(())
    }

    /// Writes the directory, and gives back what was written to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        let length = u32::try_from(self.directory.len()).map_err(io::Error::other)?;
        self.out.write_all(&self.directory)?;
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend_from_slice(&self.count.to_le_bytes());
        end.extend_from_slice(&self.count.to_le_bytes());
        end.extend_from_slice(&length.to_le_bytes());
        end.extend_from_slice(&self.at.to_le_bytes());
        end.extend_from_slice(&[0, 0]);
        self.out.write_all(&end)?;
        Ok(self.out)
    }
}

/// An entry of a container that [`Writer`] wrote.
pub(super) struct Entry {
    pub(super) name: String,
    at: u64,
    size: u64,
}

#[cfg(test)]
impl Entry {
    /// Where its content stands.
    pub(super) fn range(&self) -> std::ops::Range<u64> {
        self.at..self.at + self.size
    }
}

/// The directory of a container. Only the form that [`Writer`] writes is read.
pub(super) fn entries<R: Read + Seek>(file: &mut R) -> Option<Vec<Entry>> {
    let size = file.seek(SeekFrom::End(0)).ok()?;
    let end_at = size.checked_sub(22)?;
    file.seek(SeekFrom::Start(end_at)).ok()?;
    let mut end = [0; 22];
    file.read_exact(&mut end).ok()?;
    if !end.starts_with(b"PK\x05\x06") || end[20..] != [0, 0] {
        return None;
    }
    let (count, length, at) = (
        usize::from(u16_at(&end, 10)?),
        u64::from(u32_at(&end, 12)?),
        u64::from(u32_at(&end, 16)?),
    );
    if count > MOST_ENTRIES || length > LONGEST_DIRECTORY || at + length != end_at {
        return None;
    }
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut directory = vec![0; usize::try_from(length).ok()?];
    file.read_exact(&mut directory).ok()?;
    let mut rest = directory.as_slice();
    let mut entries = Vec::new();
    let mut expected = 0;
    for _ in 0..count {
        let header = rest.get(..46)?;
        let name_length = usize::from(u16_at(header, 28)?);
        let (packed, plain) = (u32_at(header, 20)?, u32_at(header, 24)?);
        let stored = header.starts_with(b"PK\x01\x02") && u16_at(header, 10)? == 0;
        let begins = u64::from(u32_at(header, 42)?);
        // Entries stand one after the other with nothing between them.
        if !stored || packed != plain || begins != expected || u16_at(header, 30)? != 0 {
            return None;
        }
        let name = String::from_utf8(rest.get(46..46 + name_length)?.to_vec()).ok()?;
        let at = begins + 30 + name_length as u64;
        expected = at + u64::from(plain);
        entries.push(Entry {
            name,
            at,
            size: u64::from(plain),
        });
        rest = rest.get(46 + name_length..)?;
    }
    (rest.is_empty() && expected == at).then_some(entries)
}

/// The content of an entry.
pub(super) fn open<'a, R: Read + Seek>(
    file: &'a mut R,
    entry: &Entry,
) -> io::Result<io::Take<&'a mut R>> {
    file.seek(SeekFrom::Start(entry.at))?;
    Ok(file.take(entry.size))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_a_cut_or_grown_one_is_not() {
        let mut writer = Writer::begin(Vec::new());
        writer.add("README.txt", b"read me").unwrap();
        writer.add("files/01.png", b"").unwrap();
        writer.add("c", b"streamed").unwrap();
        let bytes = writer.finish().unwrap();
        let mut file = Cursor::new(&bytes);
        let found = entries(&mut file).expect("entries");
        let names: Vec<&str> = found.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["README.txt", "files/01.png", "c"]);
        let mut content = String::new();
        open(&mut file, &found[2])
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        assert_eq!(content, "streamed");
        for cut in 0..bytes.len() {
            assert!(entries(&mut Cursor::new(&bytes[..cut])).is_none(), "{cut}");
        }
        let grown = [bytes.as_slice(), b"x"].concat();
        assert!(entries(&mut Cursor::new(grown)).is_none());
    }
}
