//! A small training run: the same on the host and on every board, whole and in slices.

use elman::error::TrainError;
use elman::{Adam, Class, Clip, Config, Dense, Elman, Libm, Masked, Network, Trainer, Workspace, Xoshiro128};
use elman::{Random, Zero, init};

/// The longest sequence.
pub const STEPS: usize = 12;
/// Updates of a run.
pub const UPDATES: usize = 20;
/// The network.
pub type Net = Network<Elman<2, 9>, Dense<9, 3>>;
/// The memory to train it.
pub type Work = Workspace<Net, Adam, STEPS, STEPS>;
/// Its trainer.
pub type Learn<'a> = Trainer<'a, Net, Adam, STEPS, STEPS>;

/// A sequence with a label for some of its steps: the sum of the last two inputs is low, middle or high.
pub struct Sequence {
    inputs: [[f32; 2]; STEPS],
    labels: [Option<Class<3>>; STEPS],
    length: usize,
}

impl Sequence {
    fn draw(rng: &mut impl Random) -> Self {
        let inputs = core::array::from_fn(|_| [rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)]);
        let mut before = 0.0;
        let labels = inputs.map(|[a, b]: [f32; 2]| {
            let sum = a + b + before;
            before = a + b;
            let class = if sum < -0.7 {
                0
            } else if sum < 0.7 {
                1
            } else {
                2
            };
            Class::new(class).ok().filter(|_| rng.below(4) > 0)
        });
        let mut sequence = Self { inputs, labels, length: 3 + rng.below(STEPS as u32 - 2) as usize };
        sequence.labels[sequence.length - 1] = Class::new(1).ok();
        sequence
    }

    fn inputs(&self) -> &[[f32; 2]] {
        &self.inputs[..self.length]
    }

    fn targets(&self) -> Masked<'_, Class<3>> {
        Masked(&self.labels[..self.length])
    }
}

/// First weights, then [`UPDATES`] updates from two sequences each, by `update`.
///
/// # Errors
/// What the trainer refused.
pub fn run(
    network: &mut Net,
    work: &mut Work,
    mut update: impl FnMut(&mut Learn<'_>, [Sequence; 2]) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    let mut rng = Xoshiro128::from_seed(7);
    init::uniform_fan::<Libm<f32>, _>(network, &mut rng);
    *work = Work::ZERO;
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.02)) };
    // The configuration above can work, so nothing is lost with the other case.
    let Ok(mut trainer) = Learn::new(network, work, config) else { return Err(TrainError::NothingAccumulated) };
    for _ in 0..UPDATES {
        let sequences = [Sequence::draw(&mut rng), Sequence::draw(&mut rng)];
        update(&mut trainer, sequences)?;
    }
    Ok(())
}

/// An update in two calls.
///
/// # Errors
/// What the trainer refused.
pub fn whole(trainer: &mut Learn<'_>, [first, last]: [Sequence; 2]) -> Result<(), TrainError> {
    let mut state = Zero::ZERO;
    trainer.accumulate(&mut state, first.inputs(), first.targets())?;
    trainer.update(last.inputs(), last.targets()).map(|_| ())
}

/// The same update in slices, each run by `slice`.
///
/// # Errors
/// What the trainer refused.
pub fn sliced(
    trainer: &mut Learn<'_>,
    [first, last]: [Sequence; 2],
    mut slice: impl FnMut(&mut dyn FnMut()),
) -> Result<(), TrainError> {
    let (mut state, mut done) = (<[f32; 9]>::ZERO, Ok(None));
    let mut update = trainer.begin_accumulate(&mut state, first.inputs(), first.targets())?;
    while done?.is_none() {
        slice(&mut || done = update.poll());
    }
    drop(update);
    (state, done) = (Zero::ZERO, Ok(None));
    let mut update = trainer.begin(&mut state, last.inputs(), last.targets())?;
    while done?.is_none() {
        slice(&mut || done = update.poll());
    }
    Ok(())
}
