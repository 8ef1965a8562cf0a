use crate::data::npy::Array;
use crate::data::{DataError, MOST, Place, Problem};
use elman_files::output::Fill;
use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, Error, ErrorKind, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder,
    ZipArchiveWriter, ZipLocator,
};
use std::cell::Cell;
use std::io::{self, BufWriter, IntoInnerError, Read, Write};

/// Number of bytes to unpack from a file that is not an array, to tell a damaged array from a file of another
/// kind.
const LOOKED_AT: u64 = 1 << 24;

/// A zip archive whose files are arrays.
pub struct Archive<R> {
    archive: ZipArchive<R>,
    files: Vec<File>,
    /// Bytes that arrays may still take.
    left: Cell<u64>,
}

/// An array in an archive.
struct File {
    name: String,
    compression: CompressionMethod,
    place: ZipArchiveEntryWayfinder,
}

impl<R: ReaderAt> Archive<R> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// [`DataError`] unless the `length` bytes are an archive with a complete directory.
    pub fn open(reader: R, length: u64, limit: u64) -> Result<Self, DataError> {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let not_one = |_| DataError::whole(Problem::NotThe("a complete .npz archive"));
        let archive = ZipLocator::new().locate_in_reader(reader, &mut buffer, length).map_err(not_one)?;
        let files = files(&archive, &mut buffer).map_err(DataError::whole)?;
        Ok(Self { archive, files, left: Cell::new(limit) })
    }

    /// Returns the array with the requested name or, if none was requested, the usual name in any case.
    ///
    /// # Errors
    /// [`Problem::Missing`] if there is none.
    pub fn needed(&self, asked: Option<&str>, usual: &str) -> Result<Array<'_>, DataError> {
        let name = asked.unwrap_or(usual);
        let file = self.files.iter().find(|file| match asked {
            Some(name) => file.name == name,
            None => file.name.eq_ignore_ascii_case(name),
        });
        let missing = || {
            let present = self.files.iter().map(|file| file.name.clone()).collect();
            DataError::whole(Problem::Missing { name: name.to_string(), present })
        };
        self.read(file.ok_or_else(missing)?)
    }

    /// Same as [`needed`](Self::needed), but returns `None` if the array is missing and was not requested by name.
    pub fn array(&self, asked: Option<&str>, usual: &str) -> Result<Option<Array<'_>>, DataError> {
        match self.needed(asked, usual) {
            Err(DataError { problem: Problem::Missing { .. }, .. }) if asked.is_none() => Ok(None),
            array => array.map(Some),
        }
    }

    /// Unpacks the header of a file, which determines how many bytes follow; the whole file is checked against its
    /// checksum.
    fn read(&self, file: &File) -> Result<Array<'_>, DataError> {
        let length = file.place.uncompressed_size_hint();
        let array = Array::open(&file.name, self.unpack(file)?, Some(length), self.left.get());
        if array.as_ref().is_err_and(|error| matches!(error.problem, Problem::NotThe(_))) {
            let damage = io::copy(&mut self.unpack(file)?.take(LOOKED_AT), &mut io::sink());
            damage.map_err(|error| DataError::new(Place::Array(file.name.clone()), damaged(&error)))?;
        }
        self.left.set(self.left.get().saturating_sub(length));
        array
    }

    /// Returns a reader for the unpacked bytes of a file, which fails at the end unless they match the checksum.
    fn unpack(&self, file: &File) -> Result<Box<dyn Read + '_>, DataError> {
        let at = |problem| DataError::new(Place::Array(file.name.clone()), problem);
        let entry = self.archive.get_entry(file.place).map_err(|error| at(damaged(&error)))?;
        let packed: Box<dyn Read + '_> = match file.compression {
            CompressionMethod::STORE => Box::new(entry.reader()),
            CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(entry.reader())),
            other => return Err(at(Problem::Archive(format!("compression method {other:?} is not supported")))),
        };
        Ok(Box::new(entry.verifying_reader(packed)))
    }
}

/// Returns the files that are arrays.
fn files<R: ReaderAt>(archive: &ZipArchive<R>, buffer: &mut [u8]) -> Result<Vec<File>, Problem> {
    let (mut files, mut entries) = (Vec::new(), archive.entries(buffer));
    while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
        let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        if let Some(name) = path.strip_suffix(".npy") {
            let (compression, place) = (entry.compression_method(), entry.wayfinder());
            files.push(File { name: name.to_string(), compression, place });
        }
        if files.len() > MOST {
            return Err(Problem::TooMany { what: "arrays", found: files.len(), most: MOST });
        }
    }
    Ok(files)
}

fn damaged(error: &impl ToString) -> Problem {
    Problem::Archive(error.to_string())
}

/// Extracts the system error from an archive error.
fn unwritten(error: Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::IO(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Writes an archive of arrays, uncompressed.
pub fn write(arrays: &[(&str, Fill<'_>)], sink: &mut dyn Write) -> io::Result<()> {
    let mut archive = ZipArchiveWriter::new(sink);
    for (name, fill) in arrays {
        let (mut file, config) = archive.new_file(format!("{name}.npy").as_str()).start().map_err(unwritten)?;
        let mut writer = BufWriter::new(config.wrap(&mut file));
        fill(&mut writer)?;
        let writer = writer.into_inner().map_err(IntoInnerError::into_error)?;
        let (_, descriptor) = writer.finish().map_err(unwritten)?;
        file.finish(descriptor).map_err(unwritten)?;
    }
    archive.finish().map(drop).map_err(unwritten)
}
