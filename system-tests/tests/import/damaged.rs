//! Unusual and damaged files: they give the same network, or an error that names the fault.

use super::state_dict::{GRU, Named, Tensor, edited, find, in_order, read, state_dict};
use super::{file, model};
use elman_files::source::LIMIT;
use elman_import::{ImportError, torch};
use elman_model::Nonlinearity;
use safetensors::Dtype;

#[test]
fn tensors_may_stand_in_any_order() {
    let mut tensors = state_dict(GRU);
    for _ in 0..tensors.len() {
        tensors.rotate_left(1);
        assert_eq!(torch::read(&in_order(&tensors), Nonlinearity::Tanh).unwrap().model, model(GRU));
    }
}

#[test]
fn extra_tensors_are_named() {
    let import = edited(|tensors| {
        let extra = Tensor { dtype: Dtype::I64, shape: vec![1], data: vec![0; 8] };
        tensors.push(("steps".to_string(), extra));
    });
    let import = import.unwrap();
    assert_eq!((import.model, import.extra), (model(GRU), vec!["steps".to_string()]));
    assert!(torch::read(&file(GRU), Nonlinearity::Tanh).unwrap().extra.contains(&"f64/grad/head.weight".to_string()));
}

#[test]
fn any_tensor_missing_is_an_error() {
    for at in 0..state_dict(GRU).len() {
        let mut removed = String::new();
        let error = edited(|tensors| removed = tensors.remove(at).0).unwrap_err();
        println!("without {removed}: {error}");
        // Without a name that identifies its module, the module is not found, or its other tensors belong to none.
        assert!(
            error.contains(&removed) || error.contains("there is no") || error.contains("bias"),
            "{removed}: {error}"
        );
    }
}

#[test]
fn any_other_shape_is_an_error() {
    for at in 0..state_dict(GRU).len() {
        for (by, dimension) in [(1, 0), (1, 1), (0, 0), (0, 1)] {
            let mut name = String::new();
            let result = edited(|tensors| {
                name = tensors[at].0.clone();
                let tensor = &mut tensors[at].1;
                let last = tensor.shape.len() - 1;
                let length = &mut tensor.shape[dimension.min(last)];
                *length = if by == 1 { *length + 1 } else { 0 };
                tensor.data.resize(4 * tensor.shape.iter().product::<usize>(), 0);
            });
            // One more input gives another valid network; all other accepted files give the same network.
            match result {
                Ok(import) => assert!(
                    by == 1 && ((name == "rnn.weight_ih_l0" && dimension == 1) || import.model == model(GRU)),
                    "{name} {dimension} {by}"
                ),
                Err(error) => println!("{name}: {error}"),
            }
        }
    }
}

#[test]
fn half_precision_is_read_exactly() {
    let f32s = |data: &[u8]| -> Vec<f32> { data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect() };
    for dtype in [Dtype::BF16, Dtype::F16, Dtype::F64] {
        let import = edited(|tensors| {
            for (_, tensor) in tensors {
                // A number with three binary places is exact in every type.
                let short = f32s(&tensor.data).into_iter().map(|x| (x * 8.0).round() / 8.0);
                tensor.data = match dtype {
                    Dtype::BF16 => short.flat_map(|x| ((x.to_bits() >> 16) as u16).to_le_bytes()).collect(),
                    Dtype::F16 => short.flat_map(|x| f16(x).to_le_bytes()).collect(),
                    _ => short.flat_map(|x| f64::from(x).to_le_bytes()).collect(),
                };
                tensor.dtype = dtype;
            }
        });
        let want = model(GRU).head.values.into_iter().map(|x| (x * 8.0).round() / 8.0).collect::<Vec<_>>();
        assert_eq!(import.unwrap().model.head.values, want, "{dtype:?}");
    }
    let error = edited(|tensors| {
        let tensor = find(tensors, "head.bias");
        (tensor.dtype, tensor.data) = (Dtype::I32, tensor.data.clone());
    });
    assert_eq!(
        error.unwrap_err(),
        "head.bias is of type I32; only F64, F32, F16 and BF16 are supported: save the network before it is quantised, or convert \
         it with model.float()"
    );
}

/// Returns the f16 bits of a multiple of 1/8 within about ±1.
fn f16(x: f32) -> u16 {
    if x == 0.0 {
        return (x.to_bits() >> 16) as u16;
    }
    let bits = x.to_bits();
    let exponent = (bits >> 23 & 0xff) as u16 - 112;
    (bits >> 16 & 0x8000) as u16 | exponent << 10 | (bits >> 13 & 0x3ff) as u16
}

#[test]
fn cut_off_anywhere_it_is_an_error() {
    let bytes = file("rnn_tanh_i1h1t1_lab");
    for length in 0..bytes.len() {
        assert!(torch::read(&bytes[..length], Nonlinearity::Tanh).is_err(), "{length}");
    }
}

#[test]
fn any_byte_changed_is_never_a_panic() {
    let bytes = in_order(&state_dict("rnn_tanh_i1h1t1_lab"));
    for at in 0..bytes.len() {
        for flip in [0x01, 0x10, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let _ = torch::read(&damaged, Nonlinearity::Tanh);
        }
    }
}

/// Lengths, shapes and offsets of 2^40 and more are refused.
#[test]
fn lengths_beyond_the_file_allocate_nothing() {
    let bytes = file("rnn_tanh_i1h1t1_lab");
    for length in [1_u64 << 40, u64::MAX, bytes.len() as u64] {
        let damaged = [&length.to_le_bytes()[..], &bytes[8..]].concat();
        assert!(torch::read(&damaged, Nonlinearity::Tanh).is_err(), "{length}");
    }
    let text = String::from_utf8_lossy(&in_order(&state_dict("rnn_tanh_i1h1t1_lab"))[8..]).into_owned();
    let header = &text[..=text.rfind('}').unwrap()];
    for (from, to) in
        [("[1, 1]", "[1, 1099511627776]"), ("[1, 1]", "[4294967296, 4294967296]"), (",4]", ",1099511627776]")]
    {
        let header = header.replacen(from, to, 1);
        let damaged = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 28]].concat();
        assert!(torch::read(&damaged, Nonlinearity::Tanh).is_err(), "{header}");
    }
}

#[test]
fn modules_may_have_any_name() {
    let rename = |tensors: &mut Named, from: &str, to: &str| {
        tensors.iter_mut().for_each(|(name, _)| *name = name.replace(from, to));
    };
    let import = edited(|tensors| {
        rename(tensors, "rnn.", "encoder.layer.");
        rename(tensors, "head.", "fc2.");
    });
    assert_eq!(import.unwrap().model, model(GRU));
    let two = |tensors: &mut Named| {
        rename(tensors, "head.", "fc1.");
        let more: Named = tensors.iter().filter(|(name, _)| name.starts_with("fc1.")).cloned().collect();
        tensors.extend(more.into_iter().map(|(name, tensor)| (name.replace("fc1", "fc2"), tensor)));
    };
    assert_eq!(edited(two).unwrap_err(), "any of these could be the linear layer: fc1, fc2");
    let mut tensors = state_dict(GRU);
    two(&mut tensors);
    let import = torch::read_renamed(&in_order(&tensors), Nonlinearity::Tanh, &[("fc2", "head")], LIMIT).unwrap();
    assert_eq!((import.model, import.extra), (model(GRU), vec!["fc1.bias".to_string(), "fc1.weight".to_string()]));
}

#[test]
fn what_is_not_supported_is_said() {
    let error = edited(|tensors| {
        let tensor = find(tensors, "rnn.weight_hh_l0").clone();
        tensors.push(("rnn.weight_hr_l0".to_string(), tensor));
    });
    assert_eq!(
        error.unwrap_err(),
        "rnn.weight_hr_l0: an LSTM with projections is not supported; train it without proj_size"
    );
    let error = edited(|tensors| {
        let tensor = find(tensors, "rnn.weight_hh_l0").clone();
        tensors.push(("rnn.weight_hh_l3".to_string(), tensor));
    });
    assert_eq!(
        error.unwrap_err(),
        "rnn.weight_hh_l3 does not belong to any layer: layers are numbered from l0, all with or all without biases, \
         and all in one or all in both directions; save the whole state dict"
    );
}

#[test]
fn a_weight_that_is_not_a_number_is_named() {
    let bad = [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf"), (1e39, "1e39")];
    for (value, says) in bad {
        let wide = |tensors: &mut Named| {
            for (_, tensor) in &mut *tensors {
                let numbers = tensor.data.as_chunks().0.iter().map(|&b| f64::from(f32::from_le_bytes(b)));
                (tensor.dtype, tensor.data) = (Dtype::F64, numbers.flat_map(f64::to_le_bytes).collect());
            }
            // The last element of 15 rows of 5.
            find(tensors, "rnn.weight_hh_l0").data[8 * 74..].copy_from_slice(&value.to_le_bytes());
        };
        let error = edited(wide).unwrap_err();
        assert!(error.starts_with("rnn.weight_hh_l0[14, 4] is ") && error.contains("finite f32"), "{error}");
        assert!(says == "1e39" || error.contains(&format!("is {says};")), "{error}");
    }
    // A tensor that belongs to no module is not read.
    let extra = Tensor { dtype: Dtype::F32, shape: vec![1], data: f32::NAN.to_le_bytes().to_vec() };
    assert!(edited(|tensors| tensors.push(("steps".to_string(), extra))).is_ok());
}

/// Every weight is a finite f32, but the outputs of the network are not finite.
#[test]
fn weights_whose_sums_overflow_are_refused() {
    let fill = |tensors: &mut Named, name: &str, value: f32| {
        find(tensors, name).data.chunks_mut(4).for_each(|number| number.copy_from_slice(&value.to_le_bytes()));
    };
    let error = edited(|tensors| fill(tensors, "head.bias", f32::MAX)).map(|_| ());
    assert_eq!(error, Ok(()), "the largest number alone is finite");
    for value in [f32::MAX, f32::MIN] {
        let error = edited(|tensors| {
            fill(tensors, "head.weight", value);
            fill(tensors, "rnn.weight_ih_l0", 100.0);
            fill(tensors, "rnn.weight_hh_l0", 0.0);
        });
        let error = error.unwrap_err();
        let what = "in f32, output 0 is not finite for inputs from -1 to 1: the weights are too large; train with weight decay";
        assert!(error.starts_with(what), "{error}");
    }
    // The state of a ReLU network is not bounded, so large weights can overflow.
    let name = "rnn_relu_i7h3t5_h0_cls";
    let mut tensors = state_dict(name);
    fill(&mut tensors, "rnn.weight_ih_l0", 1e30);
    fill(&mut tensors, "rnn.weight_hh_l0", 0.0);
    fill(&mut tensors, "head.weight", 1e30);
    let bytes = safetensors::serialize(tensors.iter().map(|(name, tensor)| (name, tensor)), None).unwrap();
    let error = torch::read(&bytes, Nonlinearity::Relu).unwrap_err();
    assert!(matches!(error, ImportError::Overflow { output: 0 }), "{error}");
    assert!(torch::read(&bytes, Nonlinearity::Tanh).is_ok(), "a bounded state does not");
}

#[test]
fn an_embedding_without_symbols_is_refused() {
    let mut tensors = state_dict("gru_i5h7t12_embedding_lab");
    let table = find(&mut tensors, "emb.weight");
    (table.shape[0], table.data) = (0, Vec::new());
    let error = read(&tensors).unwrap_err();
    assert!(error.contains("0 symbols") || error.contains("emb.weight"), "{error}");
}
