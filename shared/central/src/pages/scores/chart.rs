//! The dot plot of satisfaction, drawn on the server as SVG (`style/look.md` §13): one hue, a
//! diamond in the stop colour below the target, the target as a dashed line with its number, and
//! both ends of a cut axis written. Positions are whole thousandths, so no float is involved.

use domain::rating::Share;
use maud::{Markup, html};

/// Width of the drawing in px.
const WIDTH: u64 = 220;
/// Room for a mark that stands at an end.
const MARGIN: u64 = 10;
/// Least px from the middle of the target's number to the right end, whose number is there.
const TARGET_FROM_END: u64 = 58;
/// Where an axis may be cut, in thousandths; the highest one that shows every window is taken.
const CUTS_PER_MILLE: [u64; 4] = [950, 900, 800, 500];

/// A horizontal axis from `low_per_mille` to 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    low_per_mille: u64,
    target_per_mille: u64,
}

impl Axis {
    /// The axis on which all `shares` and the target have their place.
    pub(super) fn for_shares(shares: impl Iterator<Item = Share>, target_per_mille: u64) -> Self {
        let lowest = shares
            .filter_map(per_mille)
            .min()
            .unwrap_or(1_000)
            .min(target_per_mille);
        let low_per_mille = CUTS_PER_MILLE
            .into_iter()
            .find(|cut| *cut <= lowest)
            .unwrap_or(0);
        Self {
            low_per_mille,
            target_per_mille,
        }
    }

    /// px from the left of a value in thousandths.
    fn x(self, per_mille: u64) -> u64 {
        let within = per_mille.clamp(self.low_per_mille, 1_000) - self.low_per_mille;
        MARGIN + within * (WIDTH - 2 * MARGIN) / (1_000 - self.low_per_mille).max(1)
    }

    /// The line above the column: both ends and the target.
    pub(super) fn head(self, target_text: &str) -> Markup {
        let low = format!("{}%", self.low_per_mille / 10);
        // near the right end the target's number steps aside, so that both ends stay written
        let target_x = self.x(self.target_per_mille).min(WIDTH - TARGET_FROM_END);
        html! {
            svg width=(WIDTH) height="18" viewBox=(format!("0 0 {WIDTH} 18")) font-size="12.5"
                fill="#465c63" role="img" aria-label=(format!("从 {low} 到 100%，目标 {target_text}")) {
                text x="0" y="14" { (low) }
                text x=(target_x) y="14" text-anchor="middle" font-weight="700" fill="#855600" {
                    (target_text)
                }
                text x=(WIDTH) y="14" text-anchor="end" { "100%" }
            }
        }
    }

    /// One window's mark.
    pub(super) fn mark(self, share: Share) -> Markup {
        let x = self.x(per_mille(share).unwrap_or(0));
        let target_x = self.x(self.target_per_mille);
        let is_reached = share.reaches(self.target_per_mille);
        html! {
            svg width=(WIDTH) height="26" viewBox=(format!("0 0 {WIDTH} 26")) aria-hidden="true" {
                path d=(format!("M{MARGIN} 13H{}", WIDTH - MARGIN)) stroke="#dfe8e8" stroke-width="2" {}
                path d=(format!("M{target_x} 1V25")) stroke="#855600" stroke-width="2"
                    stroke-dasharray="4 3" {}
                path d=(format!("M{target_x} 13H{x}"))
                    stroke=(if is_reached { "#0b5a63" } else { "#b3301d" }) stroke-width="3" {}
                @if is_reached {
                    circle cx=(x) cy="13" r="6" fill="#0b5a63" {}
                } @else {
                    path d=(format!("M{x} 5l8 8l-8 8l-8 -8z")) fill="#b3301d" {}
                }
            }
        }
    }
}

fn per_mille(share: Share) -> Option<u64> {
    let value = (u128::from(share.part) * 1_000).checked_div(u128::from(share.whole))?;
    u64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_is_cut_only_as_far_as_every_window_stays_on_it() {
        let axis = |parts: &[u64]| {
            let shares = parts.iter().map(|part| Share {
                part: *part,
                whole: 1_000,
            });
            Axis::for_shares(shares, 980).low_per_mille
        };
        assert_eq!(axis(&[990, 971]), 950);
        assert_eq!(axis(&[990, 830]), 800);
        assert_eq!(axis(&[20]), 0);
        assert_eq!(axis(&[]), 950);
    }

    #[test]
    fn a_window_below_the_target_has_another_shape_and_not_only_another_colour() {
        let axis = Axis {
            low_per_mille: 950,
            target_per_mille: 980,
        };
        let drawn = |part| axis.mark(Share { part, whole: 1_000 }).into_string();
        assert!(drawn(985).contains("<circle") && !drawn(979).contains("<circle"));
    }
}
