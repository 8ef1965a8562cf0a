//! Adapts a model from flash to a drifted sensor: first only the read-out, with the cell left in flash, then the
//! whole model, copied to RAM.

#![no_std]
#![no_main]

use core::fmt;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::trainer::TrainingBytes;
use elman::{
    Adam, Clip, Config, Elman, Frozen, Last, Network, Normalizer, Random, Trainer, Workspace, Xoshiro128, Zero,
    parameters,
};
use elman::{Layer, Reads};
use firmware_example::{board, exit_failure, exit_success, memory, ram_used, speakers, stack_used};
use vowels::{CHANNELS, HIDDEN, Net, NetOf, NetTrainer, Refused, STEPS, Set, Utterance, Work, WorkOf};

/// Number of utterances used to adapt.
const KNOWN: usize = 37;
/// Number of passes over these utterances.
const EPOCHS: usize = 8;
const RATE: f32 = 0.005;

type InFlash = Frozen<'static, Elman<CHANNELS, HIDDEN>>;
type ReadOut<'a> = Trainer<'a, Workspace<NetOf<InFlash>, Adam, STEPS>>;

#[entry]
fn main() -> ! {
    static mut WHOLE: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    static mut READ_OUT_WORK: WorkOf<InFlash> = WorkOf::<InFlash>::ZERO;
    let (Ok(model), Some(set)) = (speakers::model(), speakers::utterances()) else { exit_failure() };
    let ward = Ward { set, sensor: drifted(model.normalizer) };
    defmt::info!("{=str}: {=usize} utterances", board::NAME, ward.judged().count());
    defmt::info!(
        "{=usize} correct before the sensor drifted",
        Ward { sensor: *model.normalizer, ..ward }.right(model.network)
    );
    defmt::info!("{=usize} correct after the sensor drifted", ward.right(model.network));

    let mut read_out = Network { cell: Frozen(&model.network.cell), readout: model.network.readout.clone() };
    ward.adapt(&mut read_out, READ_OUT_WORK).unwrap_or_else(|error| fail(&error));
    defmt::info!("{=usize} correct with an adapted read-out", ward.right(&read_out));
    say_bytes(ReadOut::MEMORY);

    parameters::copy(model.network, WHOLE);
    ward.adapt(WHOLE, WORK).unwrap_or_else(|error| fail(&error));
    defmt::info!("{=usize} correct with all weights adapted", ward.right(WHOLE));
    say_bytes(NetTrainer::MEMORY);
    defmt::info!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), memory::stack_size());
    exit_success()
}

/// Returns the drifted sensor, which is less sensitive and off by 0.8 of its former standard deviation.
fn drifted(sensor: &Normalizer<CHANNELS>) -> Normalizer<CHANNELS> {
    let mut drifted = *sensor;
    for (mean, scale) in drifted.mean.iter_mut().zip(&mut drifted.scale) {
        *mean += 0.8 / *scale;
        *scale *= 0.7;
    }
    drifted
}

/// Utterances, and the sensor that records them.
#[derive(Clone, Copy)]
struct Ward {
    set: Set<'static>,
    sensor: Normalizer<CHANNELS>,
}

impl Ward {
    /// Returns the half of the utterances that is used to adapt.
    fn known(&self) -> impl Iterator<Item = Utterance<'static>> {
        self.set.iter().step_by(2)
    }

    /// Returns the half of the utterances that is used to test.
    fn judged(&self) -> impl Iterator<Item = Utterance<'static>> {
        self.set.iter().skip(1).step_by(2)
    }

    // Not inlined, like `adapt`: the buffers of both then take turns on the stack.
    #[inline(never)]
    fn right<C: Reads<vowels::Step, Output = [f32; HIDDEN]>>(&self, network: &NetOf<C>) -> usize {
        let is_right = |utterance: &Utterance<'_>| {
            let mut buffer = [[0.0; CHANNELS]; STEPS];
            network.classify(utterance.read(&self.sensor, &mut buffer)) == Ok(utterance.speaker)
        };
        self.judged().filter(is_right).count()
    }

    #[inline(never)]
    fn adapt<C: Layer<vowels::Step, Scalar = f32, Output = [f32; HIDDEN]>>(
        &self,
        network: &mut NetOf<C>,
        work: &mut WorkOf<C>,
    ) -> Result<(), Refused> {
        let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(RATE)) };
        let mut trainer = Trainer::new(network, work, config).map_err(Refused::Config)?;
        let (mut order, mut rng) = (core::array::from_fn::<_, KNOWN, _>(|index| index), Xoshiro128::from_seed(1));
        for _ in 0..EPOCHS {
            rng.shuffle(&mut order);
            for utterance in order.iter().filter_map(|&index| self.known().nth(index)) {
                let mut buffer = [[0.0; CHANNELS]; STEPS];
                let steps = utterance.read(&self.sensor, &mut buffer);
                trainer.update(steps, Last(utterance.speaker)).map_err(Refused::Update)?;
            }
        }
        Ok(())
    }
}

fn say_bytes(bytes: TrainingBytes) {
    let TrainingBytes { weights, gradient, optimizer, tape, job } = bytes;
    let all = bytes.total();
    defmt::info!("    in {=usize} bytes of RAM: weights {=usize}, gradient {=usize}", all, weights, gradient);
    defmt::info!("    optimizer {=usize}, tape {=usize}, job {=usize}", optimizer, tape, job);
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
