use elman::{Adam, Class, Config, Dense, Gru, Last, Network, Trainer, Workspace, Zero};

type Net = Network<Gru<3, 8>, Dense<8, 2>>;
type Work = Workspace<Net, Adam, 8>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut net, mut work) = (Net::ZERO, Work::ZERO);
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1)))?;
    trainer.update(&[[0.0; 2], [1.0; 2]], Last(Class::new(1)?))?;
    Ok(())
}
