use elman::{Dense, Gru, Network, Trainer};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;

fn learn(_: &mut Trainer<'_, Net>) {}

fn main() {}
