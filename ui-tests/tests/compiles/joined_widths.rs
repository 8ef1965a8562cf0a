use elman::layer::{Add, Multiply};
use elman::{Bidirectional, Dense, Gru, Lstm, Network, Reader, Stacked, Zero};

type Sum = Bidirectional<Gru<2, 4>, Lstm<2, 4>, Add>;
type Product = Bidirectional<Gru<4, 3>, Gru<4, 3>, Multiply>;
type Net = Network<Stacked<Sum, Product>, Dense<3, 2>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let mut reader = Reader::<Net, 8>::ZERO;
    assert!(reader.on(&NETWORK).classify(&[[0.0; 2]]).is_ok_and(|class| class.index() == 0));
}
