//! How two programs agree on a version of the wire.

use proptest::prelude::*;
use wire::version::WireVersions;

fn ranges() -> impl Strategy<Value = (u16, u16)> {
    let near = (0..6_u16, 0..6_u16);
    let any_two = any::<(u16, u16)>();
    prop_oneof![near, any_two].prop_map(|(one, other)| (one.min(other), one.max(other)))
}

proptest! {
    #[test]
    fn both_agree_on_the_newest_version_that_both_speak_or_on_none(
        (a_oldest, a_newest) in ranges(),
        (b_oldest, b_newest) in ranges(),
    ) {
        let a = WireVersions::new(a_oldest, a_newest).unwrap();
        let b = WireVersions::new(b_oldest, b_newest).unwrap();
        let common = (a_oldest.max(b_oldest)..=a_newest.min(b_newest)).next_back();
        prop_assert_eq!(a.agree(b).ok(), common);
        prop_assert_eq!(b.agree(a).ok(), common);
    }

    #[test]
    fn a_range_is_read_as_printed((oldest, newest) in ranges()) {
        let range = WireVersions::new(oldest, newest).unwrap();
        prop_assert_eq!(range.to_string().parse(), Ok(range));
        if oldest < newest {
            prop_assert_eq!(WireVersions::new(newest, oldest), None);
        }
    }
}
