//! Values computed from the graph's input, with their meaning and their dimensions.

use super::node::Node;
use super::tensor::RANK;
use crate::{ImportError, shown};

/// Meaning of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Input of the graph.
    Input,
    /// Embedded symbols.
    Embedded,
    /// Outputs at every step of recurrent layer number `layers`, counted from 1.
    Steps { layers: usize },
    /// Outputs at the last step of recurrent layer number `layers`, counted from 1.
    LastStep { layers: usize },
    /// Final states, one for each direction of a layer.
    States(Vec<State>),
    /// Product with the read-out's weights, before its biases are added.
    Product,
    /// Output of the read-out.
    Readout,
}

impl Content {
    /// Returns the depth in the network, which is 0 for the graph's input.
    pub const fn depth(&self) -> usize {
        match self {
            Self::Input => 0,
            Self::Embedded => 1,
            Self::Steps { .. } | Self::LastStep { .. } | Self::States(_) => 2,
            Self::Product => 3,
            Self::Readout => 4,
        }
    }
}

/// Final state of one direction of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub layer: usize,
    pub direction: usize,
}

/// Meaning of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Steps, or sequences, of an input that no recurrent layer has read yet.
    Unread,
    /// Time steps.
    Time,
    /// Sequences of a batch; only one is supported.
    Batch,
    /// Directions, forward then backward; states are concatenated along this dimension.
    Directions,
    /// Values of a step.
    Features,
}

/// A dimension, with its length if it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    pub axis: Axis,
    pub length: Option<usize>,
}

/// Value computed from the graph's input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    pub content: Content,
    pub dimensions: Vec<Dimension>,
}

impl Signal {
    pub fn axes(&self) -> Vec<Axis> {
        self.dimensions.iter().map(|dimension| dimension.axis).collect()
    }

    fn with(&self, dimensions: Vec<Dimension>) -> Self {
        Self { content: self.content.clone(), dimensions }
    }

    /// Permutes the dimensions: dimension `permutation[n]` becomes the n-th.
    pub fn transposed(&self, permutation: &[usize]) -> Self {
        self.with(permutation.iter().map(|&axis| self.dimensions[axis]).collect())
    }

    /// Removes dimensions of length 1.
    pub fn squeezed(&self, node: Node<'_>, axes: &[usize]) -> Result<Self, ImportError> {
        if let Some(long) = axes.iter().map(|&axis| self.dimensions[axis]).find(|d| !d.may_be(1)) {
            return Err(node.refuse(format!(
                "removes a dimension of {}; only a dimension of length 1 can be removed",
                long.says()
            )));
        }
        let kept = self.dimensions.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
        Ok(self.with(kept.map(|(_, dimension)| *dimension).collect()))
    }

    /// Inserts dimensions of length 1 at `axes`, which must be in ascending order.
    pub fn unsqueezed(&self, axes: &[usize]) -> Self {
        let mut dimensions = self.dimensions.clone();
        let axis = if matches!(self.content, Content::Input | Content::Embedded) { Axis::Unread } else { Axis::Batch };
        axes.iter().for_each(|&at| dimensions.insert(at, Dimension { axis, length: Some(1) }));
        self.with(dimensions)
    }

    /// Selects one index along a dimension, and removes the dimension.
    pub fn at(&self, node: Node<'_>, axis: usize, place: i64) -> Result<Self, ImportError> {
        let Dimension { axis: along, length } = self.dimensions[axis];
        let last = place == -1 || length.is_some_and(|length| place >= 0 && place as usize == length - 1);
        let mut dimensions = self.dimensions.clone();
        dimensions.remove(axis);
        let content = match (&self.content, along) {
            (Content::Steps { layers }, Axis::Time) if last => Content::LastStep { layers: *layers },
            (content @ (Content::Product | Content::Readout), Axis::Time) if last => content.clone(),
            (Content::States(states), Axis::Directions) => {
                let place = if place < 0 { place + states.len() as i64 } else { place };
                let state = usize::try_from(place).ok().and_then(|place| states.get(place));
                Content::States(vec![
                    *state
                        .ok_or_else(|| node.refuse(format!("takes state {place}, but there are {}", states.len())))?,
                ])
            }
            (content, axis) if last && length == Some(1) && axis != Axis::Features => content.clone(),
            _ => {
                let says = self.dimensions[axis].says();
                return Err(node.refuse(format!(
                    "takes index {place} of the {says}; only the last step, y[:, -1], or a layer's last state, \
                     h[-1], can be taken"
                )));
            }
        };
        Ok(Self { content, dimensions })
    }

    /// Selects a range of indices along a dimension, and keeps the dimension.
    pub fn range(&self, node: Node<'_>, axis: usize, (start, end): (i64, i64)) -> Result<Self, ImportError> {
        let dimension = self.dimensions[axis];
        let to_end = end == i64::MAX || end >= i64::from(i32::MAX) || dimension.length.is_some_and(|n| end == n as i64);
        if start == 0 && to_end {
            return Ok(self.clone());
        }
        let one =
            end == start + 1 || (to_end && (start == -1 || dimension.length.is_some_and(|n| start == n as i64 - 1)));
        if !one {
            let says = dimension.says();
            return Err(node.refuse(format!(
                "slices the {says} from {start} to {end}; only the last step, y[:, -1], or a layer's last state, \
                    h[-1], can be taken"
            )));
        }
        let mut part = self.at(node, axis, start)?;
        let axis_of = if dimension.axis == Axis::Time { Axis::Batch } else { dimension.axis };
        part.dimensions.insert(axis, Dimension { axis: axis_of, length: Some(1) });
        Ok(part)
    }

    /// Changes the shape; directions and features, or steps and sequences, may be merged.
    pub fn reshaped(&self, node: Node<'_>, shape: &[i64]) -> Result<Self, ImportError> {
        let mut candidates = vec![self.dimensions.clone()];
        for pair in [[Axis::Directions, Axis::Features], [Axis::Time, Axis::Batch], [Axis::Batch, Axis::Time]] {
            let merged: Vec<_> = candidates.iter().filter_map(|dimensions| merged(dimensions, pair)).collect();
            candidates.extend(merged);
        }
        let single: Vec<_> = candidates.iter().filter_map(|dimensions| without_batch(dimensions)).collect();
        candidates.extend(single);
        let fits = |dimensions: &Vec<Dimension>| {
            let agrees = |(at, (d, &n)): (usize, (&Dimension, &i64))| match n {
                0 => self.dimensions.get(at) == Some(d),
                -1 => true,
                n => usize::try_from(n).is_ok_and(|n| d.may_be(n)),
            };
            dimensions.len() == shape.len() && dimensions.iter().zip(shape).enumerate().all(agrees)
        };
        let found = candidates.into_iter().find(fits);
        found.map(|dimensions| self.with(dimensions)).ok_or_else(|| {
            let own: Vec<_> = self.dimensions.iter().take(RANK).map(|dimension| dimension.says()).collect();
            node.refuse(format!(
                "reshapes {} to {}; only neighbouring dimensions can be merged: export with fixed sizes and one \
                    sequence",
                own.join(" × "),
                shown::numbers(shape)
            ))
        })
    }

    /// Joins states along the directions, or along the features if each part is a single state.
    pub fn joined(node: Node<'_>, parts: &[&Self], axis: i64) -> Result<Self, ImportError> {
        let first = parts[0];
        let axis = place(node, axis, first.dimensions.len())?;
        let single = |part: &&Self| matches!(&part.content, Content::States(states) if states.len() == 1);
        let along = first.dimensions[axis].axis;
        let side_by_side = along == Axis::Features && parts.iter().all(single);
        let mut states = Vec::new();
        for part in parts {
            match &part.content {
                Content::States(more) if states.len() > STATES - more.len().min(STATES) => {
                    return Err(
                        node.refuse(format!("joins more states than the {STATES} layers that an image can have"))
                    );
                }
                Content::States(more) if part.axes() == first.axes() && (along == Axis::Directions || side_by_side) => {
                    states.extend(more);
                }
                _ => {
                    return Err(node.refuse(
                        "joins computed values; only the final states of layers can be joined, as in \
                            torch.cat([h[-2], h[-1]], -1)",
                    ));
                }
            }
        }
        let mut dimensions = first.dimensions.clone();
        let length = parts.iter().map(|part| part.dimensions[axis].length).sum();
        dimensions[axis].length = length;
        Ok(Self { content: Content::States(states), dimensions })
    }
}

impl Dimension {
    pub fn may_be(self, length: usize) -> bool {
        self.length.is_none_or(|own| own == length)
    }

    fn says(self) -> String {
        let axis = match self.axis {
            Axis::Unread => "input",
            Axis::Time => "steps",
            Axis::Batch => "sequences",
            Axis::Directions => "directions",
            Axis::Features => "features",
        };
        self.length.map_or_else(|| axis.to_string(), |length| format!("{length} {axis}"))
    }
}

/// Maximum number of states that can be joined; an image cannot describe so many layers.
const STATES: usize = 64;

/// Merges two neighbouring dimensions with the axes `pair` into one: time if one of the two is time, otherwise
/// features.
fn merged(dimensions: &[Dimension], pair: [Axis; 2]) -> Option<Vec<Dimension>> {
    let at = dimensions.windows(2).position(|two| [two[0].axis, two[1].axis] == pair)?;
    let length = dimensions[at].length.zip(dimensions[at + 1].length).and_then(|(a, b)| a.checked_mul(b));
    let axis = if pair.contains(&Axis::Time) { Axis::Time } else { Axis::Features };
    let mut merged = dimensions.to_vec();
    merged.splice(at..at + 2, [Dimension { axis, length }]);
    Some(merged)
}

/// Removes the batch dimension if the batch is a single sequence.
fn without_batch(dimensions: &[Dimension]) -> Option<Vec<Dimension>> {
    let at = dimensions.iter().position(|d| d.axis == Axis::Batch && d.length == Some(1))?;
    let mut without = dimensions.to_vec();
    without.remove(at);
    Some(without)
}

/// Returns the index of a dimension; a negative `axis` counts from the last dimension (`rank` + `axis`).
pub fn place(node: Node<'_>, axis: i64, rank: usize) -> Result<usize, ImportError> {
    let from_front = if axis < 0 { axis.checked_add_unsigned(rank as u64) } else { Some(axis) };
    let place = from_front.and_then(|axis| usize::try_from(axis).ok()).filter(|&axis| axis < rank);
    place.ok_or_else(|| node.refuse(format!("names dimension {axis}, but there are {rank}; is the model damaged?")))
}
