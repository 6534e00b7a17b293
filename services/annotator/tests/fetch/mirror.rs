//! A mirror of the public servers, on loopback: files of a folder over HTTP/1.1, with entity tags, dates and ranges, and
//! with the faults that real servers and networks have.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use tempfile::TempDir;

/// When every file of the mirror was changed last.
pub const LAST_MODIFIED: &str = "Wed, 15 Jan 2014 21:13:00 GMT";

/// What goes wrong with a file.
#[derive(Clone, Copy)]
pub enum Fault {
    /// The connection ends after so many bytes of an answer; so often.
    Cut { after: usize, times: u32 },
    /// Nothing more comes after so many bytes of an answer; so often.
    Stall { after: usize, times: u32 },
    /// The server answers this instead; so often.
    Status { code: u16, times: u32 },
    /// Ranges are not understood: the whole file comes.
    NoRanges,
    /// The server sends the range although it is of another version.
    NoIfRange,
    /// The server says that the file is this large.
    Size(u64),
}

/// A running mirror. Its files can be changed while it runs.
pub struct Mirror {
    folder: TempDir,
    address: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    faults: Mutex<HashMap<String, Fault>>,
    /// Each request: method, path or address as it was asked for, range.
    requests: Mutex<Vec<String>>,
    /// Connections on which nothing comes any more.
    stalled: Mutex<Vec<TcpStream>>,
}

impl Mirror {
    /// Starts an empty one.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (folder, state) = (tempfile::tempdir().unwrap(), Arc::new(State::default()));
        let (root, shared) = (folder.path().to_owned(), Arc::clone(&state));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, state) = (root.clone(), Arc::clone(&shared));
                thread::spawn(move || serve(&stream, &root, &state));
            }
        });
        Self { folder, address, state }
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Puts a file there.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        let file = self.folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    /// Puts a text there, packed with gzip.
    pub fn put_gzip(&self, path: &str, text: &str) {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        self.put(path, &packed.finish().unwrap());
    }

    /// Publishes the MD5 of a file in a list that calls it by this name.
    pub fn publish(&self, list: &str, path: &str, name: &str) {
        let line = format!("{}  {name}\n", self.md5(path));
        self.put(list, line.as_bytes());
    }

    /// The MD5 of a file.
    pub fn md5(&self, path: &str) -> String {
        hex(&fs::read(self.folder.path().join(path)).unwrap())
    }

    /// Makes something go wrong with a file.
    pub fn fault(&self, path: &str, fault: Fault) {
        self.state.faults.lock().unwrap().insert(format!("/{path}"), fault);
    }

    /// What was asked for since the last call, of addresses that end so: `GET /path bytes=5-`.
    pub fn requests(&self, ending: &str) -> Vec<String> {
        let all = std::mem::take(&mut *self.state.requests.lock().unwrap());
        let of_file = |request: &String| request.split(' ').nth(1).unwrap().ends_with(ending);
        all.into_iter().filter(of_file).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A request, as far as it matters here.
#[derive(Default)]
struct Request {
    method: String,
    target: String,
    range: Option<usize>,
    if_range: Option<String>,
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut request = Request {
        method: words.next()?,
        target: words.next()?,
        ..Request::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            return Some(request);
        };
        match name.to_ascii_lowercase().as_str() {
            "range" => request.range = value.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok(),
            "if-range" => request.if_range = Some(value.to_owned()),
            _ => {}
        }
    }
}

fn serve(stream: &TcpStream, root: &Path, state: &State) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let range = request
            .range
            .map(|first| format!(" bytes={first}-"))
            .unwrap_or_default();
        let told = format!("{} {}{range}", request.method, request.target);
        state.requests.lock().unwrap().push(told);
        answer(stream, root, state, &request)?;
    }
}

/// Answers; `None` ends the connection.
fn answer(mut stream: &TcpStream, root: &Path, state: &State, request: &Request) -> Option<()> {
    // As a proxy it is asked for whole addresses.
    let path = match request.target.strip_prefix("http://") {
        Some(rest) => &rest[rest.find('/')?..],
        None => &request.target,
    };
    let fault = state.next_fault(path, &request.method);
    if let Some(Fault::Status { code, .. }) = fault {
        let text = format!("HTTP/1.1 {code} No\r\ncontent-length: 0\r\n\r\n");
        return stream.write_all(text.as_bytes()).ok();
    }
    let Ok(bytes) = fs::read(root.join(&path[1..])) else {
        return stream
            .write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            .ok();
    };
    let tag = format!("\"{}\"", &hex(&bytes)[..12]);
    let is_same = request.if_range.as_ref().is_none_or(|validator| *validator == tag);
    let first = match fault {
        Some(Fault::NoRanges) => None,
        Some(Fault::NoIfRange) => request.range,
        _ => request.range.filter(|_| is_same),
    };
    let body = &bytes[first.unwrap_or_default().min(bytes.len())..];
    let (status, range) = match first {
        Some(first) if first >= bytes.len() => ("416 Range Not Satisfiable", String::new()),
        Some(first) => {
            let (last, all) = (bytes.len() - 1, bytes.len());
            (
                "206 Partial Content",
                format!("content-range: bytes {first}-{last}/{all}\r\n"),
            )
        }
        None => ("200 OK", String::new()),
    };
    let size = match fault {
        Some(Fault::Size(size)) => size,
        _ => body.len() as u64,
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {size}\r\netag: {tag}\r\nlast-modified: {LAST_MODIFIED}\r\n{range}\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    match fault {
        _ if request.method == "HEAD" => Some(()),
        Some(Fault::Cut { after, .. }) => {
            stream.write_all(&body[..after.min(body.len())]).ok()?;
            None
        }
        Some(Fault::Stall { after, .. }) => {
            stream.write_all(&body[..after.min(body.len())]).ok()?;
            state.stalled.lock().unwrap().push(stream.try_clone().ok()?);
            None
        }
        _ => stream.write_all(body).ok(),
    }
}

impl State {
    /// What goes wrong with this answer; a body that breaks off is counted at a GET, which has one.
    fn next_fault(&self, path: &str, method: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let fault = *faults.get(path)?;
        let (Fault::Cut { times, .. } | Fault::Stall { times, .. } | Fault::Status { times, .. }) =
            faults.get_mut(path)?
        else {
            return Some(fault);
        };
        if method == "GET" || matches!(fault, Fault::Status { .. }) {
            *times = times.checked_sub(1)?;
        }
        Some(fault)
    }
}

/// UCSC's `.2bit` of sequences of known bases and N: <https://genome.ucsc.edu/FAQ/FAQformat.html#format7>.
pub fn two_bit(sequences: &[(&str, &[u8])]) -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let index: usize = sequences.iter().map(|(name, _)| 5 + name.len()).sum();
    let mut head = words(&[0x1A41_2743, 0, sequences.len() as u32, 0]);
    let mut records = Vec::new();
    for (name, bases) in sequences {
        head.push(name.len() as u8);
        head.extend_from_slice(name.as_bytes());
        head.extend(words(&[(16 + index + records.len()) as u32]));
        let runs: Vec<&[u8]> = bases.chunk_by(|one, next| (*one == b'N') == (*next == b'N')).collect();
        let (mut at, mut starts, mut lengths) = (0, Vec::new(), Vec::new());
        for run in runs {
            if run[0] == b'N' {
                starts.push(at);
                lengths.push(run.len() as u32);
            }
            at += run.len() as u32;
        }
        records.extend(words(&[at, starts.len() as u32]));
        records.extend(words(&[starts, lengths, vec![0, 0]].concat()));
        let bits = |base: &u8| b"TCAG".iter().position(|known| known == base).unwrap_or(0) as u8;
        let byte = |four: &[u8]| (0..4).fold(0, |byte, at| byte << 2 | four.get(at).map_or(0, bits));
        records.extend(bases.chunks(4).map(byte));
    }
    [head, records].concat()
}

/// Unpacks a gzip file.
pub fn unpack(file: &PathBuf) -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed = fs::File::open(file).unwrap();
    flate2::read::MultiGzDecoder::new(packed)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}
