use elman::{Adam, Config, Dense, Each, Embedding, Gru, Network, Stacked, Token, Trainer, Workspace, Zero};

type Net = Network<Stacked<Embedding<65, 16>, Stacked<Gru<16, 32>, Gru<31, 32>>>, Dense<32, 65>>;
type Work = Workspace<Net, Adam, 25, 25>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut net, mut work) = (Net::ZERO, Work::ZERO);
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.01)))?;
    let text = [Token::<65>::new(7)?; 25];
    trainer.update(&text, Each(&text))?;
    Ok(())
}
