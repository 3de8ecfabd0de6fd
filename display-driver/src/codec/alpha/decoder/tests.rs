//! The decoder at its edges, over random bytes, and as the inverse of the encoder.

use proptest::prelude::*;

use super::*;
use crate::codec::alpha::packet::encode;

const RESET: &[u8] = b"\0\0\0\0\0\x01Z00\x02E,\x030076\x04";

fn decode(bytes: &[u8]) -> Vec<Result<Heard, PacketError>> {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    decoder.collect()
}

fn is_packet(outcome: &Result<Heard, PacketError>) -> bool {
    matches!(outcome, Ok(Heard::Packet { .. }))
}

#[test]
fn any_number_of_nuls_may_come_before_a_packet() {
    for count in [0, 1, 5, 20, 300] {
        let bytes = [vec![0; count], RESET[5..].to_vec()].concat();
        let heard = decode(&bytes).remove(0).expect("a sound packet");
        let Heard::Packet { packet, offset, .. } = heard else {
            panic!("expected a packet");
        };
        assert_eq!((usize::from(packet.nuls), offset), (count.min(255), 0));
    }
}

#[test]
fn noise_before_a_packet_is_skipped_and_counted() {
    let mut decoder = Decoder::new();
    decoder.push(b"\0xy\xFF\0\0");
    decoder.push(RESET);
    let heard = decoder.next().expect("a packet").expect("a sound one");
    assert_eq!((heard.offset(), decoder.noise_bytes()), (4, 3));
}

#[test]
fn a_start_byte_in_a_packet_is_a_new_start() {
    let outcomes = decode(&[&RESET[..12], RESET].concat());
    assert!(outcomes.last().is_some_and(is_packet));
    let offset = 12 + 5;
    assert_eq!(outcomes[0], Err(PacketError::Restarted { offset }));
}

#[test]
fn each_bit_of_a_checked_packet_matters() {
    for at in 6..RESET.len() - 1 {
        for bit in 0..8 {
            let mut bad = RESET.to_vec();
            bad[at] ^= 1 << bit;
            let heard = decode(&bad);
            let passes = heard.iter().any(is_packet);
            // Type and address are not under the sum; neither is a 03 that is no longer one:
            // without it what looked like a checksum is data of an open command.
            let is_head = at < 9;
            let is_open = at == 12 && !heard.iter().any(Result::is_err);
            assert!(!passes || is_head || is_open, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn each_fault_has_its_place() {
    let fault = |bytes: &[u8]| decode(bytes)[0].clone().expect_err("no packet");
    assert_eq!(fault(b"\x01Z0\x04"), PacketError::TooShort { offset: 3 });
    let (byte, offset) = (b'?', 1);
    assert_eq!(
        fault(b"\x01?00\x02E,\x04"),
        PacketError::UnknownType { byte, offset }
    );
    assert_eq!(
        fault(b"\x01Z0a\x02E,\x04"),
        PacketError::BadAddress { offset: 2 }
    );
    assert_eq!(fault(b"\x01Z00\x04"), PacketError::NoCommand { offset: 4 });
    assert_eq!(
        fault(b"\x01Z00E,\x04"),
        PacketError::NoCommand { offset: 4 }
    );
    assert_eq!(
        fault(b"\x01Z00\x02E,\x03007\x04"),
        PacketError::BadChecksumDigit { offset: 11 }
    );
    assert_eq!(
        fault(b"\x01Z00\x02E,\x030076x\x04"),
        PacketError::NoCommand { offset: 12 }
    );
    let (byte, offset) = (0xFF, 5);
    assert_eq!(
        fault(b"\x01Z00\x02\xFF"),
        PacketError::EightBits { byte, offset }
    );
    let (byte, offset) = (1, 1);
    assert_eq!(fault(b"\x06\x01"), PacketError::BadStatus { byte, offset });
}

#[test]
fn answers_stand_between_packets_and_a_broken_one_does_not_eat_the_next() {
    let outcomes = decode(&[b"\x06\x40", RESET, b"\x15\x50\x15", RESET].concat());
    let answers = outcomes
        .iter()
        .filter(|it| matches!(it, Ok(Heard::Answer { .. })));
    assert_eq!(answers.count(), 2);
    assert_eq!(outcomes.iter().filter(|it| is_packet(it)).count(), 2);
    assert!(matches!(outcomes[3], Err(PacketError::BadStatus { .. })));
}

#[test]
fn a_packet_without_end_is_given_up_at_the_limit() {
    let endless = [vec![START], vec![b'x'; BODY_BYTES_MAX + 1], RESET.to_vec()].concat();
    let outcomes = decode(&endless);
    assert!(matches!(outcomes[0], Err(PacketError::TooLong { .. })));
    assert!(outcomes.last().is_some_and(is_packet));
}

#[test]
fn millions_of_random_bytes_give_faults_and_packets_and_hold_no_more_than_one_packet() {
    let mut decoder = Decoder::new();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let (mut sound, mut faults) = (0, 0);
    for _ in 0..4_000 {
        let mut bytes = [0; 1024];
        for byte in &mut bytes {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            // Mostly bytes that mean something, so that packets are met, too.
            *byte = match random % 4 {
                0 => (random >> 8) as u8,
                1 => b"\0\x01\x02\x03\x04\x06\x15\x40"[(random >> 8) as usize % 8],
                _ => b"Z00\x02E,\x03AG"[(random >> 8) as usize % 9],
            };
        }
        decoder.push(&bytes);
        for outcome in decoder.by_ref() {
            match outcome {
                Ok(_) => sound += 1,
                Err(_) => faults += 1,
            }
        }
        // All that was pushed has been looked at.
        assert!(decoder.held_bytes() <= BODY_BYTES_MAX);
    }
    assert!(
        sound > 1_000 && faults > 1_000,
        "{sound} sound, {faults} faults"
    );
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(
        nuls in any::<u8>(),
        kind in proptest::sample::select(SignType::ALL),
        digits in proptest::array::uniform2(proptest::sample::select(b"0123456789ABCDEF?".as_slice())),
        earlier in proptest::collection::vec((data(), any::<bool>()), 0..4),
        last in data(),
        closing in proptest::option::of(any::<bool>()),
    ) {
        let closing_of = |checked| if checked { Closing::Checked } else { Closing::Plain };
        let packet = Packet {
            nuls,
            sign_type: kind,
            address: Address::new(digits).expect("digits and question marks"),
            earlier: earlier
                .into_iter()
                .map(|(data, checked)| ClosedCommand { data, closing: closing_of(checked) })
                .collect(),
            last: LastCommand { data: last, closing: closing.map(closing_of) },
        };
        let wire = encode(&packet).expect("short");
        let heard = decode(&wire.bytes).remove(0).expect("a sound packet");
        let Heard::Packet { packet: again, places, .. } = heard else {
            panic!("expected a packet");
        };
        for (data, place) in again.data().zip(places) {
            prop_assert!(wire.bytes[place as usize..].starts_with(data));
        }
        prop_assert_eq!(again, packet);
    }

    #[test]
    fn any_division_of_the_bytes_gives_the_same(
        bytes in proptest::collection::vec(0_u8..16, 0..200),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = [bytes, RESET.to_vec(), b"\x06\x40".to_vec()].concat();
        let (first, second) = bytes.split_at(cut.index(bytes.len()));
        let mut decoder = Decoder::new();
        decoder.push(first);
        let mut divided: Vec<_> = decoder.by_ref().collect();
        decoder.push(second);
        divided.extend(decoder);
        prop_assert_eq!(divided, decode(&bytes));
    }
}

/// Any seven-bit bytes without those that structure a packet.
fn data() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just(0_u8), 5_u8..=0x7F], 0..40)
}
