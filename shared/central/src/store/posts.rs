//! What each member of staff is, and where: from the record at the centre, told by the centre at
//! a node.

use domain::case::Role;
use domain::id::{StaffId, StationCode};
use rusqlite::Connection;
use wire::event::{Post, StaffRolesSet};

use super::projection::execute;
use super::visits::corrupt;
use super::{Reader, StoreError};

impl Reader<'_> {
    /// What this person is, and where, in the order of roles and stations.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn posts_of(&self, staff: StaffId) -> Result<Vec<Post>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT role, station FROM staff_posts WHERE staff = ?1")?;
        let rows = query.query_map([staff.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut posts = rows
            .map(|row| read_post(row?))
            .collect::<Result<Vec<_>, _>>()?;
        posts.sort_unstable();
        Ok(posts)
    }
}

fn read_post((role, station): (String, String)) -> Result<Post, StoreError> {
    let known = Role::of_word(&role);
    let role = known.ok_or_else(|| StoreError::Corrupt(format!("{role:?} is not a role")))?;
    let station = match station.as_str() {
        "" => None,
        code => Some(StationCode::new(code).map_err(corrupt)?),
    };
    Ok(Post { role, station })
}

/// The record sets somebody's posts.
pub(super) fn set(sql: &Connection, set: &StaffRolesSet) -> Result<(), StoreError> {
    replace(sql, set.staff, &set.posts, true)
}

/// Replaces somebody's posts.
pub(super) fn replace(
    sql: &Connection,
    staff: StaffId,
    posts: &[Post],
    is_recorded: bool,
) -> Result<(), StoreError> {
    let staff = staff.to_string();
    execute(sql, "DELETE FROM staff_posts WHERE staff = ?1", [&staff])?;
    let statement = "INSERT OR IGNORE INTO staff_posts (staff, role, station, is_recorded)
                     VALUES (?1, ?2, ?3, ?4)";
    posts.iter().try_for_each(|post| {
        let station = post.station.as_ref().map_or("", StationCode::as_str);
        let values = (&staff, post.role.word(), station, is_recorded);
        execute(sql, statement, values)
    })
}

/// For the audit trail: whose posts, and which.
pub(super) fn set_in_words(set: &StaffRolesSet) -> String {
    let post = |post: &Post| match &post.station {
        Some(station) => format!("{}@{station}", post.role.word()),
        None => post.role.word().to_owned(),
    };
    let posts: Vec<String> = set.posts.iter().map(post).collect();
    format!("{} {}", set.staff, posts.join(" "))
}
