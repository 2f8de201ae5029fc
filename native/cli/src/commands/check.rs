//! `aether check`: what is wrong with an index.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use aether_index::maintenance::Report;

use super::known::OpenIndex;
use super::maintain::interruptible;
use crate::cells;
use crate::failure::{Done, Exit};
use crate::options::Check;
use crate::output::Stdout;
use crate::output::json::Object;
use crate::words;

/// Checks it.
pub fn run(options: &Check) -> Done {
    let index = OpenIndex::at(&options.at)?;
    let report = interruptible(|cancel| index.state.check(options.thorough, cancel))?;
    let is_clean = report.pages.is_empty() && report.count == 0;
    let mut out = Stdout::default();
    match options.json {
        true => objects(&report, is_clean, &index.file, &mut out),
        false => out.text(&text(&report, is_clean, &index.file))?,
    }
    out.flush()?;
    Ok(if is_clean {
        Exit::COMPLETE
    } else {
        Exit::ERRORS
    })
}

fn objects(report: &Report, is_clean: bool, file: &Path, out: &mut Stdout) {
    let pages = report.pages.iter().map(|page| page.as_str().into());
    let about = Object::default()
        .path("file", file.as_os_str().as_bytes())
        .set("clean", is_clean)
        .set("count", report.count)
        .set("directories", report.directories)
        .set("files", report.files)
        .set("pages", pages.collect::<Vec<_>>());
    Object::default().set("answer", about).line(out.buffer());
    for finding in &report.findings {
        let object = Object::default().set("problem", finding.problem.name());
        let object = match &finding.path {
            Some(path) => object.path("path", path),
            None => object,
        };
        let object = object.set("stored", finding.stored);
        object.set("counted", finding.counted).line(out.buffer());
    }
}

fn text(report: &Report, is_clean: bool, file: &Path) -> String {
    let file = cells::shown(file.as_os_str().as_bytes());
    if is_clean {
        let directories = words::counted(report.directories, "directory", "directories");
        let files = words::counted(report.files, "file", "files");
        return format!("{file}: clean, {directories} and {files} recounted\n");
    }
    let mut text = format!(
        "{file}: damaged. Put a backup in its place with `aether restore`, or remove it and scan again\n"
    );
    for page in &report.pages {
        text.push_str(&format!("  {}\n", cells::shown(page.as_bytes())));
    }
    for finding in &report.findings {
        let path = cells::shown(finding.path.as_deref().unwrap_or(b"?"));
        text.push_str(&format!(
            "  {} of \"{path}\": stored {}, counted {}\n",
            finding.problem.name(),
            finding.stored,
            finding.counted
        ));
    }
    let more = report.count.saturating_sub(report.findings.len() as u64);
    if more > 0 {
        text.push_str(&format!("  and {} more\n", words::count(more)));
    }
    text
}
