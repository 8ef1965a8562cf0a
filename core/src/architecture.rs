use crate::math::Scalar;
use crate::parameters::{Parameters, Path};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Part of a network that an image can hold, where it lies: any bytes are a value of it, and all of them are weights. Its text
/// says its kind, its sizes and its parts.
///
/// Two types with the same text have the same tensors in the same order and compute the same function, so an
/// image of one opens as the other. A cell of your own needs its own text:
///
/// ```
/// use elman::image::{Architecture, Content, Stored, Text};
/// use elman::parameters::Path;
/// use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};
/// #[derive(FromBytes, KnownLayout, Immutable)]
/// #[repr(C)]
/// struct Leaky<const I: usize, const H: usize> {
///     weights: [[f32; H]; I],
/// }
/// impl<const I: usize, const H: usize> Architecture for Leaky<I, H> {
///     type Real = f32;
///     const ARCHITECTURE: Text = Text::of("leaky", &[I, H], &[]);
///     const WEIGHTS: usize = size_of::<Self>();
///     fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
///         let (path, bytes) = (path.at("weights"), self.weights.as_bytes());
///         look(Stored { path, shape: [I, 1, H], content: Content::Real, bytes });
///     }
/// }
/// assert_eq!(Leaky::<3, 5>::ARCHITECTURE.as_bytes(), b"leaky(3,5)");
/// ```
#[diagnostic::on_unimplemented(
    message = "an image cannot hold `{Self}`",
    note = "an image holds weights and nothing else: `Frozen`, whose weights lie elsewhere, has none",
    note = "a cell of your own derives zerocopy's `FromBytes`, `KnownLayout` and `Immutable`, and implements `Architecture`"
)]
pub trait Architecture: FromBytes + KnownLayout + Immutable {
    /// Type of the numbers that it computes, which are also those of a normaliser and a probe: `f32` if its weights are integers.
    type Real: Scalar;
    /// Text that describes this type.
    const ARCHITECTURE: Text;
    /// Number type of its weights.
    const NUMBERS: Numbers = Numbers::Real;
    /// Bytes of its tensors. It has no others: an image holds every byte of a network.
    const WEIGHTS: usize;
    /// Calls `look` on each tensor, in the order in which they lie.
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>));
}

/// Number type of the weights of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// [`Architecture::Real`].
    Real,
    /// Integers with their scales, see [`int8`](crate::int8).
    Int8,
}

impl Numbers {
    /// The number type of two parts of a network.
    ///
    /// # Panics
    /// If they have different ones; in a constant, this is a compile error.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        assert!(self as u8 == other as u8, "all parts of a network have weights of one number type");
        self
    }

    pub(crate) const fn word<T: Scalar>(self) -> &'static str {
        match self {
            Self::Real => T::WORD,
            Self::Int8 => "int8",
        }
    }
}

/// Tensor as an image holds it.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// Path in the network.
    pub path: Path<'a>,
    /// Inputs, or the vectors of a bias; gates; units.
    pub shape: [usize; 3],
    /// Kind of its numbers.
    pub content: Content,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Kind of the numbers of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Content {
    /// Numbers of the type [`Architecture::Real`], all finite.
    Real,
    /// Weights of 8 bits, from −127 to 127, in the order of [`int8::Weights`](crate::int8::Weights).
    Weights,
    /// Weights of 8 bits, from −127 to 127, input by input.
    Table,
    /// [Scales](crate::int8::Scale), at most 1/4.
    Scales,
    /// Biases of 16 bits, from −32,767 to 32,767.
    Biases,
    /// Biases of 16 bits that the cell does not read: all 0.
    Unread,
    /// Units of an input that are 1.0: an `f32` that is finite and above 0.
    Resolution,
    /// Unsigned factor of 16 bits: any value.
    Gain,
    /// Bits by which a bias is shifted, from 0 to 15.
    Shift,
    /// Fraction bits of an output, from −40 to 40.
    Exponent,
}

/// Does [`Architecture::stored`] for a part with parameters.
pub fn stored_parameters<P: Parameters>(part: &P, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
    part.view(path, &mut |tensor, values| {
        look(Stored { path: tensor.path, shape: tensor.shape, content: Content::Real, bytes: numbers(values) });
    });
}

fn numbers<T: Scalar>(values: &[T]) -> &[u8] {
    values.as_bytes()
}

/// Bytes of the parameters of a part.
#[must_use]
pub const fn parameter_bytes<P: Parameters>() -> usize {
    P::COUNT * size_of::<P::Scalar>()
}

/// Prefix of a stack's text.
const STACKED: &str = "stacked(";
/// Maximum length of a text, in bytes.
pub(crate) const CAPACITY: usize = 512;

/// Text of at most 512 bytes, built at compile time. It takes flash only in a program that writes images.
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
