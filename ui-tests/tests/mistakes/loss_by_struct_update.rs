use elman::{Adam, Config, Dense, Gru, Last, Network, SquaredError, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;

fn main() {
    let (mut net, mut work) = (Net::ZERO, Workspace::<Net, Adam, 8>::ZERO);
    let config = Config { loss: SquaredError, ..Config::new(Adam::new(0.1)) };
    let mut trainer = Trainer::new(&mut net, &mut work, config).unwrap();
    trainer.update(&[[0.0; 2]], Last([0.0; 3])).unwrap();
}
