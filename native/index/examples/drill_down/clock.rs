//! Times of many calls, and how much of them this thread stood ready and had no processor, as the kernel counts it.

use std::time::{Duration, Instant};

pub const HEAD: &str = "                                    p50        p99        max | no wait: p50        p99        max";

/// Prints how long it takes, as it is and without waits for a processor; a bar is held against the p99 of the latter.
pub fn measure(what: &str, times: usize, bar: Option<Duration>, mut act: impl FnMut()) {
    act();
    let (mut walls, mut own) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let (waited, since) = (waited(), Instant::now());
        act();
        let wall = since.elapsed();
        walls.push(wall);
        own.push(wall.saturating_sub(self::waited().saturating_sub(waited)));
    }
    let verdict = |bar: Duration| {
        let over = |times: &mut Vec<Duration>| at(times, 99) >= bar;
        match (over(&mut walls.clone()), over(&mut own.clone())) {
            (false, _) => format!("under {bar:?}"),
            (true, false) => format!("under {bar:?} without waits"),
            (true, true) => format!("OVER {bar:?}"),
        }
    };
    let verdict = bar.map(verdict).unwrap_or_default();
    println!(
        "{what:<28} {} | {}  {verdict}",
        line(&mut walls),
        line(&mut own)
    );
}

fn line(times: &mut [Duration]) -> String {
    let ms = |time: Duration| format!("{:>10.3}", time.as_secs_f64() * 1000.0);
    [50, 99, 100]
        .map(|percent| ms(at(times, percent)))
        .join(" ")
}

fn at(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// The second number of schedstat: ns on a run queue. Nothing where there is none.
fn waited() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = text.split_whitespace().nth(1);
    Duration::from_nanos(waited.and_then(|ns| ns.parse().ok()).unwrap_or(0))
}
