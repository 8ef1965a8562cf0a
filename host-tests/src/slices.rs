//! Update in slices.

use elman::dense::LearnedReadout;
use elman::inputs::Inputs;
use elman::loss::Loss;
use elman::optim::Optimizer;
use elman::target::Targets;
use elman::trainer::Report;
use elman::{Job, Layer, Network};
use elman::{TrainError, Trainer, Workspace};

/// Same as [`Trainer::update_from`], but in slices of bounded work.
///
/// # Errors
/// Same as for [`Trainer::update_from`].
pub fn in_slices<C, R, O, const T: usize, const S: usize, const P: usize, L, X>(
    trainer: &mut Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>,
    state: &mut C::State,
    xs: impl Inputs<X>,
    targets: impl Targets<L::Target>,
) -> Result<Report<C::Scalar>, TrainError>
where
    C: Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    let mut job = Job::new(xs, targets).from_state(*state);
    trainer.begin(&mut job)?;
    loop {
        if let Some(report) = trainer.poll(&mut job)? {
            *state = *job.state();
            return Ok(report);
        }
    }
}
