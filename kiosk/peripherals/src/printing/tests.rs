//! Papers against a printer that answers as each test says, under a clock of its own.

use std::time::Duration;

use super::*;
use crate::escpos::status::Question;

const PAPER: &[u8] = b"\x1B@\x1C&A012\n";

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What a printer answers to a question.
type Answers = fn(Question) -> &'static [u8];

/// What the printer answers to a question before the paper, and behind it.
struct Bench {
    before: Answers,
    after: Answers,
    sent: Vec<Vec<u8>>,
    outcome: Option<Outcome>,
    ended: Duration,
}

fn healthy(_: Question) -> &'static [u8] {
    &[0x12]
}

fn silent(_: Question) -> &'static [u8] {
    &[]
}

impl Bench {
    fn new(before: Answers, after: Answers) -> Self {
        Self {
            before,
            after,
            sent: Vec::new(),
            outcome: None,
            ended: Duration::ZERO,
        }
    }

    fn papers(&self) -> usize {
        self.sent.iter().filter(|it| it.starts_with(PAPER)).count()
    }

    /// Runs a job to its end; answers come after 20 ms.
    fn run(mut self) -> Self {
        let mut job = PrintJob::new(PAPER.to_vec(), Timing::default());
        let mut now = Duration::ZERO;
        job.handle(now, Input::Opened);
        let mut wake = now;
        for _ in 0..1_000 {
            let mut answer: &[u8] = &[];
            while let Some(output) = job.poll() {
                match output {
                    Output::Send(bytes) => {
                        answer = self.answer(&bytes);
                        self.sent.push(bytes);
                    }
                    Output::WakeAt(at) => wake = at,
                    Output::Done(outcome) => {
                        assert_eq!(self.outcome.replace(outcome), None, "it ends once");
                        self.ended = now;
                    }
                }
            }
            if self.outcome.is_some() {
                job.handle(now + ms(60_000), Input::Woken);
                job.handle(now + ms(60_000), Input::Lost);
                assert_eq!(job.poll(), None, "what is over stays over");
                return self;
            }
            if answer.is_empty() {
                now = wake;
                job.handle(now, Input::Woken);
            } else {
                now += ms(20);
                job.handle(now, Input::Received(answer.to_vec()));
            }
        }
        panic!("it does not end");
    }

    fn answer(&self, bytes: &[u8]) -> &'static [u8] {
        match *bytes {
            [0x10, 0x04, number] => {
                let question = Question::from_number(number).unwrap();
                let is_after = self.papers() > 0;
                (if is_after { self.after } else { self.before })(question)
            }
            _ => &[],
        }
    }
}

#[test]
fn a_healthy_printer_is_asked_gets_the_paper_and_is_asked_again() {
    let bench = Bench::new(healthy, healthy).run();
    assert_eq!(bench.outcome, Some(Outcome::Printed(None)));
    let ask = |number| vec![0x10, 0x04, number];
    let mut expected = vec![ask(1), ask(2), ask(4), PAPER.to_vec()];
    expected.extend([1, 2, 3, 4].map(ask));
    assert_eq!(bench.sent, expected);
    // never earlier than the bytes and the paper take
    assert!(bench.ended >= ms(2_500), "{:?}", bench.ended);
}

#[test]
fn a_low_roll_prints_and_warns() {
    fn low(question: Question) -> &'static [u8] {
        match question {
            Question::Paper => &[0x1E],
            _ => &[0x12],
        }
    }
    let bench = Bench::new(low, low).run();
    let expected = Outcome::Printed(Some(Warning::PaperLow));
    assert_eq!((bench.outcome, bench.papers()), (Some(expected), 1));
}

#[test]
fn each_trouble_that_is_told_beforehand_refuses_and_sends_nothing() {
    fn with(question: Question, of: Question, byte: &'static [u8]) -> &'static [u8] {
        if question == of { byte } else { &[0x12] }
    }
    let cases: [(Answers, Trouble); 6] = [
        (|it| with(it, Question::Printer, &[0x1A]), Trouble::Offline),
        (
            |it| with(it, Question::Offline, &[0x16]),
            Trouble::CoverOpen,
        ),
        (|it| with(it, Question::Offline, &[0x32]), Trouble::PaperOut),
        (|it| with(it, Question::Paper, &[0x7E]), Trouble::PaperOut),
        (|it| with(it, Question::Offline, &[0x52]), Trouble::Faulty),
        (silent, Trouble::Silent),
    ];
    for (before, trouble) in cases {
        let bench = Bench::new(before, healthy).run();
        assert_eq!(bench.outcome, Some(Outcome::Refused(trouble)));
        assert_eq!(bench.papers(), 0, "{trouble:?}");
    }
}

#[test]
fn noise_and_unasked_bytes_are_no_answers() {
    fn noisy(_: Question) -> &'static [u8] {
        &[0xFF, 0x00, 0x12]
    }
    fn noise_only(_: Question) -> &'static [u8] {
        &[0xFF, 0x00]
    }
    let bench = Bench::new(noisy, noisy).run();
    assert_eq!(bench.outcome, Some(Outcome::Printed(None)));
    let bench = Bench::new(noise_only, healthy).run();
    assert_eq!(bench.outcome, Some(Outcome::Refused(Trouble::Silent)));
}

#[test]
fn a_model_that_knows_the_first_question_only_prints() {
    fn poor(question: Question) -> &'static [u8] {
        match question {
            Question::Printer => &[0x12],
            _ => &[],
        }
    }
    let bench = Bench::new(poor, poor).run();
    assert_eq!(bench.outcome, Some(Outcome::Printed(None)));
}

#[test]
fn silence_behind_the_paper_is_an_unknown_outcome_and_nothing_is_sent_twice() {
    let bench = Bench::new(healthy, silent).run();
    assert_eq!(bench.outcome, Some(Outcome::Unknown(None)));
    assert_eq!(bench.papers(), 1);
    assert!(bench.outcome.unwrap().question().unwrap().contains("补打"));
}

#[test]
fn a_cover_opened_in_the_middle_of_a_slip_is_an_unknown_outcome_with_its_reason() {
    fn open(question: Question) -> &'static [u8] {
        match question {
            Question::Offline => &[0x16],
            _ => &[0x12],
        }
    }
    let bench = Bench::new(healthy, open).run();
    let expected = Outcome::Unknown(Some(Trouble::CoverOpen));
    assert_eq!((bench.outcome, bench.papers()), (Some(expected), 1));
}

#[test]
fn an_unplugged_line_refuses_before_the_paper_and_is_unknown_behind_it() {
    let mut job = PrintJob::new(PAPER.to_vec(), Timing::default());
    job.handle(ms(0), Input::Lost);
    assert_eq!(
        job.poll(),
        Some(Output::Done(Outcome::Refused(Trouble::Absent)))
    );
    let mut job = PrintJob::new(PAPER.to_vec(), Timing::default());
    job.handle(ms(0), Input::Opened);
    job.handle(ms(60), Input::Woken);
    for moment in [70, 80, 90] {
        job.handle(ms(moment), Input::Received(vec![0x12]));
    }
    job.handle(ms(100), Input::Lost);
    let outputs: Vec<_> = std::iter::from_fn(|| job.poll()).collect();
    assert!(outputs.contains(&Output::Send(PAPER.to_vec())));
    let expected = Outcome::Unknown(Some(Trouble::Absent));
    assert_eq!(outputs.last(), Some(&Output::Done(expected)));
}
