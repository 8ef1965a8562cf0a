//! Numbers formatted for readers.

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// Formats up to three significant digits: `0.0312`, `12.3`, `1234`, `2.5·10⁻⁷`; `∞` and `NaN` are kept.
pub fn short(x: f64) -> String {
    rounded(x, 3)
}

/// Same as [`short`], but with one more digit, so that neighbouring ticks have different labels.
pub fn tick(x: f64) -> String {
    rounded(x, 4)
}

/// Formats a share of 1 in percent: `87.5 %`. Only a share of exactly 1 gives `100 %`.
pub fn percent(share: f64) -> String {
    match short(100.0 * share) {
        all if all == "100" && share < 1.0 - 1e-9 => "more than 99.9\u{a0}%".to_string(),
        percent => format!("{percent}\u{a0}%"),
    }
}

/// Formats a power of ten: `10⁻³`.
pub fn power(exponent: i32) -> String {
    let digits = exponent.unsigned_abs().to_string();
    let digits = digits.bytes().map(|digit| SUPERSCRIPTS[usize::from(digit - b'0')]);
    let sign = if exponent < 0 { "⁻" } else { "" };
    format!("10{sign}{}", digits.collect::<String>())
}

/// Formats a whole number with commas: `12,345`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

fn rounded(x: f64, digits: usize) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{}", x.abs() * x.signum()).replace("inf", "∞").replace('-', "−").replace("−0", "0");
    }
    let scientific = format!("{x:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let text = match exponent.parse().unwrap_or(0) {
        exponent @ -4..6 => trimmed(&format!("{x:.*}", digits.saturating_add_signed(-1 - exponent))).to_string(),
        exponent => format!("{}·{}", trimmed(mantissa), power(exponent as i32)),
    };
    text.replace('-', "−")
}

/// Removes trailing zeros after the decimal point.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
