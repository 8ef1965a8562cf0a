use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// An exact decimal number of any size: ± 0.d₁d₂d₃… · 10ᵉ, where neither the first nor the last digit is 0.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a> {
    negative: bool,
    exponent: i64,
    /// Digits before and after the decimal point.
    digits: [&'a str; 2],
}

impl<'a> Number<'a> {
    /// Parses a number, such as `-1`, `01`, `1.50` or `2e3`; `None` for words, including `nan` and `inf`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let all @ (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let count = whole.len() + fraction.len();
        if count == 0 || ![whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let digits @ [first, second] = significant(all);
        if first.is_empty() && second.is_empty() {
            return Some(Self { negative: false, exponent: 0, digits });
        }
        let zeros = leading_zeros(all);
        let exponent =
            exponent.checked_add(i64::try_from(whole.len()).ok()?)?.checked_sub(i64::try_from(zeros).ok()?)?;
        Some(Self { negative: text.starts_with('-'), exponent, digits })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.into_iter().flat_map(str::bytes)
    }

    fn sign(&self) -> i8 {
        if self.digits().next().is_none() { 0 } else { 1 - 2 * i8::from(self.negative) }
    }
}

/// Returns the number of zeros before the first non-zero digit, counted across both parts.
fn leading_zeros((whole, fraction): (&str, &str)) -> usize {
    let zeros = |part: &str| part.len() - part.trim_start_matches('0').len();
    if zeros(whole) < whole.len() { zeros(whole) } else { whole.len() + zeros(fraction) }
}

/// Returns both parts without the leading and trailing zeros of the number as a whole.
fn significant<'a>((whole, fraction): (&'a str, &'a str)) -> [&'a str; 2] {
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    match (whole, fraction) {
        ("", _) => ["", fraction.trim_start_matches('0')],
        (_, "") => [whole.trim_end_matches('0'), ""],
        parts => [parts.0, parts.1],
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = || self.exponent.cmp(&other.exponent).then_with(|| self.digits().cmp(other.digits()));
        let same = || if self.negative { size().reverse() } else { size() };
        self.sign().cmp(&other.sign()).then_with(same)
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number<'_> {}

impl Hash for Number<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.sign(), self.exponent).hash(state);
        self.digits().for_each(|digit| digit.hash(state));
    }
}
