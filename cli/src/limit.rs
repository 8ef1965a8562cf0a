//! Memory limit of the commands that read files.

/// Parses a number of bytes, such as `512M`; the suffixes K (1024 bytes), M and G may be in upper or lower case.
pub fn size(text: &str) -> Result<u64, String> {
    let text = text.to_ascii_uppercase();
    let (number, bits) = match text.strip_suffix(['K', 'M', 'G']) {
        Some(number) if text.ends_with('K') => (number, 10),
        Some(number) if text.ends_with('M') => (number, 20),
        Some(number) => (number, 30),
        None => (text.as_str(), 0),
    };
    let bytes = number.parse().ok().and_then(|number: u64| number.checked_mul(1 << bits));
    bytes.filter(|&bytes| bytes > 0).ok_or_else(|| "expected a number of bytes such as 512M or 2G".to_string())
}
