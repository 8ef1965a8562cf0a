use elman::{Dense, Gru, Network, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;

fn main() {
    let net = Net::ZERO;
    let samples: Vec<Vec<f32>> = vec![vec![0.1, 0.2], vec![0.3, 0.4]];
    println!("{:?}", net.classify(&samples));
}
