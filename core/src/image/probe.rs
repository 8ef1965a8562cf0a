use super::header::size;
use super::{Architecture, Image, Numbers, PROBE, Section, Tag, check};
use crate::cell::Side;
use crate::dense::Readout;
use crate::error::{SectionError, SelfTestError, SequenceError};
use crate::input::Token;
use crate::math::{Scalar, Zero};
use crate::network::Network;
use crate::part::{Number, Part, Step, Sweep};
use crate::task::Reader;
use core::marker::PhantomData;
use zerocopy::little_endian::{I16, U16, U32};
use zerocopy::{FromBytes, IntoBytes};

/// Input sequence, and the outputs expected after its last step from a network that starts in the zero state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe<'a, X, T, const K: usize> {
    /// Input sequence.
    pub input: &'a [X],
    /// Expected outputs.
    pub expected: [T; K],
    /// Largest allowed difference of an output from the expected output; 0 requires the same bits.
    pub tolerance: T,
}

/// Input of a probe for a network with number type `T`.
pub trait ProbeInput<T>: Sized {
    /// Passes the bytes of the input to `sink`.
    fn write(&self, sink: &mut dyn FnMut(&[u8]));
    /// Takes one input from the start of `bytes`; returns `None` if they do not start with one.
    fn read(bytes: &mut &[u8]) -> Option<Self>;
    /// Returns `true` if no value is NaN or infinite.
    fn is_finite(&self) -> bool;
}

/// Stored as the values.
impl<T: Scalar, const I: usize> ProbeInput<T> for [T; I] {
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.as_bytes());
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes)
    }
    fn is_finite(&self) -> bool {
        self.iter().all(|x| Scalar::is_finite(*x))
    }
}

/// The bytes are the values: whole numbers of a network in integers.
impl<const I: usize> ProbeInput<f32> for [i16; I] {
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.map(I16::new).as_bytes());
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take::<[I16; I]>(bytes).map(|values| values.map(I16::get))
    }
    fn is_finite(&self) -> bool {
        true
    }
}

/// Stored as the index, in 16 bits.
impl<T, const V: usize> ProbeInput<T> for Token<V> {
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(U16::new(self.index() as u16).as_bytes());
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Self::new(take::<U16>(bytes)?.get().into()).ok()
    }
    fn is_finite(&self) -> bool {
        true
    }
}

/// Stored as 0 for a source element or 1 for a target element, in 16 bits, then the element.
impl<T, X: ProbeInput<T>, Y: ProbeInput<T>> ProbeInput<T> for Side<X, Y> {
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Source(x) => {
                sink(U16::new(0).as_bytes());
                x.write(sink);
            }
            Self::Target(y) => {
                sink(U16::new(1).as_bytes());
                y.write(sink);
            }
        }
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match take::<U16>(bytes)?.get() {
            0 => X::read(bytes).map(Self::Source),
            1 => Y::read(bytes).map(Self::Target),
            _ => None,
        }
    }
    fn is_finite(&self) -> bool {
        match self {
            Self::Source(x) => x.is_finite(),
            Self::Target(y) => y.is_finite(),
        }
    }
}

fn take<T: FromBytes>(bytes: &mut &[u8]) -> Option<T> {
    let (value, rest) = T::read_from_prefix(bytes).ok()?;
    *bytes = rest;
    Some(value)
}

/// Stores the numbers of steps and outputs, the tolerance, the expected outputs, and the input of each step.
impl<X: ProbeInput<T>, T: Scalar, const K: usize> Section<T> for Probe<'_, X, T, K> {
    fn tag(&self) -> Tag {
        PROBE
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(size(self.input.len()).as_bytes());
        sink(size(K).as_bytes());
        sink(self.tolerance.as_bytes());
        sink(self.expected.as_bytes());
        self.input.iter().for_each(|x| x.write(sink));
    }
    fn check(&self) -> Result<(), SectionError> {
        if self.input.is_empty() || K == 0 {
            return Err(SectionError::Malformed { tag: PROBE });
        }
        check::answers(self.tolerance, self.expected.as_bytes())?;
        finite(self.input.iter().map(X::is_finite))
    }
}

/// Checks that the inputs of all steps are finite, given for each step whether they are.
fn finite(mut steps: impl Iterator<Item = bool>) -> Result<(), SectionError> {
    match steps.position(|finite| !finite) {
        Some(step) => Err(SectionError::Input { step }),
        None => Ok(()),
    }
}

/// Probe as stored in an image.
struct Lying<'a, X, T, const K: usize> {
    tolerance: T,
    count: usize,
    expected: &'a [T; K],
    input: &'a [u8],
    steps: PhantomData<X>,
}

impl<'a, X: ProbeInput<T>, T: Scalar, const K: usize> Lying<'a, X, T, K> {
    fn new(data: &'a [u8]) -> Result<Self, SectionError> {
        let probe = Self::split(data).ok_or(SectionError::Malformed { tag: PROBE })?;
        finite(probe.steps().map(|x| x.is_finite()))?;
        Ok(probe)
    }

    /// Splits the data; returns `None` unless its length fits `K` outputs and steps of type `X`.
    fn split(data: &'a [u8]) -> Option<Self> {
        let ([steps, outputs], data) = <[U32; 2]>::ref_from_prefix(data).ok()?;
        let (&tolerance, data) = T::ref_from_prefix(data).ok()?;
        let (expected, input) = <[T; K]>::ref_from_prefix(data).ok()?;
        let count = steps.get() as usize;
        let mut rest = input;
        let whole = (0..count).all(|_| X::read(&mut rest).is_some()) && rest.is_empty();
        let probe = Self { tolerance, count, expected, input, steps: PhantomData };
        (whole && count > 0 && outputs.get() as usize == K).then_some(probe)
    }

    fn steps(&self) -> impl Iterator<Item = X> + use<'a, X, T, K> {
        let mut rest = self.input;
        (0..self.count).map_while(move |_| X::read(&mut rest))
    }

    fn compare(&self, outputs: &[T; K]) -> Result<(), SelfTestError> {
        if let Some(output) = outputs.iter().position(|y| !Scalar::is_finite(*y)) {
            return Err(SelfTestError::NonFiniteOutput { output });
        }
        let exact = |x: &T, y: &T| x.as_bytes() == y.as_bytes();
        let near = |x: &T, y: &T| exact(x, y) || (*x - *y).abs() <= self.tolerance;
        let agree = |(x, y)| if self.tolerance > T::ZERO { near(x, y) } else { exact(x, y) };
        match outputs.iter().zip(self.expected).position(|pair| !agree(pair)) {
            Some(output) => Err(SelfTestError::Output { output }),
            None => Ok(()),
        }
    }
}

impl<C, R, const K: usize> Image<'_, Network<C, R>>
where
    C: Part,
    Network<C, R>: Architecture<Real = Number<C>>,
    R: Readout<C::Output, Output = [Number<C>; K]>,
{
    /// Runs the probe's input and compares the outputs; weights and arithmetic must match those of the writer.
    ///
    /// # Errors
    /// [`SelfTestError`] if an output is not as expected, a weight or an output is not finite, or there is no probe
    /// with this kind of input.
    pub fn selftest<X: ProbeInput<Number<C>>>(&self) -> Result<(), SelfTestError>
    where
        C: Step<X>,
    {
        self.check_weights()?;
        let probe = self.probe::<X, Number<C>, K>()?;
        let mut state = C::State::ZERO;
        probe.steps().for_each(|x| self.network().cell.step(&mut state, &x));
        probe.compare(&self.network().outputs(&state))
    }
}

impl<C, R, const K: usize> Image<'_, Network<C, R>>
where
    C: Part,
    Network<C, R>: Architecture<Real = Number<C>>,
    R: Readout<C::Output, Output = [Number<C>; K]>,
{
    /// [`selftest`](Self::selftest) for layers that read a sequence as a whole. The outputs belong to the final state
    /// of each direction, as in [`Network::predict`].
    ///
    /// # Errors
    /// Same as for [`selftest`](Self::selftest); also if the probe has more than `T` steps or cannot be read.
    pub fn selftest_with<X: ProbeInput<Number<C>>, const T: usize>(
        &self,
        reader: &mut Reader<Network<C, R>, T>,
    ) -> Result<(), SelfTestError>
    where
        C: Sweep<X>,
    {
        self.check_weights()?;
        let probe = self.probe::<X, Number<C>, K>()?;
        let mut input = heapless::Vec::<X, T>::new();
        for x in probe.steps() {
            let too_long = SequenceError::TooLong { length: probe.count, capacity: T };
            input.push(x).map_err(|_| SelfTestError::Sequence(too_long))?;
        }
        probe.compare(&reader.on(self.network()).predict(&input).map_err(SelfTestError::Sequence)?)
    }
}

impl<N: Architecture> Image<'_, N> {
    fn check_weights(&self) -> Result<(), SelfTestError> {
        match N::NUMBERS {
            Numbers::Real => check::finite::<N::Real>(self.weights).map_err(|index| SelfTestError::Weight { index }),
            Numbers::Int8 => check::integers(self.network).map_err(SelfTestError::Integer),
        }
    }
}

impl<'a, N> Image<'a, N> {
    fn probe<X: ProbeInput<T>, T: Scalar, const K: usize>(&self) -> Result<Lying<'a, X, T, K>, SelfTestError> {
        self.section(PROBE).and_then(Lying::new).map_err(SelfTestError::Section)
    }
}
