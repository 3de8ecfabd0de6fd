//! Seeded randomness: SplitMix64 (Steele, Lea, Flood 2014), the same on every machine. Each kind
//! of fact draws from a named stream of its own, so that adding one changes no other.

/// One stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    state: u64,
}

/// The 64 quantile midpoints of a log-normal with median 1 and sigma 0.22, in thousandths.
const LOG_NORMAL_PERMILLE: [u16; 64] = [
    588, 646, 679, 703, 723, 740, 756, 770, 783, 795, 806, 817, 828, 838, 848, 857, 867, 876, 885,
    894, 902, 911, 920, 928, 937, 945, 953, 962, 970, 979, 987, 996, 1004, 1013, 1022, 1031, 1040,
    1049, 1058, 1068, 1078, 1087, 1098, 1108, 1119, 1130, 1142, 1154, 1166, 1179, 1193, 1208, 1223,
    1240, 1258, 1277, 1299, 1323, 1351, 1383, 1422, 1473, 1548, 1702,
];

/// The sigma that [`LOG_NORMAL_PERMILLE`] was made for.
pub(super) const LOG_NORMAL_SIGMA: &str = "0.22";

impl Stream {
    /// The stream `name` of a seed.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: short names far apart; nothing here needs to withstand an adversary.
        let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        let mut stream = Self { state: seed ^ hash };
        stream.next();
        stream
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if the bound is 0. The bias of the multiplication is below
    /// `bound / 2^64`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).expect("64 bits, because a 128-bit product was halved")
    }

    /// True in `share` of a thousand cases.
    pub(super) fn permille(&mut self, share: u32) -> bool {
        self.below(1000) < u64::from(share)
    }

    /// One of `items`.
    ///
    /// # Panics
    /// If there are none; the recipe's reader refuses empty lists.
    pub(super) fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let index = self.below(items.len() as u64);
        &items[usize::try_from(index).expect("an index, because it is below a length")]
    }

    /// The index of one of `weights`, in proportion to them.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut left = self.below(total);
        for (index, weight) in weights.enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        0
    }

    /// `median` spread log-normally, rounded down.
    pub(super) fn log_normal(&mut self, median: u64) -> u64 {
        median * u64::from(*self.pick(&LOG_NORMAL_PERMILLE)) / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_for_one_seed_and_differ_by_name() {
        let draw = |seed, name| {
            let mut stream = Stream::new(seed, name);
            [stream.next(), stream.next(), stream.next()]
        };
        assert_eq!(draw(7, "pay"), draw(7, "pay"));
        assert_ne!(draw(7, "pay"), draw(7, "date"));
        assert_ne!(draw(7, "pay"), draw(8, "pay"));
    }

    #[test]
    fn weights_are_kept_in_proportion() {
        let mut stream = Stream::new(1, "weights");
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[stream.weighted([700, 0, 300].into_iter())] += 1;
        }
        assert!(
            (6_800..7_200).contains(&counts[0]) && counts[1] == 0,
            "{counts:?}"
        );
    }

    #[test]
    fn the_median_of_the_log_normal_is_the_median() {
        let below = LOG_NORMAL_PERMILLE
            .iter()
            .filter(|factor| **factor < 1000)
            .count();
        assert_eq!(below, 32);
        assert!(LOG_NORMAL_PERMILLE.is_sorted());
    }
}
