use std::fmt;

/// Kind of recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Elman's: one matrix of weights for each of input and state.
    Rnn(Nonlinearity),
    /// The GRU's gates: r, z, n.
    Gru(Reset),
    /// The LSTM's gates: i, f, g, o.
    Lstm,
    /// The minimal gated unit's gates: f, n.
    Mgu,
    /// FastGRNN's gates, z and n, which share one product.
    FastGrnn,
}

impl Kind {
    /// Gates of a unit.
    #[must_use]
    pub const fn gates(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Mgu | Self::FastGrnn => 2,
            Self::Gru(_) => 3,
            Self::Lstm => 4,
        }
    }

    /// Products of a unit with the input, and as many with the state: one for each gate, where gates do not share them.
    #[must_use]
    pub const fn products(self) -> usize {
        match self {
            Self::FastGrnn => 1,
            other => other.gates(),
        }
    }

    /// Numbers of a unit's state: h, and c of an LSTM.
    #[must_use]
    pub const fn state(self) -> usize {
        match self {
            Self::Rnn(_) | Self::Gru(_) | Self::Mgu | Self::FastGrnn => 1,
            Self::Lstm => 2,
        }
    }

    /// Sigmoids and hyperbolic tangents (or rectifiers) of a unit in a step.
    #[must_use]
    pub const fn functions(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Mgu | Self::FastGrnn => 2,
            Self::Gru(_) => 3,
            Self::Lstm => 5,
        }
    }

    /// The most bias vectors that differ from fewer.
    #[must_use]
    pub const fn biases(self) -> usize {
        match self {
            Self::Gru(Reset::Before) | Self::Mgu | Self::FastGrnn => 1,
            Self::Rnn(_) | Self::Gru(Reset::After) | Self::Lstm => 2,
        }
    }
}

/// Activation function of an Elman cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nonlinearity {
    /// PyTorch's default.
    #[default]
    Tanh,
    /// The rectifier, `nonlinearity="relu"`.
    Relu,
}

impl fmt::Display for Nonlinearity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tanh => "tanh",
            Self::Relu => "relu",
        })
    }
}

/// Place of a GRU's reset gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// r ⊙ (W_hn h + b_hn): PyTorch's, ONNX's `linear_before_reset` = 1.
    After,
    /// W_hn (r ⊙ h): the paper's, ONNX's `linear_before_reset` = 0.
    Before,
}

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::After => "reset_after",
            Self::Before => "reset_before",
        })
    }
}
