//! Activity of a phone's wearer: the bits of the boards.

#[path = "../../../firmware-example/src/activity.rs"]
mod network;

const LOG: &str = include_str!("../../../firmware-example/src/bin/activity.out");

#[test]
fn each_window_has_the_state_of_the_boards() {
    let bytes = size_of::<network::Net>();
    let mut log = format!("INFO {{board}}: a network of {bytes} bytes in flash\n");
    let model = network::model().unwrap();
    for signal in &network::SIGNALS {
        let state = model.window(signal);
        log += &format!("INFO {}: {}, state {state:?}\n", signal.name, model.answer(&state));
    }
    assert_eq!(log, LOG);
}
