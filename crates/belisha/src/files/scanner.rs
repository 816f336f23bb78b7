//! The virus scanner, where a school has one: clamd's stream protocol. Each piece is four
//! bytes of length and so many bytes; a length of nothing ends the stream.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use belisha_rules::files::Scanned;

const CONNECT: Duration = Duration::from_secs(3);
const SILENCE: Duration = Duration::from_secs(30);
const PIECE: usize = 32 * 1024;
const LONGEST_ANSWER: u64 = 4096;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    Socket(PathBuf),
    /// On this machine only: clamd's protocol is not encrypted.
    Tcp(SocketAddr),
}

/// What was given is not the place of a scanner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not the place of a scanner. Write unix:/run/clamav/clamd.ctl, or tcp://127.0.0.1:3310. \
     clamd does not encrypt, so it must run on this machine or behind a tunnel that ends here."
)]
pub struct NotAScanner(String);

impl FromStr for Scanner {
    type Err = NotAScanner;

    fn from_str(text: &str) -> Result<Self, NotAScanner> {
        let refused = || NotAScanner(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
            return if path.is_absolute() {
                Ok(Self::Socket(path))
            } else {
                Err(refused())
            };
        }
        let address: SocketAddr = text
            .strip_prefix("tcp://")
            .and_then(|rest| rest.trim_end_matches('/').parse().ok())
            .ok_or_else(refused)?;
        if address.ip().is_loopback() {
            Ok(Self::Tcp(address))
        } else {
            Err(refused())
        }
    }
}

impl fmt::Display for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

/// Has a file looked through. It waits, so it belongs on a thread that may.
pub(super) fn scan(scanner: Option<&Scanner>, file: &mut impl Read) -> Scanned {
    let Some(scanner) = scanner else {
        return Scanned::NoScanner;
    };
    match ask(scanner, file) {
        Ok(answer) if answer.ends_with(" OK") => Scanned::FoundNothing,
        Ok(answer) if answer.ends_with(" FOUND") => Scanned::FoundSomething,
        Ok(answer) => {
            tracing::warn!(%answer, "the scanner gave no verdict");
            Scanned::DidNotAnswer
        }
        Err(error) => {
            tracing::warn!(%error, %scanner, "the scanner did not answer");
            Scanned::DidNotAnswer
        }
    }
}

fn ask(scanner: &Scanner, file: &mut impl Read) -> io::Result<String> {
    match scanner {
        Scanner::Socket(path) => {
            let stream = UnixStream::connect(path)?;
            stream.set_read_timeout(Some(SILENCE))?;
            stream.set_write_timeout(Some(SILENCE))?;
            speak(stream, file)
        }
        Scanner::Tcp(address) => {
            let stream = TcpStream::connect_timeout(address, CONNECT)?;
            stream.set_read_timeout(Some(SILENCE))?;
            stream.set_write_timeout(Some(SILENCE))?;
            speak(stream, file)
        }
    }
}

fn speak(mut stream: impl Read + Write, file: &mut impl Read) -> io::Result<String> {
    stream.write_all(b"zINSTREAM\0")?;
    let mut piece = vec![0; PIECE];
    loop {
        let count = file.read(&mut piece)?;
        let length = u32::try_from(count).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes())?;
        if count == 0 {
            break;
        }
        stream.write_all(&piece[..count])?;
    }
    stream.flush()?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.trim_end_matches(['\0', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_on_this_machine_or_nowhere() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text
                .parse::<Scanner>()
                .ok()
                .map(|scanner| scanner.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check(
            "unix:/run/clamav/clamd.ctl",
            Some("unix:/run/clamav/clamd.ctl"),
        );
        check("unix:///run/clamd.ctl", Some("unix:/run/clamd.ctl"));
        check("tcp://127.0.0.1:3310", Some("tcp://127.0.0.1:3310"));
        check("tcp://[::1]:3310", Some("tcp://[::1]:3310"));
        check("tcp://10.0.0.5:3310", None);
        check("tcp://scanner:3310", None);
        check("unix:clamd.ctl", None);
        check("127.0.0.1:3310", None);
    }

    /// A scanner as a conversation: what it says when it has heard everything.
    struct Says {
        answer: io::Cursor<Vec<u8>>,
        heard: Vec<u8>,
    }

    impl Read for Says {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.answer.read(buffer)
        }
    }

    impl Write for Says {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.heard.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_is_told_in_pieces_and_the_answer_is_heard() {
        let mut says = Says {
            answer: io::Cursor::new(b"stream: OK\0".to_vec()),
            heard: Vec::new(),
        };
        assert_eq!(speak(&mut says, &mut &b"abc"[..]).unwrap(), "stream: OK");
        assert_eq!(says.heard, b"zINSTREAM\0\0\0\0\x03abc\0\0\0\0");
    }

    #[test]
    fn no_scanner_and_none_that_answers_are_told_apart() {
        assert_eq!(scan(None, &mut &b"abc"[..]), Scanned::NoScanner);
        let nobody = Scanner::Socket("/nowhere/clamd.ctl".into());
        assert_eq!(scan(Some(&nobody), &mut &b"abc"[..]), Scanned::DidNotAnswer);
    }
}
