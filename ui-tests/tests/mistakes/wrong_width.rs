use elman::{Dense, Gru, Network, Stacked, Zero};

type Net = Network<Stacked<Gru<2, 4>, Gru<5, 4>>, Dense<4, 3>>;

fn main() {
    let net = Net::ZERO;
    println!("{:?}", net.classify(&[[0.0; 2]]));
}
