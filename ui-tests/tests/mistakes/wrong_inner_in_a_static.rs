use elman::{Dense, Embedding, Gru, Network, Stacked, Zero};

type Net = Network<Stacked<Embedding<65, 16>, Stacked<Gru<16, 32>, Gru<31, 32>>>, Dense<32, 65>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let _ = &NETWORK;
}
