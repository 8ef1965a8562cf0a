use elman::{Bidirectional, Dense, Gru, Network, Reader, Zero};

type Net = Network<Bidirectional<Gru<2, 4>>, Dense<4, 3>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let mut reader = Reader::<Net, 8>::ZERO;
    println!("{:?}", reader.on(&NETWORK).classify(&[[0.0; 2]]));
}
