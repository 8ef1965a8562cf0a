//! The order of the weights of a gate in an image, see `docs/image-format.md`.

/// Rows and columns of a tile.
const TILE: usize = 4;

/// Returns the index of a weight among those of a gate.
pub(super) const fn place([units, inputs]: [usize; 2], unit: usize, input: usize) -> usize {
    let (block, row) = (unit / TILE * TILE, unit % TILE);
    let within = if block + TILE > units {
        row * inputs + input
    } else if input < inputs / TILE * TILE {
        input / TILE * TILE * TILE + row * TILE + input % TILE
    } else {
        input * TILE + row
    };
    block * inputs + within
}
