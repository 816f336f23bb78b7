//! What goes in at one end comes out at the other, whole and in order, however slowly it is taken.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// The two ends of a connection over loopback.
async fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address");
    let (one, other) = tokio::join!(TcpStream::connect(address), listener.accept());
    (one.expect("connected"), other.expect("accepted").0)
}

/// Bytes that differ by their place.
fn bytes(length: usize, start: u8) -> Vec<u8> {
    (0..length)
        .map(|place| (place / 251 + place) as u8 ^ start)
        .collect()
}

/// Sends all of it and says so, and meanwhile takes what comes in pieces of this size.
async fn talk(mut stream: TcpStream, sent: Vec<u8>, piece: usize) -> Vec<u8> {
    let (mut from, mut to) = stream.split();
    let send = async {
        to.write_all(&sent).await.expect("sent");
        to.shutdown().await.expect("said");
    };
    let take = async {
        let (mut got, mut room) = (Vec::new(), vec![0; piece]);
        loop {
            let length = from.read(&mut room).await.expect("read");
            if length == 0 {
                return got;
            }
            got.extend_from_slice(&room[..length]);
            // The other end has its turn between any two pieces.
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(send, take).1
}

#[tokio::test]
async fn all_of_it_arrives_in_order_both_ways() {
    for (there, back, piece) in [
        (0, 0, 1),
        (1, 0, 1),
        (0, 1, 1),
        (100, 3_000_000, 64),
        (3_000_000, 2_000_000, 100_000),
        (PIECE, PIECE + 1, PIECE),
    ] {
        let (client, client_end) = connection().await;
        let (site, site_end) = connection().await;
        let (asked, said) = (bytes(there, 1), bytes(back, 2));
        let carried = both_ways(client_end, site_end, Duration::from_secs(600));
        let (done, heard_back, heard_there) = tokio::join!(
            carried,
            talk(client, asked.clone(), piece),
            talk(site, said.clone(), piece),
        );
        done.expect("carried");
        assert!(heard_there == asked && heard_back == said, "{there} {back}");
    }
}

#[tokio::test]
async fn a_tunnel_in_which_nothing_moves_is_closed() {
    let (client, client_end) = connection().await;
    let (site, site_end) = connection().await;
    let carried = both_ways(client_end, site_end, Duration::from_millis(1)).await;
    assert_eq!(carried.expect_err("silent").kind(), io::ErrorKind::TimedOut);
    drop((client, site));
}
