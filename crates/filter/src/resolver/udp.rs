//! The hot path: one thread a socket, which takes questions by the batch, answers what it knows and
//! passes the rest on.

use std::io::{IoSlice, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};
use tokio::sync::mpsc;

use super::judge::{Asker, Done, Now, Worker};
use super::shared::{Job, Shared, Wanted};

/// Packets a call. More costs memory, and on a quiet network there is one at a time anyway.
const BATCH: usize = 32;
/// A question is shorter than this, or it is no question.
const LONGEST_QUESTION: usize = 2_048;
/// How long a socket waits before it looks whether it should end, and hands its log on.
pub(super) const TURN: Duration = Duration::from_millis(100);
/// Lines of the log wait no longer than this on a busy network.
const HAND_ON_MS: u64 = 250;

/// A socket that shares its address with those of the other workers.
pub(super) fn bind(address: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = socket2::Socket::new(
        socket2::Domain::for_address(address),
        socket2::Type::DGRAM,
        None,
    )?;
    socket.set_reuse_port(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // A burst waits here instead of being lost.
    socket.set_recv_buffer_size(4 << 20)?;
    socket.bind(&address.into())?;
    socket.set_read_timeout(Some(TURN))?;
    Ok(socket.into())
}

/// Answers until told to stop.
pub(super) fn serve(
    socket: &UdpSocket,
    shared: &Arc<Shared>,
    slow: &mpsc::Sender<Job>,
    stop: &AtomicBool,
    number: usize,
) {
    let mut worker = shared.worker();
    let mut received: MultiHeaders<SockaddrStorage> = MultiHeaders::preallocate(BATCH, None);
    let mut sent: MultiHeaders<SockaddrStorage> = MultiHeaders::preallocate(BATCH, None);
    let mut questions = vec![[0u8; LONGEST_QUESTION]; BATCH];
    let mut answers: Vec<Vec<u8>> = (0..BATCH)
        .map(|_| Vec::with_capacity(LONGEST_QUESTION))
        .collect();
    let mut arrived: Vec<(usize, SockaddrStorage)> = Vec::with_capacity(BATCH);
    let mut leaving: Vec<Option<SockaddrStorage>> = Vec::with_capacity(BATCH);
    let mut handed_on_ms = 0;
    while !stop.load(Ordering::Relaxed) {
        arrived.clear();
        {
            let mut slices: Vec<[IoSliceMut<'_>; 1]> = questions
                .iter_mut()
                .map(|question| [IoSliceMut::new(question)])
                .collect();
            let flags = MsgFlags::MSG_WAITFORONE;
            match recvmmsg(
                socket.as_raw_fd(),
                &mut received,
                slices.iter_mut(),
                flags,
                None,
            ) {
                Ok(messages) => {
                    arrived.extend(messages.filter_map(|message| {
                        // One that does not fit is no question, and an empty one says nothing.
                        let length = if message.flags.contains(MsgFlags::MSG_TRUNC) {
                            0
                        } else {
                            message.bytes
                        };
                        Some((length, message.address?))
                    }));
                }
                Err(Errno::EAGAIN | Errno::EINTR) => {}
                // An error that an earlier answer met, such as a port that nobody listens on any more.
                Err(_) => continue,
            }
        }
        let now = shared.clock.now();
        if !arrived.is_empty() {
            leaving.clear();
            let out = Out {
                slow,
                number,
                answers: &mut answers,
                leaving: &mut leaving,
            };
            answer_batch(shared, &mut worker, &questions, &arrived, now, out);
            send(socket, &mut sent, &answers, &leaving);
        }
        // Waking the writer costs as much as several answers, so it is not done for each of them.
        if arrived.is_empty() || now.wall_ms.abs_diff(handed_on_ms) >= HAND_ON_MS {
            handed_on_ms = now.wall_ms;
            worker.log.hand_on(now.wall_ms);
        }
        shared.count(&mut worker.counts);
    }
    worker.log.hand_on(shared.clock.now().wall_ms);
}

/// Where the answers of a batch go.
struct Out<'a> {
    slow: &'a mpsc::Sender<Job>,
    /// Which socket this is.
    number: usize,
    answers: &'a mut [Vec<u8>],
    leaving: &'a mut Vec<Option<SockaddrStorage>>,
}

fn answer_batch(
    shared: &Shared,
    worker: &mut Worker,
    questions: &[[u8; LONGEST_QUESTION]],
    arrived: &[(usize, SockaddrStorage)],
    now: Now,
    Out {
        slow,
        number,
        answers,
        leaving,
    }: Out<'_>,
) {
    let snapshot = shared.snapshot.load();
    for (question, (length, address)) in questions.iter().zip(arrived) {
        let Some(client) = client(address) else {
            continue;
        };
        let packet = &question[..*length];
        let asker = Asker {
            from: client.ip(),
            token: None,
            is_udp: true,
            is_quiet: false,
        };
        let out = &mut answers[leaving.len()];
        let done = worker.answer(&snapshot, &shared.cache, packet, &asker, now, out);
        let job = |wanted| Job {
            packet: packet.into(),
            asker: asker.clone(),
            wanted,
            socket: number,
        };
        match done {
            Done::Reply => leaving.push(Some(*address)),
            Done::ReplyAndRenew(key) => {
                leaving.push(Some(*address));
                // If there is no room the answer runs out, and is then fetched like any other.
                let _ = slow.try_send(job(Wanted::Renewal(key)));
            }
            Done::Ask(asked) => {
                if slow.try_send(job(Wanted::Answer(asked, client))).is_err() {
                    shared.totals.dropped.fetch_add(1, Ordering::Relaxed);
                }
            }
            Done::Silence => {}
        }
    }
}

fn client(address: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(four) = address.as_sockaddr_in() {
        return Some(SocketAddr::V4((*four).into()));
    }
    address
        .as_sockaddr_in6()
        .map(|six| SocketAddr::V6((*six).into()))
}

fn send(
    socket: &UdpSocket,
    headers: &mut MultiHeaders<SockaddrStorage>,
    answers: &[Vec<u8>],
    leaving: &[Option<SockaddrStorage>],
) {
    let mut from = 0;
    while from < leaving.len() {
        let slices: Vec<[IoSlice<'_>; 1]> = answers[from..leaving.len()]
            .iter()
            .map(|answer| [IoSlice::new(answer)])
            .collect();
        let sent = sendmmsg(
            socket.as_raw_fd(),
            headers,
            slices.iter(),
            &leaving[from..],
            [],
            MsgFlags::empty(),
        );
        match sent {
            Ok(messages) => from += messages.count().max(1),
            Err(Errno::EINTR) => {}
            // This one cannot be delivered; the others can.
            Err(_) => from += 1,
        }
    }
}
