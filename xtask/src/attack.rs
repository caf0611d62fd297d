//! Attacks the API: a demonstration of its own, and schemathesis against every operation of its `OpenAPI` document, with the token of each role
//! and with none. Nothing may fail on our side, and every answer must be one that the document promises, in status, type and shape. Random, but
//! from a seed: the same run finds the same.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, process};

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{install, tool};

/// The end of the cell number in the next change of a profile: another each time, since those before may have had theirs applied.
static NEXT_NUMBER: AtomicU32 = AtomicU32::new(100);

/// How long to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// A part of the test command.
    Short,
    /// A command of its own.
    Long,
}

impl Effort {
    /// Tries of each operation by each role.
    const fn tries(self) -> &'static str {
        match self {
            Self::Short => "4",
            Self::Long => "40",
        }
    }

    /// The systematic tries of what is at the edge of each field are many; they find for one role what they find for all.
    const fn phases(self, is_first: bool) -> &'static str {
        match self {
            Self::Short if is_first => "examples,coverage,fuzzing",
            Self::Short => "fuzzing",
            Self::Long => "examples,coverage,fuzzing,stateful",
        }
    }
}

/// Who attacks, and with whose things.
const ROLES: &[(&str, &str)] = &[
    ("counsel-a", "counsel-a"),
    ("registry", "counsel-a"),
    ("counsel-b", "counsel-b"),
    ("delegate-ab", "counsel-a"),
    ("help-desk", "counsel-b"),
    ("cms", "counsel-a"),
    ("nobody", "counsel-a"),
];

/// What must hold of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,use_after_free,ignored_auth,\
    unsupported_method,allow_header_conformance";

const SEED: &str = "1";

/// In the form of an identifier, and nothing's.
const NOTHINGS_ID: &str = "01900000-0000-7000-8000-000000000000";

/// What it cannot try: the protocol is told to everybody, and it has no bytes of that media type. Stories and a client of others' making do.
const NOT_TRIED: [&str; 2] = ["describeUploads", "continueUpload"];

/// Attacks, and tells what was found.
pub fn run(workspace: &Workspace, effort: Effort) -> Result<(), Failure> {
    let schemathesis = install::schemathesis(workspace)?;
    let target = Target::start(workspace)?;
    let mut faults = Vec::new();
    for (at, (who, whose)) in ROLES.iter().enumerate() {
        let settings = target.folder.join(format!("{who}.toml"));
        fs::write(&settings, target.settings(whose)?)
            .map_err(|error| Failure::new(format!("{}: {error}", settings.display())))?;
        let mut command = Command::new(&schemathesis);
        command.arg("--config-file").arg(&settings);
        command.args(["run", &format!("{}/openapi.json", target.api)]);
        command.args(["--phases", effort.phases(at == 0)]);
        command.args(["--max-examples", effort.tries(), "--seed", SEED]);
        command.args(["--checks", CHECKS, "--continue-on-failure"]);
        command.args(["--warnings", "off", "--no-shrink"]);
        for operation in NOT_TRIED {
            command.args(["--exclude-operation-id", operation]);
        }
        if let Some(token) = target.token(who) {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        command.current_dir(&target.folder).env("NO_COLOR", "1");
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure::new(format!("schemathesis could not be started: {error}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let summary = said.trim_end().lines().last().unwrap_or_default();
        let calls = said.lines().find(|line| line.contains(" generated"));
        tool::say(&format!(
            "   {who}: {}; {}",
            calls.unwrap_or("nothing was tried").trim(),
            summary.trim_matches(['=', ' '])
        ));
        if !output.status.success() {
            faults.push(format!("{who}:\n{}", said.trim_end()));
        }
    }
    Failure::unless_empty(
        &faults,
        "`cargo xtask attack` finds the same again, and more.",
    )
}

/// A demonstration that is attacked. Gone when dropped.
struct Target {
    portal: Child,
    folder: PathBuf,
    told: Value,
    api: String,
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.portal.kill();
        let _ = self.portal.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Target {
    fn start(workspace: &Workspace) -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("mon-dossier-attack-{}", process::id()));
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        let mut portal = Command::new(workspace.target.join("debug/portal"))
            .args(["demo", "--listen", "127.0.0.1:0", "--print-json"])
            .arg("--data-dir")
            .arg(folder.join("data"))
            // All callers are at one address, and each tries every call with a token that nobody made, too.
            .env("MONDOSSIER__TERMS__TRIES_PER_ADDRESS", "1000000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("the portal could not be started: {error}")))?;
        let mut line = String::new();
        if let Some(out) = portal.stdout.take() {
            let _ = BufReader::new(out).read_line(&mut line);
        }
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let target = Self {
            api: text(&told, "/api"),
            portal,
            folder,
            told,
        };
        if target.api.is_empty() {
            return Err(Failure::new("the demonstration did not start"));
        }
        Ok(target)
    }

    fn of(&self, who: &str, what: &str) -> String {
        text(&self.told, &format!("/people/{who}/{what}"))
    }

    fn token(&self, who: &str) -> Option<String> {
        Some(self.of(who, "token")).filter(|token| !token.is_empty())
    }

    /// Settings by which the tries name things that are there.
    fn settings(&self, whose: &str) -> Result<String, Failure> {
        let counsel = self.of(whose, "account_id");
        let of_counsel = |rest: &str| format!("/counsels/{counsel}{rest}");
        let first = |path: &str, who: &str| {
            let list = self.call("GET", path, who, None)?;
            Ok(list.pointer("/items/0").cloned().unwrap_or_default())
        };
        let case: Value = first(&of_counsel("/cases"), whose)?;
        let delegation: Value = first(&of_counsel("/delegations"), whose)?;
        let item: Value = first(&of_counsel("/inbox"), whose)?;
        let form = json!({
            "given_name": "A", "family_name": "B", "street": "1 Main Street", "city": "Ottawa", "province": "ON",
            "postal_code": "K1A 0B1", "telephone": "613 555-0123", "language": "en", "file_numbers": [text(&case, "/file_number")],
        });
        let forms = of_counsel("/forms/client-contact");
        self.call("POST", &forms, whose, Some(&form))?;
        let submission: Value = first("/registry/submissions", "registry")?;
        let registration: Value = first("/registry/registrations", "registry")?;
        let changes = "/registry/profile-changes";
        if first(changes, "registry")?.is_null() {
            let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
            let other = json!({ "cell": format!("613 555-0{number}") });
            self.call("POST", "/me/profile/changes", whose, Some(&other))?;
        }
        let change: Value = first(changes, "registry")?;
        // Those before may have used up what there was; without any id it would be another address.
        let id = |thing: &Value| match text(thing, "/id") {
            none if none.is_empty() => NOTHINGS_ID.to_owned(),
            id => id,
        };
        Ok(format!(
            r#"
[parameters]
"path.counsel" = "{counsel}"
"path.case" = "{}"
"path.file_number" = "{}"
"path.delegation" = "{}"
"path.item" = "{}"
"path.submission" = "{}"
"path.change" = "{}"
[[operations]]
include-path-regex = "/registry/submissions/"
parameters = {{ "path.id" = "{}", "path.number" = 1 }}
[[operations]]
include-path-regex = "/registry/registrations/"
parameters = {{ "path.id" = "{}" }}
[[operations]]
include-path-regex = "/help-desk/accounts/"
parameters = {{ "path.id" = "{counsel}" }}
"#,
            id(&case),
            text(&case, "/file_number"),
            id(&delegation),
            id(&item),
            id(&submission),
            id(&change),
            id(&submission),
            id(&registration),
        ))
    }

    /// One call of the API.
    fn call(
        &self,
        method: &str,
        path: &str,
        who: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let token = self.of(who, "token");
        let answered = exchange(&self.api, method, path, &token, body);
        answered
            .map_err(|error| Failure::new(format!("{method} {path} of the demonstration: {error}")))
    }
}

fn exchange(
    api: &str,
    method: &str,
    path: &str,
    token: &str,
    body: Option<&Value>,
) -> std::io::Result<Value> {
    let address = api.trim_start_matches("http://");
    let (host, base) = address.split_once('/').unwrap_or((address, ""));
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    // The old version of the protocol: the answer ends with the connection, and is never in pieces.
    write!(
        stream,
        "{method} /{base}{path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    if head
        .split(' ')
        .nth(1)
        .is_none_or(|status| !status.starts_with('2'))
    {
        return Err(std::io::Error::other(format!("answered with {answer}")));
    }
    Ok(serde_json::from_str(body)?)
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}
