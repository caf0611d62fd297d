//! Clamd, by its stream protocol: the portal sends a file's bytes and gets one line. A file passes only if that line is exactly the one
//! for "nothing found", from a scanner that finds the test virus, before the file and after it.
//!
//! Clamd skips what is above its own limits and says `OK` to it, unless it is told to alarm then. So the test virus is also sent at the
//! end of an archive as large as the largest file that the portal takes, and where a scanner that gives up has to say so.

mod address;
mod canary;
mod conversation;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use application::ports::virus_scanner::{NotWorking, ScanError, VirusScanner};
use async_trait::async_trait;
use tokio::fs::File;
use tokio::io::AsyncRead;
use tokio::sync::Mutex;
use tokio::time::Instant;

pub use self::address::{ClamdAddress, NoAddress};
use self::conversation::{TalkError, Verdict};

/// How clamd is asked.
#[derive(Debug, Clone)]
pub struct ClamdSettings {
    /// Where it listens.
    pub address: ClamdAddress,
    /// How long it may take over one file, from the first byte to its answer.
    pub timeout: Duration,
    /// How long a file waits for a scanner that is away. With zero it does not wait.
    pub patience: Duration,
    /// The largest file that is ever sent, in bytes.
    pub largest: u64,
}

/// How long a scanner that is away is left in peace.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a failed examination holds. The next one sends as much again.
const HOLDS: Duration = Duration::from_secs(5);

/// How long clamd may take to say that it is there.
const GREETING: Duration = Duration::from_secs(5);

/// Why clamd cannot be asked.
#[derive(Debug, Clone, thiserror::Error)]
enum ClamdError {
    #[error("clamd at {0}: {1}")]
    Talk(ClamdAddress, Arc<TalkError>),
    #[error("clamd finds {0} in a harmless text")]
    Alarmed(String),
    #[error(
        "clamd does not find the EICAR test virus: its signatures are missing, or it is no virus scanner"
    )]
    Blind,
    #[error(
        "clamd does not find the EICAR test virus at the end of an archive of {bytes} bytes, as large as files may be here ({said}): raise its StreamMaxLength and MaxFileSize above that, or lower submissions.file_bytes_at_most"
    )]
    BlindToLarge { bytes: u64, said: String },
    #[error("clamd says OK to what it has not seen whole: set its AlertExceedsMax to yes")]
    SilentAboutLimits,
}

impl ClamdError {
    /// Whether it may be over by itself.
    fn is_away(&self) -> bool {
        matches!(self, Self::Talk(_, why) if why.is_away())
    }
}

impl From<ClamdError> for NotWorking {
    fn from(error: ClamdError) -> Self {
        if error.is_away() {
            Self::Away(Box::new(error))
        } else {
            Self::NotReliable(Box::new(error))
        }
    }
}

/// What is known of the scanner.
#[derive(Debug)]
enum Trust {
    /// Nothing, or it has been away since.
    None,
    /// It finds the test virus.
    Examined,
    /// It did not pass, at that instant.
    Failed(Instant, ClamdError),
}

/// Clamd, as a port's implementation.
#[derive(Debug)]
pub struct Clamd {
    settings: ClamdSettings,
    trust: Mutex<Trust>,
}

impl Clamd {
    /// A scanner that is asked with these settings, and has shown nothing yet.
    pub fn new(settings: ClamdSettings) -> Self {
        Self {
            settings,
            trust: Mutex::new(Trust::None),
        }
    }

    /// Whether the scanner has shown that it finds what it must, or shows it now. One examination at a time; others wait for its outcome.
    async fn examined(&self) -> Result<(), ClamdError> {
        let mut trust = self.trust.lock().await;
        match &*trust {
            Trust::Examined => return Ok(()),
            Trust::Failed(at, why) if at.elapsed() < HOLDS => return Err(why.clone()),
            Trust::Failed(..) | Trust::None => {}
        }
        let examined = self.examine().await;
        *trust = match &examined {
            Ok(()) => Trust::Examined,
            // To find out again costs little.
            Err(why) if why.is_away() => Trust::None,
            Err(why) => Trust::Failed(Instant::now(), why.clone()),
        };
        examined
    }

    async fn examine(&self) -> Result<(), ClamdError> {
        if let Verdict::Found(name) = self.stream(canary::harmless()).await? {
            return Err(ClamdError::Alarmed(name));
        }
        self.finds_the_test_virus().await?;
        if self.stream(canary::eicar_too_deep()).await? == Verdict::Clean {
            return Err(ClamdError::SilentAboutLimits);
        }
        let bytes = self.settings.largest;
        let said = match self.stream(canary::eicar_in_archive(bytes)).await {
            Ok(Verdict::Found(name)) if !is_a_limit(&name) => return Ok(()),
            Ok(Verdict::Found(name)) => name,
            Ok(Verdict::Clean) => "it says OK".to_owned(),
            // A stream that is too long is cut short, with a word or without.
            Err(ClamdError::Talk(_, why)) if why.is_about_the_stream() => why.to_string(),
            Err(other) => return Err(other),
        };
        Err(ClamdError::BlindToLarge { bytes, said })
    }

    async fn finds_the_test_virus(&self) -> Result<(), ClamdError> {
        match self.stream(canary::eicar()).await? {
            Verdict::Found(_) => Ok(()),
            Verdict::Clean => Err(ClamdError::Blind),
        }
    }

    /// What is in those bytes, according to a scanner that can tell. It may have been started again, without its signatures, while nobody
    /// asked it anything: what it says of nothing to find, it has to prove.
    async fn proven(&self, bytes: impl AsyncRead + Unpin) -> Result<Verdict, ClamdError> {
        self.examined().await?;
        let verdict = self.stream(bytes).await?;
        if verdict == Verdict::Clean {
            self.finds_the_test_virus().await?;
        }
        Ok(verdict)
    }

    async fn stream(&self, bytes: impl AsyncRead + Unpin) -> Result<Verdict, ClamdError> {
        let ClamdSettings {
            address, timeout, ..
        } = &self.settings;
        let talk = async { conversation::stream(address.connect().await?, bytes).await };
        self.at_address(conversation::within(*timeout, talk).await)
    }

    async fn greet(&self) -> Result<(), ClamdError> {
        let talk = async { conversation::ping(self.settings.address.connect().await?).await };
        self.at_address(conversation::within(GREETING, talk).await)
    }

    fn at_address<T>(&self, answer: Result<T, TalkError>) -> Result<T, ClamdError> {
        answer.map_err(|why| ClamdError::Talk(self.settings.address.clone(), Arc::new(why)))
    }

    /// After a failure nobody knows who answers next: another scanner, or the same one without its signatures.
    async fn distrust(&self) {
        let mut trust = self.trust.lock().await;
        if matches!(*trust, Trust::Examined) {
            *trust = Trust::None;
        }
    }

    async fn scan_once(&self, file: &Path) -> Result<(), ScanError> {
        let opened = File::open(file).await;
        let bytes = opened.map_err(|why| NotWorking::NotReliable(Box::new(why)))?;
        match self.proven(bytes).await {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Found(name)) if is_a_limit(&name) => {
                Err(ScanError::NotScannable { limit: name })
            }
            Ok(Verdict::Found(name)) => Err(ScanError::Infected { signature: name }),
            Err(why) => {
                self.distrust().await;
                Err(NotWorking::from(why).into())
            }
        }
    }
}

#[async_trait]
impl VirusScanner for Clamd {
    #[expect(
        clippy::disallowed_methods,
        reason = "a file waits for a scanner that is away, for as long as the operator says"
    )]
    async fn scan(&self, file: &Path) -> Result<(), ScanError> {
        let until = Instant::now() + self.settings.patience;
        loop {
            match self.scan_once(file).await {
                Err(ScanError::NotWorking(NotWorking::Away(_)))
                    if Instant::now() + PAUSE <= until =>
                {
                    tokio::time::sleep(PAUSE).await;
                }
                scanned => return scanned,
            }
        }
    }

    async fn ready(&self) -> Result<(), NotWorking> {
        self.examined().await?;
        match self.greet().await {
            Ok(()) => Ok(()),
            Err(why) => {
                self.distrust().await;
                Err(why.into())
            }
        }
    }
}

/// What clamd "finds" where it could not look (`AlertExceedsMax`, `AlertEncrypted`).
fn is_a_limit(name: &str) -> bool {
    ["Heuristics.Limits.Exceeded", "Heuristics.Encrypted"]
        .iter()
        .any(|limit| name.starts_with(limit))
}
