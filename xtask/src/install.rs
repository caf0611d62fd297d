//! What the tests need from the machine beyond the Rust toolchain, and how it comes there: Debian's packages, and npm's for the
//! folders that have some. Nothing is installed that is there already, and nothing without saying so.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{postgres, tool};

/// Something that tests need.
struct Need {
    /// What it is, for people.
    what: &'static str,
    /// Who needs it.
    tests: Tests,
    /// The Debian packages that bring it.
    packages: &'static [&'static str],
    /// Whether it is there, however it came.
    present: fn() -> bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tests {
    Rust,
    Browser,
}

const POSTGRES: Need = Need {
    what: "a PostgreSQL server",
    tests: Tests::Rust,
    packages: &["postgresql"],
    present: || postgres::programs().is_some(),
};

/// Everything that tests need. A new need is a new line here.
const NEEDS: &[Need] = &[
    POSTGRES,
    Need {
        what: "the mail server aiosmtpd",
        tests: Tests::Rust,
        packages: &["python3-aiosmtpd"],
        present: || {
            let mut pythons = ["/usr/bin/python3", "python3"].into_iter();
            pythons.any(|python| {
                tool::read(Command::new(python).args(["-c", "import aiosmtpd.smtp"])).is_ok()
            })
        },
    },
    Need {
        what: "the virus scanner clamd",
        tests: Tests::Rust,
        packages: &["clamav-daemon"],
        // Debian keeps it where only root's path leads.
        present: || Path::new("/usr/sbin/clamd").is_file() || tool::on_path("clamd").is_some(),
    },
    Need {
        what: "Python that can make environments of its own",
        tests: Tests::Rust,
        packages: &["python3-venv"],
        present: || {
            tool::read(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok()
        },
    },
    Need {
        what: "Chromium",
        tests: Tests::Browser,
        packages: &["chromium", "fonts-liberation"],
        present: || chromium().is_some(),
    },
    Need {
        what: "Node.js",
        tests: Tests::Rust,
        packages: &["nodejs"],
        present: || tool::on_path("node").is_some(),
    },
    Need {
        what: "npm",
        tests: Tests::Rust,
        packages: &["npm"],
        present: || tool::on_path("npm").is_some(),
    },
];

/// Where the browser tests are.
const BROWSER: &str = "browser";

/// Every folder with npm packages that tests need: the browser's driver, and an OpenID provider to sign in with.
const NPM_FOLDERS: &[&str] = &[BROWSER, "adapters/sign-in-services/tests/provider"];

/// Installs what the tests of this workspace need and the machine lacks.
pub fn everything(workspace: &Workspace) -> Result<(), Failure> {
    let browser = browser_tests(workspace);
    let wanted = NEEDS
        .iter()
        .filter(|need| need.tests == Tests::Rust || browser.is_some());
    packages(&wanted.collect::<Vec<_>>())?;
    NPM_FOLDERS
        .iter()
        .filter(|folder| has_npm_packages(&workspace.root.join(folder)))
        .try_for_each(|folder| npm_packages(&workspace.root, folder))
}

/// The program that attacks the API, from `PyPI`.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Installs schemathesis where cargo builds, in an environment of its own, and says where the program is.
pub fn schemathesis(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let folder = workspace.target.join(SCHEMATHESIS.replace("==", "-"));
    let program = folder.join("bin/schemathesis");
    if tool::read(Command::new(&program).arg("--version")).is_ok() {
        return Ok(program);
    }
    tool::say(&format!("   installing {SCHEMATHESIS} from PyPI"));
    tool::read(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let install = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        SCHEMATHESIS,
    ];
    tool::read(Command::new(folder.join("bin/pip")).args(install))?;
    Ok(program)
}

/// Installs what a throw-away PostgreSQL needs.
pub fn require_postgres() -> Result<(), Failure> {
    packages(&[&POSTGRES])
}

/// The folder of the browser tests, where there are some.
pub fn browser_tests(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.root.join(BROWSER);
    has_npm_packages(&folder).then_some(folder)
}

fn has_npm_packages(folder: &Path) -> bool {
    folder.join("package.json").is_file()
}

/// The browser that the tests drive: the one named in `CHROMIUM_BIN`, or Debian's.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM_BIN").map(PathBuf::from);
    named
        .filter(|path| path.is_file())
        .or_else(|| tool::on_path("chromium"))
}

fn packages(needs: &[&Need]) -> Result<(), Failure> {
    let lacking: Vec<&Need> = needs
        .iter()
        .copied()
        .filter(|need| !(need.present)())
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let what: Vec<&str> = lacking.iter().map(|need| need.what).collect();
    let what = what.join(", ");
    let packages: Vec<&str> = lacking
        .iter()
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    let by_hand = format!(
        "apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    if tool::on_path("apt-get").is_none() {
        let message = format!(
            "the tests need {what}, and this machine has no apt-get. On Debian it would be: {by_hand}"
        );
        return Err(Failure::new(message));
    }
    let Some(rights) = Rights::found() else {
        let message = format!(
            "the tests need {what}, which this user may not install (not root, and no sudo that answers). As root: {by_hand}"
        );
        return Err(Failure::new(message));
    };
    // What `bench` and `postgres` print on standard output is for programs.
    eprintln!(
        "   {what} missing; installing the Debian packages {}",
        packages.join(" ")
    );
    tool::run(rights.apt_get(&["update"]).stdout(Stdio::null()))?;
    let words = [
        &["install", "--yes", "--no-install-recommends"],
        packages.as_slice(),
    ]
    .concat();
    tool::run(rights.apt_get(&words).stdout(Stdio::null()))?;
    match lacking.iter().find(|need| !(need.present)()) {
        Some(need) => Err(Failure::new(format!(
            "{} is still missing after `{by_hand}`",
            need.what
        ))),
        None => Ok(()),
    }
}

/// How this user may install.
#[derive(Clone, Copy)]
enum Rights {
    Root,
    /// By sudo. A person at a terminal can be asked for a password; nobody else can.
    Sudo {
        may_ask: bool,
    },
}

impl Rights {
    fn found() -> Option<Self> {
        if tool::is_root() {
            return Some(Self::Root);
        }
        tool::on_path("sudo")?;
        let may_ask = std::io::stdin().is_terminal();
        let answers =
            || tool::read(Command::new("sudo").args(["--non-interactive", "true"])).is_ok();
        (may_ask || answers()).then_some(Self::Sudo { may_ask })
    }

    fn apt_get(self, words: &[&str]) -> Command {
        let mut command = match self {
            Self::Root => Command::new("env"),
            Self::Sudo { may_ask } => {
                let mut command = Command::new("sudo");
                if !may_ask {
                    command.arg("--non-interactive");
                }
                command.arg("env");
                command
            }
        };
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"])
            .args(words);
        command
    }
}

/// Installs what `package-lock.json` names, where that has not been done since it last changed.
fn npm_packages(root: &Path, name: &str) -> Result<(), Failure> {
    let folder = root.join(name);
    let lock = changed(&folder.join("package-lock.json"));
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    if up_to_date(lock, installed) {
        return Ok(());
    }
    tool::say(&format!(
        "   installing the npm packages of {name}/package-lock.json"
    ));
    tool::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata()
        .and_then(|metadata| metadata.modified())
        .ok()
}

/// npm writes a lock file of its own into `node_modules` when it is done.
fn up_to_date(lock: Option<SystemTime>, installed: Option<SystemTime>) -> bool {
    lock.is_some() && lock <= installed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn npm_packages_are_installed_when_missing_or_older_than_the_lock_file() {
        let earlier = SystemTime::UNIX_EPOCH;
        let later = earlier + Duration::from_secs(1);
        assert!(up_to_date(Some(earlier), Some(later)));
        assert!(!up_to_date(Some(later), Some(earlier)));
        assert!(!up_to_date(Some(earlier), None));
        assert!(!up_to_date(None, Some(later)));
    }

    #[test]
    fn nothing_is_installed_where_nothing_is_missing() {
        let present = Need {
            what: "a shell",
            tests: Tests::Rust,
            packages: &["no-such-package"],
            present: || true,
        };
        assert!(packages(&[&present]).is_ok());
    }

    #[test]
    fn apt_asks_nothing() {
        let command = Rights::Sudo { may_ask: false }.apt_get(&["update"]);
        let words: Vec<_> = command.get_args().collect();
        assert_eq!(
            words,
            [
                "--non-interactive",
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "--quiet",
                "update"
            ]
        );
    }
}
