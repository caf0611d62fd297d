//! Configuration as a whole: defaults, overrides, mistakes, the page. Files are real; the environment is handed in.

mod defaults;
mod mistakes;
mod overrides;
mod printed;
mod reached;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Configuration, ConfigurationError, Layers, Problem, keys, reach};

/// What has no default.
const LEAST: &str = r#"
[server]
listen = "127.0.0.1:8080"
public_url = "https://portal.example"

[database]
url = "sqlite:///var/lib/mondossier/records.sqlite?mode=rwc"

[documents]
folder = "/var/lib/mondossier/documents"
key = "23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01"

[email]
from = "Mon dossier <ne-pas-repondre@tribunal.example>"

[text_messages]
url = "https://gateway.example"
api_key = "gateway-key"
access_code_template_fr = "modele"
access_code_template_en = "template"

[rolls]
folder = "/var/lib/mondossier/rolls"

[secrets]
key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

[receipts]
origin = "portal.example/log"
key = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

[email.smtp]
host = "localhost"
"#;

/// A folder with the operator's file, `site.toml`.
struct Site {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Site {
    fn of(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("site.toml"), file).unwrap();
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// What must be said, and this after it.
    fn with(more: &str) -> Self {
        Self::of(&format!("{LEAST}{more}"))
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.push((name.to_owned(), text.to_owned()));
        self
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("site.toml")
    }

    fn layers(&self) -> Result<Layers, Problem> {
        let layers = Layers::defaults()?.file(&self.path())?;
        Ok(layers.variables(self.variables.clone(), &keys()))
    }

    fn read(&self) -> Result<Configuration, ConfigurationError> {
        Configuration::from_layers(&self.layers()?)
    }

    /// Everything that is wrong, a line each, with the folder's name left out.
    fn faults(&self) -> Vec<String> {
        let problems = self.read().unwrap_err().problems;
        problems.iter().map(|problem| self.line(problem)).collect()
    }

    /// The same with what cannot be reached.
    async fn unreached(&self) -> Vec<String> {
        let problems = reach::problems(&self.layers().unwrap()).await;
        problems.iter().map(|problem| self.line(problem)).collect()
    }

    fn line(&self, problem: &Problem) -> String {
        let line = problem.to_string();
        assert!(!line.contains('\n'), "one line: {line}");
        line.replace(&format!("{}/", self.folder.path().display()), "")
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn quoted(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}
