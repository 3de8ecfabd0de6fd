//! Clips of `assets/sounds`, and sentences made of them. Pure; the clips are embedded.
//!
//! A sentence is cut into the longest phrases that fit; punctuation is a pause. A sentence that needs a
//! word without a clip is refused as a whole: half a number sends people to a wrong window.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::Duration;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use include_dir::{Dir, include_dir};
use thiserror::Error;

static SOUNDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/sounds");

/// Of every clip and of what is joined.
pub const SAMPLES_A_SECOND: u32 = 16_000;
/// Between two clips of a word.
const GAP: Duration = Duration::from_millis(20);
/// At `，`.
const SHORT_PAUSE: Duration = Duration::from_millis(250);
/// At `。`.
const LONG_PAUSE: Duration = Duration::from_millis(450);
/// Characters of the longest sentence.
const SENTENCE_CHARS_MAX: usize = 120;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The clip of a phrase.
    Clip(String),
    /// Silence.
    Pause(Duration),
}

/// Why a sentence cannot be said, or the clips are no clips.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanFault {
    /// There is no clip for what begins here.
    #[error("没有“{0}”的录音，整句不念。请在 assets/sounds/phrases.tsv 里加上。")]
    NoClip(char),
    /// Too long.
    #[error("一句话最多 {SENTENCE_CHARS_MAX} 个字。")]
    TooLong,
    /// The list of phrases.
    #[error("assets/sounds/phrases.tsv 第 {line} 行：{what}。")]
    List {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A clip.
    #[error("assets/sounds/{name}.wav：不是 16 kHz、单声道、16 位的 WAV。")]
    Clip {
        /// Its name.
        name: String,
    },
}

/// The clips.
pub struct Phrases {
    clips: BTreeMap<String, Vec<i16>>,
    longest: usize,
}

impl std::fmt::Debug for Phrases {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clips = self.clips.len();
        formatter
            .debug_struct("Phrases")
            .field("clips", &clips)
            .finish_non_exhaustive()
    }
}

impl Phrases {
    /// Those of this build.
    ///
    /// # Errors
    /// [`PlanFault::List`] and [`PlanFault::Clip`] with the place of what is wrong.
    pub fn embedded() -> Result<Self, PlanFault> {
        let list = SOUNDS
            .get_file("phrases.tsv")
            .and_then(|it| it.contents_utf8());
        let mut clips = BTreeMap::new();
        for (index, line) in list.unwrap_or_default().lines().enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let fault = |what| PlanFault::List {
                line: index + 1,
                what,
            };
            let (name, text) = line.split_once('\t').ok_or_else(|| fault("缺制表符"))?;
            let file = SOUNDS.get_file(format!("{name}.wav"));
            let file = file.ok_or_else(|| fault("没有这个录音文件，请运行 make.sh"))?;
            let clip = samples(file.contents()).ok_or_else(|| PlanFault::Clip {
                name: name.to_owned(),
            })?;
            if clips.insert(text.to_owned(), clip).is_some() {
                return Err(fault("这句话写了两次"));
            }
        }
        let longest = clips.keys().map(|it| it.chars().count()).max().unwrap_or(0);
        Ok(Self { clips, longest })
    }

    /// A sentence as clips and pauses.
    ///
    /// # Errors
    /// [`PlanFault::NoClip`] and [`PlanFault::TooLong`].
    pub fn plan(&self, sentence: &str) -> Result<Vec<Piece>, PlanFault> {
        let characters: Vec<char> = sentence.chars().collect();
        if characters.len() > SENTENCE_CHARS_MAX {
            return Err(PlanFault::TooLong);
        }
        let (mut pieces, mut at) = (Vec::new(), 0);
        while let Some(&first) = characters.get(at) {
            if let Some(pause) = pause(first) {
                pieces.push(Piece::Pause(pause));
                at += 1;
                continue;
            }
            let phrase = self.longest_phrase(&characters[at..]);
            let phrase = phrase.ok_or(PlanFault::NoClip(first))?;
            at += phrase.chars().count();
            pieces.push(Piece::Clip(phrase));
        }
        Ok(pieces)
    }

    fn longest_phrase(&self, characters: &[char]) -> Option<String> {
        let most = self.longest.min(characters.len());
        let mut beginnings = (1..=most)
            .rev()
            .map(|length| characters[..length].iter().collect());
        beginnings.find(|phrase: &String| self.clips.contains_key(phrase))
    }

    /// A sentence as one WAV.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub fn say(&self, sentence: &str) -> Result<Vec<u8>, PlanFault> {
        let mut joined = Vec::new();
        for piece in self.plan(sentence)? {
            match piece {
                Piece::Pause(time) => silence(&mut joined, time),
                Piece::Clip(phrase) => {
                    joined
                        .extend_from_slice(self.clips.get(&phrase).map_or(&[][..], Vec::as_slice));
                    silence(&mut joined, GAP);
                }
            }
        }
        Ok(wav(&joined))
    }

    /// Phrases with their lengths.
    pub fn lengths(&self) -> impl Iterator<Item = (&str, Duration)> {
        let clips = self.clips.iter();
        clips.map(|(text, clip)| (text.as_str(), time_of(clip.len())))
    }
}

fn pause(character: char) -> Option<Duration> {
    match character {
        '，' | '、' | ',' | ' ' => Some(SHORT_PAUSE),
        '。' | '！' | '？' | '；' | '：' => Some(LONG_PAUSE),
        _ => None,
    }
}

fn silence(joined: &mut Vec<i16>, time: Duration) {
    let samples = time.as_millis() * u128::from(SAMPLES_A_SECOND) / 1_000;
    let samples = usize::try_from(samples).expect("a pause is short");
    joined.resize(joined.len() + samples, 0);
}

fn time_of(samples: usize) -> Duration {
    let samples = u64::try_from(samples).unwrap_or(u64::MAX);
    Duration::from_millis(samples.saturating_mul(1_000) / u64::from(SAMPLES_A_SECOND))
}

const SPEC: WavSpec = WavSpec {
    channels: 1,
    sample_rate: SAMPLES_A_SECOND,
    bits_per_sample: 16,
    sample_format: SampleFormat::Int,
};

/// The samples of a clip; `None` when it has another format.
fn samples(wav: &[u8]) -> Option<Vec<i16>> {
    let mut reader = WavReader::new(Cursor::new(wav)).ok()?;
    if reader.spec() != SPEC {
        return None;
    }
    reader.samples::<i16>().collect::<Result<_, _>>().ok()
}

fn wav(samples: &[i16]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let written = WavWriter::new(&mut file, SPEC).and_then(|mut writer| {
        samples.iter().try_for_each(|it| writer.write_sample(*it))?;
        writer.finalize()
    });
    written.expect("a vector takes every byte");
    file.into_inner()
}

/// How long a WAV of ours is heard; `None` for anything else.
#[must_use]
pub fn duration(wav: &[u8]) -> Option<Duration> {
    samples(wav).map(|it| time_of(it.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        Phrases::embedded().unwrap()
    }

    #[test]
    fn a_call_is_put_together_from_the_longest_phrases() {
        let clip = |text: &str| Piece::Clip(text.to_owned());
        let plan = phrases().plan("请A零二五号，到十二号窗口").unwrap();
        let expected = [
            clip("请"),
            clip("A"),
            clip("零"),
            clip("二"),
            clip("五"),
            clip("号"),
            Piece::Pause(SHORT_PAUSE),
            clip("到"),
            clip("十"),
            clip("二"),
            clip("号窗口"),
        ];
        assert_eq!(plan, expected);
        assert_eq!(phrases().plan("请取走小票。").unwrap().len(), 2);
    }

    #[test]
    fn a_sentence_with_a_word_that_has_no_clip_is_not_half_said() {
        assert_eq!(
            phrases().plan("请测试甲到三号窗口"),
            Err(PlanFault::NoClip('测'))
        );
        assert_eq!(phrases().plan(&"请".repeat(121)), Err(PlanFault::TooLong));
        assert_eq!(phrases().plan(""), Ok(vec![]));
    }

    #[test]
    fn a_joined_call_lasts_as_long_as_its_parts_and_has_its_pause_in_the_middle() {
        let phrases = phrases();
        let sentence = "请A零二五号，到三号窗口";
        let parts = phrases.plan(sentence).unwrap();
        let length = |piece: &Piece| match piece {
            Piece::Pause(time) => *time,
            Piece::Clip(text) => GAP + time_of(phrases.clips[text].len()),
        };
        let expected: Duration = parts.iter().map(length).sum();
        let wav = phrases.say(sentence).unwrap();
        let heard = duration(&wav).unwrap();
        assert!(
            heard.abs_diff(expected) < Duration::from_millis(15),
            "{heard:?} {expected:?}"
        );
        assert!(
            (Duration::from_secs(3)..Duration::from_secs(9)).contains(&heard),
            "{heard:?}"
        );
        let samples = samples(&wav).unwrap();
        let quiet = samples
            .split(|it| it.unsigned_abs() > 60)
            .map(<[i16]>::len)
            .max();
        // the pause, the gap before it and the soft end of 号; no other hole is as long
        let pause = usize::try_from(SAMPLES_A_SECOND / 4).unwrap();
        assert!((pause..pause * 2).contains(&quiet.unwrap()), "{quiet:?}");
    }

    #[test]
    fn no_clip_is_silent_cut_off_clipped_or_louder_than_another() {
        let phrases = phrases();
        assert!(phrases.clips.len() >= 40);
        for (text, clip) in &phrases.clips {
            let peak = clip.iter().map(|it| it.unsigned_abs()).max().unwrap();
            // -3 dB of 32767
            assert!((22_000..24_500).contains(&peak), "{text}: {peak}");
            let time = time_of(clip.len());
            assert!(
                time > Duration::from_millis(120) && time < Duration::from_secs(6),
                "{text}: {time:?}"
            );
            let edge = |samples: &[i16]| samples.iter().map(|it| it.unsigned_abs()).max().unwrap();
            assert!(
                edge(&clip[..8]) < 2_000 && edge(&clip[clip.len() - 8..]) < 2_000,
                "{text}"
            );
        }
    }

    #[test]
    fn every_digit_and_letter_of_a_ticket_has_a_clip() {
        let phrases = phrases();
        for character in "零一二三四五六七八九十ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars() {
            assert!(phrases.plan(&character.to_string()).is_ok(), "{character}");
        }
    }

    #[test]
    fn another_format_is_no_clip() {
        assert_eq!(duration(b"RIFF"), None);
        let mut file = Cursor::new(Vec::new());
        let spec = WavSpec {
            sample_rate: 8_000,
            ..SPEC
        };
        WavWriter::new(&mut file, spec).unwrap().finalize().unwrap();
        assert_eq!(duration(file.get_ref()), None);
    }
}
