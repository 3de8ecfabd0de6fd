//! The master key: where it may be, what happens without it, and how it is replaced.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use central::admin::{AdminDesk, AdminRequest};
use central::edge::fill_random;
use central::serve::open_store_under;
use central::store::Marking;
use central::vault::{CREDENTIAL, KeyCustody, KeyError};
use domain::personal::PersonField;
use sync::data_dir::DataDir;
use uuid::Uuid;
use wire::sealed::{Binding, BoundText, SealKey, SealedToCentre};

use crate::centre::{
    Centre, MORNING, assert_erased, assert_known, by_number, erase, person, rebuild, record,
};

/// The key in a key file, read without the code under test.
fn key_in(path: &Path) -> SealKey {
    let text = fs::read_to_string(path).unwrap();
    let digits = text.lines().nth(1).unwrap();
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).unwrap();
    SealKey::from_bytes(bytes)
}

fn bindings(name: &str) -> Binding<'_> {
    match name.parse() {
        Ok(person) => Binding::PersonKey { person },
        Err(_) => Binding::StoreKey { name },
    }
}

#[test]
fn a_rotation_keeps_everything_readable_and_the_old_key_opens_nothing() {
    let centre = Centre::new();
    let store = centre.open();
    (1..=3).for_each(|number| record(&store, number));
    erase(&store, 3).unwrap();
    let old = key_in(&centre.key());
    for (name, wrapped) in centre.wrapped() {
        assert!(wrapped.open(&old, &bindings(&name)).is_ok(), "{name}");
    }
    let old_texts: Vec<String> = centre
        .wrapped()
        .iter()
        .map(|(_, wrapped)| wrapped.to_string())
        .collect();
    let tables = centre.tables();
    assert_eq!(store.rotate_master_key(fill_random), Ok(4));
    let kept = centre.beside(".master.key.old");
    assert_eq!(key_in(&kept).id(), old.id());
    store.forget_old_master_key().unwrap();
    assert!(!kept.exists());
    for text in old_texts {
        assert_eq!(centre.holders(text.as_bytes()), [""; 0]);
    }
    let new = key_in(&centre.key());
    for (name, wrapped) in centre.wrapped() {
        assert!(wrapped.open(&old, &bindings(&name)).is_err(), "{name}");
        assert!(wrapped.open(&new, &bindings(&name)).is_ok(), "{name}");
    }
    assert_known(&store, 1);
    rebuild(&store);
    assert_eq!(centre.tables(), tables, "the keyed hashes are the same");
    drop(store);
    let store = centre.open();
    assert_known(&store, 2);
    assert_erased(&store, 3);
    assert_eq!(
        by_number(&store, PersonField::Phone, "15400000001"),
        [person(1)]
    );
    record(&store, 4);
    assert_known(&store, 4);
}

/// The files of one moment: the database and the keys beside it.
struct Moment {
    database: Vec<u8>,
    keys: Vec<(&'static str, Vec<u8>)>,
}

impl Moment {
    fn put_into(&self, centre: &Centre) {
        fs::write(centre.data().join("central.db"), &self.database).unwrap();
        for (suffix, content) in &self.keys {
            let path = centre.beside(suffix);
            fs::write(&path, content).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

#[test]
fn a_rotation_cut_short_anywhere_leaves_a_store_that_opens() {
    const KEY: &str = ".master.key";
    const NEXT: &str = ".master.key.next";
    const OLD: &str = ".master.key.old";
    const PART: &str = ".master.key.part";
    let original = Centre::new();
    let store = original.open();
    (1..=2).for_each(|number| record(&store, number));
    drop(store);
    let database = || fs::read(original.data().join("central.db")).unwrap();
    let (before, old) = (database(), fs::read(original.key()).unwrap());
    let store = original.open();
    store.rotate_master_key(fill_random).unwrap();
    drop(store);
    let (after, new) = (database(), fs::read(original.key()).unwrap());
    assert_ne!(old, new);
    let moments = [
        // the new key is being written
        (&before, vec![(KEY, &old), (PART, &new)]),
        // written, and no key is under it
        (&before, vec![(KEY, &old), (NEXT, &new)]),
        // the transaction is committed
        (&after, vec![(KEY, &old), (NEXT, &new)]),
        // between the two moves
        (&after, vec![(OLD, &old), (NEXT, &new)]),
        // done
        (&after, vec![(KEY, &new), (OLD, &old)]),
        // a backup from before the rotation is restored
        (&before, vec![(KEY, &new), (OLD, &old)]),
        // forgotten
        (&after, vec![(KEY, &new)]),
    ];
    for (number, (database, keys)) in moments.into_iter().enumerate() {
        let owned = keys.into_iter().map(|(name, key)| (name, key.clone()));
        let moment = Moment {
            database: database.clone(),
            keys: owned.collect(),
        };
        let centre = Centre::new();
        moment.put_into(&centre);
        let store = centre.open();
        assert_known(&store, 1);
        let current = key_in(&centre.key());
        for (name, wrapped) in centre.wrapped() {
            let opened = wrapped.open(&current, &bindings(&name));
            assert!(opened.is_ok(), "{name} at moment {number}");
        }
        // the next rotation goes through, after the old key is forgotten if it is kept
        if centre.beside(OLD).exists() {
            let refused = store.rotate_master_key(fill_random).unwrap_err();
            assert!(refused.to_string().contains("forget-old"), "{refused}");
            store.forget_old_master_key().unwrap();
        }
        store.rotate_master_key(fill_random).unwrap();
        drop(store);
        assert_known(&centre.open(), 2);
    }
}

#[test]
fn a_store_is_refused_with_each_bad_key_file_and_left_as_it_is() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    drop(store);
    let (key, away) = (centre.key(), centre.beside(".away"));
    let whole = fs::read(&key).unwrap();
    let mode = |mode| fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(
        fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    for readable in [0o640, 0o604, 0o660] {
        mode(readable);
        let refused = centre.refusal(None);
        assert!(matches!(refused, KeyError::ReadableByOthers { .. }));
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }
    mode(0o600);
    fs::write(&key, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(centre.refusal(None), KeyError::Damaged { .. }));
    fs::write(&key, String::from_utf8_lossy(&whole).to_uppercase()).unwrap();
    assert!(matches!(centre.refusal(None), KeyError::Damaged { .. }));
    let mut other = whole.clone();
    let digit = other.len() - 2;
    other[digit] = if other[digit] == b'0' { b'1' } else { b'0' };
    fs::write(&key, other).unwrap();
    assert!(matches!(centre.refusal(None), KeyError::Other { .. }));
    fs::write(&key, &whole).unwrap();
    fs::rename(&key, &away).unwrap();
    let refused = centre.refusal(None);
    assert!(matches!(refused, KeyError::Missing { .. }));
    let id = key_in(&away).id().to_string();
    assert!(refused.to_string().contains(&id), "{refused}");
    assert!(
        !key.exists(),
        "no new key is made for a store that has keys"
    );
    assert_known(&centre.try_open(Some(&away)).unwrap(), 1);
}

#[test]
fn a_key_file_inside_the_data_directory_is_refused_also_through_a_link() {
    let centre = Centre::new();
    let inside = centre.data().join("master.key");
    assert!(matches!(
        centre.refusal(Some(&inside)),
        KeyError::InsideData { .. }
    ));
    fs::write(&inside, "x").unwrap();
    let link = centre.beside(".link");
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    assert!(matches!(
        centre.refusal(Some(&link)),
        KeyError::InsideData { .. }
    ));
    let folder_link = centre.beside(".folder");
    std::os::unix::fs::symlink(centre.data(), &folder_link).unwrap();
    let through = folder_link.join("other.key");
    assert!(matches!(
        centre.refusal(Some(&through)),
        KeyError::InsideData { .. }
    ));
}

#[test]
fn a_key_file_that_was_made_before_a_crash_is_taken_and_not_replaced() {
    let centre = Centre::new();
    drop(centre.open());
    assert!(
        !centre.key().exists(),
        "no key before there is anything to keep"
    );
    let store = centre.open();
    record(&store, 1);
    drop(store);
    let made = fs::read(centre.key()).unwrap();
    // the transaction that had the key made was never committed
    fs::remove_dir_all(centre.data()).unwrap();
    let store = centre.open();
    record(&store, 1);
    assert_known(&store, 1);
    assert_eq!(fs::read(centre.key()).unwrap(), made);
}

#[test]
fn a_key_that_systemd_gives_is_used_and_cannot_be_rotated_here() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    drop(store);
    let credentials = centre.beside(".credentials");
    fs::create_dir(&credentials).unwrap();
    let file = credentials.join(CREDENTIAL);
    fs::rename(centre.key(), &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    let custody = KeyCustody::of(&centre.data(), None, Some(&credentials)).unwrap();
    assert_eq!(custody.key_file(), file);
    let dir = DataDir::take(&centre.data()).unwrap();
    let store = open_store_under(custody, &dir, Marking::Synthetic, MORNING).unwrap();
    assert_known(&store, 1);
    let refused = store.rotate_master_key(fill_random).unwrap_err();
    assert_eq!(refused, KeyError::FromCredential.into());
}

#[test]
fn a_text_sealed_to_the_centre_is_opened_by_it_also_after_a_rotation() {
    let centre = Centre::new();
    let store = centre.open();
    let public = store
        .write_blocking(|write| write.establish_keys(fill_random))
        .unwrap();
    let bound = BoundText {
        kind: "feedback.submitted.v1",
        subject: Uuid::from_u128(3),
    };
    let sealed = SealedToCentre::seal(public, bound, "窗口很好找", [6; 32]).unwrap();
    store.rotate_master_key(fill_random).unwrap();
    drop(store);
    let store = centre.open();
    let key = store
        .read_blocking(|reader| reader.centre_box_key())
        .unwrap();
    assert_eq!(key.public(), public);
    assert_eq!(sealed.open(&key, bound).unwrap().as_str(), "窗口很好找");
    let published = store.read_blocking(|reader| reader.centre_box_public());
    assert_eq!(published.unwrap(), Some(public));
}

#[test]
fn the_command_line_says_which_key_is_in_use_and_never_the_key() {
    let centre = Centre::new();
    let store = centre.open();
    let desk = AdminDesk::new(
        store.clone(),
        &centre.data(),
        std::sync::Arc::new(|| MORNING),
    );
    let ask = |request| {
        let told = desk.perform(request, &mut |_| {});
        told.map(|told| told.text + &told.json)
            .map_err(|error| error.to_string())
    };
    assert!(
        ask(AdminRequest::KeyStatus)
            .unwrap()
            .contains("还没有主密钥")
    );
    assert!(
        ask(AdminRequest::RotateMasterKey)
            .unwrap_err()
            .contains("还没有主密钥")
    );
    record(&store, 1);
    let old = key_in(&centre.key());
    let mut answers = vec![
        ask(AdminRequest::KeyStatus).unwrap(),
        ask(AdminRequest::RotateMasterKey).unwrap(),
        ask(AdminRequest::RotateMasterKey).unwrap_err(),
        ask(AdminRequest::KeyStatus).unwrap(),
    ];
    let new = key_in(&centre.key());
    assert!(answers[0].contains(&old.id().to_string()));
    assert!(answers[3].contains(&new.id().to_string()));
    answers.push(ask(AdminRequest::ForgetOldMasterKey).unwrap());
    assert!(
        ask(AdminRequest::ForgetOldMasterKey)
            .unwrap_err()
            .contains("不用删")
    );
    for key in [old, new] {
        let digits = hex::encode(key.expose());
        assert!(answers.iter().all(|answer| !answer.contains(&digits)));
    }
}
