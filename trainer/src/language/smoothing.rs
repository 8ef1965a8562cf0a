//! Smoothing of n-gram models, which reserves some probability for unseen tokens.

use super::counts::{Context, Kind, Tally};

/// Method that turns counts into probabilities, including those of unseen tokens.
///
/// c(h w) is the number of times that w followed the history h, c(h) the sum over w, N(h) the number of different
/// w, V the number of symbols in the alphabet, and h' the history without its oldest token. The recursions end
/// with the uniform distribution 1/V below the empty history; for an unseen history, h' is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Smoothing {
    /// P(w|h) = (c(h w) + k) / (c(h) + k V); with k = 1, Laplace's rule. An unseen history gives 1/V. k is above 0.
    AddK(f64),
    /// P(w|h) = (c(h w) + N(h) P(w|h')) / (c(h) + N(h)).
    ///
    /// Witten and Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37 (1991), method C.
    WittenBell,
    /// Interpolated Kneser–Ney with three discounts for each length of history:
    /// P(w|h) = max(c(h w) − D(c), 0) / c(h) + (D₁ N₁(h) + D₂ N₂(h) + D₃ N₃₊(h)) / c(h) · P(w|h').
    ///
    /// Below the longest history, c(h w) is the number of different tokens seen before h w. The discounts are the
    /// closed-form estimates from the number of counts of that length equal to 1, 2, 3 and 4, or 0.5 if these give no
    /// valid estimate.
    ///
    /// Kneser and Ney, "Improved backing-off for m-gram language modeling", ICASSP 1995; Chen and Goodman, "An empirical
    /// study of smoothing techniques for language modeling", Computer Speech and Language 13 (1999), equations 26 and 27.
    KneserNey,
}

/// Discounts subtracted from a count of 1, of 2, and of 3 or more.
pub(super) type Discounts = [f64; 3];

/// Returns the discounts D₁ = 1 − 2 Y n₂/n₁, D₂ = 2 − 3 Y n₃/n₂, D₃ = 3 − 4 Y n₄/n₃ with Y = n₁ / (n₁ + 2 n₂), where
/// n_i is the number of counts equal to i.
pub(super) fn discounts(tally: Tally) -> Discounts {
    const FALLBACK: Discounts = [0.5; 3];
    let [n1, n2, n3, n4] = tally.exactly.map(f64::from);
    let y = n1 / (n1 + 2.0 * n2);
    let estimates = [1.0 - 2.0 * y * n2 / n1, 2.0 - 3.0 * y * n3 / n2, 3.0 - 4.0 * y * n4 / n3];
    // The fallback also applies after a division by zero. With a discount of zero, unseen tokens would get no
    // probability.
    let sound = estimates.iter().zip(1..).all(|(&d, count)| d > 0.0 && d <= f64::from(count));
    if sound { estimates } else { FALLBACK }
}

/// Returns the add-k probability (c + k) / (c(h) + k V).
pub(super) fn add_k(context: Option<&Context>, token: usize, k: f64, symbols: usize) -> f64 {
    let (count, total) = context
        .map_or((0, 0), |context| (context.count(token, Kind::Occurrences), context.tally(Kind::Occurrences).total));
    (f64::from(count) + k) / (total as f64 + k * symbols as f64)
}

/// Returns P(w|h) according to Witten and Bell, where `shorter` is P(w|h').
pub(super) fn witten_bell(context: &Context, token: usize, shorter: f64) -> f64 {
    let count = f64::from(context.count(token, Kind::Occurrences));
    let distinct = context.distinct() as f64;
    (count + distinct * shorter) / (context.tally(Kind::Occurrences).total as f64 + distinct)
}

/// Returns P(w|h) according to Kneser and Ney, where `shorter` is P(w|h').
pub(super) fn kneser_ney(context: &Context, token: usize, kind: Kind, discounts: Discounts, shorter: f64) -> f64 {
    let tally = context.tally(kind);
    let total = tally.total as f64;
    let [ones, twos, ..] = tally.exactly;
    let more = context.distinct() as u32 - ones - twos;
    let freed: f64 = [ones, twos, more].iter().zip(discounts).map(|(&n, d)| f64::from(n) * d).sum();
    let kept = match context.count(token, kind) {
        0 => 0.0,
        count => f64::from(count) - discounts[(count as usize).min(3) - 1],
    };
    (kept + freed * shorter) / total
}
