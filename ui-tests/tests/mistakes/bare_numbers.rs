use elman::{Dense, Gru, Network, Zero};

type Net = Network<Gru<1, 4>, Dense<4, 3>>;

fn main() {
    let net = Net::ZERO;
    println!("{:?}", net.classify(&[0.1, 0.2, 0.3]));
}
