//! What libtorch loads a script from: a ZIP archive, its files stored as they are.

/// A file of the archive: its name and what it holds.
pub(super) type File<'a> = (&'a str, &'a [u8]);

/// What both headers of a file say of it.
const NO_EXTRA_FIELD: u16 = 0;
/// 1 January 1980, the first day that a ZIP archive knows.
const DATE: u16 = 0x21;
/// Of the format, in tenths: what it takes to read stored files.
const VERSION: u16 = 20;

/// The archive of these files.
pub(super) fn archive(files: &[File<'_>]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = length(&archive);
        archive.extend(0x0403_4b50_u32.to_le_bytes());
        archive.extend(description(name, content));
        archive.extend(name.bytes());
        archive.extend(*content);
        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend(VERSION.to_le_bytes());
        directory.extend(description(name, content));
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (begin, size) = (length(&archive), length(&directory));
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes();
    archive.extend(directory);
    archive.extend(0x0605_4b50_u32.to_le_bytes());
    // This disk and that of the directory; the files on it and in all.
    archive.extend([0; 4]);
    archive.extend([count, count].concat());
    archive.extend([size, begin].map(u32::to_le_bytes).concat());
    // No comment.
    archive.extend([0; 2]);
    archive
}

/// What the header before a file and its entry in the directory have in common.
fn description(name: &str, content: &[u8]) -> Vec<u8> {
    let size = length(content);
    let (flags, stored, time) = (0_u16, 0_u16, 0_u16);
    let mut bytes = [VERSION, flags, stored, time, DATE].map(u16::to_le_bytes).concat();
    bytes.extend([crc_32(content), size, size].map(u32::to_le_bytes).concat());
    let name = u16::try_from(name.len()).unwrap_or(u16::MAX);
    bytes.extend([name, NO_EXTRA_FIELD].map(u16::to_le_bytes).concat());
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// The checksum of the format, bit by bit: there are few bytes.
fn crc_32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let odd = sum & 1 == 1;
            sum >>= 1;
            if odd {
                sum ^= 0xedb8_8320;
            }
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_format() {
        assert_eq!(crc_32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_file_lies_where_the_directory_says() {
        let archive = archive(&[("a", b"one"), ("bc", b"two more")]);
        let text = String::from_utf8_lossy(&archive);
        assert_eq!(text.matches("two more").count(), 1);
        assert_eq!(text.matches("bc").count(), 2, "before the file and in the directory");
        let end = archive.len() - 22;
        let number = |at: usize| {
            u32::from_le_bytes([archive[at], archive[at + 1], archive[at + 2], archive[at + 3]])
        };
        let (size, begin) = (number(end + 12) as usize, number(end + 16) as usize);
        assert_eq!(begin + size, end);
        assert_eq!(number(begin), 0x0201_4b50);
    }
}
