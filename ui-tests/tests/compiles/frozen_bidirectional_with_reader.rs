use elman::{Bidirectional, Dense, Frozen, Gru, Network, Reader, Zero};

type Both = Bidirectional<Gru<2, 4>>;
type Net = Network<Frozen<'static, Both>, Dense<8, 3>>;

static BOTH: Both = Both::ZERO;

fn main() {
    let net = Net { cell: Frozen(&BOTH), readout: Dense::ZERO };
    let mut reader = Reader::<Net, 8>::ZERO;
    assert!(reader.on(&net).classify(&[[0.0; 2]]).is_ok_and(|class| class.index() == 0));
}
