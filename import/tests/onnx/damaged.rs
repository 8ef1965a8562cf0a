//! Damaged or unusual files give the same network, or an error that names the problem. They never cause a panic,
//! or take more memory than the size of the file justifies.

use super::refused::{error, graph};
use super::{file, read};
use elman_files::source::LIMIT;
use elman_import::onnx::{self, proto};
use elman_import::{Import, ImportError};
use half::{bf16, f16};
use prost::Message;

const STACK: &str = "gru_before_lstm_lengths";
const SMALL: &str = "gru_before_i1h1";

fn tensor<'a>(graph: &'a mut proto::Graph, name: &str) -> &'a mut proto::Tensor {
    graph.initializer.iter_mut().find(|tensor| tensor.name == name).unwrap()
}

fn numbers(tensor: &proto::Tensor) -> Vec<f32> {
    tensor.raw_data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect()
}

fn edited(edit: impl FnOnce(&mut proto::Graph)) -> Import {
    let mut model = graph(STACK);
    edit(model.graph.as_mut().unwrap());
    onnx::read(&model.encode_to_vec()).unwrap()
}

#[test]
fn tensors_may_stand_in_any_order() {
    for turn in 0..graph(STACK).graph.unwrap().initializer.len() {
        assert_eq!(edited(|graph| graph.initializer.rotate_left(turn)), read(STACK));
    }
}

#[test]
fn extra_tensors_are_named() {
    let strange =
        |name: &str| proto::Tensor { name: name.to_string(), data_type: 8, dims: vec![9], ..Default::default() };
    let import = edited(|graph| graph.initializer.extend([strange("steps"), strange("epoch")]));
    assert_eq!((import.model, import.extra), (read(STACK).model, vec!["epoch".to_string(), "steps".to_string()]));
}

#[test]
fn any_tensor_missing_is_named() {
    for at in 0..graph(STACK).graph.unwrap().initializer.len() {
        let mut removed = String::new();
        let error = error(STACK, |graph| removed = graph.initializer.remove(at).name);
        assert!(error.contains(&format!("reads {removed}, which does not exist: ")), "{error}");
    }
}

#[test]
fn any_other_shape_is_an_error() {
    for (name, axes) in [("w0", 3), ("r0", 3), ("b0", 2), ("w1", 3), ("b1", 2), ("weight", 2), ("bias", 1)] {
        for axis in 0..axes {
            for length in [0, 1 << 40, i64::MIN] {
                let error = error(STACK, |graph| tensor(graph, name).dims[axis] = length);
                assert!(error.contains(name), "{name}: {error}");
            }
            let longer = error(STACK, |graph| {
                let tensor = tensor(graph, name);
                tensor.dims[axis] += 1;
                tensor.raw_data = vec![0; 4 * tensor.dims.iter().product::<i64>() as usize];
            });
            println!("{name} {axis}: {longer}");
        }
    }
}

#[test]
fn every_number_type_is_read() {
    let wants = |graph: &mut proto::Graph| {
        // Multiples of 1/8 are exact in every type.
        for tensor in &mut graph.initializer {
            let short = numbers(tensor).into_iter().map(|x| (x * 8.0).round() / 8.0);
            tensor.raw_data = short.flat_map(f32::to_le_bytes).collect();
        }
    };
    let want = edited(wants);
    let as_type = |data_type: i32, raw: bool| {
        edited(|graph| {
            wants(graph);
            for tensor in &mut graph.initializer {
                let values = numbers(tensor);
                tensor.raw_data.clear();
                tensor.data_type = data_type;
                let bits =
                    |x: f32| if data_type == 10 { f16::from_f32(x).to_bits() } else { bf16::from_f32(x).to_bits() };
                match (data_type, raw) {
                    (1, _) => tensor.float_data = values,
                    (11, true) => tensor.raw_data = values.iter().flat_map(|&x| f64::from(x).to_le_bytes()).collect(),
                    (11, false) => tensor.double_data = values.into_iter().map(f64::from).collect(),
                    (_, true) => tensor.raw_data = values.into_iter().flat_map(|x| bits(x).to_le_bytes()).collect(),
                    (_, false) => tensor.int32_data = values.into_iter().map(|x| bits(x).into()).collect(),
                }
            }
        })
    };
    for (data_type, raw) in [(1, false), (10, true), (10, false), (11, true), (11, false), (16, true), (16, false)] {
        assert_eq!(as_type(data_type, raw), want, "{data_type} {raw}");
    }
    let strings = error(STACK, |graph| tensor(graph, "w1").data_type = 8);
    assert!(strings.starts_with("w1 is of type STRING; only F64, F32, F16 and BF16 are supported"), "{strings}");
    let unknown = error(STACK, |graph| tensor(graph, "w1").data_type = -3);
    assert!(unknown.starts_with("w1 is of type -3"), "{unknown}");
}

#[test]
fn a_weight_that_is_not_a_number_is_named() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = error(STACK, |graph| {
            // The last value of the last row.
            let tensor = tensor(graph, "r0");
            let end = tensor.raw_data.len();
            tensor.raw_data[end - 4..].copy_from_slice(&value.to_le_bytes());
        });
        assert!(error.starts_with(&format!("r0[0, 17, 5] is {value}; every weight must be a finite f32")), "{error}");
    }
}

#[test]
fn cut_off_anywhere_it_is_the_network_or_an_error() {
    for name in [SMALL, "lstm_l2_export"] {
        let (bytes, whole) = (file(name), read(name));
        for length in 0..bytes.len() {
            if let Ok(import) = onnx::read(&bytes[..length]) {
                assert_eq!(import.model, whole.model, "{name} {length}");
            }
        }
    }
    assert_eq!(onnx::read(&[]).unwrap_err().to_string(), "not a readable ONNX file: it contains no graph");
}

#[test]
fn any_byte_changed_is_never_a_panic() {
    for name in [SMALL, STACK, "gru_last_export", "rnn_bi_l2"] {
        let bytes = file(name);
        for at in 0..bytes.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                if let Ok(import) = onnx::read(&damaged) {
                    assert!(import.model.description().len() <= 512);
                }
            }
        }
    }
}

/// Puts the length 2^40 in place of each byte in turn.
#[test]
fn lengths_beyond_the_file_allocate_nothing() {
    let huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    let bytes = file(SMALL);
    for at in 0..bytes.len() {
        let damaged = [&bytes[..at], &huge, &bytes[at + 1..]].concat();
        let _ = onnx::read(&damaged);
    }
    let outer = [&[0x3a][..], &huge, &bytes].concat();
    assert!(onnx::read(&outer).unwrap_err().to_string().starts_with("not a readable ONNX file: "));
}

fn doubling(operator: &str, shape: &[i64], rounds: usize) -> String {
    error(SMALL, |graph| {
        let count = shape.iter().product::<i64>() as usize;
        let float_data = vec![0.5; count];
        graph.initializer.push(proto::Tensor {
            name: "n0".to_string(),
            dims: shape.to_vec(),
            data_type: 1,
            float_data,
            ..Default::default()
        });
        for round in 0..rounds {
            let name = |n: usize| format!("n{n}");
            let axis = proto::Attribute { name: "axis".to_string(), i: 0, ..Default::default() };
            graph.node.push(proto::Node {
                op_type: operator.to_string(),
                input: vec![name(round), name(round)],
                output: vec![name(round + 1)],
                attribute: vec![axis],
                ..Default::default()
            });
        }
    })
}

#[test]
fn nodes_that_multiply_numbers_are_stopped() {
    let says = "creates more values than a file of this length may";
    assert!(doubling("Concat", &[64], 60).contains(says));
    assert!(doubling("Concat", &[1, 0], 60).contains("Concat"), "no numbers, but ever longer");
    // Each node takes as many rows as its input has numbers.
    let taken = doubling("Gather", &[8, 8], 60);
    assert!(taken.contains("Gather"), "{taken}");
    let states = error("lstm_l2_bi_script", |graph| {
        let all =
            graph.node.iter().position(|node| node.op_type == "Concat" && node.input[0].contains("LSTM")).unwrap();
        let mut last = graph.node[all].output[0].clone();
        for round in 0..40 {
            let next = format!("states{round}");
            let mut node = graph.node[all].clone();
            (node.input, node.output) = (vec![last.clone(), last], vec![next.clone()]);
            graph.node.insert(all + 1 + round, node);
            last = next;
        }
    });
    assert!(states.contains("joins more states"), "{states}");
}

/// Encodes a field with its tag and length.
fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut length = bytes.len();
    let mut field = vec![tag << 3 | 2];
    while length > 127 {
        field.push((length & 127) as u8 | 128);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend_from_slice(bytes);
    field
}

/// Each message of 2 bytes can become a value of hundreds of bytes.
#[test]
fn many_short_messages_are_stopped_before_they_are_read() {
    let read = |graph: &[u8], limit| onnx::read_beside(field(7, graph), &onnx::alone, limit).unwrap_err().to_string();
    for (tag, inner) in [(1, vec![]), (5, vec![]), (11, vec![]), (12, vec![]), (1, field(5, &[])), (5, field(13, &[]))]
    {
        let graph = field(tag, &inner).repeat(100_000);
        let error = read(&graph, 4_000_000);
        assert!(
            error.contains("the limit is 4 MiB; if you trust the file, raise the limit (--limit)"),
            "{tag}: {error}"
        );
        let error = read(&graph, LIMIT);
        assert!(!error.contains("limit"), "{tag}: {error}");
    }
    // Integers of 1 byte become 8 bytes each.
    let integers = field(5, &field(7, &[1; 1_000_000]));
    assert!(read(&integers, 4_000_000).contains("the limit is 4 MiB"));
}

#[test]
fn a_message_longer_than_the_one_around_it_is_not_followed() {
    let inner = field(5, &[]).repeat(100_000);
    let node = [&[0x0a, 4][..], &field(5, &inner)].concat();
    let error = onnx::read(&field(7, &node)).unwrap_err().to_string();
    assert!(error.starts_with("not a readable ONNX file: "), "{error}");
}

/// The limit covers the weights and the values computed from them.
#[test]
fn the_limit_is_for_numbers_too() {
    let bytes = file(STACK);
    let read = |limit| onnx::read_beside(&bytes, &onnx::alone, limit);
    let least = (0..).map(|kilobytes| 1000 * kilobytes).find(|&limit| read(limit).is_ok()).unwrap();
    assert!(least > 4 * bytes.len() as u64, "{least} for {}", bytes.len());
    for limit in [0, 1, bytes.len() as u64, least - 1000] {
        let error = read(limit).unwrap_err();
        assert!(
            matches!(error, ImportError::Limit { needs, limit: given } if needs > limit && given == limit),
            "{error}"
        );
    }
}
