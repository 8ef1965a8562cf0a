//! What the entries of a classifier do, whatever its cell.

use crate::header::{CLASSES, INPUTS, STEPS};
use crate::slice;
use crate::status::{OK, Refused};
use core::ffi::c_void;
use elman::{Adam, Cell, Class, Clip, Config, Dense, Last, Libm, Network, Parameters, Path, Recurrent, Trainer};
use elman::{Workspace, Xoshiro128, Zero, init};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Hidden units.
pub const UNITS: usize = 8;

/// The gradient is cut to this norm.
const CLIP: f32 = 1.0;

/// A cell that reads the inputs into the units.
pub trait Reads: Cell<[f32; INPUTS], Scalar = f32, Output = [f32; UNITS]> + Weights {}

impl<C: Cell<[f32; INPUTS], Scalar = f32, Output = [f32; UNITS]> + Weights> Reads for C {}

/// What can be read as bytes.
pub trait Weights: Clone + FromBytes + Immutable + KnownLayout {}

impl<W: Clone + FromBytes + Immutable + KnownLayout> Weights for W {}

/// The network with the cell `C`.
pub type Net<C> = Network<C, Dense<UNITS, CLASSES>>;
/// The state of a stream that it reads.
pub type State<C> = <C as Recurrent>::State;
/// The memory to train it.
pub type Work<C> = Workspace<Net<C>, Adam, STEPS>;

/// A sequence and its class.
#[repr(C)]
pub struct Example {
    xs: *const [f32; INPUTS],
    steps: usize,
    class: u32,
}

impl Example {
    /// # Safety
    /// `xs` is null or the start of `steps` inputs that nobody writes to meanwhile.
    unsafe fn read(&self) -> Result<(&[[f32; INPUTS]], Last<Class<CLASSES>>), Refused> {
        // SAFETY: the caller's promise.
        let xs = unsafe { slice::read(self.xs, self.steps) };
        Ok((xs, Last(Class::new(self.class as usize)?)))
    }
}

/// What is called between two slices of work.
pub type Between = extern "C" fn(*mut c_void);

/// The first weights.
pub fn init<C: Reads>(network: &mut Net<C>, seed: u64) {
    init::uniform_fan::<Libm<f32>, _>(network, &mut Xoshiro128::from_seed(seed));
}

/// Copies weights from bytes, all of them finite.
pub fn load<C: Reads>(network: &mut Net<C>, bytes: &[u8]) -> Result<i32, Refused> {
    let weights = Net::<C>::ref_from_bytes(bytes).map_err(|_| Refused::Weights)?;
    let mut finite = true;
    weights.view(Path::ROOT, &mut |_, values| finite &= values.iter().all(|value| value.is_finite()));
    if !finite {
        return Err(Refused::Weights);
    }
    network.clone_from(weights);
    Ok(OK)
}

/// The class of a sequence.
pub fn classify<C: Reads>(network: &Net<C>, xs: &[[f32; INPUTS]]) -> Result<i32, Refused> {
    Ok(network.classify(xs)?.index() as i32)
}

/// One update.
///
/// # Safety
/// As [`Example::read`].
pub unsafe fn update<C: Reads>(
    learner: (&mut Net<C>, &mut Work<C>),
    example: &Example,
    (rate, loss): (f32, &mut f32),
) -> Result<i32, Refused> {
    // SAFETY: the caller's promise.
    let (xs, class) = unsafe { example.read() }?;
    *loss = trainer(learner, rate)?.update(xs, class)?.loss;
    Ok(OK)
}

/// One update, and between two slices of it a call of `between`.
///
/// # Safety
/// As [`Example::read`].
pub unsafe fn update_in_slices<C: Reads>(
    learner: (&mut Net<C>, &mut Work<C>),
    example: &Example,
    (rate, loss): (f32, &mut f32),
    (between, context): (Between, *mut c_void),
) -> Result<i32, Refused> {
    // SAFETY: the caller's promise.
    let (xs, class) = unsafe { example.read() }?;
    let (mut trainer, mut state) = (trainer(learner, rate)?, C::State::ZERO);
    let mut update = trainer.begin(&mut state, xs, class)?;
    *loss = loop {
        match update.poll()? {
            Some(report) => break report.loss,
            None => between(context),
        }
    };
    Ok(OK)
}

fn trainer<'a, C: Reads>(
    (network, work): (&'a mut Net<C>, &'a mut Work<C>),
    rate: f32,
) -> Result<Trainer<'a, Net<C>, Adam, STEPS>, Refused> {
    Ok(Trainer::new(network, work, Config { clip: Clip::Norm(CLIP), ..Config::new(Adam::new(rate)) })?)
}
