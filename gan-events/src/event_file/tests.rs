use std::fs;

use super::*;

fn at(step: u64) -> Moment {
    Moment { step, unix_seconds: 5.0 }
}

#[test]
fn files_are_read_in_the_order_in_which_they_begin() {
    let folder = tempfile::tempdir().unwrap();
    let first = EventFile::create(folder.path(), at(0)).unwrap();
    let second = EventFile::create(folder.path(), at(0)).unwrap();
    fs::write(folder.path().join("notes.txt"), "none of these").unwrap();
    let expected = ["events.out.tfevents.0000000005.gan", "events.out.tfevents.0000000006.gan"];
    assert_eq!(names(folder.path()).unwrap(), expected);
    assert_eq!([first.path(), second.path()], expected.map(|name| folder.path().join(name)));
}

#[test]
fn nothing_is_cut_where_there_is_nothing_to_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = EventFile::create(folder.path(), at(0)).unwrap();
    file.append(at(7), &[Value::scalar("a", 1.0)]).unwrap();
    file.append(at(8), &[]).unwrap();
    let before = fs::read(file.path()).unwrap();
    assert_eq!(Records::of(&before).count(), 3, "the version, the start and one event");
    assert_eq!(cut_after(folder.path(), 7).unwrap(), []);
    assert_eq!(fs::read(file.path()).unwrap(), before);
    assert_eq!(cut_after(folder.path(), 6).unwrap()[0].events, 1);
}

#[test]
fn a_resumed_file_begins_at_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let (file, cuts) = EventFile::resume(&folder.path().join("new"), at(299)).unwrap();
    assert!(cuts.is_empty());
    let bytes = fs::read(file.path()).unwrap();
    let events: Vec<&[u8]> = Records::of(&bytes).collect();
    let [_, start] = events[..] else { panic!("{} events", events.len()) };
    assert_eq!(step_of(start), 300);
    let session_log = crate::event::nested(start, 7).next();
    assert_eq!(session_log, Some(&[0x08, 0x01][..]), "SessionLog {{ status: START }}");
}
