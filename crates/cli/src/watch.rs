//! Seeing that a program's files changed, by looking at them again and again. Looking costs each file's metadata, and sees
//! changes on network and container mounts too, where the system tells of none.

use std::fs::{self, Metadata};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Editors save in several steps, and some save all files at once: for so long nothing may have changed.
const QUIET: Duration = Duration::from_millis(60);

/// After so many looks without quiet, what there is has to do: something goes on writing.
const MOST_LOOKS: usize = 30;

/// The files of a program, as they were seen last.
pub(crate) struct Watch {
    folder: PathBuf,
    seen: Vec<Seen>,
}

impl Watch {
    /// Sees the files as they are now: what changes from here on is noticed.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let seen = look(&folder);
        Self { folder, seen }
    }

    /// Waits for the next look. Answers the names of files that are new, gone or different since the last one, once they
    /// are quiet; none when nothing changed.
    pub(crate) fn next(&mut self) -> Vec<String> {
        pause(LOOK_EVERY);
        let mut now = look(&self.folder);
        if now == self.seen {
            return Vec::new();
        }
        for _ in 0..MOST_LOOKS {
            pause(QUIET);
            let later = look(&self.folder);
            let is_quiet = later == now;
            now = later;
            if is_quiet {
                break;
            }
        }
        let before = std::mem::replace(&mut self.seen, now);
        differences(&before, &self.seen)
    }
}

#[expect(clippy::disallowed_methods, reason = "a watcher has nothing to do between two looks")]
fn pause(duration: Duration) {
    thread::sleep(duration);
}

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    name: String,
    bytes: u64,
    written: Option<SystemTime>,
    identity: Identity,
}

/// What tells a file from another of the same size and time that was put in its place, as far as the system has it.
type Identity = (u64, i64, i64);

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;

    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Identity {
    (0, 0, 0)
}

/// A folder that is gone has no files.
fn look(folder: &std::path::Path) -> Vec<Seen> {
    let files = runtime::source_files(folder).unwrap_or_default();
    files
        .into_iter()
        .filter_map(|file| {
            let metadata = fs::metadata(&file.path).ok()?;
            Some(Seen {
                name: file.name,
                bytes: metadata.len(),
                written: metadata.modified().ok(),
                identity: identity(&metadata),
            })
        })
        .collect()
}

fn differences(before: &[Seen], now: &[Seen]) -> Vec<String> {
    let is_in = |files: &[Seen], wanted: &Seen| files.iter().any(|file| file.name == wanted.name);
    let gone = before.iter().filter(|file| !is_in(now, file));
    now.iter().filter(|file| !before.contains(file)).chain(gone).map(|file| file.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Watch, look};

    #[test]
    fn every_kind_of_change_is_seen_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("kept.baml"), "1").unwrap();
        fs::write(at("other.txt"), "1").unwrap();
        let mut watch = Watch::new(folder.path().to_owned());
        assert_eq!(watch.next(), [""; 0]);

        fs::write(at("kept.baml"), "22").unwrap();
        fs::write(at("other.txt"), "22").unwrap();
        assert_eq!(watch.next(), ["kept.baml"]);

        fs::create_dir(at("sub")).unwrap();
        fs::write(at("sub/new.baml"), "1").unwrap();
        assert_eq!(watch.next(), ["sub/new.baml"]);

        fs::remove_file(at("kept.baml")).unwrap();
        assert_eq!(watch.next(), ["kept.baml"]);

        fs::remove_dir_all(folder.path()).unwrap();
        assert_eq!(watch.next(), ["sub/new.baml"]);
        fs::create_dir_all(at("sub")).unwrap();
        fs::write(at("sub/new.baml"), "1").unwrap();
        assert_eq!(watch.next(), ["sub/new.baml"]);
    }

    #[cfg(unix)]
    #[test]
    fn another_file_of_the_same_size_and_time_is_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.baml"), "1").unwrap();
        let time = fs::metadata(at("a.baml")).unwrap().modified().unwrap();
        let mut watch = Watch::new(folder.path().to_owned());
        fs::write(at("beside"), "2").unwrap();
        fs::File::options().write(true).open(at("beside")).unwrap().set_modified(time).unwrap();
        fs::rename(at("beside"), at("a.baml")).unwrap();
        assert_eq!(watch.next(), ["a.baml"]);
        assert_eq!(look(folder.path()).len(), 1);
    }
}
