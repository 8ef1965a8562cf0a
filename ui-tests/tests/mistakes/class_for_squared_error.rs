use elman::{Adam, Class, Config, Dense, Gru, Last, Network, SquaredError, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Work = Workspace<Net, Adam, 8>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut net, mut work) = (Net::ZERO, Work::ZERO);
    let config = Config::new(Adam::new(0.1)).with_loss(SquaredError);
    let mut trainer = Trainer::new(&mut net, &mut work, config)?;
    trainer.update(&[[0.0; 2]], Last(Class::<3>::new(1)?))?;
    Ok(())
}
