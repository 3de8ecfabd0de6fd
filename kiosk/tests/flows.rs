//! Every flow of the plain pages as a person goes through it: by the words on the glass, with a clock that
//! stands still until a test moves it, and with answers of the centre as the test wants them.

use std::time::Duration;

use kiosk::app::event::Touch;
use kiosk::ui::PageId;

#[path = "flows/asking.rs"]
mod asking;
#[path = "flows/card.rs"]
mod card;
#[path = "flows/person.rs"]
mod person;
#[path = "flows/printing.rs"]
mod printing;
#[path = "flows/reading.rs"]
mod reading;
#[path = "flows/sample.rs"]
mod sample;
#[path = "flows/scanning.rs"]
mod scanning;
#[path = "flows/self_check.rs"]
mod self_check;

use person::Person;

#[test]
fn what_a_person_chose_goes_with_the_person() {
    let mut person = Person::at(Touch::FindStation);
    person.touch("按街道名找");
    person.touch("D");
    person.leaves_for(Duration::from_secs(91));
    assert_eq!(person.page(), PageId::Home);
    person.opens(Touch::FindStation);
    assert!(
        person.sees("一共 51 个网点，就近去办。"),
        "nothing is typed"
    );
}
