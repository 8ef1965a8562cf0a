use crate::error::SequenceError;
use crate::frozen::Frozen;
use crate::math::Zero;
use crate::network::{Model, Network};
use crate::part::{Part, Reads, Sweep};
use core::cell::RefCell;

/// Memory for the outputs of up to `T` steps, for a network whose layers read a sequence as a whole.
///
/// [`on`](Self::on) combines a network with this memory; the result has all tasks that do not need
/// [`step`](Network::step). A network of cells needs no reader, and gives the same bits with one. A new reader is all
/// zero, so one in a `static` takes no flash, and it can serve any number of networks of its type.
///
/// ```
/// use elman::{Bidirectional, Class, Dense, Elman, Network, Reader, Zero};
/// type Net = Network<Bidirectional<Elman<2, 4>>, Dense<8, 3>>;
/// static NETWORK: Net = Net::ZERO;
/// let mut reader = Reader::<Net, 10>::ZERO;
/// let mut labels = [Class::default(); 2];
/// assert_eq!(reader.on(&NETWORK).label(&[[0.5, 1.0], [0.0, -1.0]], &mut labels)?, 2);
/// # Ok::<(), elman::SequenceError>(())
/// ```
pub struct Reader<N: Model, const T: usize> {
    pub(crate) room: <N::Layer as Part>::Room<T>,
}

impl<N: Model, const T: usize> Zero for Reader<N, T> {
    const ZERO: Self = {
        assert!(T > 0, "a reader has room for at least one step");
        Self { room: <N::Layer as Part>::Room::<T>::ZERO }
    };
}

impl<N: Model, const T: usize> Reader<N, T> {
    /// Empty reader.
    pub const ZERO: Self = <Self as Zero>::ZERO;
}

impl<C: Part, R, const T: usize> Reader<Network<C, R>, T>
where
    Network<C, R>: Model<Layer = C>,
{
    /// Combines `network` with this memory, so that its tasks read sequences of up to `T` steps.
    pub const fn on<'a>(&'a mut self, network: &'a Network<C, R>) -> Network<Roomed<'a, C, T>, Frozen<'a, R>> {
        let cell = Roomed { layer: &network.cell, room: RefCell::new(&mut self.room) };
        Network { cell, readout: Frozen(&network.readout) }
    }
}

/// Layer together with memory for the outputs of up to `T` steps.
pub struct Roomed<'a, C: Part, const T: usize> {
    layer: &'a C,
    room: RefCell<&'a mut C::Room<T>>,
}

impl<C: Part, const T: usize> Part for Roomed<'_, C, T> {
    type Math = C::Math;
    type State = C::State;
    type Output = C::Output;
    type Room<const S: usize> = C::Room<S>;
    fn output(state: &C::State) -> &C::Output {
        C::output(state)
    }
    fn is_finite(state: &C::State) -> bool {
        C::is_finite(state)
    }
}

impl<C: Sweep<X>, X, const T: usize> Sweep<X> for Roomed<'_, C, T> {
    fn accepts(x: &X) -> bool {
        C::accepts(x)
    }
    fn sweep<'r, const S: usize>(
        &self,
        state: &mut C::State,
        xs: &[X],
        room: &'r mut C::Room<S>,
    ) -> Result<&'r [C::Output], SequenceError> {
        self.layer.sweep::<S>(state, xs, room)
    }
}

impl<C: Sweep<X>, X, const T: usize> Reads<X> for Roomed<'_, C, T> {
    fn read(
        &self,
        state: &mut C::State,
        xs: &[X],
        mut each: impl FnMut(usize, &C::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError> {
        // Only `each` could need the memory while it is in use; there is no room then.
        let taken = SequenceError::TooLong { length: xs.len(), capacity: 0 };
        let mut room = self.room.try_borrow_mut().map_err(|_| taken)?;
        let outputs = self.layer.sweep::<T>(state, xs, &mut room)?;
        outputs.iter().enumerate().try_for_each(|(step, output)| each(step, output))
    }
}
