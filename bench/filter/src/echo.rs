//! The two ends of every measure: an echo, which does nothing else, and an upstream that knows all names.

use std::net::UdpSocket;

/// Sends back whatever comes, one call to receive and one to send.
pub(crate) fn echo(at: &str) -> anyhow::Result<()> {
    let socket = UdpSocket::bind(at)?;
    let mut packet = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut packet)?;
        packet[2] |= 0x80;
        // A client that has gone ends nothing.
        let _ = socket.send_to(&packet[..length], from);
    }
}

/// Answers every question with one address that lasts an hour.
pub(crate) fn upstream(at: &str, address: [u8; 4]) -> anyhow::Result<()> {
    let socket = UdpSocket::bind(at)?;
    let mut packet = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut packet)?;
        let Some(end) = packet
            .get(12..length)
            .and_then(|rest| rest.iter().position(|byte| *byte == 0))
        else {
            continue;
        };
        let end = 12 + end + 5;
        if end > length {
            continue;
        }
        let mut answer = packet[..end].to_vec();
        answer[2] = 0x84 | packet[2] & 1;
        answer[3] = 0x80;
        answer[6..12].copy_from_slice(&[0, 1, 0, 0, 0, 0]);
        if packet[end - 4..end - 2] == [0, 1] {
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4]);
            answer.extend(address);
        } else {
            answer[7] = 0;
        }
        let _ = socket.send_to(&answer, from);
    }
}
