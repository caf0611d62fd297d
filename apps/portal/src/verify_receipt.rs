//! `portal verify-receipt`: whether files are those of a receipt or of a record of service, whether the tribunal signed it, and whether a
//! receipt is in the log. Needs the receipt and the tribunal's key, and neither a configuration nor a network.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use assembly::print;
use clap::Args;
use receipts::receipt::Receipt;
use receipts::service_record::{Capacity, ServiceRecord};
use receipts::{CheckpointError, NotInLog, ReceiptFile, Said, SignatureError, VerifierKey};
use sha2::{Digest, Sha256};

use crate::texts::{self, Texts};

/// What is to be verified.
#[derive(Args)]
pub struct Wanted {
    /// The files that were sent, to the tribunal or by it; they may have other names now
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The receipt or the record of service, as it was downloaded
    #[arg(long)]
    receipt: PathBuf,
    /// The tribunal's verifier key, or a file with one key or several, a line each
    #[arg(long)]
    key: String,
}

/// Wrong usage: what was named is not there.
const USAGE: u8 = 2;

/// No receipt and no list of keys is longer, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Verifies, and says everything on standard output. Success only if everything is true.
pub fn verify(wanted: &Wanted) -> ExitCode {
    let t = words();
    match Look::open(t, wanted) {
        Ok(look) => {
            let mut lines = Vec::new();
            let holds = look.told(&mut lines);
            let verdict = if holds {
                t.all_true()
            } else {
                t.not_all_true()
            };
            lines.push(verdict.to_owned());
            match print::line(format_args!("{}", lines.join("\n"))) {
                Ok(()) if holds => ExitCode::SUCCESS,
                Ok(()) => ExitCode::FAILURE,
                Err(error) => {
                    eprintln!("portal: {error}");
                    ExitCode::FAILURE
                }
            }
        }
        Err(why) => {
            eprintln!("portal: {why}");
            ExitCode::from(USAGE)
        }
    }
}

/// French where the person's surroundings are French, else English.
fn words() -> &'static Texts {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|language| language.to_lowercase().starts_with("fr")) {
        texts::french()
    } else {
        texts::english()
    }
}

/// A file that was given.
struct Given {
    path: PathBuf,
    size: u64,
    sha256: String,
}

/// Everything at hand.
struct Look<'a> {
    t: &'static Texts,
    receipt_name: &'a Path,
    receipt: String,
    keys: Vec<VerifierKey>,
    given: Vec<Given>,
}

impl<'a> Look<'a> {
    /// Reads what was named; what cannot be read is told in words.
    fn open(t: &'static Texts, wanted: &'a Wanted) -> Result<Self, String> {
        let unreadable = |path: &Path, error: io::Error| {
            t.cannot_read(path.display().to_string(), error.to_string())
        };
        let receipt = bytes(&wanted.receipt).map_err(|error| unreadable(&wanted.receipt, error))?;
        let given = wanted.files.iter().map(|path| {
            let (size, sha256) = digest(path).map_err(|error| unreadable(path, error))?;
            Ok(Given {
                path: path.clone(),
                size,
                sha256,
            })
        });
        Ok(Self {
            t,
            receipt_name: &wanted.receipt,
            // What is no text is no receipt, and is told as such.
            receipt: String::from_utf8(receipt).unwrap_or_default(),
            keys: keys(&wanted.key).ok_or_else(|| t.key_unusable(&wanted.key))?,
            given: given.collect::<Result<_, String>>()?,
        })
    }

    /// Says what is true and what is not; whether everything is.
    fn told(&self, lines: &mut Vec<String>) -> bool {
        let t = self.t;
        let Ok(file) = ReceiptFile::from_json(&self.receipt) else {
            lines.push(t.receipt_malformed(self.receipt_name.display().to_string()));
            return false;
        };
        let key = file.signed.key();
        let said = match file.verified(&self.keys) {
            Ok((said, key)) => {
                lines.push(t.signature_true(key.reference()));
                said
            }
            // Nothing that the receipt says is worth anything then.
            Err(why) => {
                lines.push(match why {
                    SignatureError::UnknownKey => t.signature_of_unknown_key(key),
                    SignatureError::Untrue => t.signature_untrue(key),
                    SignatureError::Malformed => t.statement_unknown().to_owned(),
                });
                return false;
            }
        };
        match said {
            Said::Receipt(receipt) => {
                lines.push(t.is_receipt().to_owned());
                let in_log = self.log(&file, lines);
                self.says(&receipt, lines);
                let files = receipt.files.iter().map(|file| Signed {
                    name: &file.name,
                    size: file.size,
                    sha256: &file.sha256,
                });
                let files = self.files(t.the_receipt(), &files.collect::<Vec<_>>(), lines);
                in_log && files
            }
            Said::ServiceRecord(record) => {
                lines.push(t.is_service_record().to_owned());
                // None is entered in the log: what claims to be there is told as a receipt's would be.
                let in_log = file.log_proof.is_none() || self.log(&file, lines);
                self.says_of_service(&record, lines);
                let document = Signed {
                    name: &record.document.name,
                    size: record.document.size,
                    sha256: &record.document.sha256,
                };
                in_log && self.files(t.the_service_record(), &[document], lines)
            }
        }
    }

    fn log(&self, file: &ReceiptFile, lines: &mut Vec<String>) -> bool {
        let t = self.t;
        let (line, holds) = match file.place(&self.keys) {
            Ok(Some(place)) => {
                let (index, size) = (place.index + 1, place.checkpoint.size);
                let origin = place.checkpoint.origin.to_string();
                (
                    t.log_true(index.to_string(), origin, size.to_string()),
                    true,
                )
            }
            Ok(None) => (t.log_none().to_owned(), true),
            Err(NotInLog::Untrue) => (t.log_untrue().to_owned(), false),
            Err(NotInLog::Malformed(_) | NotInLog::Checkpoint(CheckpointError::Malformed)) => {
                (t.log_malformed().to_owned(), false)
            }
            Err(NotInLog::Checkpoint(_)) => (t.log_checkpoint_untrue().to_owned(), false),
        };
        lines.push(line);
        holds
    }

    fn says(&self, receipt: &Receipt, lines: &mut Vec<String>) {
        let t = self.t;
        let (office, tribunal) = (&receipt.received_office, &receipt.received_tribunal);
        lines.extend([
            t.says_number(&receipt.file_number, &receipt.confirmation_number),
            t.says_people(&receipt.submitted_by, &receipt.on_behalf_of),
            t.says_office(&office.time, &office.zone),
            t.says_tribunal(&tribunal.time, &tribunal.zone),
            t.says_utc(&receipt.received_at),
        ]);
    }

    fn says_of_service(&self, record: &ServiceRecord, lines: &mut Vec<String>) {
        let t = self.t;
        let (office, tribunal) = (
            &record.made_available_office,
            &record.made_available_tribunal,
        );
        lines.extend([
            t.served_number(&record.file_number, &record.title),
            t.served_to(&record.counsel.name),
            t.served_office(&office.time, &office.zone),
            t.served_tribunal(&tribunal.time, &tribunal.zone),
            t.served_utc(&record.made_available_at),
        ]);
        if record.readings.is_empty() {
            lines.push(t.served_unread().to_owned());
        }
        for reading in &record.readings {
            let (name, at) = (&reading.name, &reading.first_read_at);
            lines.push(match reading.capacity {
                Capacity::Counsel => t.served_read_by_counsel(name, at),
                Capacity::Delegate => t.served_read_by_delegate(name, at),
            });
        }
        if let Some(at) = &record.deleted_from_general_inbox_at {
            lines.push(t.served_deleted(at));
        }
        lines.push(t.served_as_of(&record.as_of));
    }

    /// Each file by its content; its name may be another. `what` is what they should be in.
    fn files(&self, what: &str, signed: &[Signed<'_>], lines: &mut Vec<String>) -> bool {
        let t = self.t;
        let same = |given: &Given, signed: &Signed<'_>| {
            given.sha256 == signed.sha256 && given.size == signed.size
        };
        let mut holds = true;
        for given in &self.given {
            let file = given.path.display().to_string();
            let name = given.path.file_name().map(|name| name.to_string_lossy());
            let name = name.unwrap_or_default();
            let mut equal = signed.iter().filter(|signed| same(given, signed));
            let named = signed.iter().find(|signed| signed.name == name);
            let line = match (equal.next(), named) {
                (Some(_), Some(named)) if same(given, named) => t.file_true(file, what),
                (Some(other), _) => t.file_renamed(file, other.name, what),
                (None, named) => {
                    holds = false;
                    match named {
                        Some(named) => {
                            let (then, now) = (named.size.to_string(), given.size.to_string());
                            t.file_changed(file, then, now, what)
                        }
                        None => t.file_unknown(file, what),
                    }
                }
            };
            lines.push(line);
        }
        for signed in signed {
            if !self.given.iter().any(|given| same(given, signed)) {
                lines.push(t.file_not_given(signed.name, what));
            }
        }
        holds
    }
}

/// A file as the tribunal signed it.
struct Signed<'a> {
    name: &'a str,
    size: u64,
    sha256: &'a str,
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file's size and SHA-256, read in pieces.
fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut digest, mut size) = (Sha256::new(), 0);
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        digest.update(bytes);
        size += read as u64;
    }
    let sha256 = domain::document::Sha256::new(digest.finalize().into());
    Ok((size, sha256.to_string()))
}

/// The keys that a text is, or that the file of that name holds.
fn keys(text: &str) -> Option<Vec<VerifierKey>> {
    if let Ok(key) = text.trim().parse() {
        return Some(vec![key]);
    }
    let file = String::from_utf8(bytes(Path::new(text)).ok()?).ok()?;
    let lines = file.lines().map(str::trim);
    let keys: Vec<VerifierKey> = lines
        .filter(|line| !line.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    (!keys.is_empty()).then_some(keys)
}
