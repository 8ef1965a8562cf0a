// Written by `elman import`: f32 network(stacked(gru(3,6,1,rzn,reset_before,tanh),lstm(6,4,2,ifgo)),dense(4,4)).

/// The network.
pub type Net = elman::Network<elman::Stacked<elman::Gru<3, 6, elman::Libm, 1, elman::cell::ResetBefore>, elman::Lstm<6, 4, elman::Libm, 2>>, elman::Dense<4, 4>>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("before.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("before.elman").first_chunk::<32>(), Some([.., 0x19, 0x2f, 0xd0, 0xa9])),
    "this module and its image come from different imports: run `elman import` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
