//! The few questions to the system that take `unsafe`.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

/// Whether a signal was ignored when this program was started, as `nohup` and shells without job control arrange it.
pub fn is_ignored(signal: i32) -> bool {
    let mut found = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: with a null pointer nothing is set, and `found` is large enough for what is read.
    let result = unsafe { libc::sigaction(signal, std::ptr::null(), found.as_mut_ptr()) };
    // SAFETY: all bit patterns are valid, and it was zeroed.
    result == 0 && unsafe { found.assume_init() }.sa_sigaction == libc::SIG_IGN
}

/// A time on the user's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub year: i64,
    pub month: i32,
    pub day: i32,
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    /// Ahead of UTC, in seconds.
    pub offset: i64,
}

/// Seconds since the epoch as local time, or as UTC; none for years that no calendar has.
pub fn calendar(seconds: i64, utc: bool) -> Option<Calendar> {
    let mut found = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both read a number and fill the struct, or return null.
    let filled = unsafe {
        match utc {
            true => libc::gmtime_r(&raw const seconds, found.as_mut_ptr()),
            false => libc::localtime_r(&raw const seconds, found.as_mut_ptr()),
        }
    };
    if filled.is_null() {
        return None;
    }
    // SAFETY: it was filled.
    let tm = unsafe { found.assume_init() };
    Some(Calendar {
        year: i64::from(tm.tm_year) + 1900,
        month: tm.tm_mon + 1,
        day: tm.tm_mday,
        hour: tm.tm_hour,
        minute: tm.tm_min,
        second: tm.tm_sec,
        offset: tm.tm_gmtoff,
    })
}
