use elman::{Bidirectional, Dense, Gru, Network, Reader, Zero};

type Both = Bidirectional<Gru<2, 4>>;
type Net = Network<Both, Dense<4, 3>>;

fn main() {
    let net = Net { cell: Both::ZERO, readout: Dense::ZERO };
    let mut reader = Reader::<Net, 8>::ZERO;
    println!("{:?}", reader.on(&net).classify(&[[0.0; 2]]));
}
