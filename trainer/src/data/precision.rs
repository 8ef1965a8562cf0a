use super::Notes;

/// Comparison of each channel's neighbouring values, both exact and as `f32`.
#[derive(Default)]
pub struct Precision(Vec<Channel>);

#[derive(Clone, Default)]
struct Channel {
    last: Option<(f64, f32)>,
    pairs: u64,
    /// Number of neighbouring pairs that differ in the file but not in `f32`.
    blurred: u64,
    rises: u64,
    falls: u64,
}

impl Precision {
    /// Adds the next value of a channel.
    pub fn add(&mut self, channel: usize, exact: f64, value: f32) {
        if self.0.len() <= channel {
            self.0.resize(channel + 1, Channel::default());
        }
        self.0[channel].add(exact, value);
    }

    /// Notes the channels in which more than one in a hundred pairs of neighbouring values differ in the file
    /// but not in `f32`. A channel that rises, and falls fewer times than there are sequences, counts as a
    /// clock.
    pub fn tell(&self, names: &[String], sequences: usize, notes: &mut Notes) {
        for (index, channel) in self.0.iter().enumerate() {
            let Channel { pairs, blurred, rises, falls, .. } = *channel;
            if 100 * blurred <= pairs {
                continue;
            }
            let clock = rises > 0 && falls < sequences.max(1) as u64;
            let advice = if clock {
                "it looks like a timestamp: leave it out, or write the time since the previous one"
            } else {
                "subtract a constant before writing it"
            };
            notes.blurred.push(index);
            notes.odd.push(format!(
                "channel {}: {blurred} of {pairs} neighbouring values differ by less than a 32-bit number can \
                    resolve; {advice}",
                names[index]
            ));
        }
    }
}

impl Channel {
    fn add(&mut self, exact: f64, value: f32) {
        if let Some((before, rounded)) = self.last {
            self.pairs += 1;
            self.blurred += u64::from(exact != before && value == rounded);
            self.rises += u64::from(exact > before);
            self.falls += u64::from(exact < before);
        }
        self.last = Some((exact, value));
    }
}
