//! Training of one part of a network while the other part is in flash, with the same gradient and a fraction of
//! the memory.

use elman::cell::Cell;
use elman::dense::LearnedReadout;
use elman::input::Input;
use elman::layer::Sequential;
use elman::network::Model;
use elman::optim::{InPlaceSgd, Optimizer};
use elman::{
    Adam, Class, Config, Dense, Each, Elman, Frozen, Last, Layer, Libm, Network, Parameters, Part, Sgd, Token, Trainer,
    Workspace, Zero,
};
use host_tests::plain::drawn;
use host_tests::precision::{bits, tensors, weight_bits};
use host_tests::{Noise, replay};

const I: usize = 3;
const H: usize = 5;
const K: usize = 4;
const T: usize = 9;

type Body = Elman<I, H>;
type Head = Dense<H, K>;
type Whole = Network<Body, Head>;
type HeadOnly<'w> = Network<Frozen<'w, Body>, Head>;
type BodyOnly<'w> = Network<Body, Frozen<'w, Head>>;

/// Part of the network that would be in flash.
static BODY: Body = {
    let mut body = Body::ZERO;
    body.affine.w_ih = [[[0.5, -0.25, 0.75, 0.1, -0.6]], [[0.3, 0.2, -0.9, -0.4, 0.8]], [[-0.7, 0.6, 0.05, 0.9, 0.15]]];
    body.affine.w_hh = [[[0.4, -0.3, 0.2, -0.1, 0.6]]; H];
    body
};

fn head() -> Head {
    drawn(1, 2.0)
}

fn window() -> (Vec<[f32; I]>, Vec<Class<K>>) {
    (Noise(2).vectors(T), Noise(3).classes(T))
}

/// Returns the network after `updates` updates from the same sequence.
fn learned<C, R, O>(mut network: Network<C, R>, optimizer: O, updates: usize) -> Network<C, R>
where
    C: Cell<[f32; I], Scalar = f32, Math = Libm<f32>> + Layer<[f32; I]>,
    R: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    O: Optimizer<Scalar = f32>,
{
    let (xs, targets) = window();
    let mut workspace = Box::new(Workspace::<Network<C, R>, O, T, T>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
    for _ in 0..updates {
        trainer.update(&xs, Each(&targets)).unwrap();
    }
    network
}

#[test]
fn only_what_is_not_frozen_is_counted() {
    assert_eq!(<HeadOnly<'_> as Parameters>::COUNT, K * (H + 1));
    assert_eq!(<BodyOnly<'_> as Parameters>::COUNT, H * (I + H + 1));
    assert_eq!(<Network<Frozen<'_, Body>, Frozen<'_, Head>> as Parameters>::COUNT, 0);
    let names = |all: Vec<(String, Vec<f64>)>| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let network = Network { cell: Frozen(&BODY), readout: head() };
    assert_eq!(names(tensors(&network)), ["readout.w", "readout.b"]);
    let readout = head();
    let network = Network { cell: BODY.clone(), readout: Frozen(&readout) };
    assert_eq!(names(tensors(&network)), ["cell.w_ih", "cell.w_hh", "cell.b"]);
}

#[test]
fn a_frozen_part_answers_as_before() {
    let whole = Whole { cell: BODY.clone(), readout: head() };
    let (xs, _) = window();
    let frozen = Network { cell: Frozen(&BODY), readout: head() };
    let both = Network { cell: Frozen(&BODY), readout: Frozen(&whole.readout) };
    for n in 1..=T {
        let want = bits(&whole.predict(&xs[..n]).unwrap());
        assert_eq!(bits(&frozen.predict(&xs[..n]).unwrap()), want);
        assert_eq!(bits(&both.predict(&xs[..n]).unwrap()), want);
    }
}

#[test]
fn the_gradient_of_what_is_learned_is_the_same() {
    let (xs, targets) = window();
    let whole = Whole { cell: BODY.clone(), readout: head() };
    let loss = (&elman::CrossEntropy, &Each(&targets), 1.0);
    let full = replay(&whole, &[0.5; H], &xs, loss);
    let top = replay(&Network { cell: Frozen(&BODY), readout: head() }, &[0.5; H], &xs, loss);
    let bottom = replay(&Network { cell: BODY.clone(), readout: Frozen(&whole.readout) }, &[0.5; H], &xs, loss);
    assert_eq!(weight_bits(&top.gradient.readout), weight_bits(&full.gradient.readout));
    assert_eq!(weight_bits(&bottom.gradient.cell), weight_bits(&full.gradient.cell));
    assert!(tensors(&*full.gradient).iter().all(|(_, numbers)| numbers.iter().any(|&g| g != 0.0)));
    for part in [(top.loss, top.start, &top.inputs), (bottom.loss, bottom.start, &bottom.inputs)] {
        assert_eq!(
            (part.0, part.1, part.2),
            (full.loss, full.start, &full.inputs),
            "and so is what goes back through it"
        );
    }
}

/// Checks the weights after one update, and that the frozen part is unchanged.
fn first_update_is_the_same<O: Optimizer<Scalar = f32>>(optimizer: O) {
    let whole = learned(Whole { cell: BODY.clone(), readout: head() }, optimizer, 1);
    let top = learned(Network { cell: Frozen(&BODY), readout: head() }, optimizer, 1);
    assert_eq!(weight_bits(&top.readout), weight_bits(&whole.readout));
    assert_ne!(weight_bits(&top.readout), weight_bits(&head()));
    assert!(std::ptr::eq(top.cell.0, &BODY));
    let readout = head();
    let bottom = learned(Network { cell: BODY.clone(), readout: Frozen(&readout) }, optimizer, 1);
    assert_eq!(weight_bits(&bottom.cell), weight_bits(&whole.cell));
    assert_ne!(weight_bits(&bottom.cell), weight_bits(&BODY));
    assert_eq!(weight_bits(&readout), weight_bits(&head()));
}

#[test]
fn an_update_of_a_part_is_that_of_the_whole() {
    first_update_is_the_same(Sgd { rate: 0.1 });
    first_update_is_the_same(InPlaceSgd { rate: 0.1 });
    first_update_is_the_same(Adam::new(0.1));
}

#[test]
fn a_read_out_learns_over_a_frozen_cell() {
    let (xs, targets) = window();
    let loss = |network: &HeadOnly<'_>| network.evaluate(&elman::CrossEntropy, &xs, Each(&targets)).unwrap();
    let before = loss(&Network { cell: Frozen(&BODY), readout: head() });
    for after in [
        loss(&learned(Network { cell: Frozen(&BODY), readout: head() }, Adam::new(0.05), 200)),
        loss(&learned(Network { cell: Frozen(&BODY), readout: head() }, InPlaceSgd { rate: 0.1 }, 200)),
    ] {
        println!("loss {before:.3} before, {after:.3} after");
        assert!(after < before / 2.0);
    }
}

/// Returns the bytes of the gradient and of the moments, without counters.
fn learning<N, O: Optimizer<Scalar = f32> + 'static>() -> (usize, usize)
where
    N: Model<Layer: Sequential> + Parameters<Scalar = f32> + 'static,
{
    let memory = Trainer::<'static, Workspace<N, O, T>>::MEMORY;
    let counters = Trainer::<'static, Workspace<Network<Elman<1, 1>, Dense<1, 1>>, Sgd, T>>::MEMORY.optimizer;
    (memory.gradient, memory.optimizer.saturating_sub(counters))
}

#[test]
fn gradient_and_moments_are_those_of_what_is_learned() {
    let (body, head) = (4 * H * (I + H + 1), 4 * K * (H + 1));
    assert_eq!(learning::<Whole, Adam>(), (body + head, 2 * (body + head)));
    assert_eq!(learning::<HeadOnly<'static>, Adam>(), (head, 2 * head));
    assert_eq!(learning::<BodyOnly<'static>, Adam>(), (body, 2 * body));
    assert_eq!(learning::<HeadOnly<'static>, Sgd>(), (head, 0));
    assert_eq!(learning::<HeadOnly<'static>, InPlaceSgd>(), (0, 0));
    assert_eq!(Trainer::<'static, Workspace<HeadOnly<'static>, Sgd, T>>::MEMORY.weights, head + size_of::<&Body>());
}

/// A workspace for a part can also be created from zeroed memory, as on a host.
#[test]
fn a_workspace_of_a_part_can_be_zeroed() {
    use zerocopy::FromZeros;
    let mut workspace = Workspace::<HeadOnly<'static>, Sgd, T>::new_box_zeroed().unwrap();
    let mut network = Network { cell: Frozen(&BODY), readout: head() };
    let (xs, targets) = window();
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    assert!(trainer.update(&xs, Last(targets[0])).is_ok());
}

/// Network of which every part is in flash.
static NETWORK: Whole = Whole { cell: Body::ZERO, readout: Head::ZERO };
static SHARED: Network<Frozen<'static, Body>, Head> = Network { cell: Frozen(&BODY), readout: Head::ZERO };

#[test]
fn weights_may_be_static() {
    assert_eq!(NETWORK.probabilities(&[[0.5; I]]), Ok([0.25; K]));
    assert_eq!(SHARED.probabilities(&[[0.5; I]]), Ok([0.25; K]));
}

/// Checks that streams that take turns on shared weights give the same results as each stream alone, for dense
/// inputs or tokens.
fn streams<X: Input<f32, I>>(draw: impl Fn(&mut Noise) -> X)
where
    Body: Cell<X, State = [f32; H], Output = [f32; H], Scalar = f32, Math = Libm<f32>> + Layer<X>,
{
    let network = Network { cell: Frozen(&BODY), readout: head() };
    let mut noise = Noise(4);
    let inputs: Vec<Vec<X>> = (0..3).map(|_| (0..20).map(|_| draw(&mut noise)).collect()).collect();
    let alone: Vec<_> = inputs.iter().map(|xs| host_tests::plain::outputs(&network, xs)).collect();
    let mut states = [<Body as Part>::State::ZERO; 3];
    for t in 0..20 {
        for ((state, xs), alone) in states.iter_mut().zip(&inputs).zip(&alone) {
            assert_eq!(bits(&network.step(state, &xs[t])), bits(&alone[t]));
        }
    }
    assert_ne!(states[0], states[1]);
}

#[test]
fn one_set_of_weights_serves_many_streams() {
    streams::<[f32; I]>(Noise::vector);
    streams::<Token<I>>(Noise::class);
}

#[test]
fn a_snapshot_is_an_assignment() {
    let network = Whole { cell: BODY.clone(), readout: head() };
    let (xs, _) = window();
    let mut state = <Body as Part>::State::ZERO;
    for x in &xs {
        network.step(&mut state, x);
    }
    let snapshot = state;
    let first: Vec<_> = xs.iter().map(|x| bits(&network.step(&mut state, x))).collect();
    assert_ne!(bits(&state), bits(&snapshot));
    state = snapshot;
    let again: Vec<_> = xs.iter().map(|x| bits(&network.step(&mut state, x))).collect();
    assert_eq!(first, again);
}
