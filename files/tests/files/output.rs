use super::folder;
use elman_files::output::{beside, is_same_file, is_stdout, resolved, write, write_all};
use std::fs;
use std::path::Path;

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn each_is_the_whole_new_one() {
    let folder = folder("whole");
    let [a, b] = ["a", "b"].map(|name| folder.join(name));
    for size in [0, 1, 70_000, 3] {
        let [first, second] = [1, 2].map(|byte| vec![byte; size]);
        write_all(&[(&a, &first), (&b, &second)]).unwrap();
        assert!(fs::read(&a).unwrap() == first && fs::read(&b).unwrap() == second, "{size} bytes");
    }
    assert_eq!(names(&folder), ["a", "b"]);
}

#[test]
fn one_file_by_two_names_is_refused() {
    let folder = folder("twice");
    let [a, detour] = ["a", "./a"].map(|name| folder.join(name));
    write(&a, b"old").unwrap();
    let error = write_all(&[(&a, b"new"), (&detour, b"newer")]).unwrap_err();
    assert_eq!(error.path, detour);
    assert!(error.to_string().ends_with("two outputs are this same file; give one of them another name"), "{error}");
    assert_eq!(fs::read(&a).unwrap(), b"old");
    assert_eq!(names(&folder), ["a"]);
}

/// If the second file cannot be written, the first, which is already complete, is removed again.
#[test]
fn all_or_none() {
    let folder = folder("none");
    let (a, nowhere) = (folder.join("a"), folder.join("no such folder/b"));
    let error = write_all(&[(&a, b"new"), (&nowhere, b"new")]).unwrap_err();
    assert_eq!(error.path, nowhere);
    assert_eq!(names(&folder), [""; 0]);
    assert_eq!(write(&folder, b"new").unwrap_err().path, folder);
}

#[test]
fn names_of_standard_output() {
    assert!(["-", "/dev/stdout"].iter().all(|name| is_stdout(name.as_ref())));
    assert!(["./-", "", "stdout"].iter().all(|name| !is_stdout(name.as_ref())));
}

#[test]
fn a_hidden_path_beside_another() {
    assert_eq!(beside("x/run".as_ref(), ".lock").unwrap(), Path::new("x/.run.lock"));
    assert_eq!(beside("run".as_ref(), "").unwrap(), Path::new("./.run"));
    assert!(["/", "..", ""].iter().all(|path| beside(path.as_ref(), ".lock").is_err()));
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_leads_to_is_replaced() {
    let folder = folder("links");
    let [file, link, again] = ["file", "link", "again"].map(|name| folder.join(name));
    std::os::unix::fs::symlink("file", &link).unwrap();
    std::os::unix::fs::symlink("link", &again).unwrap();
    assert_eq!(resolved(&again).unwrap(), file);
    write(&again, b"new").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert!(fs::symlink_metadata(&again).unwrap().is_symlink());
    assert!(is_same_file(&again, &file) && !is_same_file(&file, &folder.join("nowhere")));
    std::os::unix::fs::symlink("round", folder.join("round")).unwrap();
    assert!(resolved(&folder.join("round")).is_err() && write(&folder.join("round"), b"new").is_err());
}
