//! The FastGRNN cell of `f32`, put into integers.

use super::{BIAS, Given, OUTPUT_UNIT, Quantize, Range, biases, finite, power, unit};
use crate::FastGrnn;
use crate::cell::{Rank, Recurrent};
use crate::error::{QuantizeError, SequenceError};
use crate::input::Input;
use crate::int8::{self, Scaling};
use crate::math::{Math, Scalar, Zero, larger};
use crate::parameters::Path;
use crate::part::places;
use zerocopy::little_endian::{F32, U16};

impl<const I: usize, const H: usize, M, W: Rank, U: Rank, X> Quantize<X> for FastGrnn<I, H, M, W, U>
where
    M: Math<Scalar = f32>,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::FastGrnn<I, H, S, W, U>;
    /// For W and for U: what it multiplies, and what is between its two matrices, if there are two.
    type Ranges = [Range; 2];
    fn observe<'r, const T: usize>(
        &self,
        [input, recurrent]: &mut [Range; 2],
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        let room = places(room, xs.len())?;
        for (x, output) in xs.iter().zip(room.iter_mut()) {
            let mut record = <Self as Recurrent>::Record::ZERO;
            self.advance(&mut record, state, x);
            input.note(x.magnitude(), W::largest(&record.input));
            recurrent.note(f32::largest(state), U::largest(&record.recurrent));
            *output = *state;
        }
        Ok(room)
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &[Range; 2],
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let [of_w, of_u] = ranges;
        let (input, state) = (of_w.input_unit(given), finite(Quantize::<X>::output_unit(self, ranges, given), &path)?);
        let [b_z, b_n] = self.b.map(|b| biases([b].into_iter(), power(BIAS), path.at("b")));
        let portion = |x: f32| U16::new((M::sigmoid(x) * (OUTPUT_UNIT / state) * 65_536.0 + 0.5) as u16);
        W::quantize(&mut small.w_ih, &self.w_ih, of_w.output, input, path.at("w_ih"))?;
        U::quantize(&mut small.w_hh, &self.w_hh, of_u.output, state, path.at("w_hh"))?;
        small.b = [b_z?, b_n?];
        (small.zeta, small.nu) = (portion(self.zeta), portion(self.nu));
        small.resolution = F32::new(1.0 / input);
        Ok(())
    }
    fn output_unit(&self, [_, recurrent]: &[Range; 2], given: Given) -> f32 {
        larger(larger(OUTPUT_UNIT, unit(recurrent.input)), given.output)
    }
}
