use elman::{Bidirectional, Dense, Gru, Network, Zero};

type Net = Network<Bidirectional<Gru<2, 4>>, Dense<8, 3>>;

fn main() {
    let net = Net::ZERO;
    println!("{:?}", net.step(&mut Zero::ZERO, &[0.0; 2]));
}
