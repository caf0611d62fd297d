//! A Debian package of the portal: both programs, their units, an example configuration, documentation, and the list of what is in it. Made with
//! Debian's own `dpkg-deb` and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{sbom, tables, tool};

/// What the package is called.
const NAME: &str = "mondossier";

/// From where in the repository to where on a machine, and whether it may be run.
const FILES: [(&str, &str, bool); 11] = [
    (
        "packaging/mondossier.service",
        "usr/lib/systemd/system/mondossier.service",
        false,
    ),
    (
        "packaging/mondossier-jobs.service",
        "usr/lib/systemd/system/mondossier-jobs.service",
        false,
    ),
    (
        "packaging/sysusers.conf",
        "usr/lib/sysusers.d/mondossier.conf",
        false,
    ),
    (
        "packaging/tmpfiles.conf",
        "usr/lib/tmpfiles.d/mondossier.conf",
        false,
    ),
    (
        "packaging/mondossier.toml",
        "etc/mondossier/mondossier.toml",
        false,
    ),
    (
        "docs/operations.md",
        "usr/share/doc/mondossier/operations.md",
        false,
    ),
    (
        "docs/configuration.md",
        "usr/share/doc/mondossier/configuration.md",
        false,
    ),
    ("LICENSE", "usr/share/doc/mondossier/copyright", false),
    ("packaging/postinst", "DEBIAN/postinst", true),
    ("packaging/prerm", "DEBIAN/prerm", true),
    ("packaging/postrm", "DEBIAN/postrm", true),
];

/// Services that the package brings.
const UNITS: [&str; 2] = ["mondossier.service", "mondossier-jobs.service"];

/// The most that systemd may find exposed, in tenths of ten: 0 is nothing, 100 everything.
const EXPOSURE_AT_MOST: &str = "20";

/// Builds the programs for use, and the package of them.
pub fn make(workspace: &Workspace) -> Result<(), Failure> {
    let build = [
        "build",
        "--release",
        "--locked",
        "-p",
        "portal",
        "-p",
        "jobs",
    ];
    tool::run(&mut tool::cargo(&build))?;
    let package = assemble(workspace, &workspace.target.join("release"), &["-Zxz"])?;
    tool::say(&format!("{}", package.display()));
    Ok(())
}

/// Packs the programs that tests use, unpacks them into an empty root, runs them there and has systemd look at their units.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    if tool::on_path("dpkg-deb").is_none() {
        tool::say("   left out: this machine has no dpkg-deb");
        return Ok(());
    }
    // Unstripped programs are large, and nobody keeps this package: it is not compressed.
    let package = assemble(workspace, &workspace.target.join("debug"), &["-Znone"])?;
    let root = workspace.target.join("package/installed");
    afresh(&root)?;
    tool::run(
        Command::new("dpkg-deb")
            .arg("--extract")
            .arg(&package)
            .arg(&root),
    )?;
    for program in sbom::PROGRAMS {
        let installed = root.join("usr/bin").join(format!("{NAME}-{program}"));
        let said = tool::read(Command::new(&installed).arg("--help"))?;
        if !said.contains("Usage:") {
            return Err(Failure::new(format!(
                "{} says nothing of its use",
                installed.display()
            )));
        }
    }
    units(&root)?;
    for gone in [package, root] {
        let removed = if gone.is_dir() {
            fs::remove_dir_all(&gone)
        } else {
            fs::remove_file(&gone)
        };
        removed.map_err(|error| failed(&gone, &error))?;
    }
    Ok(())
}

/// Whether systemd understands the units, and finds little that they leave open.
fn units(root: &Path) -> Result<(), Failure> {
    if tool::on_path("systemd-analyze").is_none() {
        tool::say("   units not looked at: this machine has no systemd-analyze");
        return Ok(());
    }
    let system = root.join("usr/lib/systemd/system");
    // What every unit comes after and before, from this machine.
    for target in [
        "network-online.target",
        "multi-user.target",
        "sysinit.target",
        "basic.target",
        "shutdown.target",
        "system.slice",
    ] {
        let known = Path::new("/usr/lib/systemd/system").join(target);
        if known.is_file() && !system.join(target).exists() {
            put(&known, &system.join(target), false)?;
        }
    }
    for unit in UNITS {
        let under = format!("--root={}", root.display());
        tool::read(Command::new("systemd-analyze").args([&under, "--man=no", "verify", unit]))?;
        let threshold = format!("--threshold={EXPOSURE_AT_MOST}");
        let words = ["security", "--offline=yes", "--no-pager", &threshold];
        let told = tool::read(
            Command::new("systemd-analyze")
                .args(words)
                .arg(system.join(unit)),
        )?;
        let last = told.lines().rfind(|line| line.contains("exposure level"));
        tool::say(&format!("  {}", last.unwrap_or_default()));
    }
    Ok(())
}

/// The package, of programs that are built already.
fn assemble(workspace: &Workspace, programs: &Path, how: &[&str]) -> Result<PathBuf, Failure> {
    let version = version(workspace)?;
    let root = workspace.target.join("package/root");
    afresh(&root)?;
    for (from, to, runs) in FILES {
        put(&workspace.root.join(from), &root.join(to), runs)?;
    }
    for program in sbom::PROGRAMS {
        let to = root.join("usr/bin").join(format!("{NAME}-{program}"));
        put(&programs.join(program), &to, true)?;
    }
    let sbom = sbom::document(workspace, &version)?;
    write(
        &root.join("usr/share/doc/mondossier/sbom.cdx.json"),
        &format!("{sbom:#}\n"),
    )?;
    write(
        &root.join("DEBIAN/conffiles"),
        "/etc/mondossier/mondossier.toml\n",
    )?;
    write(
        &root.join("DEBIAN/control"),
        &control(&version, &machine()?, &libc()?),
    )?;
    let package = workspace
        .target
        .join("package")
        .join(format!("{NAME}_{version}.deb"));
    let mut pack = Command::new("dpkg-deb");
    pack.arg("--root-owner-group").args(how).arg("--build");
    tool::read(pack.arg(&root).arg(&package))?;
    Ok(package)
}

fn control(version: &str, machine: &str, libc: &str) -> String {
    format!(
        "Package: {NAME}\n\
         Version: {version}\n\
         Architecture: {machine}\n\
         Maintainer: The tribunal's operators <root@localhost>\n\
         Section: web\n\
         Priority: optional\n\
         Depends: libc6 (>= {libc}), libgcc-s1, ca-certificates, systemd\n\
         Suggests: postgresql, clamav-daemon, nginx\n\
         Description: Mon dossier / My Case, the portal of a tribunal\n \
         Counsel see their cases, send documents and get confirmation numbers; the\n \
         registry takes the documents over. The portal, its jobs, and their units.\n"
    )
}

/// The workspace's version.
fn version(workspace: &Workspace) -> Result<String, Failure> {
    let manifest = tables::read(&workspace.root.join("Cargo.toml"))?;
    let version = || {
        manifest
            .get("workspace")?
            .get("package")?
            .get("version")?
            .as_str()
    };
    version()
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("the workspace names no version"))
}

/// What Debian calls this machine.
fn machine() -> Result<String, Failure> {
    let told = tool::read(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(told.trim().to_owned())
}

/// The C library that the programs were linked with; they run with it and later ones.
fn libc() -> Result<String, Failure> {
    let told = tool::read(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    let version = told.split_whitespace().last();
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("`getconf GNU_LIBC_VERSION` says nothing"))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

/// An empty folder of that name.
fn afresh(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))
}

fn make_way(to: &Path) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))
}

fn put(from: &Path, to: &Path, runs: bool) -> Result<(), Failure> {
    make_way(to)?;
    fs::copy(from, to).map_err(|error| failed(from, &error))?;
    let mode = if runs { 0o755 } else { 0o644 };
    fs::set_permissions(to, fs::Permissions::from_mode(mode)).map_err(|error| failed(to, &error))
}

fn write(to: &Path, text: &str) -> Result<(), Failure> {
    make_way(to)?;
    fs::write(to, text).map_err(|error| failed(to, &error))
}
