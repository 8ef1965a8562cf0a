use elman::{Adam, Config, Dense, Gru, Network, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Smaller = Network<Gru<2, 3>, Dense<3, 3>>;

fn main() {
    let (mut net, mut work) = (Net::ZERO, Workspace::<Smaller, Adam, 8>::ZERO);
    let trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1)));
    assert!(trainer.is_ok());
}
