//! `gan train --serve`: the report of a run, live, for a browser.
//!
//! A page and a stream of events (server-sent events): two paths, one method, so that a whole HTTP
//! server would be more than this needs. Nothing that a browser sends changes anything.

mod request;

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};

use request::Request;

/// Where it is served if no address is given: for this machine alone.
pub(crate) const DEFAULT: &str = "127.0.0.1:8765";
/// A browser that has said nothing for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a quiet stream is written to, so that a browser that has gone is noticed.
const ALIVE: Duration = Duration::from_secs(15);
/// Browsers are given so long to be told of the end.
const FAREWELL: Duration = Duration::from_secs(1);
/// Browsers that are served at once.
const GUESTS: usize = 32;

/// Makes the page as the run is now.
type Page = dyn Fn() -> anyhow::Result<String> + Send + Sync;

/// A server, and what tells it that there is something new.
pub(crate) struct Server {
    address: SocketAddr,
    news: Arc<News>,
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    /// The address is none of this machine's, or is taken.
    pub(crate) fn open(
        address: &str,
        page: impl Fn() -> anyhow::Result<String> + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let listener = match TcpListener::bind(address) {
            Ok(listener) => listener,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
                "--serve: {address} is in use by another program; name another port, or let the system \
                 choose one: --serve 127.0.0.1:0"
            ),
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("--serve: cannot listen on {address}, expected ADDRESS:PORT such as {DEFAULT}")
                });
            }
        };
        let address = listener.local_addr().context("--serve: no address to listen on")?;
        let news = Arc::new(News::default());
        let (told, page): (_, Arc<Page>) = (news.clone(), Arc::new(page));
        let serve = move || listen(&listener, address, &told, &page);
        thread::Builder::new().name("serve".to_owned()).spawn(serve)?;
        Ok(Self { address, news })
    }

    /// What to type into a browser, and who can.
    pub(crate) fn announcement(&self) -> String {
        let who = match self.address.ip().is_loopback() {
            true => "this machine only",
            false => "everyone who reaches this machine can read it",
        };
        format!("serving http://{}/ ({who})", self.address)
    }

    /// Tells browsers that the page has changed.
    pub(crate) fn changed(&self) {
        self.news.tell(|edition| edition.number += 1);
    }
}

/// The program ends next, and its threads with it: those who listen hear of it before.
impl Drop for Server {
    fn drop(&mut self) {
        self.news.tell(|edition| edition.is_last = true);
        self.news.wait_until_nobody_listens(FAREWELL);
    }
}

/// How often the page has changed, and whether it will again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Edition {
    number: u64,
    is_last: bool,
}

/// The edition, and a bell that rings when it is another.
#[derive(Default)]
struct News {
    edition: Mutex<Edition>,
    bell: Condvar,
    /// How many streams of events are open, and a bell that rings when one is not any more.
    listeners: Mutex<usize>,
    left: Condvar,
}

/// Somebody who listens, until it is dropped.
struct Listener<'a>(&'a News);

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        *self.0.listeners() -= 1;
        self.0.left.notify_all();
    }
}

impl News {
    fn tell(&self, change: impl FnOnce(&mut Edition)) {
        change(&mut self.edition());
        self.bell.notify_all();
    }

    /// A number and a flag are never half changed.
    fn edition(&self) -> MutexGuard<'_, Edition> {
        self.edition.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listeners(&self) -> MutexGuard<'_, usize> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self) -> Listener<'_> {
        *self.listeners() += 1;
        Listener(self)
    }

    fn wait_until_nobody_listens(&self, at_most: Duration) {
        let _ = self.left.wait_timeout_while(self.listeners(), at_most, |listeners| *listeners > 0);
    }

    /// Another edition than `known`, or the same after a while.
    fn after(&self, known: Edition) -> Edition {
        let waited = self.bell.wait_timeout_while(self.edition(), ALIVE, |now| *now == known);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn listen(listener: &TcpListener, address: SocketAddr, news: &Arc<News>, page: &Arc<Page>) {
    let guests = Arc::new(());
    for stream in listener.incoming().flatten() {
        if Arc::strong_count(&guests) > GUESTS {
            continue;
        }
        let (news, page, guest) = (news.clone(), page.clone(), guests.clone());
        let attend = move || {
            // A browser that goes away is no error.
            let _ = answer(stream, address, &news, &*page);
            drop(guest);
        };
        let _ = thread::Builder::new().name("browser".to_owned()).spawn(attend);
    }
}

fn answer(mut stream: TcpStream, address: SocketAddr, news: &News, page: &Page) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let known = *news.edition();
    match Request::read(&mut stream, address)? {
        Request::Page => match page() {
            Ok(html) => reply(&mut stream, "200 OK", "text/html; charset=utf-8", &html),
            Err(error) => {
                let text = format!("the report cannot be made: {error:#}\n");
                reply(&mut stream, "500 Internal Server Error", "text/plain; charset=utf-8", &text)
            }
        },
        Request::Events => events(stream, known, news),
        Request::Unknown => {
            let text = "there are / and /events here\n";
            reply(&mut stream, "404 Not Found", "text/plain; charset=utf-8", text)
        }
        Request::Foreign => {
            let text = "this name is not the one that the report is served under\n";
            reply(&mut stream, "421 Misdirected Request", "text/plain; charset=utf-8", text)
        }
        Request::Other => {
            let text = "only GET is answered\n";
            reply(&mut stream, "405 Method Not Allowed", "text/plain; charset=utf-8", text)
        }
    }
}

fn reply(stream: &mut TcpStream, status: &str, kind: &str, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    stream.flush()
}

/// One event for each edition, until the last.
fn events(mut stream: TcpStream, mut known: Edition, news: &News) -> io::Result<()> {
    let _listening = news.listen();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
                Connection: close\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    while !known.is_last {
        let now = news.after(known);
        let line = match now {
            Edition { is_last: true, .. } => "event: end\ndata: \n\n".to_owned(),
            Edition { number, .. } if number > known.number => format!("data: {number}\n\n"),
            _ => ": nothing new\n\n".to_owned(),
        };
        stream.write_all(line.as_bytes())?;
        known = now;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn server() -> Server {
        Server::open("127.0.0.1:0", || Ok("<p>now</p>".to_owned())).unwrap()
    }

    fn ask(server: &Server, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let request = request.replace("HOST", &server.address.to_string());
        stream.write_all(request.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn said(server: &Server, request: &str) -> String {
        let mut text = String::new();
        ask(server, request).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_page_is_served_and_nothing_else() {
        let server = server();
        let page = said(&server, "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\n<p>now</p>"));
        for (request, status) in [
            ("GET /etc/passwd HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
            ("GET /../config.toml HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
            ("POST / HTTP/1.1\r\nHost: HOST\r\n\r\n", "405"),
            ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
            ("GET / HTTP/1.1\r\n\r\n", "421"),
        ] {
            let answer = said(&server, request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request} {answer}");
        }
    }

    #[test]
    fn a_page_that_cannot_be_made_says_why() {
        let server = Server::open("127.0.0.1:0", || bail!("no manifest")).unwrap();
        let answer = said(&server, "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("no manifest"), "{answer}");
    }

    #[test]
    fn an_event_comes_for_every_change_and_the_stream_ends_with_the_run() {
        let server = server();
        let mut stream = ask(&server, "GET /events HTTP/1.1\r\nHost: HOST\r\n\r\n");
        let mut heard = String::new();
        let mut until = |words: &str, stream: &mut TcpStream| {
            let mut bytes = [0; 256];
            while !heard.contains(words) {
                let n = stream.read(&mut bytes).unwrap();
                assert!(n > 0, "{heard} has no {words}");
                heard += std::str::from_utf8(&bytes[..n]).unwrap();
            }
        };
        until("text/event-stream", &mut stream);
        server.changed();
        until("data: 1\n\n", &mut stream);
        server.changed();
        until("data: 2\n\n", &mut stream);
        drop(server);
        until("event: end\n", &mut stream);
    }

    #[test]
    fn an_address_that_is_taken_or_none_is_named() {
        let server = server();
        let taken = server.address.to_string();
        let complaint = |address: &str| {
            let opened = Server::open(address, || Ok(String::new()));
            format!("{:#}", opened.err().unwrap())
        };
        assert!(complaint(&taken).contains("is in use") && complaint(&taken).contains(&taken));
        assert!(complaint("nowhere").contains("expected ADDRESS:PORT"));
        assert!(server.announcement().contains("this machine only"));
    }
}
