//! The seam to SQLite's C: one `sqlite3_vfs` per slot, and the methods of an open file. Every
//! function translates its arguments, calls safe code, and translates the answer.
//!
//! What SQLite promises (its documentation of `sqlite3_vfs` and `sqlite3_io_methods`), on which
//! every block below relies: pointers are those that were registered or given out, buffers have the
//! stated length, names end with a zero, a file's methods are called between its opening and its
//! closing, and never two of one file at once.

#![allow(unsafe_code, reason = "C calls in; the rest of the crate is safe")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};
use std::time::Duration;

use rusqlite::ffi;

use super::handle::{Absent, Handle, Role};
use super::image::Op;
use super::lock::{Hold, Level};
use super::medium::Fault;
use super::{Shared, Slot};

/// Longest name, in bytes with the closing zero.
const NAME_BYTES_MAX: c_int = 512;
/// What the operating system's VFS says, too.
const SECTOR_BYTES: c_int = 4096;
/// Milliseconds of the Julian day at 2026-11-23 09:00 in the hall: time stands still here.
const JULIAN_MS: i64 = 210_866_760_000_000 + 1_795_395_600_000;

/// An open file as SQLite allocates it.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    /// From `Box::into_raw` at the opening, until the closing.
    handle: *mut Handle,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Makes SQLite know a slot under its name, for ever.
pub(super) fn register(slot: &'static Slot) {
    let name = CString::new(slot.name).expect("no zero in it, because a slot's name is ours");
    let vfs = ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<OpenFile>() as c_int,
        mxPathname: NAME_BYTES_MAX,
        pNext: ptr::null_mut(),
        zName: name.into_raw(),
        pAppData: ptr::from_ref(slot).cast_mut().cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: None,
        xCurrentTimeInt64: Some(current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    };
    let vfs = Box::into_raw(Box::new(vfs));
    // SAFETY: the structure and its name are never freed, and nobody else writes to them.
    let answer = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
    assert_eq!(answer, ffi::SQLITE_OK, "a VFS is registered");
}

/// The disk behind a VFS, if it still is there.
///
/// # Safety
/// `vfs` was made by [`register`].
unsafe fn disk(vfs: *mut ffi::sqlite3_vfs) -> Option<Arc<Shared>> {
    // SAFETY: `register` put a `&'static Slot` there, and nothing overwrites it.
    let slot = unsafe { &*(*vfs).pAppData.cast::<Slot>() };
    slot.tenant()
}

/// The open file behind SQLite's.
///
/// # Safety
/// `file` was opened by [`open`] and not closed, and no other call for it is under way.
unsafe fn handle<'h>(file: *mut ffi::sqlite3_file) -> &'h mut Handle {
    // SAFETY: `open` put a handle there that lives until `close`; calls of one file do not overlap.
    unsafe { &mut *(*file.cast::<OpenFile>()).handle }
}

/// A name, or nothing when SQLite gave none.
///
/// # Safety
/// `name` is null or ends with a zero and outlives the answer.
unsafe fn name<'n>(name: *const c_char) -> Option<&'n str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

fn code(fault: Fault, io: c_int) -> c_int {
    match fault {
        Fault::Io => io,
        Fault::Full => ffi::SQLITE_FULL,
        Fault::Busy => ffi::SQLITE_BUSY,
        Fault::Missing => ffi::SQLITE_CANTOPEN,
    }
}

fn done(outcome: Result<(), Fault>, io: c_int) -> c_int {
    outcome.map_or_else(|fault| code(fault, io), |()| ffi::SQLITE_OK)
}

/// A length or an offset, which SQLite never makes negative.
fn count(number: impl TryInto<usize>) -> usize {
    let Ok(count) = number.try_into() else {
        unreachable!("SQLite gives no negative length or offset")
    };
    count
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite allocated `szOsFile` bytes; a null method table says that nothing is open.
    unsafe { (*file).pMethods = ptr::null() };
    // SAFETY: SQLite passes the VFS it found, and a name that outlives the file.
    let (disk, name) = unsafe { (disk(vfs), name(path)) };
    let Some(disk) = disk else {
        return ffi::SQLITE_CANTOPEN;
    };
    let logs =
        ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
    let role = match name {
        None => Role::Scratch,
        Some(_) if flags & logs != 0 => Role::Log,
        Some(_) => Role::Database,
    };
    let absent = match flags & ffi::SQLITE_OPEN_CREATE {
        0 => Absent::Refuse,
        _ => Absent::Create,
    };
    match Handle::open(disk, name, role, absent) {
        Err(fault) => code(fault, ffi::SQLITE_IOERR),
        Ok(handle) => {
            let opened = OpenFile {
                base: ffi::sqlite3_file { pMethods: &METHODS },
                handle: Box::into_raw(Box::new(handle)),
            };
            // SAFETY: `file` has room for an `OpenFile`, and holds nothing that needs dropping.
            unsafe { file.cast::<OpenFile>().write(opened) };
            if !flags_out.is_null() {
                // SAFETY: not null, so that SQLite gave an integer to write to.
                unsafe { *flags_out = flags };
            }
            ffi::SQLITE_OK
        }
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` made it by `Box::into_raw`, and SQLite closes a file once.
    drop(unsafe { Box::from_raw((*file.cast::<OpenFile>()).handle) });
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    bytes: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and a buffer of `bytes` bytes that nobody else uses meanwhile.
    let (handle, buffer) = unsafe {
        let buffer = std::slice::from_raw_parts_mut(buffer.cast::<u8>(), count(bytes));
        (handle(file), buffer)
    };
    match handle.read(count(offset), buffer) {
        Ok(there) if there == buffer.len() => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(fault) => code(fault, ffi::SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    bytes: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and a buffer of `bytes` bytes that nobody writes meanwhile.
    let (handle, bytes) = unsafe {
        let bytes = std::slice::from_raw_parts(buffer.cast::<u8>(), count(bytes));
        (handle(file), bytes)
    };
    done(handle.write(count(offset), bytes), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, bytes: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    done(handle.truncate(count(bytes)), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    done(handle.sync(), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    bytes_out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file.
    match unsafe { handle(file) }.bytes() {
        Ok(bytes) => {
            // SAFETY: SQLite gives an integer to write to.
            unsafe { *bytes_out = bytes as ffi::sqlite3_int64 };
            ffi::SQLITE_OK
        }
        Err(fault) => code(fault, ffi::SQLITE_IOERR_FSTAT),
    }
}

fn level(number: c_int) -> Level {
    match number {
        ffi::SQLITE_LOCK_NONE => Level::None,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    done(handle.raise(level(wanted)), ffi::SQLITE_IOERR_LOCK)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.lower(level(wanted));
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file.
    match unsafe { handle(file) }.is_reserved() {
        Ok(is_reserved) => {
            // SAFETY: SQLite gives an integer to write to.
            unsafe { *out = c_int::from(is_reserved) };
            ffi::SQLITE_OK
        }
        Err(fault) => code(fault, ffi::SQLITE_IOERR_CHECKRESERVEDLOCK),
    }
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE | ffi::SQLITE_IOCAP_SUBPAGE_READ
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    number: c_int,
    bytes: c_int,
    is_wanted: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let (address, answer) = match handle.map(count(number), count(bytes), is_wanted != 0) {
        // The words are atomic, so that C may write to them; the handle keeps them until `unmap`.
        Ok(Some(region)) => (region.as_ptr().cast_mut().cast(), ffi::SQLITE_OK),
        Ok(None) => (ptr::null_mut(), ffi::SQLITE_OK),
        Err(fault) => (ptr::null_mut(), code(fault, ffi::SQLITE_IOERR_SHMMAP)),
    };
    // SAFETY: SQLite gives a pointer to write to.
    unsafe { *out = address };
    answer
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    slots: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let slots = count(first)..count(first) + count(slots);
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        handle.unlock_memory(slots);
        return ffi::SQLITE_OK;
    }
    let hold = match flags & ffi::SQLITE_SHM_EXCLUSIVE {
        0 => Hold::Shared,
        _ => Hold::Exclusive,
    };
    done(handle.lock_memory(slots, hold), ffi::SQLITE_IOERR_SHMLOCK)
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _is_deleted: c_int) -> c_int {
    // SAFETY: an open file; SQLite does not use the regions any more.
    unsafe { handle(file) }.unmap();
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    syncs_directory: c_int,
) -> c_int {
    // SAFETY: SQLite passes the VFS it found and a name.
    let (Some(disk), Some(name)) = (unsafe { (disk(vfs), name(path)) }) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    let mut medium = disk.medium();
    if medium.has_power() && !medium.files.names.contains_key(name) {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    let mut outcome = medium.issue(Op::Delete { name: name.into() });
    medium.forget_unreachable();
    if syncs_directory != 0 {
        outcome = outcome.and_then(|()| medium.issue(Op::SyncDirectory));
    }
    done(outcome, ffi::SQLITE_IOERR_DELETE)
}

/// As in the operating system's VFS, an empty file does not exist.
unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes the VFS it found and a name.
    let (Some(disk), Some(name)) = (unsafe { (disk(vfs), name(path)) }) else {
        return ffi::SQLITE_IOERR_ACCESS;
    };
    let medium = disk.medium();
    if !medium.has_power() {
        return ffi::SQLITE_IOERR_ACCESS;
    }
    let file = medium.files.names.get(name);
    let is_there = match flags {
        ffi::SQLITE_ACCESS_EXISTS => file.is_some_and(|file| medium.files.length_of(*file) > 0),
        _ => file.is_some(),
    };
    // SAFETY: SQLite gives an integer to write to.
    unsafe { *out = c_int::from(is_there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    bytes_max: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: a name that ends with a zero.
    let name = unsafe { CStr::from_ptr(path) }.to_bytes_with_nul();
    if name.len() > count(bytes_max) {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: `out` has `bytes_max` bytes, at least as many as the name, and is another buffer.
    unsafe { ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
    ffi::SQLITE_OK
}

/// Zeros: SQLite's own generator is seeded by the operating system's VFS, not by this one.
unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, bytes: c_int, out: *mut c_char) -> c_int {
    // SAFETY: `out` has `bytes` bytes.
    unsafe { ptr::write_bytes(out, 0, count(bytes)) };
    bytes
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    std::thread::sleep(Duration::from_micros(count(microseconds) as u64));
    microseconds
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, days_out: *mut f64) -> c_int {
    // SAFETY: SQLite gives a number to write to.
    unsafe { *days_out = JULIAN_MS as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_int64(
    _: *mut ffi::sqlite3_vfs,
    ms_out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives an integer to write to.
    unsafe { *ms_out = JULIAN_MS };
    ffi::SQLITE_OK
}
