//! A real clamd of one's own: Debian's program, in a folder that goes away with it, with one signature made by hand.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The EICAR test virus, as scanners know it.
pub fn eicar() -> Vec<u8> {
    [
        br"X5O!P%@AP[4\PZX54(P^)7CC)7}$".as_slice(),
        b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    ]
    .concat()
}

/// Which signatures a clamd has.
#[derive(Clone, Copy)]
pub enum Signatures {
    /// The test virus, wherever in a file it is.
    Anywhere,
    /// The test virus as a file of its own, as clamd's makers have it.
    Alone,
    /// Something else.
    Other,
}

impl Signatures {
    /// In clamd's own notation: name, type of file, place, bytes.
    fn line(self) -> String {
        let (place, bytes) = match self {
            Self::Anywhere => ("*", eicar()),
            Self::Alone => ("0", eicar()),
            Self::Other => ("*", b"nothing that anybody sends".to_vec()),
        };
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("Test-Signature:0:{place}:{}\n", bytes.concat())
    }
}

pub struct Daemon {
    process: Option<Child>,
    folder: PathBuf,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Daemon {
    /// Starts one in that folder, that finds the test virus.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, Signatures::Anywhere, "")
    }

    /// Starts one with those signatures, and with lines in its configuration that stand above the usual ones.
    pub fn start_with(folder: &Path, signatures: Signatures, lines: &str) -> Self {
        let mut daemon = Self {
            process: None,
            folder: folder.to_owned(),
        };
        let database = folder.join("signatures");
        std::fs::create_dir_all(&database).unwrap();
        std::fs::write(database.join("own.ndb"), signatures.line()).unwrap();
        let socket = daemon.socket();
        // Of a line that is there twice, clamd takes the first.
        let settings = [
            format!("LocalSocket {}", socket.display()),
            format!("DatabaseDirectory {}", database.display()),
            format!("TemporaryDirectory {}", folder.display()),
            lines.to_owned(),
            "Foreground yes\nAlertExceedsMax yes\nMaxScanSize 1000M".to_owned(),
            "MaxFileSize 300M\nStreamMaxLength 300M\n".to_owned(),
        ]
        .join("\n");
        let file = folder.join("clamd.conf");
        std::fs::write(&file, settings).unwrap();
        let process = Command::new(program())
            .arg("--config-file")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd: `cargo xtask test` installs it");
        daemon.process = Some(process);
        for _ in 0..300 {
            if UnixStream::connect(&socket).is_ok() {
                return daemon;
            }
            let process = daemon.process.as_mut().unwrap();
            assert!(process.try_wait().unwrap().is_none(), "clamd ended");
            pause();
        }
        unreachable!("clamd does not listen");
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.join("clamd.sock")
    }

    /// Ends it at once; nobody listens on its socket then.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn program() -> PathBuf {
    let usual = Path::new("/usr/sbin/clamd");
    if usual.is_file() {
        usual.to_owned()
    } else {
        "clamd".into()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "another program takes real time to start"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}
