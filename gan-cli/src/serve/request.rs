//! What a browser asks for.

use std::io::{self, BufRead as _, BufReader, Read};
use std::net::SocketAddr;

/// A head of a request is not longer, in bytes.
const LONGEST: u64 = 16 * 1024;

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Request {
    /// `GET /`.
    Page,
    /// `GET /events`.
    Events,
    /// `GET` of something else.
    Unknown,
    /// Under a name that is not this server's: a page of another origin whose name leads here.
    Foreign,
    /// Another method.
    Other,
}

impl Request {
    /// Reads the head of a request to the server at `address`.
    ///
    /// # Errors
    /// The stream ends, or says nothing for too long.
    pub(super) fn read(stream: &mut impl Read, address: SocketAddr) -> io::Result<Self> {
        let mut lines = BufReader::new(stream.take(LONGEST)).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let mut host = None;
        for line in lines {
            let line = line?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                host = Some(value.trim().to_owned());
            }
        }
        let is_ours = host.is_some_and(|host| is_name_of(&host, address));
        let mut words = first.split(' ');
        Ok(match (words.next(), words.next()) {
            _ if !is_ours => Self::Foreign,
            (Some("GET"), Some("/")) => Self::Page,
            (Some("GET"), Some("/events")) => Self::Events,
            (Some("GET"), _) => Self::Unknown,
            _ => Self::Other,
        })
    }
}

/// Whether a server at `address` is called so. Where others reach it, it may have any name, but it has
/// its port.
fn is_name_of(host: &str, address: SocketAddr) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    if port.parse() != Ok(address.port()) {
        return false;
    }
    !address.ip().is_loopback() || ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Request {
        Request::read(&mut text.as_bytes(), "127.0.0.1:8765".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_browser_of_this_machine_is_answered() {
        for host in ["localhost:8765", "127.0.0.1:8765", "[::1]:8765"] {
            assert_eq!(read(&format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n")), Request::Page);
        }
        assert_eq!(read("GET /events HTTP/1.1\r\nHost: localhost:8765\r\n\r\n"), Request::Events);
        assert_eq!(read("GET /x HTTP/1.1\r\nHost: localhost:8765\r\n\r\n"), Request::Unknown);
        assert_eq!(read("PUT / HTTP/1.1\r\nHost: localhost:8765\r\n\r\n"), Request::Other);
    }

    #[test]
    fn another_name_is_not_this_server_s() {
        for host in ["evil.example:8765", "localhost:80", "localhost", ""] {
            let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            assert_eq!(read(&request), Request::Foreign, "{host}");
        }
        let open: SocketAddr = "0.0.0.0:80".parse().unwrap();
        assert!(is_name_of("machine.example", open) && !is_name_of("machine.example:81", open));
    }

    #[test]
    fn a_head_without_an_end_is_cut() {
        let long = "GET / HTTP/1.1\r\nX: ".to_owned() + &"y".repeat(100_000);
        assert_eq!(read(&long), Request::Foreign);
    }
}
