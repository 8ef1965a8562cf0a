//! Activity of a phone's wearer, recognised by a network in integers that learned from HAPT (`docs/hapt.md`), in integers from the sensor
//! on. The windows are made here; the host's tests run the same.

use elman::{Network, Zero, int8};
use zerocopy::FromBytes;

const UNITS: usize = 10;
const CLASSES: usize = 6;
/// Steps of a window: 2.56 s at 50 Hz.
pub const STEPS: usize = 128;

/// Names of the classes.
const NAMES: [&str; CLASSES] = ["walking", "upstairs", "downstairs", "sitting", "standing", "lying"];

/// Network in flash, as it lies there.
pub type Net = Network<int8::Gru<3, UNITS>, int8::Dense<UNITS, CLASSES>>;
/// State of the network, 2 bytes for each unit.
pub type State = [i16; UNITS];

/// Written by `cargo run --release --example hapt FILE write MODEL`: the offset and the factor of each axis, and the network.
static BYTES: [u8; HEADER + size_of::<Net>()] = *include_bytes!("../models/hapt.bin");
const HEADER: usize = 12;

/// Network with what its inputs need.
#[derive(Clone, Copy)]
pub struct Model {
    /// Mean of each axis, thousandths of g.
    offset: [i16; 3],
    /// Units of the network's input that are a thousandth of g, times 256.
    factor: [i16; 3],
    network: &'static Net,
}

/// Returns the model in flash.
pub fn model() -> Option<Model> {
    let (header, network) = BYTES.split_first_chunk::<HEADER>()?;
    let (numbers, _) = header.as_chunks();
    let mut numbers = numbers.iter().map(|&bytes| i16::from_le_bytes(bytes));
    let mut three = || Some([numbers.next()?, numbers.next()?, numbers.next()?]);
    Some(Model { offset: three()?, factor: three()?, network: Net::ref_from_bytes(network).ok()? })
}

impl Model {
    /// A step with a reading of the sensor, in thousandths of g.
    pub fn step(&self, state: &mut State, reading: [i16; 3]) {
        let mut input = [0; 3];
        for (axis, input) in input.iter_mut().enumerate() {
            let (offset, factor) = (i32::from(self.offset[axis]), i32::from(self.factor[axis]));
            // Below 2¹⁶ · 2¹⁵.
            let units = ((i32::from(reading[axis]) - offset) * factor) >> 8;
            *input = units.clamp(-i32::from(i16::MAX), i32::from(i16::MAX)) as i16;
        }
        elman::Step::step(&self.network.cell, state, &input);
    }

    /// Returns what the wearer does, as far as the state tells.
    pub fn answer(&self, state: &State) -> &'static str {
        let outputs = self.network.readout.integers(state);
        let largest = (0..CLASSES).max_by_key(|&class| outputs[class]);
        largest.map_or("", |class| NAMES[class])
    }

    /// Reads a window from the zero state.
    pub fn window(&self, signal: &Signal) -> State {
        let mut state = State::ZERO;
        (0..STEPS).for_each(|step| self.step(&mut state, signal.at(step)));
        state
    }
}

/// Acceleration that is made, not measured: a constant and a triangle, in thousandths of g.
pub struct Signal {
    /// Name of the signal.
    pub name: &'static str,
    /// Direction of gravity.
    rest: [i16; 3],
    /// Largest part of the triangle on each axis.
    swing: [i16; 3],
    /// Steps of a period.
    period: usize,
}

impl Signal {
    /// Returns the reading at a step.
    pub fn at(&self, step: usize) -> [i16; 3] {
        let half = self.period / 2;
        let part = (step % self.period).abs_diff(half) as i32;
        core::array::from_fn(|axis| {
            let swing = i32::from(self.swing[axis]) * (2 * part - half as i32) / half as i32;
            self.rest[axis] + swing as i16
        })
    }
}

/// Signals of people at rest and on their feet.
pub const SIGNALS: [Signal; 5] = [
    Signal { name: "upright and still", rest: [1005, -210, -40], swing: [4, 3, 3], period: 16 },
    Signal { name: "leaning back and still", rest: [955, 190, 160], swing: [3, 3, 4], period: 20 },
    Signal { name: "flat and still", rest: [90, 650, 520], swing: [3, 3, 3], period: 18 },
    Signal { name: "two small steps a second", rest: [990, -190, -80], swing: [280, 180, 120], period: 26 },
    Signal { name: "two hard steps a second", rest: [990, -170, -80], swing: [650, 300, 300], period: 24 },
];
