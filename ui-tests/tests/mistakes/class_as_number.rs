use elman::{Adam, Config, Dense, Gru, Last, Network, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;

fn main() {
    let (mut net, mut work) = (Net::ZERO, Workspace::<Net, Adam, 8>::ZERO);
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1))).unwrap();
    trainer.update(&[[0.0; 2]], Last(1)).unwrap();
}
