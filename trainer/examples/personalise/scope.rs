//! Weights that change when a watch adapts, and the ways of adapting that are tried.

use crate::base::Base;
use crate::wearer::{EXERCISES, Net, Reader, ReaderWork, UNITS, Way, Wearer};
use elman::{Dense, Frozen, Libm, Network, Xoshiro128, init, parameters};
use elman_trainer::trials::Failure;
use elman_trainer::zeroed;

/// Weights that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All weights, starting from random ones, so that no one else's movements are known.
    Scratch,
    /// The read-out alone.
    ReadOut,
    /// All weights.
    Whole,
}

/// Numbers of updates that are tried: one, two, four and eight passes over the shown windows.
const UPDATES: [usize; 4] = [56, 112, 224, 448];

impl Scope {
    /// All scopes.
    pub const EACH: [Self; 3] = [Self::Scratch, Self::ReadOut, Self::Whole];

    /// Returns the name for tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scratch => "from scratch",
            Self::ReadOut => "read-out",
            Self::Whole => "all weights",
        }
    }

    const fn rates(self) -> [f32; 3] {
        match self {
            Self::Scratch => [0.01, 0.02, 0.04],
            Self::ReadOut => [0.005, 0.01, 0.02],
            Self::Whole => [0.002, 0.004, 0.008],
        }
    }

    /// Returns the ways to try, those with the fewest updates first.
    pub fn ways(self) -> Vec<Way> {
        UPDATES.iter().flat_map(|&updates| self.rates().map(|rate| Way { updates, rate })).collect()
    }

    /// Adapts `base` to the watch of `wearer`.
    pub fn adapt(self, base: &Base, wearer: &Wearer<'_>, way: Way) -> Result<Box<Net>, Failure> {
        let mut network: Box<Net> = zeroed();
        match self {
            Self::Scratch => {
                init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(0));
                wearer.adapt(&mut network, &mut zeroed(), way)?;
            }
            Self::ReadOut => {
                network.cell = base.network.cell.clone();
                network.readout = read_out(base, wearer, way)?;
            }
            Self::Whole => {
                parameters::copy(&*base.network, &mut *network);
                wearer.adapt(&mut network, &mut zeroed(), way)?;
            }
        }
        Ok(network)
    }
}

fn read_out(base: &Base, wearer: &Wearer<'_>, way: Way) -> Result<Dense<UNITS, EXERCISES>, Failure> {
    let mut work = ReaderWork::ZERO;
    let mut reader: Reader<'_> = Network { cell: Frozen(&base.network.cell), readout: base.network.readout.clone() };
    wearer.adapt_read_out(&mut reader, &mut work, way)?;
    Ok(reader.readout)
}
