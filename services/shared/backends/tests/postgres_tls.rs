//! Connections to a PostgreSQL that takes encrypted ones only, as RDS does. Skipped aloud where no PostgreSQL with TLS is
//! installed; the one of `cargo dev` is built without.
#![allow(clippy::unwrap_used, missing_docs)]

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, io};

use backends::accounts::Accounts;
use backends::settings::DatabaseSettings;
use rustix::process::geteuid;
use tempfile::TempDir;

/// Who PostgreSQL runs as where we are root, which it does not run as.
const NOBODY: u32 = 65_534;

/// A cluster of this test, which ends with it.
struct Cluster {
    folder: TempDir,
    server: Child,
    port: u16,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Where Debian has the programs of PostgreSQL, the newest ones.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(io::Result::ok);
    let number = |version: &fs::DirEntry| version.file_name().to_string_lossy().parse::<u32>().ok();
    Some(versions.max_by_key(number)?.path().join("bin"))
}

fn program(programs: &Path, name: &str) -> Command {
    if !geteuid().is_root() {
        return Command::new(programs.join(name));
    }
    let mut command = Command::new("setpriv");
    let (user, group) = (format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"));
    command.args([&user, &group, "--clear-groups"]).arg(programs.join(name));
    command
}

/// Lets PostgreSQL have a file or a folder.
fn give(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    if geteuid().is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

impl Cluster {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        give(folder.path(), 0o700);
        let data = folder.path().join("data");
        let mut initdb = program(programs, "initdb");
        initdb
            .arg("-D")
            .arg(&data)
            .args(["--username=gas", "--auth=trust", "--no-sync"]);
        let made = initdb.current_dir(folder.path()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        for (file, content) in [
            (data.join("server.key"), certificate.signing_key.serialize_pem()),
            (data.join("server.crt"), certificate.cert.pem()),
            (folder.path().join("authority.pem"), certificate.cert.pem()),
        ] {
            fs::write(&file, content).unwrap();
            give(&file, 0o600);
        }
        fs::write(data.join("pg_hba.conf"), "hostssl all all all trust\n").unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut server = program(programs, "postgres");
        server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=localhost",
            "ssl=on",
            "unix_socket_directories=",
            "fsync=off",
        ] {
            server.args(["-c", setting]);
        }
        let server = server.current_dir(folder.path()).stderr(Stdio::null()).spawn().unwrap();
        Self { folder, server, port }
    }

    fn accounts(&self, host: &str, database_ca: Option<PathBuf>) -> Accounts {
        let settings = DatabaseSettings {
            database_ca,
            ..DatabaseSettings::at(format!("postgres://gas@{host}:{}/postgres", self.port))
        };
        Accounts::connect(&settings).unwrap()
    }

    /// Asks until PostgreSQL is up. Gives what is refused then.
    async fn ping(&self, host: &str, authorities: Option<PathBuf>) -> Result<(), String> {
        let accounts = self.accounts(host, authorities);
        for _ in 0..200 {
            let answer = accounts.ping().await.map_err(|error| format!("{error:#}"));
            match answer {
                Err(early) if early.contains("os error 111") || early.contains("starting up") => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                answer => return answer,
            }
        }
        panic!("PostgreSQL does not start");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_and_the_server_is_who_it_says() {
    let Some(programs) = programs() else {
        eprintln!(
            "SKIPPED connections_are_encrypted_and_the_server_is_who_it_says: no PostgreSQL with TLS (Debian: postgresql)"
        );
        return;
    };
    let cluster = Cluster::start(&programs);
    let own = cluster.folder.path().join("authority.pem");
    assert_eq!(cluster.ping("localhost", Some(own.clone())).await, Ok(()));
    cluster
        .accounts("localhost", Some(own.clone()))
        .migrate()
        .await
        .unwrap();

    let plain = cluster.ping("localhost", None).await.unwrap_err();
    assert!(plain.contains("no encryption"), "{plain}");
    // What is refused for good ends a service, which would else wait for ever.
    let refused = cluster.accounts("localhost", None).await_schema().await.unwrap_err();
    assert!(
        format!("{refused:#}").starts_with("sign in to the accounts database: "),
        "{refused:#}"
    );
    let renamed = cluster.ping("127.0.0.1", Some(own)).await.unwrap_err();
    assert!(renamed.contains("certificate not valid for name"), "{renamed}");
    let other = cluster.folder.path().join("other.pem");
    let stranger = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(&other, stranger.cert.pem()).unwrap();
    let unknown = cluster.ping("localhost", Some(other)).await.unwrap_err();
    assert!(unknown.contains("invalid peer certificate"), "{unknown}");
}
