//! The table of features by layer in the documentation of `elman::layer`; every mark is tested here.
//!
//! The `compile_fail` doctests of `Bidirectional` show that a bidirectional layer has neither a step nor a
//! checkpointed tape.

use elman::cell::{Cell, FullRank, LowRank};
use elman::dense::LearnedReadout;
use elman::layer::Sequential;
use elman::optim::{InPlaceSgd, Optimizer};
use elman::trainer::Config;
use elman::{
    Bidirectional, Class, Dense, Each, Elman, Embedding, EncoderDecoder, FastGrnn, Frozen, Gru, Layer, Libm, Lstm, Mgu,
    Network, Parameters, Part, Projection, ResetBeforeGru, Sgd, Side, Stacked, Token, Trainer, Workspace, Zero,
};
use host_tests::cells::Drawn;
use host_tests::plain::drawn;
use host_tests::precision::{tensors, weight_bits};
use host_tests::replay::features;
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close, in_slices};

const DOCUMENTATION: &str = include_str!("../../../core/src/layer.rs");

/// Number of steps, in three segments of four.
const STEPS: usize = 12;
const SEGMENT: usize = 4;

type F64 = Libm<f64>;
type Head<const H: usize> = Dense<H, 4, f64>;

/// Row of the table: a name, and one mark per feature, in this order: streams step, a tape trains, an update is
/// sliced or made in place, windows are truncated, a tape is checkpointed, a state is saved, and streams share
/// one network.
type Row = (&'static str, [bool; 8]);

/// Layer with its inputs and the class of each step.
struct Trial<C, X, const H: usize> {
    network: Network<C, Head<H>>,
    xs: Vec<X>,
    classes: Vec<Class<4>>,
}

impl<C, X: Drawn, const H: usize> Trial<C, X, H>
where
    C: Layer<X, Scalar = f64, State: PartialEq + std::fmt::Debug, Output: PartialEq + std::fmt::Debug> + Clone,
    Head<H>: LearnedReadout<C::Output, Scalar = f64, Output = [f64; 4]>,
{
    fn new(cell: C) -> Self {
        let mut noise = Noise(1);
        let xs = (0..STEPS).map(|_| X::drawn(&mut noise)).collect();
        Self { network: Network { cell, readout: drawn(2, 1.5) }, xs, classes: noise.classes(STEPS) }
    }

    /// Returns loss and weights after one update over windows of `steps` steps, with the state carried between windows.
    fn updated<O: Optimizer<Scalar = f64>, const P: usize, const T: usize>(
        &self,
        optimizer: O,
        steps: usize,
        slices: bool,
    ) -> (f64, Network<C, Head<H>>) {
        let mut network = self.network.clone();
        let mut workspace = Box::new(Workspace::<_, O, T, T, P>::ZERO);
        let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
        let (mut state, mut loss) = (C::State::ZERO, 0.0);
        for (xs, classes) in self.xs.chunks(steps).zip(self.classes.chunks(steps)) {
            let report = if slices {
                in_slices(&mut trainer, &mut state, xs, Each(classes)).unwrap()
            } else {
                trainer.update_from(&mut state, xs, Each(classes)).unwrap()
            };
            loss += report.loss;
        }
        (loss, network)
    }

    /// Returns `true` if an update lowers the loss.
    fn a_tape_trains(&self) -> bool {
        let (first, once) = self.updated::<_, 1, STEPS>(Sgd { rate: 1e-3 }, STEPS, false);
        let (then, _) = Self { network: once, xs: self.xs.clone(), classes: self.classes.clone() }
            .updated::<_, 1, STEPS>(Sgd { rate: 1e-3 }, STEPS, false);
        then < first
    }

    fn slices_are_the_update(&self) -> bool {
        let [whole, slices] = [false, true].map(|s| self.updated::<_, 1, STEPS>(Sgd { rate: 0.1 }, STEPS, s));
        whole.0 == slices.0 && weight_bits(&whole.1) == weight_bits(&slices.1)
    }

    fn in_place_is_descent(&self) -> bool {
        let (_, kept) = self.updated::<_, 1, STEPS>(Sgd { rate: 0.1 }, STEPS, false);
        let (_, in_place) = self.updated::<_, 1, STEPS>(InPlaceSgd { rate: 0.1 }, STEPS, false);
        for ((path, want), (_, got)) in tensors(&kept).iter().zip(tensors(&in_place)) {
            assert_close(path, &got, want, REORDERED);
        }
        weight_bits(&kept) != weight_bits(&self.network)
    }

    /// Returns `true` if windows that carry the state give the same outputs as the whole sequence.
    fn windows_carry_the_state(&self) -> bool {
        let (whole, _) = features(&self.network.cell, &C::State::ZERO, &self.xs);
        let mut state = C::State::ZERO;
        let windows = self.xs.chunks(SEGMENT).flat_map(|xs| {
            let (found, end) = features(&self.network.cell, &state, xs);
            state = end;
            found
        });
        windows.collect::<Vec<_>>() == whole
    }
}

impl<C, X: Drawn, const H: usize> Trial<C, X, H>
where
    C: Cell<X, Scalar = f64, State: PartialEq + std::fmt::Debug, Output: PartialEq + std::fmt::Debug>
        + Layer<X>
        + Clone,
    Head<H>: LearnedReadout<C::Output, Scalar = f64, Output = [f64; 4]>,
{
    /// Returns the outputs of a stream, step by step; its state is passed to `meddle` before each step.
    fn stream(&self, mut meddle: impl FnMut(usize, &mut C::State)) -> Vec<[f64; 4]> {
        let mut state = <C as Part>::State::ZERO;
        let step = |(t, x)| {
            meddle(t, &mut state);
            self.network.step(&mut state, x)
        };
        self.xs.iter().enumerate().map(step).collect()
    }

    fn steps_are_the_sequence(&self) -> bool {
        let mut outputs = vec![[0.0; 4]; STEPS];
        self.network.predict_each(&self.xs, &mut outputs).unwrap();
        self.stream(|_, _| ()) == outputs
    }

    fn checkpointed_is_full(&self) -> bool {
        let full = self.updated::<_, 1, STEPS>(Sgd { rate: 0.1 }, STEPS, false);
        let kept = self.updated::<_, 3, SEGMENT>(Sgd { rate: 0.1 }, STEPS, false);
        full.0 == kept.0 && weight_bits(&full.1) == weight_bits(&kept.1)
    }

    /// Returns `true` if a stream continues undisturbed after its state was changed and restored.
    fn a_copy_is_a_snapshot(&self) -> bool {
        let put_back = self.stream(|t, state| {
            let saved = *state;
            self.xs.iter().take(t).for_each(|x| self.network.cell.step(state, x));
            *state = saved;
        });
        put_back == self.stream(|_, _| ())
    }

    /// Returns `true` if two streams that take turns leave each other unchanged.
    fn streams_share_a_network(&self) -> bool {
        let mut other = <C as Part>::State::ZERO;
        let mut beside = Vec::new();
        let found = self.stream(|t, _| beside.push(self.network.step(&mut other, &self.xs[t])));
        let alone = self.stream(|_, _| ());
        found == alone && beside == alone
    }

    fn row(self, name: &'static str) -> Row {
        let marks = [
            self.steps_are_the_sequence(),
            self.a_tape_trains(),
            self.slices_are_the_update(),
            self.in_place_is_descent(),
            self.windows_carry_the_state(),
            self.checkpointed_is_full(),
            self.a_copy_is_a_snapshot(),
            self.streams_share_a_network(),
        ];
        (name, marks)
    }
}

/// Returns the row of a layer that is not a cell; features for which the layer has no method are not run.
fn layer<C, X: Drawn, const H: usize>(name: &'static str) -> Row
where
    C: Layer<X, Scalar = f64, State: PartialEq + std::fmt::Debug, Output: PartialEq + std::fmt::Debug>
        + Sequential
        + Parameters
        + Clone
        + Zero,
    Head<H>: LearnedReadout<C::Output, Scalar = f64, Output = [f64; 4]>,
{
    let trial = Trial::<C, X, H>::new(drawn(3, 1.5));
    let (tape, slices) = (trial.a_tape_trains(), trial.slices_are_the_update());
    let in_place = trial.in_place_is_descent();
    (name, [false, tape, slices, in_place, trial.windows_carry_the_state(), false, false, false])
}

fn cell<C, X: Drawn, const H: usize>(name: &'static str) -> Row
where
    C: Cell<X, Scalar = f64, State: PartialEq + std::fmt::Debug, Output: PartialEq + std::fmt::Debug>
        + Layer<X>
        + Parameters
        + Clone
        + Zero,
    Head<H>: LearnedReadout<C::Output, Scalar = f64, Output = [f64; 4]>,
{
    Trial::<C, X, H>::new(drawn(3, 1.5)).row(name)
}

/// Returns the rows of the table as written in the documentation.
fn written() -> Vec<(String, Vec<String>)> {
    let lines = DOCUMENTATION.lines().map_while(|line| line.strip_prefix("//!"));
    let rows = lines.filter_map(|line| line.trim().strip_prefix("| [`"));
    rows.map(|row| {
        let mut columns = row.split('|').map(|column| column.trim().to_string());
        let name = columns.next().unwrap().replace(['[', ']', '`'], "");
        (name, columns.filter(|column| !column.is_empty()).collect())
    })
    .collect()
}

#[test]
fn every_mark_is_true() {
    let frozen = drawn::<Gru<3, 5, F64>>(3, 1.5);
    let rows = [
        cell::<Elman<3, 5, F64>, [f64; 3], 5>("Elman"),
        cell::<Gru<3, 5, F64>, [f64; 3], 5>("Gru"),
        cell::<ResetBeforeGru<3, 5, F64>, [f64; 3], 5>("ResetBeforeGru"),
        cell::<Lstm<3, 5, F64>, [f64; 3], 5>("Lstm"),
        cell::<Mgu<3, 5, F64>, [f64; 3], 5>("Mgu"),
        cell::<FastGrnn<3, 5, F64, FullRank, LowRank<2>>, [f64; 3], 5>("FastGrnn"),
        cell::<Embedding<6, 5, F64>, Token<6>, 5>("Embedding"),
        cell::<Projection<3, 5, F64>, [f64; 3], 5>("Projection"),
        Trial::<_, [f64; 3], 5>::new(Frozen(&frozen)).row("Frozen of a cell"),
        cell::<Stacked<Lstm<3, 4, F64>, Gru<4, 5, F64>>, [f64; 3], 5>("Stacked of cells"),
        cell::<EncoderDecoder<Gru<3, 5, F64>, Gru<2, 5, F64>>, Side<[f64; 3], [f64; 2]>, 5>("EncoderDecoder"),
        layer::<Bidirectional<Gru<3, 5, F64>>, [f64; 3], 10>("Bidirectional"),
        layer::<Stacked<Elman<3, 4, F64>, Bidirectional<Lstm<4, 2, F64>>>, [f64; 3], 4>("Stacked with Bidirectional"),
    ];
    let found: Vec<_> = rows
        .iter()
        .map(|(name, marks)| {
            (name.to_string(), marks.map(|mark| (if mark { "yes" } else { "no" }).to_string()).to_vec())
        })
        .collect();
    assert_eq!(written(), found);
}
