use super::{Given, Quantize, observe_step};
use crate::error::{QuantizeError, SequenceError};
use crate::int8::{Dense, Scaling};
use crate::math::Zero;
use crate::network::{Model, Network};
use crate::parameters::{self, Path};
use crate::part::Step;
use crate::task::Reader;

/// A trained network of `f32`, with the largest inputs and outputs of each layer over the sequences it was shown.
///
/// The sequences should be those of the training set, or as many of them as there is time for: an input that is larger than all
/// of them is cut off at the largest.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'n, C, R, X>
where
    C: Quantize<X>,
{
    network: &'n Network<C, R>,
    ranges: C::Ranges,
    steps: usize,
}

impl<'n, C: Quantize<X>, const H: usize, const K: usize, X> Calibration<'n, C, crate::Dense<H, K>, X> {
    /// Nothing shown yet.
    #[must_use]
    pub fn new(network: &'n Network<C, crate::Dense<H, K>>) -> Self {
        Self { network, ranges: Zero::ZERO, steps: 0 }
    }

    /// Reads a sequence of any length from the zero state, step by step.
    ///
    /// # Errors
    /// [`SequenceError`] for an input that is NaN or infinite; nothing of the sequence counts.
    pub fn observe(&mut self, xs: &[X]) -> Result<(), SequenceError>
    where
        C: Step<X>,
    {
        Self::check(xs)?;
        let (mut ranges, mut state) = (self.ranges, C::State::ZERO);
        for x in xs {
            observe_step(&self.network.cell, &mut ranges, &mut state, x)?;
        }
        self.count(ranges, xs);
        Ok(())
    }

    /// Reads a sequence of up to `T` steps from the zero state, with the room of a reader: for networks with a
    /// [`Bidirectional`](crate::Bidirectional) layer, which have no step.
    ///
    /// ```
    /// use elman::int8::{self, Calibration, PerGate};
    /// use elman::{Bidirectional, Class, Dense, Gru, Network, Reader, Zero};
    /// type Net = Network<Bidirectional<Gru<2, 4>>, Dense<8, 3>>;
    /// type Small = Network<Bidirectional<int8::Gru<2, 4>>, int8::Dense<8, 3>>;
    /// let (net, mut reader) = (Net::ZERO, Reader::<Net, 10>::ZERO);
    /// let (xs, mut labels) = ([[0.5, 1.0], [0.0, -1.0]], [Class::default(); 2]);
    /// let mut calibration = Calibration::new(&net);
    /// calibration.observe_in(&mut reader, &xs)?;
    /// let small: Small = calibration.quantize::<PerGate>()?;
    /// Reader::<Small, 10>::ZERO.on(&small).label(&xs, &mut labels)?;
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SequenceError`] for an input that is NaN or infinite, or too many steps; nothing of the sequence counts.
    pub fn observe_in<const T: usize>(
        &mut self,
        reader: &mut Reader<Network<C, crate::Dense<H, K>>, T>,
        xs: &[X],
    ) -> Result<(), SequenceError>
    where
        Network<C, crate::Dense<H, K>>: Model<Layer = C>,
    {
        Self::check(xs)?;
        let (mut ranges, mut state) = (self.ranges, C::State::ZERO);
        self.network.cell.observe::<T>(&mut ranges, &mut state, xs, &mut reader.room)?;
        self.count(ranges, xs);
        Ok(())
    }

    fn check(xs: &[X]) -> Result<(), SequenceError> {
        match xs.iter().position(|x| !C::accepts(x)) {
            Some(step) => Err(SequenceError::NonFiniteInput { step }),
            None => Ok(()),
        }
    }

    fn count(&mut self, ranges: C::Ranges, xs: &[X]) {
        self.ranges = ranges;
        self.steps += xs.len();
    }

    /// Returns the network in integers.
    ///
    /// # Errors
    /// [`QuantizeError`] if no step was shown, or a weight, a bias or an output cannot be represented.
    pub fn quantize<S: Scaling>(&self) -> Result<Network<C::Int8<S>, Dense<H, K, S>>, QuantizeError> {
        let mut small = Network { cell: Zero::ZERO, readout: Zero::ZERO };
        self.quantize_into(&mut small)?;
        Ok(small)
    }

    /// Writes the network in integers to `small`, a `static` for instance: on a device, a returned network would pass
    /// through the stack.
    ///
    /// # Errors
    /// [`QuantizeError`] if no step was shown, or a weight, a bias or an output cannot be represented. All of `small` is then 0.
    pub fn quantize_into<S: Scaling>(
        &self,
        small: &mut Network<C::Int8<S>, Dense<H, K, S>>,
    ) -> Result<(), QuantizeError> {
        let done = self.write(small);
        if done.is_err() {
            *small = Network { cell: Zero::ZERO, readout: Zero::ZERO };
        }
        done
    }

    fn write<S: Scaling>(&self, small: &mut Network<C::Int8<S>, Dense<H, K, S>>) -> Result<(), QuantizeError> {
        if self.steps == 0 {
            return Err(QuantizeError::NothingObserved);
        }
        parameters::check_finite(&self.network.cell).map_err(QuantizeError::NonFiniteWeight)?;
        parameters::check_finite(&self.network.readout).map_err(QuantizeError::NonFiniteWeight)?;
        let Network { cell, readout } = small;
        self.network.cell.quantize(cell, &self.ranges, Given::default(), Path::ROOT.at("cell"))?;
        let unit = self.network.cell.output_unit(&self.ranges, Given::default());
        readout.put(&self.network.readout, unit, Path::ROOT.at("readout"))
    }
}
