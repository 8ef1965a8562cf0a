use elman::{Adam, Dense, Elman, EncoderDecoder, Gru, Network, Workspace};

type Net = Network<EncoderDecoder<Elman<2, 8>, Gru<5, 8>>, Dense<8, 5>>;

static WORK: Workspace<Net, Adam, 8> = Workspace::ZERO;

fn main() {
    let _ = &WORK;
}
