use elman::{Bidirectional, Dense, Gru, Network, Reader, Zero};

type Net = Network<Bidirectional<Gru<2, 4>>, Dense<4, 3>>;

fn main() {
    let net = Net::ZERO;
    let mut reader = Reader::<Net, 8>::ZERO;
    println!("{:?}", reader.on(&net).classify(&[[0.0; 2]]));
}
