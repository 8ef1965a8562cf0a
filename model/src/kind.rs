use std::fmt;

/// Kind of recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Elman layer: one weight matrix each for input and state.
    Rnn(Nonlinearity),
    /// GRU with the gates r, z, n.
    Gru(Reset),
    /// LSTM with the gates i, f, g, o.
    Lstm,
    /// Minimal gated unit with the gates f, n.
    Mgu,
    /// FastGRNN with the gates z and n, which share one product.
    FastGrnn,
}

impl Kind {
    /// Returns the number of gates per unit.
    #[must_use]
    pub const fn gates(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Mgu | Self::FastGrnn => 2,
            Self::Gru(_) => 3,
            Self::Lstm => 4,
        }
    }

    /// Returns the number of dot products per unit with the input, and likewise with the state: one for each gate,
    /// unless the gates share one.
    #[must_use]
    pub const fn products(self) -> usize {
        match self {
            Self::FastGrnn => 1,
            other => other.gates(),
        }
    }

    /// Returns the number of state values per unit: h, and c for an LSTM.
    #[must_use]
    pub const fn state(self) -> usize {
        match self {
            Self::Rnn(_) | Self::Gru(_) | Self::Mgu | Self::FastGrnn => 1,
            Self::Lstm => 2,
        }
    }

    /// Returns the number of sigmoids and hyperbolic tangents (or rectifiers) that each unit evaluates in a step.
    #[must_use]
    pub const fn functions(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Mgu | Self::FastGrnn => 2,
            Self::Gru(_) => 3,
            Self::Lstm => 5,
        }
    }

    /// Returns the largest useful number of bias vectors.
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

/// Position of a GRU's reset gate: after or before the recurrent product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// r ⊙ (W_hn h + b_hn): PyTorch's form, `linear_before_reset` = 1 in ONNX.
    After,
    /// W_hn (r ⊙ h): the paper's form, `linear_before_reset` = 0 in ONNX.
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
