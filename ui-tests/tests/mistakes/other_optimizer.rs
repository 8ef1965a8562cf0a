use elman::{Adam, Config, Dense, Gru, Network, Sgd, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Work = Workspace<Net, Adam, 8>;

fn main() {
    let (mut net, mut work) = (Net::ZERO, Work::ZERO);
    let trainer = Trainer::new(&mut net, &mut work, Config::new(Sgd { rate: 0.1 }));
    assert!(trainer.is_ok());
}
