use super::{DataError, DataSet, Problem};
use std::io::{self, Write};

/// Function that returns an error for a data set that a format cannot hold.
pub type Check = fn(&DataSet) -> Result<(), DataError>;
/// Function that writes a data set that has passed the check.
pub type Stream = fn(&DataSet, &mut dyn Write) -> io::Result<()>;

/// Returns a data set as bytes in a format, after checking it.
pub fn in_memory(data: &DataSet, check: Check, stream: Stream) -> Result<Vec<u8>, DataError> {
    check(data)?;
    let mut bytes = Vec::new();
    stream(data, &mut bytes).map_err(|error| DataError::whole(Problem::Io(error.kind())))?;
    Ok(bytes)
}
