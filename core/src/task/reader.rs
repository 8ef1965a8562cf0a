use crate::dense::Readout;
use crate::error::{SequenceError, TrainError};
use crate::input::Class;
use crate::layer::{Layer, Sequential};
use crate::loss::{Loss, softmax};
use crate::math::{Magnitude, Scalar, Zero};
use crate::network::{Model, Network};
use crate::sum::Sum;
use crate::target::{Targets, counted, weigh};

/// The tasks for a network whose layers read a sequence as a whole: room for the outputs of up to `T` steps.
///
/// For a cell there is no need of it: `Network` has the same calls and stores nothing. Both give the same bits. It is all
/// zero at the start, so a `static` one costs no flash, and it may serve any network of its type.
///
/// ```
/// use elman::{Bidirectional, Class, Dense, Elman, Network, Reader, Zero};
/// type Net = Network<Bidirectional<Elman<2, 4>>, Dense<8, 3>>;
/// static NETWORK: Net = Net::ZERO;
/// let mut reader = Reader::<Net, 10>::ZERO;
/// let mut labels = [Class::default(); 2];
/// assert_eq!(reader.label(&NETWORK, &[[0.5, 1.0], [0.0, -1.0]], &mut labels)?, 2);
/// # Ok::<(), elman::SequenceError>(())
/// ```
pub struct Reader<N: Model, const T: usize> {
    room: <N::Layer as Sequential>::Outputs<T>,
}

impl<N: Model, const T: usize> Zero for Reader<N, T> {
    const ZERO: Self = {
        assert!(T > 0, "a reader has room for at least one step");
        Self { room: <N::Layer as Sequential>::Outputs::<T>::ZERO }
    };
}

impl<N: Model, const T: usize> Reader<N, T> {
    /// A fresh reader.
    pub const ZERO: Self = <Self as Zero>::ZERO;
}

impl<C, R, const T: usize> Reader<Network<C, R>, T>
where
    C: Sequential,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    /// The outputs for the state that each direction ends with, as a [`Final`](crate::Final) target sees them.
    ///
    /// # Errors
    /// [`SequenceError`] for a sequence that is empty or longer than `T`, an input or outputs that are not finite.
    pub fn predict<X>(&mut self, network: &Network<C, R>, xs: &[X]) -> Result<R::Output, SequenceError>
    where
        C: Layer<X>,
    {
        let (_, state) = self.read(network, xs)?;
        answer(network, &C::end(&state), xs.len() - 1)
    }

    /// Writes the outputs for each step; returns how many were written.
    ///
    /// # Errors
    /// [`SequenceError`] for a sequence that is empty or longer than `T` or `predictions`, or an input that is not finite:
    /// `predictions` is then as before. Outputs that are not finite end it; those of the steps before are written.
    pub fn predict_each<X>(
        &mut self,
        network: &Network<C, R>,
        xs: &[X],
        predictions: &mut [R::Output],
    ) -> Result<usize, SequenceError>
    where
        C: Layer<X>,
    {
        self.answer_each(network, xs, predictions, |outputs| Some(*outputs))
    }

    /// The loss Σ w·l, summed over the targets, as in training and without learning; 0 without a target.
    ///
    /// # Errors
    /// As [`Trainer::update`](crate::Trainer::update), the longest sequence being `T`.
    pub fn evaluate<X, L>(
        &mut self,
        network: &Network<C, R>,
        loss: &L,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<C::Scalar, TrainError>
    where
        C: Layer<X>,
        L: Loss<C::Math, R::Output>,
    {
        weigh(loss, &targets, xs.len(), usize::MAX)?.check()?;
        let sum = self.sum(network, loss, xs, &targets)?;
        if sum.is_finite() { Ok(sum) } else { Err(TrainError::NonFiniteLoss) }
    }

    fn sum<X, L, Y>(
        &mut self,
        network: &Network<C, R>,
        loss: &L,
        xs: &[X],
        targets: &Y,
    ) -> Result<C::Scalar, SequenceError>
    where
        C: Layer<X>,
        L: Loss<C::Math, R::Output>,
        Y: Targets<L::Target>,
    {
        let (features, state) = self.read(network, xs)?;
        let end = C::end(&state);
        let mut sum = Sum::ZERO;
        for (step, feature) in features.iter().enumerate() {
            if let Some(target) = counted(loss, targets, step, xs.len()) {
                let mut outputs = R::Output::ZERO;
                network.readout.forward(if Y::FINAL { &end } else { feature }, &mut outputs);
                sum.add(loss.evaluate(&mut outputs, target, C::Scalar::ONE));
            }
        }
        Ok(sum.total)
    }

    /// Writes what `decide` makes of the outputs for each step.
    fn answer_each<X, Y>(
        &mut self,
        network: &Network<C, R>,
        xs: &[X],
        answers: &mut [Y],
        decide: impl Fn(&R::Output) -> Option<Y>,
    ) -> Result<usize, SequenceError>
    where
        C: Layer<X>,
    {
        if xs.len() > answers.len() {
            return Err(SequenceError::TooLong { length: xs.len(), capacity: answers.len() });
        }
        let (features, _) = self.read(network, xs)?;
        for (step, (feature, slot)) in features.iter().zip(answers).enumerate() {
            let outputs = answer(network, feature, step)?;
            *slot = decide(&outputs).ok_or(SequenceError::NonFiniteOutput { step })?;
        }
        Ok(xs.len())
    }

    /// What the layers put out for each step, and the state they end with, from the zero state.
    fn read<X>(&mut self, network: &Network<C, R>, xs: &[X]) -> Result<(&[C::Output], C::State), SequenceError>
    where
        C: Layer<X>,
    {
        if xs.is_empty() {
            return Err(SequenceError::Empty);
        }
        let finite = |x: &X| C::input_magnitude(x).is_finite();
        if let Some(step) = xs.iter().position(|x| !finite(x)) {
            return Err(SequenceError::NonFiniteInput { step });
        }
        let mut state = C::State::ZERO;
        let features = network.cell.outputs::<T>(&mut state, xs, &mut self.room)?;
        Ok((features, state))
    }
}

impl<C, R, const K: usize, const T: usize> Reader<Network<C, R>, T>
where
    C: Sequential,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; K]>,
{
    /// The most probable class of the whole sequence, the first of equal ones.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn classify<X>(&mut self, network: &Network<C, R>, xs: &[X]) -> Result<Class<K>, SequenceError>
    where
        C: Layer<X>,
    {
        let outputs = self.predict(network, xs)?;
        Class::largest(&outputs).ok_or(SequenceError::NonFiniteOutput { step: xs.len() - 1 })
    }

    /// The probability of each class.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn probabilities<X>(&mut self, network: &Network<C, R>, xs: &[X]) -> Result<[C::Scalar; K], SequenceError>
    where
        C: Layer<X>,
    {
        let mut outputs = self.predict(network, xs)?;
        softmax::<C::Math>(&mut outputs);
        Ok(outputs)
    }

    /// Writes the most probable class for each step into `labels`, the first of equal ones; returns how many were written.
    /// Where the layers read in both directions, a label knows the whole sequence.
    ///
    /// # Errors
    /// As [`predict_each`](Self::predict_each).
    pub fn label<X>(
        &mut self,
        network: &Network<C, R>,
        xs: &[X],
        labels: &mut [Class<K>],
    ) -> Result<usize, SequenceError>
    where
        C: Layer<X>,
    {
        self.answer_each(network, xs, labels, Class::largest)
    }
}

/// What the read-out makes of an output, if that is finite.
fn answer<C, R>(network: &Network<C, R>, feature: &C::Output, step: usize) -> Result<R::Output, SequenceError>
where
    C: Sequential,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    let mut outputs = R::Output::ZERO;
    network.readout.forward(feature, &mut outputs);
    if outputs.magnitude().is_finite() { Ok(outputs) } else { Err(SequenceError::NonFiniteOutput { step }) }
}
