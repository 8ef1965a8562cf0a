//! Operators that move values without changing them.

use super::signal::{Signal, place};
use super::tensor::{RANK, Tensor};
use super::value::{Call, Value};
use crate::{ImportError, shown};

type Moved = Result<Value, ImportError>;

/// Returns the input unchanged.
pub fn identity(call: &Call<'_>) -> Moved {
    call.value(0).cloned()
}

pub fn constant(call: &Call<'_>) -> Moved {
    let [attribute] = call.node.0.attribute.as_slice() else {
        return Err(call.node.refuse("must have exactly one value; is the model damaged?"));
    };
    let vector = |values: Vec<f64>| Tensor { shape: vec![values.len()], values };
    let tensor = match (attribute.name.as_str(), &attribute.t) {
        ("value", Some(stored)) => Tensor::read(&call.node.0.output.concat(), stored)?,
        ("value_int", _) => Tensor { shape: vec![], values: vec![attribute.i as f64] },
        ("value_ints", _) => vector(attribute.ints.iter().map(|&x| x as f64).collect()),
        ("value_float", _) => Tensor { shape: vec![], values: vec![attribute.f.into()] },
        ("value_floats", _) => vector(attribute.floats.iter().map(|&x| x.into()).collect()),
        (other, _) => {
            return Err(call
                .node
                .refuse(format!("has the attribute {}; only numeric constants are supported", shown::name(other))));
        }
    };
    Ok(tensor.into())
}

pub fn transpose(call: &Call<'_>) -> Moved {
    let permutation = |rank: usize| {
        let reversed = || (0..rank as i64).rev().collect();
        let named = call.node.attribute("perm").map_or_else(reversed, |attribute| attribute.ints.clone());
        let axes = named.iter().map(|&axis| place(call.node, axis, rank)).collect::<Result<Vec<_>, _>>()?;
        let mut sorted = axes.clone();
        sorted.sort_unstable();
        if sorted.into_iter().ne(0..rank) {
            return Err(call
                .node
                .refuse(format!("permutes {rank} dimensions by {}; is the model damaged?", shown::numbers(&named))));
        }
        Ok(axes)
    };
    Ok(match call.value(0)? {
        Value::Constant(tensor) => tensor.transposed(&permutation(tensor.shape.len())?).into(),
        Value::Signal(signal) => Value::Signal(signal.transposed(&permutation(signal.dimensions.len())?)),
        rest => rest.clone(),
    })
}

pub fn squeeze(call: &Call<'_>) -> Moved {
    let named = call.integers(1, "axes")?;
    let axes = |lengths: Vec<Option<usize>>| match &named {
        Some(axes) => axes.iter().map(|&axis| place(call.node, axis, lengths.len())).collect(),
        None => Ok((0..lengths.len()).filter(|&axis| lengths[axis] == Some(1)).collect::<Vec<_>>()),
    };
    Ok(match call.value(0)? {
        Value::Constant(tensor) => {
            let axes = axes(tensor.shape.iter().copied().map(Some).collect())?;
            let kept = (0..tensor.shape.len()).filter(|axis| !axes.contains(axis));
            reshaped(call, tensor, kept.map(|axis| tensor.shape[axis]).collect())?
        }
        Value::Signal(signal) => {
            let lengths: Vec<_> = signal.dimensions.iter().map(|dimension| dimension.length).collect();
            if named.is_none() && lengths.contains(&None) {
                return Err(call.node.refuse(
                    "removes every dimension of length 1, but not every length is known; name the dimension, \
                     as in squeeze(0), or export with fixed sizes",
                ));
            }
            Value::Signal(signal.squeezed(call.node, &axes(lengths)?)?)
        }
        rest => rest.clone(),
    })
}

pub fn unsqueeze(call: &Call<'_>) -> Moved {
    let named = call.integers(1, "axes")?.unwrap_or_default();
    let axes = |rank: usize| {
        let rank = rank + named.len();
        if rank > RANK {
            return Err(call.node.refuse(format!("makes {rank} dimensions; at most {RANK} are supported")));
        }
        let mut axes = named.iter().map(|&axis| place(call.node, axis, rank)).collect::<Result<Vec<_>, _>>()?;
        axes.sort_unstable();
        axes.dedup();
        if axes.len() < named.len() {
            return Err(call
                .node
                .refuse(format!("names a dimension twice: {}; is the model damaged?", shown::numbers(&named))));
        }
        Ok(axes)
    };
    Ok(match call.value(0)? {
        Value::Constant(tensor) => {
            let mut shape = tensor.shape.clone();
            axes(shape.len())?.into_iter().for_each(|axis| shape.insert(axis, 1));
            reshaped(call, tensor, shape)?
        }
        Value::Signal(signal) => Value::Signal(signal.unsqueezed(&axes(signal.dimensions.len())?)),
        rest => rest.clone(),
    })
}

pub fn reshape(call: &Call<'_>) -> Moved {
    if call.node.integer("allowzero", 0) != 0 {
        return Err(call.node.refuse("sets allowzero; only allowzero=0, where 0 keeps a length, is supported"));
    }
    let data = call.value(0)?;
    if matches!(data, Value::Zeros | Value::Other) {
        return Ok(data.clone());
    }
    let shape = call.integers(1, "shape")?.unwrap_or_default();
    match data {
        Value::Signal(signal) => Ok(Value::Signal(signal.reshaped(call.node, &shape)?)),
        Value::Constant(tensor) => {
            let own = |at: usize| tensor.shape.get(at).map_or(0, |&n| n as i64);
            let shape: Vec<i64> = shape.iter().enumerate().map(|(at, &n)| if n == 0 { own(at) } else { n }).collect();
            let known = shape.iter().filter(|&&n| n >= 0).try_fold(1_usize, |count, &n| count.checked_mul(n as usize));
            let rest = known.filter(|&known| known > 0).map_or(0, |known| tensor.values.len() / known);
            reshaped(call, tensor, shape.iter().map(|&n| usize::try_from(n).unwrap_or(rest)).collect())
        }
        rest => Ok(rest.clone()),
    }
}

pub fn slice(call: &Call<'_>) -> Moved {
    let starts = call.integers(1, "starts")?.unwrap_or_default();
    let ends = call.integers(2, "ends")?.unwrap_or_default();
    let axes = call.integers(3, "axes")?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = call.integers(4, "steps")?.unwrap_or_default();
    if steps.iter().any(|&step| step != 1) || ends.len() != starts.len() || axes.len() != starts.len() {
        return Err(call.node.refuse(format!(
            "slices from {} to {} along {} by {}; only slices with a start and an end for each dimension and steps \
                of 1 are supported",
            shown::numbers(&starts),
            shown::numbers(&ends),
            shown::numbers(&axes),
            shown::numbers(&steps)
        )));
    }
    let mut data = call.value(0)?.clone();
    for ((&axis, &start), &end) in axes.iter().zip(&starts).zip(&ends) {
        data = match data {
            Value::Constant(tensor) => {
                let axis = place(call.node, axis, tensor.shape.len())?;
                let length = tensor.shape[axis];
                let from_front = |at: i64| if at < 0 { at.saturating_add_unsigned(length as u64) } else { at };
                let within = |at: i64| from_front(at).clamp(0, length as i64) as usize;
                tensor.taken(axis, &(within(start)..within(end)).collect::<Vec<_>>()).into()
            }
            Value::Signal(signal) => {
                let axis = place(call.node, axis, signal.dimensions.len())?;
                Value::Signal(signal.range(call.node, axis, (start, end))?)
            }
            rest => rest,
        };
    }
    Ok(data)
}

/// Gathers elements of a constant or a signal; an embedding is handled elsewhere.
pub fn gather(call: &Call<'_>) -> Moved {
    let axis = call.node.integer("axis", 0);
    let data = call.value(0)?;
    if matches!(data, Value::Zeros | Value::Other) {
        return Ok(data.clone());
    }
    let places = call.constant(1)?;
    match (data, places.integers().as_slice()) {
        (Value::Signal(signal), &[at]) => {
            let axis = place(call.node, axis, signal.dimensions.len())?;
            let part = signal.at(call.node, axis, at)?;
            let scalar = places.shape.is_empty();
            Ok(Value::Signal(if scalar { part } else { part.unsqueezed(&[axis]) }))
        }
        (Value::Constant(tensor), at) => {
            let axis = place(call.node, axis, tensor.shape.len())?;
            let length = tensor.shape[axis];
            let at = at.iter().map(|&at| place(call.node, at, length)).collect::<Result<Vec<_>, _>>()?;
            call.check((tensor.values.len() / length.max(1)).saturating_mul(at.len()))?;
            let taken = tensor.taken(axis, &at);
            let mut shape = taken.shape.clone();
            shape.splice(axis..=axis, places.shape.iter().copied());
            reshaped(call, &taken, shape)
        }
        _ => Err(call.node.refuse(
            "takes several elements of computed values; only the last step or a layer's last state can be taken",
        )),
    }
}

pub fn concat(call: &Call<'_>) -> Moved {
    let axis = call.node.integer("axis", 0);
    let values = (0..call.inputs.len()).map(|place| call.value(place)).collect::<Result<Vec<_>, _>>()?;
    let constants: Vec<&Tensor> =
        values.iter().filter_map(|v| if let Value::Constant(t) = v { Some(&**t) } else { None }).collect();
    let signals: Vec<&Signal> =
        values.iter().filter_map(|v| if let Value::Signal(s) = v { Some(s) } else { None }).collect();
    if signals.len() == values.len() && !signals.is_empty() {
        return Ok(Value::Signal(Signal::joined(call.node, &signals, axis)?));
    }
    if constants.len() == values.len() && !constants.is_empty() {
        call.check(constants.iter().map(|tensor| tensor.values.len()).sum())?;
        let axis = place(call.node, axis, constants[0].shape.len())?;
        let joined = Tensor::joined(&constants, axis);
        return joined
            .map(Value::from)
            .ok_or_else(|| call.node.refuse("joins tensors of different shapes; is the model damaged?"));
    }
    if signals.is_empty() {
        Ok(Value::Other)
    } else {
        Err(call.node.refuse("joins computed values with other values; only the final states of layers can be joined"))
    }
}

/// Returns zeros, although their shape may be known only when the graph runs.
pub fn constant_of_shape(call: &Call<'_>) -> Moved {
    let value = call.node.attribute("value").and_then(|attribute| attribute.t.as_ref());
    let value = value.map(|stored| Tensor::read("value", stored)).transpose()?;
    if value.is_none_or(|value| value.is_zero()) {
        Ok(Value::Zeros)
    } else {
        Err(call.node.refuse("creates values other than zeros; only zeros, for initial states, are supported"))
    }
}

/// Repeats values. Only zeros are supported, since they need no copies.
pub fn expand(call: &Call<'_>) -> Moved {
    match call.value(0)? {
        Value::Constant(tensor) if tensor.is_zero() => Ok(Value::Zeros),
        Value::Zeros => Ok(Value::Zeros),
        Value::Other => Ok(Value::Other),
        _ => Err(call.node.refuse("repeats values other than zeros; only zeros, for initial states, are supported")),
    }
}

fn reshaped(call: &Call<'_>, tensor: &Tensor, shape: Vec<usize>) -> Moved {
    let says = format!("reshapes {} values to {}; is the model damaged?", tensor.values.len(), shown::numbers(&shape));
    tensor.reshaped(shape).map(Value::from).ok_or_else(|| call.node.refuse(says))
}
