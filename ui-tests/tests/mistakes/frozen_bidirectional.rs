use elman::{Bidirectional, Dense, Frozen, Gru, Network, Zero};

type Both = Bidirectional<Gru<2, 4>>;

static BOTH: Both = Both::ZERO;

fn main() {
    let net = Network { cell: Frozen(&BOTH), readout: Dense::<8, 3>::ZERO };
    println!("{:?}", net.classify(&[[0.0; 2]]));
}
