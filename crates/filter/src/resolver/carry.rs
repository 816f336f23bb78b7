//! Carries bytes both ways between two connections, until one ends or nothing has moved for a while.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep};

const PIECE: usize = 32 * 1024;

thread_local! {
    /// What is being carried. A tunnel in which nothing moves holds no room of its own.
    static PIECE_OF_THREAD: RefCell<Vec<u8>> = RefCell::new(vec![0; PIECE]);
}

pub(super) async fn both_ways(
    mut one: TcpStream,
    mut other: TcpStream,
    idle: Duration,
) -> io::Result<()> {
    let (one_in, one_out) = one.split();
    let (other_in, other_out) = other.split();
    let mut there = OneWay::new(one_in, other_out);
    let mut back = OneWay::new(other_in, one_out);
    let silence = sleep(idle);
    tokio::pin!(silence);
    let mut moved_before = 0;
    poll_fn(|context| {
        match (there.carry(context)?, back.carry(context)?) {
            // The connections end with this, and need not be told first.
            (Poll::Ready(()), Poll::Ready(())) => return Poll::Ready(Ok(())),
            (Poll::Ready(()), Poll::Pending) => ready!(there.end(context))?,
            (Poll::Pending, Poll::Ready(())) => ready!(back.end(context))?,
            (Poll::Pending, Poll::Pending) => {}
        }
        loop {
            ready!(silence.as_mut().poll(context));
            let moved = there.moved + back.moved;
            if moved == moved_before {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            moved_before = moved;
            silence.as_mut().reset(Instant::now() + idle);
        }
    })
    .await
}

struct OneWay<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    /// What the other side did not take at once.
    left: Vec<u8>,
    moved: u64,
    from_ended: bool,
    to_told: bool,
}

impl<'a> OneWay<'a> {
    fn new(from: ReadHalf<'a>, to: WriteHalf<'a>) -> Self {
        Self {
            from,
            to,
            left: Vec::new(),
            moved: 0,
            from_ended: false,
            to_told: false,
        }
    }

    /// Carries until one side says that it has said everything, and all of it is carried.
    fn carry(&mut self, context: &mut Context<'_>) -> io::Result<Poll<()>> {
        PIECE_OF_THREAD.with_borrow_mut(|piece| {
            loop {
                if !self.left.is_empty() {
                    let Poll::Ready(taken) = Pin::new(&mut self.to).poll_write(context, &self.left)
                    else {
                        return Ok(Poll::Pending);
                    };
                    self.left.drain(..taken?);
                    self.moved += 1;
                    continue;
                }
                if self.from_ended {
                    return Ok(Poll::Ready(()));
                }
                let mut read = ReadBuf::new(piece);
                let Poll::Ready(done) = Pin::new(&mut self.from).poll_read(context, &mut read)
                else {
                    return Ok(Poll::Pending);
                };
                done?;
                let read = read.filled();
                self.moved += 1;
                self.from_ended = read.is_empty();
                if !self.from_ended {
                    let taken = match Pin::new(&mut self.to).poll_write(context, read) {
                        Poll::Ready(taken) => taken?,
                        Poll::Pending => 0,
                    };
                    self.left.extend_from_slice(&read[taken..]);
                }
            }
        })
    }

    /// Tells the other side, once, that there is no more.
    fn end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.to_told {
            ready!(Pin::new(&mut self.to).poll_shutdown(context))?;
            self.to_told = true;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
