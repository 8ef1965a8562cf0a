use elman::{Adam, Class, Config, Dense, Gru, Last, Network, Trainer, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Work = Workspace<Net, Adam, 8>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut net, mut work) = (Net::ZERO, Work::ZERO);
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1)))?;
    trainer.update(&[[0.0; 2]], Last(Class::<4>::new(3)?))?;
    Ok(())
}
