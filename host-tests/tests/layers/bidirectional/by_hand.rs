//! Outputs of a bidirectional layer, computed from its two cells.

use super::F64;
use elman::layer::{Add, Concat, Ends, Join, Multiply};
use elman::{Bidirectional, Gru, Lstm, Zero};
use host_tests::Noise;
use host_tests::plain::drawn;
use host_tests::replay::features;

/// The layer gives the outputs of two cells, the second of which reads the sequence in reverse.
#[test]
fn two_cells_driven_by_hand() {
    type Forward = Lstm<3, 4, F64>;
    type Backward = Gru<3, 4, F64>;
    let layer = Bidirectional::<Forward, Backward>::new(drawn(1, 1.5), drawn(2, 1.5));
    for steps in [1, 2, 9] {
        let xs = Noise(3).vectors::<f64, 3>(steps);
        let start = Ends { forward: Zero::ZERO, backward: Noise(4).vector(), joined: Zero::ZERO };
        let turned: Vec<_> = xs.iter().rev().copied().collect();
        let (forward, end) = features(&layer.forward, &start.forward, &xs);
        let (mut backward, beginning) = features(&layer.backward, &start.backward, &turned);
        backward.reverse();
        let (found, state) = features(&layer, &start, &xs);
        let both: Vec<_> = forward.iter().zip(&backward).map(|(&f, &b)| [f, b]).collect();
        assert_eq!(found, both);
        let joined = [forward[steps - 1], backward[0]];
        assert_eq!(state, Ends { forward: end, backward: beginning, joined });
    }
}

#[test]
fn joins_by_hand() {
    fn joined<J: Join<[f64; 2]>>(f: [f64; 2], b: [f64; 2]) -> J::Output {
        let mut output = J::begin(&f);
        J::complete(&mut output, &b);
        output
    }
    let (f, b) = ([1.0, -2.0], [0.5, 3.0]);
    assert_eq!(joined::<Concat>(f, b), [[1.0, -2.0], [0.5, 3.0]]);
    assert_eq!(joined::<Add>(f, b), [1.5, 1.0]);
    assert_eq!(joined::<Multiply>(f, b), [0.5, -6.0]);
}
