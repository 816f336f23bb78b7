//! A plain HTTP/1.1 client that keeps its connection: no more between the measurement and
//! the server than has to be.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) struct Client {
    stream: TcpStream,
    server: SocketAddr,
    host: String,
    cookies: Vec<(String, String)>,
    buffer: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(server: SocketAddr, host: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            server,
            host: host.to_owned(),
            cookies: Vec::new(),
            buffer: Vec::with_capacity(256 * 1024),
        })
    }

    /// Another connection of the same browser.
    pub(crate) async fn again(&self) -> anyhow::Result<Self> {
        let mut client = Self::connect(self.server, &self.host).await?;
        client.cookies.clone_from(&self.cookies);
        Ok(client)
    }

    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n",
            self.host,
            self.cookie()
        );
        self.ask(head.as_bytes()).await
    }

    pub(crate) async fn post(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{}\r\n{form}",
            self.host,
            form.len(),
            self.cookie()
        );
        self.ask(request.as_bytes()).await
    }

    fn cookie(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        match pairs.is_empty() {
            true => String::new(),
            false => format!("Cookie: {}\r\n", pairs.join("; ")),
        }
    }

    async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?.to_owned();
        let mut answer = Answer {
            status: text.get(9..12).context("no status")?.parse()?,
            location: String::new(),
            body: Vec::new(),
        };
        let mut length = 0;
        for line in text.lines().skip(1) {
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "location" => answer.location = value.to_owned(),
                "set-cookie" => self.keep(value),
                "transfer-encoding" => {
                    bail!("the server answers in pieces, which this client does not read")
                }
                _ => (),
            }
        }
        let whole = head + 4 + length;
        while self.buffer.len() < whole {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection in the middle of an answer");
            }
        }
        answer.body.extend_from_slice(&self.buffer[head + 4..whole]);
        Ok(answer)
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}
