//! The data files that are part of the program. Data only: reading them is their users' work.

/// Dated parameters, by file name.
pub const PARAMETERS: [(&str, &str); 13] = [
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
        "document.toml",
        include_str!("../../../assets/parameters/document.toml"),
    ),
    (
        "eligibility.toml",
        include_str!("../../../assets/parameters/eligibility.toml"),
    ),
    (
        "flow.toml",
        include_str!("../../../assets/parameters/flow.toml"),
    ),
    (
        "kpi.toml",
        include_str!("../../../assets/parameters/kpi.toml"),
    ),
    (
        "listing.toml",
        include_str!("../../../assets/parameters/listing.toml"),
    ),
    (
        "outreach.toml",
        include_str!("../../../assets/parameters/outreach.toml"),
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
        "staff.toml",
        include_str!("../../../assets/parameters/staff.toml"),
    ),
    (
        "ticket.toml",
        include_str!("../../../assets/parameters/ticket.toml"),
    ),
];

/// Rules of the self-check, by file name.
pub const ELIGIBILITY: [(&str, &str); 5] = [
    (
        "rules.toml",
        include_str!("../../../assets/eligibility/rules.toml"),
    ),
    (
        "questions.toml",
        include_str!("../../../assets/eligibility/questions.toml"),
    ),
    (
        "person.toml",
        include_str!("../../../assets/eligibility/person.toml"),
    ),
    (
        "org.toml",
        include_str!("../../../assets/eligibility/org.toml"),
    ),
    (
        "together.toml",
        include_str!("../../../assets/eligibility/together.toml"),
    ),
];

/// Months of retirement.
pub const RETIREMENT: &str = include_str!("../../../assets/codes/retirement.toml");

/// The sheet of requirements with how each stands.
pub const REQUIREMENTS: &str = include_str!("../../../assets/requirements.csv");

/// The district's service groups: the default layout of a hall.
pub const SERVICE_GROUPS: &str = include_str!("../../../assets/hall/service-groups.json");

/// Lines of the yearly assessment.
pub const KPI_LINES: &str = include_str!("../../../assets/kpi/lines.toml");

/// Texts for emergencies that were approved beforehand.
pub const EMERGENCY_TEXTS: &str = include_str!("../../../assets/hall/emergency-texts.json");

/// Reasons of a bad score.
pub const POOR_REASONS: &str = include_str!("../../../assets/codes/poor-reasons.json");

/// What a citizen may ask for at a kiosk.
pub const CITIZEN_SERVICES: &str = include_str!("../../../assets/citizen/services.toml");

/// The description of the HTTP API.
pub const OPENAPI: &str = include_str!("../../../assets/api/openapi.json");

/// Notices of the demonstration.
pub const DEMO_NOTICES: &str = include_str!("../../../assets/demo/notices.json");

/// Boards of the demonstration in the register of devices, and texts for them.
pub const DEMO_PUBLICATIONS: &str = include_str!("../../../assets/demo/publications.json");

/// Stations, service guide, publicity lists and gig work of the demonstration.
pub const DEMO_PUBLIC: &str = include_str!("../../../assets/demo/public.json");

/// Policies of the demonstration.
pub const DEMO_POLICIES: &str = include_str!("../../../assets/demo/policies.json");

/// How jobseekers and vacancies are weighed.
pub const MATCHING_RULES: &str = include_str!("../../../assets/matching/rules.toml");

/// Classes of work and words for skills.
pub const MATCHING_OCCUPATIONS: &str = include_str!("../../../assets/matching/occupations.toml");

/// Places of the city with their codes.
pub const DISTRICTS: &str = include_str!("../../../assets/codes/districts.json");

/// Words that a text must not hold, by list.
pub const WORDS: &str = include_str!("../../../assets/codes/words.toml");

/// Words that a text for boards should not hold, why, and what to write instead.
pub const SENSITIVE_WORDS: &str = include_str!("../../../assets/boards/sensitive-words.toml");

/// Working days, holidays and make-up days.
pub const WORKDAYS: &str = include_str!("../../../assets/calendar/workdays.csv");
