//! Carries bytes both ways between two connections, until one ends or nothing has moved for a while.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

const PIECE: usize = 16 * 1024;

pub(super) async fn both_ways(
    mut one: TcpStream,
    mut other: TcpStream,
    idle: Duration,
) -> io::Result<()> {
    let (mut one_in, mut one_out) = one.split();
    let (mut other_in, mut other_out) = other.split();
    let moved = AtomicU64::new(0);
    let there = one_way(&mut one_in, &mut other_out, &moved);
    let back = one_way(&mut other_in, &mut one_out, &moved);
    let both = async { tokio::try_join!(there, back).map(drop) };
    let silence = async {
        loop {
            let before = moved.load(Ordering::Relaxed);
            tokio::time::sleep(idle).await;
            if moved.load(Ordering::Relaxed) == before {
                return;
            }
        }
    };
    tokio::select! {
        done = both => done,
        () = silence => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Until one side says that it has said everything, which the other is told.
async fn one_way(
    from: &mut ReadHalf<'_>,
    to: &mut WriteHalf<'_>,
    moved: &AtomicU64,
) -> io::Result<()> {
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        piece.clear();
        let length = from.read_buf(&mut piece).await?;
        moved.fetch_add(1, Ordering::Relaxed);
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&piece).await?;
    }
}
