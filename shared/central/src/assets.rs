//! The data files that are part of the program. Data only: reading them is their users' work.

/// Dated parameters, by file name.
pub const PARAMETERS: [(&str, &str); 7] = [
    (
        "attachment.toml",
        include_str!("../../../assets/parameters/attachment.toml"),
    ),
    (
        "backup.toml",
        include_str!("../../../assets/parameters/backup.toml"),
    ),
    (
        "device.toml",
        include_str!("../../../assets/parameters/device.toml"),
    ),
    (
        "listing.toml",
        include_str!("../../../assets/parameters/listing.toml"),
    ),
    (
        "pay.toml",
        include_str!("../../../assets/parameters/pay.toml"),
    ),
    (
        "rating.toml",
        include_str!("../../../assets/parameters/rating.toml"),
    ),
    (
        "ticket.toml",
        include_str!("../../../assets/parameters/ticket.toml"),
    ),
];

/// The district's service groups: the default layout of a hall.
pub const SERVICE_GROUPS: &str = include_str!("../../../assets/hall/service-groups.json");

/// Reasons of a bad score.
pub const POOR_REASONS: &str = include_str!("../../../assets/codes/poor-reasons.json");

/// The description of the HTTP API.
pub const OPENAPI: &str = include_str!("../../../assets/api/openapi.json");

/// Notices of the demonstration.
pub const DEMO_NOTICES: &str = include_str!("../../../assets/demo/notices.json");

/// Policies of the demonstration.
pub const DEMO_POLICIES: &str = include_str!("../../../assets/demo/policies.json");
