use elman::{Bidirectional, Dense, Embedding, Gru, Network, Reader, Stacked, Token, Zero};

type Tagger = Stacked<Embedding<9, 2>, Stacked<Bidirectional<Gru<2, 4>>, Bidirectional<Gru<8, 4>>>>;
type Net = Network<Tagger, Dense<8, 3>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let mut reader = Reader::<Net, 8>::ZERO;
    let class = reader.on(&NETWORK).classify(&[Token::<9>::default()]);
    assert!(class.is_ok_and(|class| class.index() == 0));
}
