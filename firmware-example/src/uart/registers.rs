/// Registers of 32 bits, starting at an address.
pub struct Registers(usize);

impl Registers {
    /// Returns the registers at `base`.
    ///
    /// # Safety
    /// `base` must be a multiple of 4 and the address of a peripheral. Nothing else may use the registers that are
    /// accessed through the returned value.
    pub const unsafe fn at(base: usize) -> Self {
        Self(base)
    }

    pub fn read(&self, offset: usize) -> u32 {
        // SAFETY: a register of a peripheral, as promised to `at`, and no memory that Rust knows of.
        unsafe { ((self.0 + offset) as *const u32).read_volatile() }
    }

    pub fn write(&mut self, offset: usize, value: u32) {
        // SAFETY: as in `read`.
        unsafe { ((self.0 + offset) as *mut u32).write_volatile(value) }
    }

    /// Sets the bits selected by `mask` to the bits of `value`.
    pub fn set(&mut self, offset: usize, mask: u32, value: u32) {
        self.write(offset, self.read(offset) & !mask | value);
    }
}
