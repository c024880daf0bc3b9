//! An allocator of tensors that begin on a line of cache.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, with blocks of 1 KiB and more on whole lines of cache.
///
/// glibc has its large blocks 16 bytes behind the beginning of a line, so that every vector of 64 bytes
/// is on two of them: reading it takes two accesses, and writing it three times as long on Intel's
/// processors. In Burn, whose tensors are plain vectors, only the program can change that:
///
/// ```
/// #[global_allocator]
/// static MEMORY: gan_kernels::AlignedMemory = gan_kernels::AlignedMemory;
/// # let row = vec![0.0_f32; 256];
/// # assert_eq!(row.as_ptr().addr() % 64, 0);
/// ```
///
/// A large block takes 64 bytes more than it was asked for. Results are the same without it, to the bit.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlignedMemory;

/// Bytes of a line.
const LINE: usize = 64;
/// Smaller blocks are the system's own.
const LARGE: usize = 1024;
/// What the system aligns every block to.
const USUAL: usize = 16;

/// What the system is asked for in place of a large block: room to move to the next line, and to note
/// in front of it where the block begins. `None` for blocks that are the system's own.
fn with_room(layout: Layout) -> Option<Layout> {
    let moved = layout.size() >= LARGE && layout.align() <= USUAL;
    let size = layout.size().checked_add(LINE).filter(|_| moved)?;
    Layout::from_size_align(size, USUAL).ok()
}

/// The first line in a block, with the block's address in front of it.
///
/// # Safety
/// The block is null, or that of a layout by [`with_room`].
unsafe fn first_line(block: *mut u8) -> *mut u8 {
    if block.is_null() {
        return block;
    }
    let skipped = LINE - block.addr() % LINE;
    // SAFETY: a block begins at a multiple of 16, so 16 to 64 bytes are skipped: inside the room, and
    // enough for an address.
    unsafe {
        let line = block.add(skipped);
        line.cast::<*mut u8>().sub(1).write(block);
        line
    }
}

/// # Safety
/// `line` is from [`first_line`] and was not freed.
unsafe fn block_of(line: *mut u8) -> *mut u8 {
    // SAFETY: `first_line` has written it there.
    unsafe { line.cast::<*mut u8>().sub(1).read() }
}

// SAFETY: every block is the system's or lies inside one of the system's; which of the two it is
// follows from the layout, which is the same when it is freed.
unsafe impl GlobalAlloc for AlignedMemory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's; the larger layout is not empty.
        unsafe {
            match with_room(layout) {
                None => System.alloc(layout),
                Some(larger) => first_line(System.alloc(larger)),
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe {
            match with_room(layout) {
                None => System.alloc_zeroed(layout),
                Some(larger) => first_line(System.alloc_zeroed(larger)),
            }
        }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's: `at` came from here with this layout.
        unsafe {
            match with_room(layout) {
                None => System.dealloc(at, layout),
                Some(larger) => System.dealloc(block_of(at), larger),
            }
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's: the new size is not 0 and fits the alignment; the blocks are disjoint,
        // and both have as many bytes as are copied.
        unsafe {
            let new = Layout::from_size_align_unchecked(size, layout.align());
            if with_room(layout).is_none() && with_room(new).is_none() {
                return System.realloc(at, layout, size);
            }
            let moved = self.alloc(new);
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(at, layout.size().min(size));
                self.dealloc(at, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [usize; 8] = [1, 16, 1000, 1023, 1024, 1025, 4096, 3 << 20];

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("a layout")
    }

    #[test]
    fn large_blocks_begin_on_a_line_and_hold_what_is_written() {
        for size in SIZES {
            for align in [1, 4, 16, 64, 4096] {
                let layout = layout(size, align);
                // SAFETY: the layout is not empty; what is written and read is inside the block.
                unsafe {
                    let at = AlignedMemory.alloc(layout);
                    assert!(at.addr().is_multiple_of(align));
                    assert!(
                        size < LARGE || at.addr().is_multiple_of(LINE),
                        "{size} bytes at {at:?}"
                    );
                    at.write_bytes(0xa5, size);
                    assert_eq!((*at, *at.add(size - 1)), (0xa5, 0xa5));
                    AlignedMemory.dealloc(at, layout);
                    let zeros = AlignedMemory.alloc_zeroed(layout);
                    assert!(std::slice::from_raw_parts(zeros, size).iter().all(|byte| *byte == 0));
                    AlignedMemory.dealloc(zeros, layout);
                }
            }
        }
    }

    #[test]
    fn a_block_that_grows_or_shrinks_keeps_its_bytes() {
        for from in SIZES {
            for to in SIZES {
                // SAFETY: the layouts are not empty; what is written and read is inside the block.
                unsafe {
                    let at = AlignedMemory.alloc(layout(from, 8));
                    (0..from).for_each(|i| at.add(i).write(i as u8));
                    let at = AlignedMemory.realloc(at, layout(from, 8), to);
                    assert!(to < LARGE || at.addr().is_multiple_of(LINE), "{to} bytes at {at:?}");
                    assert!((0..from.min(to)).all(|i| *at.add(i) == i as u8), "{from} to {to}");
                    AlignedMemory.dealloc(at, layout(to, 8));
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_had_is_null() {
        let huge = layout(isize::MAX as usize - 4096, 1);
        // SAFETY: the layout is not empty; nothing is read.
        unsafe { assert!(AlignedMemory.alloc(std::hint::black_box(huge)).is_null()) };
    }
}
