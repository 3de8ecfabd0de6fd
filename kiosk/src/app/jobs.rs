//! stub
use super::event::{Surroundings, Touch};
use super::tally::SearchTally;
use crate::index::{Answer, Ask};
use crate::ui::PageId;
use domain::listing::Listing;
#[derive(Debug)]
pub struct Jobs {}
#[derive(Debug, Default)]
pub struct JobStep { pub asks: Vec<Ask>, pub is_left: bool }
impl Jobs {
    pub fn page(&self) -> PageId { PageId::JobSearch }
    pub fn opened(_: &Surroundings) -> (Self, JobStep) { (Self {}, JobStep::default()) }
    pub fn opened_at(_: Listing, _: &Surroundings) -> (Self, JobStep) { (Self {}, JobStep::default()) }
    pub fn touched(&mut self, _: &Touch, _: &mut SearchTally, _: &Surroundings) -> JobStep { JobStep::default() }
    pub fn answered(&mut self, _: Answer, _: &mut SearchTally, _: &Surroundings) -> JobStep { JobStep::default() }
}
