//! Opening a PDF in a process of its own, and understanding how that process ended. A process that found a file good is kept for the next: to
//! start one takes longer than to open a letter.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};

use application::ports::inspector::InspectError;
use domain::document::FileProblem;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Settings;
use crate::child::{Answer, CPU_SECONDS, END_OF_PATH, FILES_AT_MOST, MEMORY_BYTES, Wrong};

/// An answer is one short line; a child that says more is not listened to.
const LONGEST_ANSWER: u64 = 256;

/// Has the allocator ask for memory in large pages: a large file is read whole, and in small pages the kernel takes longer to hand them out
/// one by one than everything else takes. Other allocators know nothing of it.
const LARGE_PAGES: (&str, &str) = ("_RJEM_MALLOC_CONF", "thp:always");

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

/// A process that opens one file after another.
#[derive(Debug)]
struct Process {
    child: Child,
    paths: ChildStdin,
    answers: BufReader<ChildStdout>,
    files: u32,
}

impl Process {
    fn start(settings: &Settings) -> Result<Self, OpeningError> {
        let (program, arguments) = settings
            .command
            .split_first()
            .ok_or(OpeningError::NoProgram)?;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env(MEMORY_BYTES, settings.memory_bytes.to_string())
            .env(CPU_SECONDS, settings.cpu_seconds.to_string())
            .env(LARGE_PAGES.0, LARGE_PAGES.1)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(OpeningError::NotRun)?;
        let (Some(paths), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(OpeningError::NotRun(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self {
            child,
            paths,
            answers: BufReader::new(answers),
            files: 0,
        })
    }

    /// What it says of that file: a line, or less if it ends.
    async fn ask(&mut self, path: &Path) -> Result<Vec<u8>, OpeningError> {
        self.files += 1;
        let mut asked = path.as_os_str().as_bytes().to_vec();
        asked.push(END_OF_PATH);
        // One that has ended cannot be asked; how it ended says more.
        let _ = self.paths.write_all(&asked).await;
        let mut answer = Vec::new();
        let mut said = (&mut self.answers).take(LONGEST_ANSWER);
        said.read_until(b'\n', &mut answer)
            .await
            .map_err(OpeningError::NotRun)?;
        Ok(answer)
    }

    /// How it ends when nobody asks or listens any more.
    async fn end(self) -> Result<ExitStatus, OpeningError> {
        let Self {
            mut child,
            paths,
            answers,
            ..
        } = self;
        drop((paths, answers));
        child.wait().await.map_err(OpeningError::NotRun)
    }
}

/// The way to open PDFs, a few at a time.
#[derive(Debug)]
pub(crate) struct Opening {
    settings: Settings,
    turns: Semaphore,
    /// Processes that found every file good so far, and wait for the next.
    idle: Mutex<Vec<Process>>,
}

impl Opening {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            turns: Semaphore::new(settings.at_once),
            settings,
            idle: Mutex::default(),
        }
    }

    /// How many pages the PDF has.
    pub(crate) async fn pages(&self, file: &Path) -> Result<u32, InspectError> {
        let turn = timeout(self.settings.waiting, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(unavailable(OpeningError::NoTurn));
        };
        // When time is up the future is dropped, and with it the child: it is killed then.
        let found = timeout(self.settings.timeout, self.look_into(file)).await;
        let found = found.map_err(|_| unavailable(OpeningError::TooLong))?;
        Ok(found.map_err(unavailable)??)
    }

    async fn look_into(&self, file: &Path) -> Result<Result<u32, FileProblem>, OpeningError> {
        let file = std::path::absolute(file).map_err(OpeningError::NotRun)?;
        // Only a new process says that a file is bad: of an older one, nobody knows what the files before did to it.
        let older = self.idle().pop();
        if let Some(older) = older
            && let Ok(Ok(pages)) = self.asked(older, &file).await
        {
            return Ok(Ok(pages));
        }
        self.asked(Process::start(&self.settings)?, &file).await
    }

    async fn asked(
        &self,
        mut process: Process,
        file: &Path,
    ) -> Result<Result<u32, FileProblem>, OpeningError> {
        let answer = process.ask(file).await?;
        let problem = match serde_json::from_slice(&answer) {
            Ok(Answer::Pages(pages)) => {
                if process.files < FILES_AT_MOST {
                    self.idle().push(process);
                }
                return Ok(Ok(pages));
            }
            Ok(Answer::Problem(Wrong::Encrypted)) => Some(FileProblem::Encrypted),
            Ok(Answer::Problem(Wrong::Damaged)) => Some(FileProblem::Damaged),
            Ok(Answer::Problem(Wrong::Blank)) => Some(FileProblem::Blank),
            Err(_) => None,
        };
        let status = process.end().await?;
        match problem {
            Some(problem) if status.success() => Ok(Err(problem)),
            _ if is_the_files_fault(status) => Ok(Err(FileProblem::Damaged)),
            _ => Err(OpeningError::NoAnswer(status)),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
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
