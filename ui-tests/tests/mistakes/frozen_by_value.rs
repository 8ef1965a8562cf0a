use elman::{Dense, Frozen, Gru, Network, Zero};

type Cell = Gru<2, 4>;

fn main() {
    let net = Network { cell: Frozen(Cell::ZERO), readout: Dense::<4, 3>::ZERO };
    println!("{:?}", net.classify(&[[0.0; 2]]));
}
