//! Opening a PDF in a process of its own, and understanding how that process ended.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use application::ports::inspector::InspectError;
use domain::document::FileProblem;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Settings;
use crate::child::{Answer, CPU_SECONDS, MEMORY_BYTES, Wrong};

/// An answer is one short line; a child that says more is not listened to.
const LONGEST_ANSWER: u64 = 256;

/// Why a PDF could not be opened though it may be good.
#[derive(Debug, thiserror::Error)]
enum OpeningError {
    #[error("no program is named to open documents with")]
    NoProgram,
    #[error("too many documents wait to be opened")]
    NoTurn,
    #[error("the program that opens documents could not be run")]
    NotRun(#[source] io::Error),
    #[error("opening the document took too long")]
    TooLong,
    #[error("the program that opens documents ended with {0} and no answer")]
    NoAnswer(ExitStatus),
}

/// The way to open PDFs, a few at a time.
#[derive(Debug)]
pub(crate) struct Opening {
    settings: Settings,
    turns: Semaphore,
}

impl Opening {
    pub(crate) fn new(settings: Settings) -> Self {
        let turns = Semaphore::new(settings.at_once);
        Self { settings, turns }
    }

    /// How many pages the PDF has.
    pub(crate) async fn pages(&self, file: &Path) -> Result<u32, InspectError> {
        let turn = timeout(self.settings.waiting, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(unavailable(OpeningError::NoTurn));
        };
        // When time is up the future is dropped, and with it the child: it is killed then.
        let (answer, status) = timeout(self.settings.timeout, self.ask(file))
            .await
            .map_err(|_| unavailable(OpeningError::TooLong))?
            .map_err(unavailable)?;
        match serde_json::from_slice(&answer) {
            Ok(Answer::Pages(pages)) if status.success() => Ok(pages),
            Ok(Answer::Problem(Wrong::Encrypted)) if status.success() => {
                Err(FileProblem::Encrypted.into())
            }
            Ok(Answer::Problem(Wrong::Damaged)) if status.success() => {
                Err(FileProblem::Damaged.into())
            }
            _ if is_the_files_fault(status) => Err(FileProblem::Damaged.into()),
            _ => Err(unavailable(OpeningError::NoAnswer(status))),
        }
    }

    async fn ask(&self, file: &Path) -> Result<(Vec<u8>, ExitStatus), OpeningError> {
        let (program, arguments) = self
            .settings
            .command
            .split_first()
            .ok_or(OpeningError::NoProgram)?;
        let file = std::path::absolute(file).map_err(OpeningError::NotRun)?;
        let mut child = Command::new(program)
            .args(arguments)
            .arg(file)
            .env_clear()
            .env(MEMORY_BYTES, self.settings.memory_bytes.to_string())
            .env(CPU_SECONDS, self.settings.cpu_seconds.to_string())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(OpeningError::NotRun)?;
        let mut answer = Vec::new();
        if let Some(said) = child.stdout.take() {
            said.take(LONGEST_ANSWER)
                .read_to_end(&mut answer)
                .await
                .map_err(OpeningError::NotRun)?;
        }
        let status = child.wait().await.map_err(OpeningError::NotRun)?;
        Ok((answer, status))
    }
}

/// Whether the parser was brought down by the file: it gave up (which is how a lack of memory or stack ends), touched what is not its
/// own, or used up its processor time. Everything else, and above all being killed from outside, says nothing about the file.
fn is_the_files_fault(status: ExitStatus) -> bool {
    const FAULTS: [i32; 5] = [
        rustix::process::Signal::ABORT.as_raw(),
        rustix::process::Signal::SEGV.as_raw(),
        rustix::process::Signal::BUS.as_raw(),
        rustix::process::Signal::ILL.as_raw(),
        rustix::process::Signal::XCPU.as_raw(),
    ];
    status
        .signal()
        .is_some_and(|signal| FAULTS.contains(&signal))
}

fn unavailable(error: OpeningError) -> InspectError {
    InspectError::Unavailable(Box::new(error))
}
