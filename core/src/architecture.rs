use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Part of a network that an image can hold, where it lies: any bytes are a value of it. Its text says its kind, its sizes and its
/// parts.
///
/// Two types with the same text have the same tensors in the same order and compute the same function, so an
/// image of one opens as the other. A cell of your own needs its own text:
///
/// ```
/// use elman::image::{Architecture, Text};
/// use zerocopy::{FromBytes, Immutable, KnownLayout};
/// #[derive(FromBytes, KnownLayout, Immutable)]
/// #[repr(C)]
/// struct Leaky<const I: usize, const H: usize> {
///     weights: [[f32; H]; I],
/// }
/// impl<const I: usize, const H: usize> Architecture for Leaky<I, H> {
///     const ARCHITECTURE: Text = Text::of("leaky", &[I, H], &[]);
/// }
/// assert_eq!(Leaky::<3, 5>::ARCHITECTURE.as_bytes(), b"leaky(3,5)");
/// ```
#[diagnostic::on_unimplemented(
    message = "an image cannot hold `{Self}`",
    note = "an image holds weights and nothing else: `Frozen`, whose weights lie elsewhere, has none",
    note = "a cell of your own derives zerocopy's `FromBytes`, `KnownLayout` and `Immutable`, and implements `Architecture`"
)]
pub trait Architecture: FromBytes + KnownLayout + Immutable {
    /// Text of this type.
    const ARCHITECTURE: Text;
}

/// Prefix of a stack's text.
const STACKED: &str = "stacked(";
/// Maximum length of a text, in bytes.
pub(crate) const CAPACITY: usize = 512;

/// Text of at most 512 bytes, built at compile time. It takes flash only where an image is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Text {
    /// Creates a text of one word.
    ///
    /// # Panics
    /// If `word` has more than 512 bytes; in a constant, this is a compile error.
    #[must_use]
    pub const fn new(word: &str) -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }.then(word.as_bytes())
    }

    /// Creates the text `kind(size,...,part,...)`.
    ///
    /// # Panics
    /// Same as for [`new`](Self::new).
    #[must_use]
    pub const fn of(kind: &str, mut sizes: &[usize], mut parts: &[Self]) -> Self {
        let (mut text, mut between): (Self, &[u8]) = (Self::new(kind).then(b"("), b"");
        while let [size, rest @ ..] = sizes {
            text = text.then(between).number(*size);
            (sizes, between) = (rest, b",");
        }
        while let [part, rest @ ..] = parts {
            text = text.then(between).then(part.as_bytes());
            (parts, between) = (rest, b",");
        }
        text.then(b")")
    }

    /// Creates the text `stacked(layer,...)` from the layers of two parts, lowest first. A part that is itself a
    /// stack adds its layers, so that nesting does not show.
    ///
    /// # Panics
    /// Same as for [`new`](Self::new).
    #[must_use]
    pub const fn stacked(lower: &Self, upper: &Self) -> Self {
        Self::new(STACKED).then(lower.layers()).then(b",").then(upper.layers()).then(b")")
    }

    /// Returns the bytes between the parentheses of `stacked(...)`, or all bytes if this is not a stack.
    const fn layers(&self) -> &[u8] {
        match self.as_bytes() {
            [b's', b't', b'a', b'c', b'k', b'e', b'd', b'(', layers @ .., b')'] => layers,
            all => all,
        }
    }

    /// Returns the bytes; they are ASCII if the words are.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self.bytes.split_at_checked(self.length) {
            Some((used, _)) => used,
            None => &self.bytes,
        }
    }

    pub(crate) const fn number(self, n: usize) -> Self {
        let before = if n < 10 { self } else { self.number(n / 10) };
        before.then(&[b'0' + (n % 10) as u8])
    }

    pub(crate) const fn then(mut self, more: &[u8]) -> Self {
        assert!(more.len() <= CAPACITY - self.length, "an architecture's text has at most 512 bytes");
        if let Some((_, free)) = self.bytes.split_at_mut_checked(self.length)
            && let Some((room, _)) = free.split_at_mut_checked(more.len())
        {
            room.copy_from_slice(more);
            self.length += more.len();
        }
        self
    }
}
