use elman::{Adam, Config, Dense, Gru, Last, Network, SquaredError, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Learn<'a> = Trainer<'a, Net, Adam, 8, 1, 1, SquaredError>;

fn main() {
    let (mut net, mut work) = (Net::ZERO, Workspace::ZERO);
    let config = Config::new(Adam::new(0.1)).with_loss(SquaredError);
    let mut trainer = Learn::new(&mut net, &mut work, config).unwrap();
    println!("{:?}", trainer.update(&[[0.5; 2]], Last([0.0; 3])));
}
