//! (signatures for the pages; bodies follow)
