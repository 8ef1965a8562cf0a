use std::cmp::Ordering;

/// A decimal number of any size, exactly: ± 0.d₁d₂d₃… · 10ᵉ, where neither the first nor the last digit is 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    exponent: i64,
    digits: String,
}

impl Number {
    /// The number that a text writes, such as `-1`, `01`, `1.50` or `2e3`; `None` for words, `nan` and `inf` among them.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let digits = significant.trim_end_matches('0').to_string();
        if digits.is_empty() {
            return Some(Self { negative: false, exponent: 0, digits });
        }
        let exponent = exponent.checked_add(i64::try_from(whole.len()).ok()?)?.checked_sub(zeros)?;
        Some(Self { negative: text.starts_with('-'), exponent, digits })
    }

    fn sign(&self) -> i8 {
        if self.digits.is_empty() { 0 } else { 1 - 2 * i8::from(self.negative) }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = || self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        let same = || if self.negative { size().reverse() } else { size() };
        self.sign().cmp(&other.sign()).then_with(same)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
