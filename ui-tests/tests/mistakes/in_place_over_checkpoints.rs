use elman::optim::InPlaceSgd;
use elman::{Dense, Gru, Network, Workspace, Zero};

type Net = Network<Gru<2, 4>, Dense<4, 3>>;

static WORK: Workspace<Net, InPlaceSgd, 16, 1, 4> = Workspace::ZERO;

fn main() {
    let _ = (&WORK, Net::ZERO);
}
