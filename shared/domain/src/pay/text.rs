//! Reading pay text: the employer's own words (`5-8千`, `1.5-2万/月·13薪`, `200元/天`) become a
//! [`Pay`] in fen with its unit. Total: any text gives a value or says why not. Exact: decimals
//! are integers with a place value, so nothing is rounded; an amount finer than a fen is refused.
//!
//! The unit is *stated* only where the text names a period (月, 天, 小时, 年). Otherwise it is the
//! usual reading of the shape, a month, and *inferred*: amounts with 千, 万, K, and plain amounts
//! whose upper end is at least [`PLAIN_MONTHLY_YUAN_MIN`]. A bare whole number means "from". The
//! lower end borrows 千 or 万 from the upper end (`5-8千`). What is ambiguous is not guessed at.

mod scan;

use thiserror::Error;

use crate::money::Fen;
use crate::pay::{Pay, PayAmount, PayUnit, UnitBasis};
use scan::{Number, Scale, Token};

/// A plain amount below this many yuan (`100-150`) may be by the day or the hour, so that its unit
/// is not inferred.
const PLAIN_MONTHLY_YUAN_MIN: i64 = 1_000;

/// Months of pay a year beyond this (`37薪`) are a slip of the pen, not a promise.
const MONTHS_PER_YEAR_MAX: i64 = 36;

/// Why a text is not understood as pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum PayUnreadable {
    /// Nothing but spaces.
    #[error("The text is empty.")]
    Empty,
    /// Words or an order of words that this reader does not know.
    #[error("The text is not a known way to write pay.")]
    UnknownWords,
    /// A plain amount without a period that is too small for a month.
    #[error("The text names no period, and the amount does not tell.")]
    UnitUnclear,
    /// Two different periods (`100元/天-5000元/月`).
    #[error("The text names two different periods.")]
    TwoUnits,
    /// The lower end is above the upper end.
    #[error("The lower end is above the upper end.")]
    Reversed,
    /// More digits than money has.
    #[error("The amount has too many digits.")]
    TooLarge,
    /// Finer than a fen.
    #[error("The amount is finer than a fen.")]
    TooPrecise,
    /// `0薪`, `99薪`.
    #[error("The number of months paid a year is not from 1 to 36.")]
    MonthsOutOfRange,
}

/// Reads pay text.
///
/// # Errors
/// [`PayUnreadable`] where the text is not understood; it never guesses.
pub fn read(text: &str) -> Result<Pay, PayUnreadable> {
    let tokens = scan::tokens(text)?;
    if tokens.is_empty() {
        return Err(PayUnreadable::Empty);
    }
    let reader = Reader { tokens: &tokens };
    if let Some(pay) = reader.negotiable() {
        Ok(pay)
    } else {
        reader.stated_amount()
    }
}

/// The shape of a text for lists of what was not understood: every number becomes `N`.
#[must_use]
pub fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    let mut chars = text.chars().map(scan::fold_width).peekable();
    while let Some(c) = chars.next() {
        if !c.is_ascii_digit() {
            shape.push(c);
            continue;
        }
        let mut decimals = false;
        shape.push('N');
        while let Some(&next) = chars.peek() {
            let point = next == '.' && !decimals;
            if !next.is_ascii_digit() && !point {
                break;
            }
            decimals |= point;
            chars.next();
        }
    }
    shape
}

/// Which side of an amount is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
}

/// One written amount: `5`, `8千`, `1万5`, `3000`.
#[derive(Debug, Clone, Copy)]
struct Written {
    number: Number,
    scale: Option<Scale>,
    /// What follows the scale: the `5` of `1万5`, the `5千` of `1万5千`; already in fen.
    addition: Fen,
    /// Whether 元 follows.
    yuan: bool,
}

impl Written {
    fn fen(self) -> Result<Fen, PayUnreadable> {
        self.fen_scaled_by(self.scale)
    }

    fn fen_scaled_by(self, scale: Option<Scale>) -> Result<Fen, PayUnreadable> {
        let base = self.number.fen(scale)?;
        base.0
            .checked_add(self.addition.0)
            .map(Fen)
            .ok_or(PayUnreadable::TooLarge)
    }
}

/// Everything around the amounts, each of which a text may say once.
#[derive(Debug, Default)]
struct Frame {
    unit: Option<PayUnit>,
    bound: Option<Bound>,
    months_per_year: Option<u8>,
}

impl Frame {
    fn set_unit(&mut self, unit: PayUnit) -> Result<(), PayUnreadable> {
        if self.unit.is_some_and(|known| known != unit) {
            return Err(PayUnreadable::TwoUnits);
        }
        self.unit = Some(unit);
        Ok(())
    }

    fn set_bound(&mut self, bound: Bound) -> Result<(), PayUnreadable> {
        match self.bound.replace(bound) {
            None => Ok(()),
            Some(_) => Err(PayUnreadable::UnknownWords),
        }
    }

    fn set_months(&mut self, months: Number) -> Result<(), PayUnreadable> {
        let whole = months
            .whole()
            .filter(|n| (1..=MONTHS_PER_YEAR_MAX).contains(n));
        let months = whole.and_then(|n| u8::try_from(n).ok());
        match self
            .months_per_year
            .replace(months.ok_or(PayUnreadable::MonthsOutOfRange)?)
        {
            None => Ok(()),
            Some(_) => Err(PayUnreadable::UnknownWords),
        }
    }
}

/// A cursor over the tokens of one text.
struct Reader<'t> {
    tokens: &'t [Token],
}

impl Reader<'_> {
    /// 面议, 薪资面议, 月薪面议, 面议/面谈.
    fn negotiable(&self) -> Option<Pay> {
        let mut unit = PayUnit::Month;
        let mut basis = UnitBasis::Inferred;
        let mut said = false;
        for token in self.tokens {
            match token {
                Token::Negotiable => said = true,
                Token::Head | Token::Mark => {}
                Token::Per(named) => (unit, basis) = (*named, UnitBasis::Stated),
                _ => return None,
            }
        }
        let amount = PayAmount::Negotiable;
        said.then_some(Pay {
            amount,
            unit,
            basis,
            months_per_year: None,
        })
    }

    fn stated_amount(mut self) -> Result<Pay, PayUnreadable> {
        let mut frame = Frame::default();
        self.head(&mut frame)?;
        let low = self.written(&mut frame)?;
        let high = match self.take_if(|token| *token == Token::Dash) {
            Some(_) => Some(self.written(&mut frame)?),
            None => None,
        };
        self.tail(&mut frame)?;
        assemble(low, high, &frame)
    }

    /// `月薪:`, `薪资`, `最高`.
    fn head(&mut self, frame: &mut Frame) -> Result<(), PayUnreadable> {
        loop {
            match self.tokens.first() {
                Some(Token::Head | Token::Mark) => {}
                Some(Token::Per(unit)) => frame.set_unit(*unit)?,
                Some(Token::Bound(bound)) => frame.set_bound(*bound)?,
                _ => return Ok(()),
            }
            self.tokens = &self.tokens[1..];
        }
    }

    /// `8`, `8千`, `1万5`, `8000元`, `5000元/月`.
    fn written(&mut self, frame: &mut Frame) -> Result<Written, PayUnreadable> {
        let Some(Token::Number(number)) = self.tokens.first().copied() else {
            return Err(PayUnreadable::UnknownWords);
        };
        self.tokens = &self.tokens[1..];
        let scale = self.scale();
        let addition = match scale {
            Some(scale) => self.addition(scale)?,
            None => Fen(0),
        };
        let yuan = self.take_if(|token| *token == Token::Yuan).is_some();
        if let Some(Token::Per(unit)) = self.take_if(|token| matches!(token, Token::Per(_))) {
            frame.set_unit(unit)?;
        }
        Ok(Written {
            number,
            scale,
            addition,
            yuan,
        })
    }

    fn scale(&mut self) -> Option<Scale> {
        match self.take_if(|token| matches!(token, Token::Scale(_)))? {
            Token::Scale(scale) => Some(scale),
            _ => None,
        }
    }

    /// The single digit after a scale counts the next smaller place: `1万5` is 15,000 and `3千5`
    /// is 3,500. `1万5千` says so in full. `5K·13薪` is no addition, for 薪 follows.
    fn addition(&mut self, scale: Scale) -> Result<Fen, PayUnreadable> {
        let Some(Token::Number(number)) = self.tokens.first().copied() else {
            return Ok(Fen(0));
        };
        let Some(digit) = number.whole().filter(|n| (1..=9).contains(n)) else {
            return Ok(Fen(0));
        };
        let (yuan_each, taken) = match (scale, self.tokens.get(1)) {
            (_, Some(Token::Salaries)) => return Ok(Fen(0)),
            (Scale::TenThousand, Some(Token::Scale(Scale::Thousand))) => (1_000, 2),
            (_, Some(Token::Scale(_))) => return Err(PayUnreadable::UnknownWords),
            (Scale::TenThousand, _) => (1_000, 1),
            (Scale::Thousand, _) => (100, 1),
        };
        self.tokens = &self.tokens[taken..];
        Fen::from_yuan(digit * yuan_each).ok_or(PayUnreadable::TooLarge)
    }

    /// What may follow the amounts, in any order: `元/月`, `以上`, `·13薪`.
    fn tail(&mut self, frame: &mut Frame) -> Result<(), PayUnreadable> {
        while let Some((token, rest)) = self.tokens.split_first() {
            self.tokens = rest;
            match token {
                Token::Mark | Token::Yuan => {}
                Token::Per(unit) => frame.set_unit(*unit)?,
                Token::Bound(bound) => frame.set_bound(*bound)?,
                Token::Number(months) => {
                    if self.take_if(|token| *token == Token::Salaries).is_none() {
                        return Err(PayUnreadable::UnknownWords);
                    }
                    frame.set_months(*months)?;
                }
                _ => return Err(PayUnreadable::UnknownWords),
            }
        }
        Ok(())
    }

    fn take_if(&mut self, wanted: impl Fn(&Token) -> bool) -> Option<Token> {
        let (token, rest) = self.tokens.split_first()?;
        wanted(token).then(|| {
            self.tokens = rest;
            *token
        })
    }
}

fn assemble(low: Written, high: Option<Written>, frame: &Frame) -> Result<Pay, PayUnreadable> {
    let amount = match (high, frame.bound) {
        (Some(high), None) => range(low, high)?,
        (Some(_), Some(_)) => return Err(PayUnreadable::UnknownWords),
        (None, Some(Bound::AtLeast)) => PayAmount::From { low: low.fen()? },
        (None, Some(Bound::AtMost)) => PayAmount::UpTo { high: low.fen()? },
        (None, None) if is_bare(low, frame) => PayAmount::From { low: low.fen()? },
        (None, None) => PayAmount::Range {
            low: low.fen()?,
            high: low.fen()?,
        },
    };
    let scaled = low.scale.is_some() || high.is_some_and(|high| high.scale.is_some());
    let (unit, basis) = match frame.unit {
        Some(unit) => (unit, UnitBasis::Stated),
        None if scaled || is_monthly_size(amount) => (PayUnit::Month, UnitBasis::Inferred),
        None => return Err(PayUnreadable::UnitUnclear),
    };
    Ok(Pay {
        amount,
        unit,
        basis,
        months_per_year: frame.months_per_year,
    })
}

/// A number and nothing else: `10001`.
fn is_bare(written: Written, frame: &Frame) -> bool {
    written.scale.is_none()
        && !written.yuan
        && written.number.whole().is_some()
        && frame.unit.is_none()
        && frame.months_per_year.is_none()
}

fn is_monthly_size(amount: PayAmount) -> bool {
    let upper = match amount {
        PayAmount::Range { high, .. } | PayAmount::UpTo { high } => high,
        PayAmount::From { low } => low,
        PayAmount::Negotiable => return true,
    };
    upper.0 >= PLAIN_MONTHLY_YUAN_MIN * 100
}

/// The ends of a range. An end without 千 or 万 borrows the other's where that keeps the order
/// (`5-8千`, `8千-12`); else it is plain yuan if it is of a plain amount's size (`8000-1万`).
fn range(low: Written, high: Written) -> Result<PayAmount, PayUnreadable> {
    let (low_fen, high_fen) = match (low.scale, high.scale) {
        (None, Some(scale)) if !low.yuan => {
            let borrowed = low.fen_scaled_by(Some(scale));
            let high = high.fen()?;
            match borrowed {
                Ok(borrowed) if borrowed <= high => (borrowed, high),
                _ => (plain(low)?, high),
            }
        }
        (Some(scale), None) if !high.yuan => {
            let low = low.fen()?;
            match plain(high) {
                Ok(high) if low <= high => (low, high),
                _ => (low, high.fen_scaled_by(Some(scale))?),
            }
        }
        _ => (low.fen()?, high.fen()?),
    };
    if low_fen > high_fen {
        return Err(PayUnreadable::Reversed);
    }
    Ok(PayAmount::Range {
        low: low_fen,
        high: high_fen,
    })
}

/// An end in plain yuan beside an end with 千 or 万.
fn plain(written: Written) -> Result<Fen, PayUnreadable> {
    let fen = written.fen_scaled_by(None)?;
    if fen.0 < PLAIN_MONTHLY_YUAN_MIN * 100 {
        Err(PayUnreadable::Reversed)
    } else {
        Ok(fen)
    }
}

#[cfg(test)]
mod tests;
