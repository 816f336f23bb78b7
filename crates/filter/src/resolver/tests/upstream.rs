//! An upstream of our own that can be silent, wrong or lying.

use super::*;

/// How the upstream behaves.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::resolver) enum Manner {
    Honest,
    Silent,
    WrongId,
    Refusing,
    Garbage,
}

/// An upstream that knows a few names. Every name under `example` that it does not know has the address
/// 192.0.2.80.
pub(in crate::resolver) struct Upstream {
    pub(super) address: SocketAddr,
    pub(super) asked: Arc<AtomicU64>,
    pub(super) silent: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Upstream {
    pub(in crate::resolver) fn start(manner: Manner) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("set");
        let upstream = Self {
            address: socket.local_addr().expect("an address"),
            asked: Arc::default(),
            silent: Arc::new(AtomicBool::new(manner == Manner::Silent)),
            stop: Arc::default(),
        };
        let (asked, silent, stop) = (
            upstream.asked.clone(),
            upstream.silent.clone(),
            upstream.stop.clone(),
        );
        std::thread::spawn(move || {
            let mut packet = [0; 2048];
            while !stop.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut packet) else {
                    continue;
                };
                asked.fetch_add(1, Ordering::Relaxed);
                if silent.load(Ordering::Relaxed) {
                    continue;
                }
                let mut answer = answer(&packet[..length]);
                match manner {
                    Manner::WrongId => answer[0] ^= 1,
                    Manner::Refusing => answer[3] = answer[3] & 0xf0 | 5,
                    Manner::Garbage => answer.truncate(answer.len() - 3),
                    Manner::Honest | Manner::Silent => {}
                }
                let _ = socket.send_to(&answer, from);
            }
        });
        upstream
    }
}

/// What an honest upstream says.
pub(in crate::resolver) fn answer(packet: &[u8]) -> Vec<u8> {
    let query = Query::read(packet).expect("a question of ours");
    let name = query.lower.text();
    let mut out = packet[..query.question_end].to_vec();
    out[2] = 0x85;
    out[3] = 0xa0;
    out[6..12].fill(0);
    let mut count = 0u16;
    let mut record = |out: &mut Vec<u8>, owner: u16, kind: u16, ttl: u32, data: &[u8]| {
        out.extend((0xc000 | owner).to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(IN.to_be_bytes());
        out.extend(ttl.to_be_bytes());
        out.extend((data.len() as u16).to_be_bytes());
        out.extend(data);
        count += 1;
    };
    let alias = HashMap::from([
        ("cloaked.example", "tracker.bad.example"),
        ("deep.example", "games.example"),
    ]);
    if let Some(target) = alias.get(name.as_str()) {
        let mut data = Lower::of(target).expect("a name").wire().to_vec();
        data.push(0);
        record(&mut out, 12, 5, 60, &data);
        let owner = (out.len() - data.len()) as u16;
        record(&mut out, owner, A, 60, &[192, 0, 2, 66]);
    } else if name == "missing.example" {
        out[3] |= 3;
    } else if query.kind == A {
        let address = match name.as_str() {
            "rebound.example" | "printer.school.internal" | "restrictmoderate.youtube.com" => {
                [10, 0, 0, 7]
            }
            "site.school.internal" | "play.school.internal" => [127, 0, 0, 1],
            "forcesafesearch.google.com" => [216, 239, 38, 120],
            _ => [192, 0, 2, 80],
        };
        let ttl = if name == "brief.example" { 1 } else { 60 };
        for _ in 0..if name == "long.example" { 60 } else { 1 } {
            record(&mut out, 12, A, ttl, &address);
        }
    }
    out[6..8].copy_from_slice(&count.to_be_bytes());
    out[10..12].copy_from_slice(&1u16.to_be_bytes());
    out.extend([0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0]);
    out
}
