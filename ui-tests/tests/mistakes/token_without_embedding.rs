use elman::{Dense, Gru, Network, Token, Zero};

type Net = Network<Gru<16, 32>, Dense<32, 65>>;

fn main() {
    let net = Net::ZERO;
    let text = [Token::<65>::default(); 3];
    println!("{:?}", net.classify(&text));
}
