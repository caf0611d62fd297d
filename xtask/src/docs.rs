//! The documents under docs/ that are made from the code, so that they cannot go stale.

use crate::step::{Outcome, cargo, output_of, root};

/// Each document, and the portal's command that prints it.
const GENERATED: &[(&str, &[&str])] = &[
    ("docs/openapi.json", &["openapi"]),
    ("docs/configuration.md", &["configuration"]),
];

fn printed(command: &[&str]) -> Outcome<String> {
    let mut arguments = vec!["run", "--quiet", "--locked", "--package", "portal", "--"];
    arguments.extend(command);
    output_of(&mut cargo(&arguments))
}

/// Writes them.
pub fn write() -> Outcome {
    for (file, command) in GENERATED {
        std::fs::write(root().join(file), printed(command)?)
            .map_err(|error| format!("{file}: {error}"))?;
        println!("{file} written");
    }
    Ok(())
}

/// Fails when one is not what the code says.
pub fn check() -> Outcome {
    for (file, command) in GENERATED {
        let kept = std::fs::read_to_string(root().join(file))
            .map_err(|error| format!("{file}: {error}"))?;
        if kept != printed(command)? {
            return Err(format!("{file} is not up to date: run `cargo xtask docs`"));
        }
    }
    Ok(())
}
