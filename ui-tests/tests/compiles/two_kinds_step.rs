use elman::{Dense, Elman, EncoderDecoder, Gru, Network, Side, Zero};

type Net = Network<EncoderDecoder<Elman<2, 8>, Gru<5, 8>>, Dense<8, 5>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let logits = NETWORK.step(&mut [0.0; 8], &Side::<[f32; 2], [f32; 5]>::Source([0.0; 2]));
    assert_eq!(logits, [0.0; 5]);
}
