//! A server of two pages, tried over real connections.

use super::*;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use warp::{Filter, Reply};

const SHORT: Patience = Patience {
    first: Duration::from_millis(300),
    headers: Duration::from_millis(300),
    idle: Duration::from_millis(1200),
};

/// A server, and the certificate to trust.
struct Server {
    address: SocketAddr,
    shutdown: Shutdown,
    running: tokio::task::JoinHandle<Result<()>>,
    certificate: CertificateDer<'static>,
}

fn pages() -> Pages {
    let slow = warp::path("slow").then(|| async {
        sleep(Duration::from_millis(500)).await;
        "slow".into_response()
    });
    Pages {
        filter: slow.or(warp::any().map(|| "hello".into_response())).unify().boxed(),
        trust_traceparent: false,
    }
}

async fn server() -> Server {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::default());
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = TlsSettings {
        tls_cert: Some(cert),
        tls_key: Some(key),
    };
    let connection = Connection {
        acceptor: Some(tls.acceptor().unwrap()),
        pages: pages(),
        patience: SHORT,
        shutdown: shutdown.clone(),
    };
    Server {
        address,
        shutdown,
        running: tokio::spawn(accept_all(listener, connection, Duration::from_secs(5))),
        certificate: made.cert.der().clone(),
    }
}

impl Server {
    /// A connection on which the test itself speaks HTTP/1.1.
    async fn connect(&self) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, stream).await.unwrap()
    }
}

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    stream.write_all(REQUEST).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        let mut bytes = [0; 1024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert_ne!(read, 0, "closed after {:?}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&bytes[..read]);
    }
}

/// How long the server leaves the connection open when the client does nothing more.
async fn until_closed(mut stream: impl AsyncRead + Unpin) -> Duration {
    let begun = Instant::now();
    let end = timeout(Duration::from_secs(5), stream.read(&mut [0; 64]))
        .await
        .unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    begun.elapsed()
}

fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_danger_accept_invalid_certs(true)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_http_are_answered_with_a_request_id() {
    let server = server().await;
    for (client, version) in [
        (client(), reqwest::Version::HTTP_2),
        (client().http1_only(), reqwest::Version::HTTP_11),
    ] {
        let answer = client
            .build()
            .unwrap()
            .get(format!("https://{}/", server.address))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.version(), version);
        assert_eq!(answer.headers()["x-request-id"].len(), 32);
        assert_eq!(answer.text().await.unwrap(), "hello");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_say_nothing_are_cut_off() {
    let server = server().await;
    let silent = TcpStream::connect(server.address).await.unwrap();
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    let greeted = server.connect().await;
    assert!(until_closed(silent).await < SHORT.idle);
    assert!(until_closed(half).await < SHORT.idle);
    assert!(until_closed(greeted).await < SHORT.idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_connection_is_answered_and_paced_like_any_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connection = Connection {
        acceptor: None,
        pages: pages(),
        patience: SHORT,
        shutdown: Shutdown::default(),
    };
    tokio::spawn(accept_all(listener, connection, Duration::from_secs(5)));
    let mut stream = TcpStream::connect(address).await.unwrap();
    ask(&mut stream).await;
    sleep(SHORT.headers * 2).await;
    ask(&mut stream).await;
    assert!(until_closed(stream).await >= SHORT.idle - Duration::from_millis(100));
    let silent = TcpStream::connect(address).await.unwrap();
    assert!(until_closed(silent).await < SHORT.idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_outlives_the_patience_with_headers_and_then_ends() {
    let server = server().await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        ask(&mut stream).await;
        sleep(SHORT.headers * 2).await;
    }
    ask(&mut stream).await;
    let lived = until_closed(stream).await;
    assert!(lived >= SHORT.idle - Duration::from_millis(100), "{lived:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_come_drop_by_drop_are_cut_off_however_long_idle_connections_live() {
    let server = server().await;
    for asked_before in [false, true] {
        let mut stream = server.connect().await;
        if asked_before {
            ask(&mut stream).await;
        }
        let begun = Instant::now();
        for byte in REQUEST.iter().cycle() {
            let is_sent = stream.write_all(std::slice::from_ref(byte)).await.is_ok();
            if !is_sent
                || timeout(Duration::from_millis(25), stream.read(&mut [0; 64]))
                    .await
                    .is_ok()
            {
                break;
            }
            assert!(begun.elapsed() < SHORT.idle, "still open");
        }
        assert!(begun.elapsed() >= SHORT.headers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_at_shutdown() {
    let server = server().await;
    let slow = format!("https://{}/slow", server.address);
    let asking = tokio::spawn(client().build().unwrap().get(slow).send());
    sleep(Duration::from_millis(250)).await;
    server.shutdown.request();
    assert_eq!(asking.await.unwrap().unwrap().text().await.unwrap(), "slow");
    server.running.await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}
