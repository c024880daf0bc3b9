//! Mutations of archives, for the formats that are archives.

use crate::container::archive::{self, Entry};
use crate::draw::Draw;
use crate::{mutate, text};

/// What a bomb unpacks to.
const BOMB: usize = 1200 << 20;

/// Change one entry's name or headers, or which entries there are; `content` changes a content,
/// whose checksum then fits.
pub(super) fn damage(bytes: &mut Vec<u8>, draw: &mut Draw, content: fn(&mut Vec<u8>, &mut Draw)) {
    let Some(mut entries) = archive::parse(bytes) else { return mutate::bytes(bytes, &[], draw) };
    let at = draw.below(entries.len());
    match draw.below(8) {
        0 => mutate::parts(&mut entries, draw),
        1 => {
            let name = text::hostile(draw).into_bytes();
            if let Some(entry) = entries.get_mut(at) {
                entry.name = name.into_iter().take(60_000).collect();
            }
        }
        2 => {
            let (field, value) = (draw.below(4), draw.extreme() as u32);
            if let Some(entry) = entries.get_mut(at) {
                entry.lies[field] = Some(value);
            }
        }
        _ => {
            if let Some(entry) = entries.get_mut(at) {
                entry.is_deflated = draw.once_in(2);
                change(entry, draw, content);
            }
        }
    }
    *bytes = archive::to_bytes(&entries);
    if draw.once_in(4) {
        // The end of an archive states where everything else is.
        let begin = bytes.len().saturating_sub(22);
        mutate::field(bytes, begin + draw.below(22), 1 << draw.below(3), draw);
    }
}

fn change(entry: &mut Entry, draw: &mut Draw, content: fn(&mut Vec<u8>, &mut Draw)) {
    if draw.once_in(100) {
        // A bomb costs a second to make.
        entry.is_deflated = true;
        entry.data.resize(BOMB, 0);
    } else {
        content(&mut entry.data, draw);
    }
}

/// The same entries, each compressed or not.
pub(super) fn respelled(bytes: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    let mut entries = archive::parse(bytes)?;
    entries.iter_mut().for_each(|entry| entry.is_deflated = draw.once_in(2));
    Some(archive::to_bytes(&entries))
}
