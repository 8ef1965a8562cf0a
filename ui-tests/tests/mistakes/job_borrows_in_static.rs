use elman::{Adam, Class, Dense, Gru, Job, Last, Network, Workspace};
use std::sync::Mutex;

type Net = Network<Gru<2, 4>, Dense<4, 3>>;
type Work = Workspace<Net, Adam, 8>;

static LESSON: Mutex<Option<Job<Work, &[[f32; 2]], Last<Class<3>>>>> = Mutex::new(None);

fn main() {
    let samples = [[0.0; 2]; 8];
    *LESSON.lock().unwrap() = Some(Job::new(&samples, Last(Class::default())));
}
