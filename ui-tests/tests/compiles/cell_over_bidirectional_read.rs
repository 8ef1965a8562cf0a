use elman::{Bidirectional, Dense, Gru, Network, Reader, SequenceError, Stacked, Zero};

type Net = Network<Stacked<Bidirectional<Gru<2, 4>>, Gru<8, 4>>, Dense<4, 3>>;

static NETWORK: Net = Net::ZERO;

fn main() {
    let mut reader = Reader::<Net, 8>::ZERO;
    assert!(reader.on(&NETWORK).classify(&[[0.0; 2]]).is_ok_and(|class| class.index() == 0));
    let too_long = SequenceError::TooLong { length: 9, capacity: 8 };
    assert_eq!(reader.on(&NETWORK).classify(&[[0.0; 2]; 9]), Err(too_long));
}
