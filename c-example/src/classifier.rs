//! Functions behind the entries of a classifier with any cell.

use crate::header::{CLASSES, INPUTS, STEPS};
use crate::slice;
use crate::status::{OK, Refused};
use core::ffi::c_void;
use elman::image::{Architecture, Image};
use elman::{Adam, Class, Clip, Config, Dense, Job, Last, Layer, Libm, Network, Parameters, Part, Reads, Trainer};
use elman::{Workspace, Xoshiro128, init, parameters};

/// Number of hidden units.
pub const UNITS: usize = 8;

/// Norm to which the gradient is clipped.
const CLIP: f32 = 1.0;

/// Network with the cell `C`.
pub type Net<C> = Network<C, Dense<UNITS, CLASSES>>;
/// State of a stream read by the network.
pub type State<C> = <C as Part>::State;
/// Memory for training the network.
pub type Work<C> = Workspace<Net<C>, Adam, STEPS>;

/// Sequence and its class.
#[repr(C)]
pub struct Example {
    xs: *const [f32; INPUTS],
    steps: usize,
    class: u32,
}

impl Example {
    /// Returns the inputs, and the class as the target of the last step.
    ///
    /// # Safety
    /// `xs` must be null or point to `steps` inputs, and nothing may write to them while they are borrowed.
    unsafe fn read(&self) -> Result<(&[[f32; INPUTS]], Last<Class<CLASSES>>), Refused> {
        // SAFETY: the caller's promise.
        let xs = unsafe { slice::read(self.xs, self.steps) };
        Ok((xs, Last(Class::new(self.class as usize)?)))
    }
}

/// Function called between two slices of work.
pub type Between = extern "C" fn(*mut c_void);

/// Draws the initial weights.
pub fn init<C>(network: &mut Net<C>, seed: u64)
where
    Net<C>: Parameters<Scalar = f32>,
{
    init::uniform_fan::<Libm<f32>, _>(network, &mut Xoshiro128::from_seed(seed));
}

/// Writes the image of the weights and returns its length.
pub fn save<C>(network: &Net<C>, bytes: &mut [u8]) -> Result<i32, Refused>
where
    Net<C>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    Ok(Image::write(network, &[], bytes)? as i32)
}

/// Copies the weights from an image; all of them must be finite.
pub fn load<C>(network: &mut Net<C>, bytes: &[u8]) -> Result<i32, Refused>
where
    Net<C>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    parameters::copy(Image::<Net<C>>::open(bytes)?.network(), network);
    Ok(OK)
}

/// Returns the class of a sequence.
pub fn classify<C: Reads<[f32; INPUTS], Output = [f32; UNITS]>>(
    network: &Net<C>,
    xs: &[[f32; INPUTS]],
) -> Result<i32, Refused> {
    Ok(network.classify(xs)?.index() as i32)
}

/// Performs one update.
///
/// # Safety
/// Same as [`Example::read`].
pub unsafe fn update<C: Layer<[f32; INPUTS], Scalar = f32, Output = [f32; UNITS]>>(
    learner: (&mut Net<C>, &mut Work<C>),
    example: &Example,
    (rate, loss): (f32, &mut f32),
) -> Result<i32, Refused> {
    // SAFETY: the caller's promise.
    let (xs, class) = unsafe { example.read() }?;
    *loss = trainer(learner, rate)?.update(xs, class)?.loss;
    Ok(OK)
}

/// Performs one update in slices, calling `between` between slices.
///
/// # Safety
/// Same as [`Example::read`].
pub unsafe fn update_in_slices<C: Layer<[f32; INPUTS], Scalar = f32, Output = [f32; UNITS]>>(
    learner: (&mut Net<C>, &mut Work<C>),
    example: &Example,
    (rate, loss): (f32, &mut f32),
    (between, context): (Between, *mut c_void),
) -> Result<i32, Refused> {
    // SAFETY: the caller's promise.
    let (xs, class) = unsafe { example.read() }?;
    let (mut trainer, mut job) = (trainer(learner, rate)?, Job::new(xs, class));
    // Fails if an earlier call left a job unfinished.
    trainer.begin(&mut job)?;
    *loss = loop {
        match trainer.poll(&mut job)? {
            Some(report) => break report.loss,
            None => between(context),
        }
    };
    Ok(OK)
}

fn trainer<'a, C: Layer<[f32; INPUTS], Scalar = f32, Output = [f32; UNITS]>>(
    (network, work): (&'a mut Net<C>, &'a mut Work<C>),
    rate: f32,
) -> Result<Trainer<'a, Work<C>>, Refused> {
    Ok(Trainer::new(network, work, Config { clip: Clip::Norm(CLIP), ..Config::new(Adam::new(rate)) })?)
}
