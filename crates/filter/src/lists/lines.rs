//! Lines of a file of any size, in bounded memory.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::format::Wrong;

/// A longer line is a fault, and is never held whole.
const LONGEST: usize = 4096;
const BUFFER: usize = 256 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    pub wrong: Wrong,
}

/// Opens a list, packed by gzip or not: its first bytes tell.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let mut file = io::BufReader::with_capacity(BUFFER, std::fs::File::open(path)?);
    if file.fill_buf()?.starts_with(&GZIP) {
        let unpacked = flate2::bufread::MultiGzDecoder::new(file);
        return Ok(Box::new(io::BufReader::with_capacity(BUFFER, unpacked)));
    }
    Ok(Box::new(file))
}

/// Numbered lines, from 1.
pub struct Lines<R> {
    from: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub fn new(from: R) -> Self {
        Self {
            from,
            line: Vec::with_capacity(256),
            number: 0,
        }
    }

    /// The next line without its end, or what is wrong with it.
    pub fn read_next(&mut self) -> io::Result<Option<(u64, Result<&str, Wrong>)>> {
        self.line.clear();
        let mut limited = (&mut self.from).take(LONGEST as u64 + 1);
        if limited.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if self.line.len() > LONGEST {
            self.skip_to_end()?;
            return Ok(Some((self.number, Err(Wrong::LongLine))));
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        let mut line = self.line.as_slice();
        if self.number == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let text = std::str::from_utf8(line).map_err(|_| Wrong::NotText);
        Ok(Some((self.number, text)))
    }

    fn skip_to_end(&mut self) -> io::Result<()> {
        loop {
            let held = self.from.fill_buf()?;
            if held.is_empty() {
                return Ok(());
            }
            let end = held.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(held.len(), |at| at + 1);
            self.from.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_and_other_letters_are_faults_and_the_next_line_stands() {
        let mut bytes = b"\xef\xbb\xbffirst\r\n".to_vec();
        bytes.extend(vec![b'a'; 10_000]);
        bytes.extend(b"\n\xff\xfe\nlast");
        let mut lines = Lines::new(bytes.as_slice());
        assert_eq!(lines.read_next().expect("read"), Some((1, Ok("first"))));
        assert_eq!(
            lines.read_next().expect("read"),
            Some((2, Err(Wrong::LongLine)))
        );
        assert_eq!(
            lines.read_next().expect("read"),
            Some((3, Err(Wrong::NotText)))
        );
        assert_eq!(lines.read_next().expect("read"), Some((4, Ok("last"))));
        assert_eq!(lines.read_next().expect("read"), None);
    }
}
