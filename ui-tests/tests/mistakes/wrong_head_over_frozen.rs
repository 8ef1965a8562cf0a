use elman::{Adam, Dense, Elman, Frozen, Network, Workspace};

type Net = Network<Frozen<'static, Elman<2, 4>>, Dense<5, 3>>;

static WORK: Workspace<Net, Adam, 8> = Workspace::ZERO;

fn main() {
    let _ = &WORK;
}
