//! Main loop with a deadline for each turn, which trains in the time left over. Trainer and job are statics. In
//! every update, jobs are abandoned, each a little later than the one before, and begun again. The bits are the
//! same as with whole updates.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::error::TrainError;
use elman::trainer::Abandoned;
use elman::{Random, Xoshiro128, Zero};
use firmware_example::lesson::{self, Learn, Lesson, Net, Sequence, UPDATES, Work};
use firmware_example::{board, exit_failure, exit_success, instructions};
use vowels::Checksum;

/// Largest number of instructions in a turn of the loop.
const DEADLINE: u64 = 400_000;
/// Number of instructions reserved for a slice. `slices` logs the longest slice on a board: about 145,000
/// instructions on a core without a floating-point unit.
const SLICE: u64 = 180_000;
/// Number of slices by which each abandoned job outlasts the previous one, so that every phase is interrupted.
const LATER: u32 = 3;

#[entry]
fn main() -> ! {
    static mut WHOLE: Net = <Net as Zero>::ZERO;
    static mut NET: Net = <Net as Zero>::ZERO;
    static mut WHOLE_WORK: Work = Work::ZERO;
    static mut WORK: Work = Work::ZERO;
    static mut TRAINER: Option<Learn<'static>> = None;
    static mut JOB: Option<Lesson> = None;
    let whole = lesson::run(WHOLE, WHOLE_WORK, UPDATES, lesson::whole);
    let learned = whole.and_then(|()| {
        let (trainer, rng) = lesson::start(NET, WORK)?;
        Loop { trainer: TRAINER.insert(trainer), job: JOB, told: Told::default(), control: Control::new() }
            .run(rng, WHOLE)
    });
    let (told, sum, same) = learned.unwrap_or_else(|error| {
        defmt::error!("{}", Display2Format(&error));
        exit_failure()
    });
    defmt::info!("{=str}: weights of whole updates: CRC-64 {}", board::NAME, Display2Format(&Checksum::of(WHOLE)));
    defmt::info!("weights of the loop: CRC-64 {}", Display2Format(&sum));
    defmt::info!(
        "abandoned: {=u32} sequences, {=u32} gradients; {=u32} completed",
        told.sequences,
        told.gradients,
        told.completed
    );
    defmt::info!("late turns: {=u32}", told.late);
    defmt::info!("{=u32} turns; the longest took {=u64} of {=u64} instructions", told.turns, told.longest, DEADLINE);
    let all = told.sequences > 0 && told.gradients > 0 && told.completed > 0;
    if all && told.late == 0 && same { exit_success() } else { exit_failure() }
}

/// Statistics of jobs and turns.
#[derive(Default)]
struct Told {
    sequences: u32,
    gradients: u32,
    completed: u32,
    turns: u32,
    late: u32,
    longest: u64,
}

/// Other work of the loop: a stream that needs an answer in every turn, from the network being trained.
struct Control {
    rng: Xoshiro128,
    state: [f32; 9],
    /// Answer used while the weights are partly updated.
    answer: [f32; 3],
}

impl Control {
    fn new() -> Self {
        Self { rng: Xoshiro128::from_seed(8), state: [0.0; 9], answer: [0.0; 3] }
    }

    fn answer(&mut self, trainer: &Learn<'_>) {
        let x = [self.rng.uniform(-1.0, 1.0), self.rng.uniform(-1.0, 1.0)];
        if let Ok(network) = trainer.network() {
            self.answer = network.step(&mut self.state, &x);
        }
    }
}

struct Loop {
    trainer: &'static mut Learn<'static>,
    job: &'static mut Option<Lesson>,
    told: Told,
    control: Control,
}

impl Loop {
    /// Performs the updates of [`lesson::run`], and compares the final weights with those of `whole`.
    fn run(mut self, mut rng: Xoshiro128, whole: &Net) -> Result<(Told, Checksum, bool), TrainError> {
        for update in 0..UPDATES as u32 {
            let sequences = [Sequence::draw(&mut rng), Sequence::draw(&mut rng)];
            self.update(&sequences, update % LATER)?;
        }
        let network = self.trainer.network()?;
        Ok((self.told, Checksum::of(network), network == whole))
    }

    /// Performs an update from two sequences. Jobs for the second sequence are abandoned, the first of them after
    /// `slices` slices; the lost work is repeated until a job is completed.
    fn update(&mut self, [first, last]: &[Sequence; 2], slices: u32) -> Result<(), TrainError> {
        self.accumulate(first)?;
        for abandoned in (slices..).step_by(LATER as usize) {
            match self.learn(last, abandoned)? {
                Abandoned::Nothing => break,
                Abandoned::Sequence => self.told.sequences += 1,
                Abandoned::Gradient => {
                    self.told.gradients += 1;
                    self.accumulate(first)?;
                }
            }
        }
        Ok(())
    }

    fn accumulate(&mut self, sequence: &Sequence) -> Result<(), TrainError> {
        self.trainer.begin_accumulate(self.job.insert(sequence.job()))?;
        self.turns(None).map(|_| ())
    }

    fn learn(&mut self, sequence: &Sequence, abandoned: u32) -> Result<Abandoned, TrainError> {
        self.trainer.begin(self.job.insert(sequence.job()))?;
        self.turns(Some(abandoned))
    }

    /// Runs turns of the loop until the job is done, or until it is abandoned after the given number of slices.
    fn turns(&mut self, mut abandoned: Option<u32>) -> Result<Abandoned, TrainError> {
        let (mut slices, mut end) = (0, Ok(None));
        while end?.is_none() {
            let used = instructions(|| end = self.turn(&mut slices, &mut abandoned));
            self.told.turns += 1;
            self.told.late += u32::from(used > DEADLINE);
            self.told.longest = self.told.longest.max(used);
        }
        end.map(Option::unwrap_or_default)
    }

    /// Runs one turn: the other work, then slices as long as there is time for another.
    fn turn(&mut self, slices: &mut u32, abandoned: &mut Option<u32>) -> Result<Option<Abandoned>, TrainError> {
        let mut used = instructions(|| self.control.answer(self.trainer));
        while used + SLICE <= DEADLINE {
            if abandoned.take_if(|after| *after == *slices).is_some() {
                match self.trainer.abandon() {
                    // Weights have begun to change: the job goes on to its end.
                    Err(TrainError::Unfinished { .. }) => self.told.completed += 1,
                    ended => return ended.map(Some),
                }
            }
            let Some(job) = self.job.as_mut() else { return Err(TrainError::StaleJob) };
            let mut polled = Ok(None);
            used += instructions(|| polled = self.trainer.poll(job));
            if polled?.is_some() {
                return Ok(Some(Abandoned::Nothing));
            }
            *slices += 1;
        }
        Ok(None)
    }
}
