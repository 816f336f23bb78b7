//! The load: as many questions as are answered, or so many a second with each one's time.

use std::io::{IoSlice, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};

const BATCH: usize = 32;
/// Questions under way: enough to keep a server busy, few enough to fit any socket's buffer.
const UNDER_WAY: usize = 256;

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn socket(to: SocketAddr) -> anyhow::Result<UdpSocket> {
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    socket.connect(to)?;
    socket.set_read_timeout(Some(Duration::from_millis(50)))?;
    Ok(socket)
}

/// Asks for so long, and says how many answers came.
pub(crate) fn flood(to: SocketAddr, questions: &[Vec<u8>], time: Duration) -> anyhow::Result<u64> {
    let socket = socket(to)?;
    let mut headers: MultiHeaders<SockaddrStorage> = MultiHeaders::preallocate(BATCH, None);
    let mut buffers = vec![[0u8; 2048]; BATCH];
    let (mut next, mut under_way, mut answers) = (0, 0usize, 0u64);
    let start = now();
    while start.elapsed() < time {
        while under_way + BATCH <= UNDER_WAY {
            let batch: Vec<[IoSlice<'_>; 1]> = (0..BATCH)
                .map(|at| [IoSlice::new(&questions[(next + at) % questions.len()])])
                .collect();
            let nobody = [None; BATCH];
            let sent = sendmmsg(
                socket.as_raw_fd(),
                &mut headers,
                batch.iter(),
                nobody,
                [],
                MsgFlags::empty(),
            );
            let sent = sent.map_or(0, Iterator::count);
            if sent == 0 {
                break;
            }
            next = (next + sent) % questions.len();
            under_way += sent;
        }
        let mut slices: Vec<[IoSliceMut<'_>; 1]> = buffers
            .iter_mut()
            .map(|buffer| [IoSliceMut::new(buffer)])
            .collect();
        let flags = MsgFlags::MSG_WAITFORONE;
        match recvmmsg(
            socket.as_raw_fd(),
            &mut headers,
            slices.iter_mut(),
            flags,
            None,
        ) {
            Ok(messages) => {
                let came = messages.count();
                answers += came as u64;
                under_way = under_way.saturating_sub(came);
            }
            // Whatever is still under way after this was lost.
            Err(_) => under_way = 0,
        }
    }
    Ok(answers)
}

/// Asks each question until it has been answered once, so that it is in the cache.
pub(crate) fn warm(to: SocketAddr, questions: &[Vec<u8>]) -> anyhow::Result<()> {
    let socket = socket(to)?;
    let mut buffer = [0; 2048];
    for question in questions {
        let mut tries = 0;
        loop {
            socket.send(question)?;
            match socket.recv(&mut buffer) {
                Ok(length) if length >= 2 && buffer[..2] == question[..2] => break,
                _ => tries += 1,
            }
            anyhow::ensure!(tries < 100, "the server at {to} does not answer");
        }
    }
    Ok(())
}

/// What came of a paced load.
#[derive(Debug, Default)]
pub(crate) struct Paced {
    pub(crate) lost: usize,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) worst_ms: f64,
}

/// Asks so many a second for so long, one at a time, and calls `meanwhile` a third of the way in.
pub(crate) fn paced(
    to: SocketAddr,
    questions: &[Vec<u8>],
    per_second: u32,
    time: Duration,
    mut meanwhile: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<Paced> {
    let socket = socket(to)?;
    socket.set_nonblocking(true)?;
    let count = (f64::from(per_second) * time.as_secs_f64()) as usize;
    let mut sent: Vec<Option<Instant>> = vec![None; 1 << 16];
    let mut times_us: Vec<f64> = Vec::with_capacity(count);
    let mut buffer = [0; 2048];
    let mut called = false;
    let start = now();
    let mut asked = 0;
    let deadline = time + Duration::from_secs(2);
    while start.elapsed() < deadline && (asked < count || times_us.len() < count) {
        let due = (start.elapsed().as_secs_f64() * f64::from(per_second)) as usize;
        if asked < count && asked < due {
            let mut question = questions[asked % questions.len()].clone();
            let id = asked as u16;
            question[..2].copy_from_slice(&id.to_be_bytes());
            sent[usize::from(id)] = Some(now());
            if socket.send(&question).is_ok() {
                asked += 1;
            }
        }
        while let Ok(length) = socket.recv(&mut buffer) {
            if length < 2 {
                continue;
            }
            let id = usize::from(u16::from_be_bytes([buffer[0], buffer[1]]));
            if let Some(at) = sent[id].take() {
                times_us.push(at.elapsed().as_secs_f64() * 1e6);
            }
        }
        if !called && start.elapsed() > time / 3 {
            called = true;
            meanwhile()?;
        }
    }
    times_us.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times_us.len() as f64 * share) as usize;
        times_us
            .get(place.min(times_us.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    Ok(Paced {
        lost: count - times_us.len(),
        p50_us: at(0.5),
        p99_us: at(0.99),
        worst_ms: at(1.0) / 1e3,
    })
}
