//! Pairs of sequences: an encoder–decoder learns to make the second of the first, and is asked to.

use crate::trials::{Failure, Share};
use crate::{Plan, Progress};
use elman::{
    Adam, Cell, CrossEntropy, Dense, Network, Sampler, Side, TeacherForced, Token, Trainer, Workspace, Xoshiro128,
    Zero, vocabulary::Marks,
};

/// A sequence and what it should become.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair<X, const V: usize> {
    /// What is read.
    pub source: Vec<X>,
    /// What is to be written, without `<sos>` and `<eos>`.
    pub target: Vec<Token<V>>,
}

/// Trains with teacher forcing, a fresh pair at a time, on pairs of up to `T` steps and `S` targets.
///
/// # Errors
/// A [`Failure`] for a pair that is longer, or an update that is refused.
pub fn train<C, X: Copy, const H: usize, const V: usize, const T: usize, const S: usize>(
    network: &mut Network<C, Dense<H, V>>,
    (plan, marks): (Plan, Marks<V>),
    mut draw: impl FnMut() -> Result<Pair<X, V>, Failure>,
    progress: &Progress,
) -> Result<(), Failure>
where
    C: Cell<Side<X, Token<V>>, Scalar = f32, Output = [f32; H]>,
{
    let mut work = Box::new(Workspace::<_, Adam, T, S>::ZERO);
    for config in plan.configs(CrossEntropy) {
        let mut trainer = Trainer::new(network, &mut work, config)?;
        let mut loss = 0.0;
        for _ in 0..plan.batch {
            let Pair { source, target } = draw()?;
            let pair = TeacherForced::<X, V, T, S>::new(&source, &target, marks)?;
            let mut state = C::State::ZERO;
            loss += trainer.accumulate(&mut state, pair.inputs(), pair.targets())?;
        }
        trainer.apply()?;
        progress.update(f64::from(loss) / plan.batch as f64);
    }
    Ok(())
}

/// What a network makes of sources, compared with the targets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Targets' tokens, `<eos>` included, that were written where they belong.
    pub tokens: Share,
    /// Targets that were written as they are.
    pub whole: Share,
}

impl Score {
    /// Lets the network write what the source becomes, always the most probable token, with nothing of the target before
    /// its eyes.
    ///
    /// # Errors
    /// A [`Failure`] for a source or a network that cannot be used.
    pub fn add<C, X: Copy, const H: usize, const V: usize>(
        &mut self,
        network: &Network<C, Dense<H, V>>,
        marks: Marks<V>,
        Pair { source, target }: &Pair<X, V>,
    ) -> Result<(), Failure>
    where
        C: Cell<Side<X, Token<V>>, Scalar = f32, Output = [f32; H]>,
    {
        let ended = |tokens: &[Token<V>]| [tokens, &[marks.eos]].concat();
        let limit = target.len() + 1;
        // A greedy choice draws nothing.
        let rng = Xoshiro128::from_seed(0);
        let written = network.translate(source, marks, Sampler::GREEDY, rng, limit)?.collect::<Result<Vec<_>, _>>()?;
        let (written, target) = (ended(&written), ended(target));
        for (place, token) in target.iter().enumerate() {
            self.tokens.add(written.get(place) == Some(token));
        }
        self.whole.add(written == target);
        Ok(())
    }
}
