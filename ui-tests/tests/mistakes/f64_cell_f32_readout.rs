use elman::{Dense, Gru, Libm, Network, Zero};

type Net = Network<Gru<2, 4, Libm<f64>>, Dense<4, 3>>;

fn main() {
    let net = Net::ZERO;
    println!("{:?}", net.classify(&[[0.0; 2]]));
}
