//! Numbers as people write and read them: counts, sizes, times, ages.

use std::time::Duration;

use crate::os;

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// A number with its thousands apart.
pub fn count(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Bytes in the largest unit that leaves a number before the point.
pub fn size(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut number = bytes as f64 / 1024.0;
    let mut units = UNITS.iter().peekable();
    loop {
        let Some(unit) = units.next() else {
            return format!("{number:.1}");
        };
        if number < 1023.95 || units.peek().is_none() {
            return format!("{number:.1} {unit}");
        }
        number /= 1024.0;
    }
}

/// The same, with the exact number where the unit hides it.
pub fn exact_size(bytes: u64) -> String {
    match bytes {
        0..1024 => size(bytes),
        _ => format!("{} ({} B)", size(bytes), count(bytes)),
    }
}

/// A number of bytes with its sign.
pub fn signed_size(bytes: i64) -> String {
    let sign = if bytes < 0 { '-' } else { '+' };
    format!("{sign}{}", size(bytes.unsigned_abs()))
}

/// A count with its sign.
pub fn signed_count(number: i64) -> String {
    let sign = if number < 0 { "" } else { "+" };
    format!("{sign}{}", count(number))
}

/// How long something took.
pub fn time(took: Duration) -> String {
    let us = took.as_micros();
    match us {
        0..10_000 => format!("{:.2} ms", us as f64 / 1e3),
        10_000..1_000_000 => format!("{} ms", us / 1000),
        1_000_000..60_000_000 => format!("{:.2} s", us as f64 / 1e6),
        _ => format!("{} min {} s", us / 60_000_000, us % 60_000_000 / 1_000_000),
    }
}

/// How long ago something was.
pub fn ago(age: Duration) -> String {
    let units = |number: u64, unit: &str| match number {
        1 => format!("1 {unit} ago"),
        _ => format!("{number} {unit}s ago"),
    };
    match age.as_secs() {
        0..60 => "just now".to_owned(),
        seconds @ 60..3600 => units(seconds / 60, "minute"),
        seconds @ 3600..86_400 => units(seconds / 3600, "hour"),
        seconds => units(seconds / 86_400, "day"),
    }
}

/// An age in seconds, in a few letters; nothing for what is still to come.
pub fn brief_age(seconds: i64) -> String {
    match seconds {
        ..0 => String::new(),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        86_400..31_557_600 => format!("{} d", seconds / 86_400),
        _ => format!("{} y", seconds / 31_557_600),
    }
}

/// A time to the minute; a dash where there is none, or none that a calendar has.
pub fn date(ns: Option<i64>, utc: bool) -> String {
    let seconds = ns.map(|ns| ns.div_euclid(1_000_000_000));
    match seconds.and_then(|seconds| os::calendar(seconds, utc)) {
        Some(at) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02}",
            at.year, at.month, at.day, at.hour, at.minute
        ),
        None => format!("{:>16}", "-"),
    }
}

/// A time in ms since the epoch, for programs.
pub fn iso8601(ms: i64) -> Option<String> {
    let at = os::calendar(ms.div_euclid(1000), true)?;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        ms.rem_euclid(1000)
    ))
}

/// Reads a size: `300`, `10M`, `1.5G`, `4KiB`.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let end = text.find(|char: char| !char.is_ascii_digit() && char != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let power = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => Some(0),
        "k" | "kb" | "kib" => Some(1),
        "m" | "mb" | "mib" => Some(2),
        "g" | "gb" | "gib" => Some(3),
        "t" | "tb" | "tib" => Some(4),
        _ => None,
    };
    match (number.parse::<f64>(), power) {
        (Ok(number), Some(power)) => Ok((number * 1024_f64.powi(power)) as u64),
        _ => Err("a size is a number, with K, M, G or T for multiples of 1024, such as 10M".into()),
    }
}

/// Reads an age: `90s`, `15m`, `2h`, `3d`, `1w`.
pub fn parse_age(text: &str) -> Result<Duration, String> {
    let end = text.find(|char: char| !char.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let seconds = match unit {
        "s" => Some(1),
        "m" | "min" => Some(60),
        "h" => Some(3600),
        "d" => Some(86_400),
        "w" => Some(604_800),
        _ => None,
    };
    let age = number.parse::<u64>().ok().zip(seconds);
    let age = age.and_then(|(number, seconds)| number.checked_mul(seconds));
    age.map(Duration::from_secs)
        .ok_or_else(|| "an age is a number with s, m, h, d or w, such as 2d".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
            (-1234, "-1,234"),
        ] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn sizes_are_in_the_unit_that_leaves_a_number_before_the_point() {
        for (bytes, expected) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1_048_575, "1.0 MiB"),
            (1_048_576, "1.0 MiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
        assert_eq!(exact_size(5_000_000_000), "4.7 GiB (5,000,000,000 B)");
        assert_eq!(signed_size(-2048), "-2.0 KiB");
    }

    #[test]
    fn times_and_ages_are_in_the_unit_that_suits_them() {
        let us = [0, 250, 9999, 12_345, 1_500_000, 61_000_000];
        let shown = us.map(|us| time(Duration::from_micros(us)));
        assert_eq!(
            shown,
            [
                "0.00 ms",
                "0.25 ms",
                "10.00 ms",
                "12 ms",
                "1.50 s",
                "1 min 1 s"
            ]
        );
        let shown = [0, 90, 7200, 200_000].map(|s| ago(Duration::from_secs(s)));
        assert_eq!(
            shown,
            ["just now", "1 minute ago", "2 hours ago", "2 days ago"]
        );
    }

    #[test]
    fn dates_are_those_of_a_calendar() {
        assert_eq!(date(Some(0), true), "1970-01-01 00:00");
        assert_eq!(date(Some(-1), true), "1969-12-31 23:59");
        assert_eq!(date(Some(i64::MIN), true), "1677-09-21 00:12");
        assert_eq!(date(None, true).trim(), "-");
        assert_eq!(iso8601(1500).unwrap(), "1970-01-01T00:00:01.500Z");
    }

    #[test]
    fn sizes_and_ages_are_read_as_people_write_them() {
        for (text, expected) in [
            ("300", Ok(300)),
            ("10M", Ok(10 << 20)),
            ("1.5k", Ok(1536)),
            ("2GiB", Ok(2 << 30)),
            ("", Err(())),
            ("M", Err(())),
            ("10X", Err(())),
            ("-1", Err(())),
        ] {
            assert_eq!(parse_size(text).map_err(drop), expected, "{text}");
        }
        assert_eq!(parse_age("2d"), Ok(Duration::from_secs(172_800)));
        assert_eq!(parse_age("90s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "d", "2", "2y", "1.5d", "99999999999999999999w"] {
            assert!(parse_age(wrong).is_err(), "{wrong}");
        }
    }
}
