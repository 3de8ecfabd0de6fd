CREATE TABLE migrations (
                     number INTEGER PRIMARY KEY,
                     hash   TEXT NOT NULL
                 ) STRICT;
INSERT INTO migrations VALUES (1, 'e766cd9848fe6b62138c2794fadc191d8348e2dc59f6d90b1a30dc5687792b1e');
INSERT INTO migrations VALUES (2, '6169e8c5e43faf5448f5b4b0d04e5c707a98c88fba08b1b574b63bf7decd2f56');
INSERT INTO migrations VALUES (3, '159b4a5aa8a448811f09d12c77e9a5967bd7c228a292c0a8cc53fe1d806416f6');
INSERT INTO migrations VALUES (4, 'c7729415aad79c92038b693f7cca1fcc00040671caa757efc199a38444ef00cf');
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    writer   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    text     TEXT    NOT NULL,
    received INTEGER NOT NULL,
    UNIQUE (writer, seq)
) STRICT;
INSERT INTO events VALUES (1, '01a205ea-be80-786b-8d8e-810588cc1225', 1, x'74cf2783066a2dcb19b225a90ae4ba7492bf858677fafe835066809d97838924', 1795395600000, 'hall.laid_out.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 1 0000000000000000000000000000000000000000000000000000000000000000 1795395600000 hall.laid_out.v1 269
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}}', 1795395600000);
INSERT INTO events VALUES (2, '01a205ea-be80-786b-8d8e-810588cc1225', 2, x'4095c133faa0090ad1ee642fb45ebe49380b510011438dd7deea699a923486bc', 1795395600000, 'vacancies.imported.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 2 74cf2783066a2dcb19b225a90ae4ba7492bf858677fafe835066809d97838924 1795395600000 vacancies.imported.v1 658
{"import":"01a205ea-be80-7360-8869-9bef83a04a6e","as_of":"2026-11-23","rows":[{"listing":"01a205ea-be80-74df-9d21-88150c1c5732","source_key":"id:t-1","raw":{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}},{"listing":"01a205ea-be80-7976-b520-f7a494518be9","source_key":"id:t-2","raw":{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}}]}', 1795395600000);
INSERT INTO events VALUES (3, '01a205ea-be80-786b-8d8e-810588cc1225', 3, x'1c50e89bfe8994cee4a06cf9e80cfdd9ecda2d69602d2487648eb083aa60dc88', 1795395600000, 'vacancies.published.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 3 4095c133faa0090ad1ee642fb45ebe49380b510011438dd7deea699a923486bc 1795395600000 vacancies.published.v1 78
{"import":"01a205ea-be80-7360-8869-9bef83a04a6e","by":"甲","on":"2026-11-23"}', 1795395600000);
INSERT INTO events VALUES (4, '01a205ea-be80-786b-8d8e-810588cc1225', 4, x'0ac20ff183197a138b9eb50267ff71f106b0f86aac74a6d7f41ed57246edb67b', 1795395600000, 'notice.published.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 4 1c50e89bfe8994cee4a06cf9e80cfdd9ecda2d69602d2487648eb083aa60dc88 1795395600000 notice.published.v1 155
{"notice":{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null},"by":"甲"}', 1795395600000);
INSERT INTO events VALUES (5, '01a205ea-be80-786b-8d8e-810588cc1225', 5, x'805925441180d0382b8fc01fc933fe8f129fbd3dca14bf6124e39da53028244b', 1795395600000, 'staff.acted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 5 0ac20ff183197a138b9eb50267ff71f106b0f86aac74a6d7f41ed57246edb67b 1795395600000 staff.acted.v1 86
{"staff":"01a205ea-be80-7166-9d2d-776eb9ea521d","act":"account_set_up","subject":"07"}', 1795395600000);
INSERT INTO events VALUES (6, '01a205ea-be80-786b-8d8e-810588cc1225', 6, x'716951aec8c08ba76187c127c86ea07d470f4832593a6fd451e0b75a0063338a', 1795395600000, 'device.enrolled.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 6 805925441180d0382b8fc01fc933fe8f129fbd3dca14bf6124e39da53028244b 1795395600000 device.enrolled.v1 227
{"device":"01a205ea-be80-7dbc-b7f3-162018b480d9","name":"设备","kind":{"is":"hall_kiosk","lane":1},"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","public_key":"0d1a213727e492860462dbed559412a79709a30702b004e7f9e3ccdaef644059"}', 1795395600000);
INSERT INTO events VALUES (7, '01a205ea-be80-786b-8d8e-810588cc1225', 7, x'97c4d196211bed15a56d34d4c86e8d0a514bb6042555af6d95ebfbed52fc9517', 1795395600000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 7 716951aec8c08ba76187c127c86ea07d470f4832593a6fd451e0b75a0063338a 1795395600000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","label":"A001","group":"A","priority":null,"arrived_at":1795395600000,"token_hash":"a0ac6a77f142722b3561edd70752b70debbd9edaee3063b0d2e43b8c9d2f213f","code_hash":"11f61ce6c01959a3e695d346de02829a81c91c999ee09acfbb7d1ecd7518e9ea"}', 1795395600000);
INSERT INTO events VALUES (8, '01a205ea-be80-786b-8d8e-810588cc1225', 8, x'c691ef7ce79679dfba11e5c7a9329e4cdd1ca815473681d0f6daa9644594d0c3', 1795395601000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 8 97c4d196211bed15a56d34d4c86e8d0a514bb6042555af6d95ebfbed52fc9517 1795395601000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","ticket":"01a205ea-be80-7dc3-8be9-d4a4f03582ac","label":"A002","group":"A","priority":null,"arrived_at":1795395601000,"token_hash":"690d8578bd25e42965ca8a9e9e142228b628820d3235020dd06da5414d3b9b89","code_hash":"824bf50d68379c22e239c970e986c5a80632380dc800c7a95bdeea4e79a0c3de"}', 1795395601000);
INSERT INTO events VALUES (9, '01a205ea-be80-7dbc-b7f3-162018b480d9', 1, x'59098bdf84d52395cec86c28f7a2885dbff5c774012896019604462274ef950b', 1795395601000, 'ticket.shown.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 1 0000000000000000000000000000000000000000000000000000000000000000 1795395601000 ticket.shown.v1 352
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","issued":{"ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","label":"A001","group":"A","priority":null,"arrived_at":1795395601000,"token_hash":"a0ac6a77f142722b3561edd70752b70debbd9edaee3063b0d2e43b8c9d2f213f","code_hash":"11f61ce6c01959a3e695d346de02829a81c91c999ee09acfbb7d1ecd7518e9ea"},"origin":"touch"}', 1795395601000);
INSERT INTO events VALUES (10, '01a205ea-be80-7dbc-b7f3-162018b480d9', 2, x'0ffdb9d032b32c07460215b9d8019a17d98a9251798bb64e130eb90fb798ce30', 1795395601000, 'help.called.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 2 59098bdf84d52395cec86c28f7a2885dbff5c774012896019604462274ef950b 1795395601000 help.called.v1 64
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","origin":"touch"}', 1795395601000);
INSERT INTO events VALUES (11, '01a205ea-be80-7dbc-b7f3-162018b480d9', 3, x'f1b409d973eb811e361eab4b5a37d3df29e89adccb2e0de93ccf37c806c7b752', 1795395601000, 'search.tallied.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 3 0ffdb9d032b32c07460215b9d8019a17d98a9251798bb64e130eb90fb798ce30 1795395601000 search.tallied.v1 110
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","searches":{"电工":3},"without_result":1,"listings_opened":2}', 1795395601000);
INSERT INTO events VALUES (12, '01a205ea-be80-7dbc-b7f3-162018b480d9', 4, x'9a42d83a9b833895381ae430a55b0b226a09c90ef71bb404efaff16aa6aaf679', 1795395601000, 'board.reported.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 4 f1b409d973eb811e361eab4b5a37d3df29e89adccb2e0de93ccf37c806c7b752 1795395601000 board.reported.v1 124
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","board":"hall","report":{"what":"sent","text":"请 A001 号到 1 号窗口"}}', 1795395601000);
INSERT INTO events VALUES (13, '01a205ea-be80-786b-8d8e-810588cc1225', 9, x'478e10dc2da278524134431ce17c70ec90dbdafebb433f0f052022c3e6f3c311', 1795395601000, 'staff.acted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 9 c691ef7ce79679dfba11e5c7a9329e4cdd1ca815473681d0f6daa9644594d0c3 1795395601000 staff.acted.v1 79
{"staff":"01a205ea-be80-7166-9d2d-776eb9ea521d","act":"signed_in","subject":""}', 1795395601000);
INSERT INTO events VALUES (14, '01a205ea-be80-786b-8d8e-810588cc1225', 10, x'24e68cea3d5931d11cdb308c4f099aa814aff98982338dd56aef082d29f403f4', 1795395601000, 'ticket.called.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 10 478e10dc2da278524134431ce17c70ec90dbdafebb433f0f052022c3e6f3c311 1795395601000 ticket.called.v1 106
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","window":1}', 1795395601000);
INSERT INTO events VALUES (15, '01a205ea-be80-786b-8d8e-810588cc1225', 11, x'39af89ea78a68590d92f5fbbd752a6d7797e52c2161832702fb90c6616c97252', 1795395601000, 'staff.acted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 11 24e68cea3d5931d11cdb308c4f099aa814aff98982338dd56aef082d29f403f4 1795395601000 staff.acted.v1 89
{"staff":"01a205ea-be80-7166-9d2d-776eb9ea521d","act":"called_next","subject":"window 1"}', 1795395601000);
INSERT INTO events VALUES (16, '01a205ea-be80-786b-8d8e-810588cc1225', 12, x'155e75ea1e4a821f2b0d6cc7f27403b98b4d408359a8b47483f96afc52a80a9a', 1795395661000, 'ticket.started.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 12 39af89ea78a68590d92f5fbbd752a6d7797e52c2161832702fb90c6616c97252 1795395661000 ticket.started.v1 106
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","window":1}', 1795395661000);
INSERT INTO events VALUES (17, '01a205ea-be80-786b-8d8e-810588cc1225', 13, x'3df99c77c962d66fd39ee1caf2dbb987be9671e7553c5e109b50a21a5a67ef92', 1795395661000, 'staff.acted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 13 155e75ea1e4a821f2b0d6cc7f27403b98b4d408359a8b47483f96afc52a80a9a 1795395661000 staff.acted.v1 85
{"staff":"01a205ea-be80-7166-9d2d-776eb9ea521d","act":"started","subject":"window 1"}', 1795395661000);
INSERT INTO events VALUES (18, '01a205ea-be80-786b-8d8e-810588cc1225', 14, x'952882218abebf7edd39d7f99188a8dd8bc3f13952741da5735bdb6254d2ce99', 1795395961000, 'ticket.finished.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 14 3df99c77c962d66fd39ee1caf2dbb987be9671e7553c5e109b50a21a5a67ef92 1795395961000 ticket.finished.v1 106
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","window":1}', 1795395961000);
INSERT INTO events VALUES (19, '01a205ea-be80-786b-8d8e-810588cc1225', 15, x'99cafb1b9e99efe75b5b1a7a72e731ee25f085692aabb314ce2a3373e123951c', 1795395961000, 'staff.acted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 15 952882218abebf7edd39d7f99188a8dd8bc3f13952741da5735bdb6254d2ce99 1795395961000 staff.acted.v1 86
{"staff":"01a205ea-be80-7166-9d2d-776eb9ea521d","act":"finished","subject":"window 1"}', 1795395961000);
INSERT INTO events VALUES (20, '01a205ea-be80-7dbc-b7f3-162018b480d9', 5, x'de095ff2ed79599e3b1bbf95e8f639f71e5753a9ca9f1d0775cfe9faa5edf56a', 1795395961000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 5 9a42d83a9b833895381ae430a55b0b226a09c90ef71bb404efaff16aa6aaf679 1795395961000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","visit":{"by":"code_checked","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a"},"submission":{"rating":"00000000-0000-0000-0000-000000000001","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395961000);
INSERT INTO events VALUES (21, '01a205ea-be80-786b-8d8e-810588cc1225', 16, x'e77de3025001106867c8bfc00644e0394f5f49184f8fbcb5ffba312f2080d7fa', 1795395961000, 'rating.accepted.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 16 99cafb1b9e99efe75b5b1a7a72e731ee25f085692aabb314ce2a3373e123951c 1795395961000 rating.accepted.v1 108
{"rating":"00000000-0000-0000-0000-000000000001","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","window":1}', 1795395961000);
INSERT INTO events VALUES (22, '01a205ea-be80-7dbc-b7f3-162018b480d9', 6, x'06772eb406d77cbcde2905b3642ca5b8d1642a48ccfdff962405e45430b2280d', 1795395961000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7dbc-b7f3-162018b480d9 6 de095ff2ed79599e3b1bbf95e8f639f71e5753a9ca9f1d0775cfe9faa5edf56a 1795395961000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7745-afb5-80eb5251e3b6","visit":{"by":"code_checked","ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a"},"submission":{"rating":"00000000-0000-0000-0000-000000000002","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395961000);
INSERT INTO events VALUES (23, '01a205ea-be80-786b-8d8e-810588cc1225', 17, x'd831b7afeb6e70b39de14dfea33b053f38196cf9a30ed52e4bc7282a45cffd18', 1795395961000, 'rating.refused.v1', '1 sha256 01a205ea-be80-786b-8d8e-810588cc1225 17 e77de3025001106867c8bfc00644e0394f5f49184f8fbcb5ffba312f2080d7fa 1795395961000 rating.refused.v1 73
{"rating":"00000000-0000-0000-0000-000000000002","code":"already_scored"}', 1795395961000);
CREATE INDEX events_by_kind ON events (kind, position);
CREATE TABLE quarantine (
    number   INTEGER PRIMARY KEY,
    writer   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    held     TEXT    NOT NULL,
    refused  TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;
CREATE TABLE halls (
    hall         TEXT    PRIMARY KEY,
    station_name TEXT    NOT NULL,
    layout       TEXT    NOT NULL,
    day          TEXT    NOT NULL
) STRICT;
INSERT INTO halls VALUES ('01a205ea-be80-7745-afb5-80eb5251e3b6', '示例大厅', '{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}', '2026-11-23');
CREATE TABLE devices (
    device         TEXT    PRIMARY KEY,
    name           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    hall           TEXT    NOT NULL,
    public_key     BLOB    NOT NULL,
    enrolled_at    INTEGER NOT NULL,
    revoked_at     INTEGER,
    equivocated_at INTEGER
, key_since INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO devices VALUES ('01a205ea-be80-7dbc-b7f3-162018b480d9', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7745-afb5-80eb5251e3b6', x'0d1a213727e492860462dbed559412a79709a30702b004e7f9e3ccdaef644059', 1795395600000, NULL, NULL, 1795395600000);
CREATE TABLE visits (
    ticket      TEXT    PRIMARY KEY,
    hall        TEXT    NOT NULL,
    day         TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    group_code  TEXT    NOT NULL,
    priority    TEXT,
    window      INTEGER,
    arrived_at  INTEGER NOT NULL,
    called_at   INTEGER,
    calls       INTEGER NOT NULL DEFAULT 0,
    started_at  INTEGER,
    finished_at INTEGER,
    missed_at   INTEGER,
    lapsed_at   INTEGER,
    token_hash  BLOB    NOT NULL,
    code_hash   BLOB    NOT NULL
) STRICT;
INSERT INTO visits VALUES ('01a205ea-be80-79c5-b8c1-c054e8ec9a0a', '01a205ea-be80-7745-afb5-80eb5251e3b6', '2026-11-23', 'A001', 'A', NULL, 1, 1795395600000, 1795395601000, 1, 1795395661000, 1795395961000, NULL, NULL, x'a0ac6a77f142722b3561edd70752b70debbd9edaee3063b0d2e43b8c9d2f213f', x'11f61ce6c01959a3e695d346de02829a81c91c999ee09acfbb7d1ecd7518e9ea');
INSERT INTO visits VALUES ('01a205ea-be80-7dc3-8be9-d4a4f03582ac', '01a205ea-be80-7745-afb5-80eb5251e3b6', '2026-11-23', 'A002', 'A', NULL, NULL, 1795395601000, NULL, 0, NULL, NULL, NULL, NULL, x'690d8578bd25e42965ca8a9e9e142228b628820d3235020dd06da5414d3b9b89', x'824bf50d68379c22e239c970e986c5a80632380dc800c7a95bdeea4e79a0c3de');
CREATE INDEX visits_by_token ON visits (token_hash);
CREATE INDEX visits_by_label ON visits (hall, label, arrived_at);
CREATE INDEX visits_by_finish ON visits (hall, finished_at);
CREATE INDEX visits_by_day ON visits (hall, day);
CREATE TABLE ratings (
    rating       TEXT    PRIMARY KEY,
    hall         TEXT    NOT NULL,
    ticket       TEXT,
    window       INTEGER,
    matter_level INTEGER NOT NULL,
    staff_level  INTEGER,
    reasons      TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    origin       TEXT    NOT NULL,
    writer       TEXT    NOT NULL,
    submitted_at INTEGER NOT NULL,
    outcome      TEXT    NOT NULL DEFAULT 'submitted',
    refusal      TEXT
) STRICT;
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000001', '01a205ea-be80-7745-afb5-80eb5251e3b6', '01a205ea-be80-79c5-b8c1-c054e8ec9a0a', 1, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7dbc-b7f3-162018b480d9', 1795395961000, 'accepted', NULL);
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000002', '01a205ea-be80-7745-afb5-80eb5251e3b6', '01a205ea-be80-79c5-b8c1-c054e8ec9a0a', NULL, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7dbc-b7f3-162018b480d9', 1795395961000, 'refused', 'already_scored');
CREATE UNIQUE INDEX one_score_per_visit ON ratings (ticket) WHERE outcome = 'accepted';
CREATE TABLE vacancies (
    listing           TEXT    PRIMARY KEY,
    short_id          TEXT    NOT NULL UNIQUE,
    source_key        TEXT    NOT NULL UNIQUE,
    import            TEXT    NOT NULL,
    as_of             TEXT    NOT NULL,
    raw               TEXT    NOT NULL,
    state             TEXT    NOT NULL,
    publication_order INTEGER,
    published_on      TEXT,
    valid_to          TEXT,
    withdrawn_reason  TEXT
) STRICT;
INSERT INTO vacancies VALUES ('01a205ea-be80-74df-9d21-88150c1c5732', 'K8J5NF2124', 'id:t-1', '01a205ea-be80-7360-8869-9bef83a04a6e', '2026-11-23', '{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}', 'published', 1, '2026-11-23', '2027-02-21', NULL);
INSERT INTO vacancies VALUES ('01a205ea-be80-7976-b520-f7a494518be9', 'PKN6W9DV61', 'id:t-2', '01a205ea-be80-7360-8869-9bef83a04a6e', '2026-11-23', '{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}', 'published', 2, '2026-11-23', '2027-02-21', NULL);
CREATE INDEX vacancies_by_import ON vacancies (import, state);
CREATE TABLE publications (
    number INTEGER PRIMARY KEY,
    import TEXT    NOT NULL,
    by_name TEXT   NOT NULL,
    day    TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO publications VALUES (1, '01a205ea-be80-7360-8869-9bef83a04a6e', '甲', '2026-11-23', 1795395600000);
CREATE TABLE notices (
    notice       TEXT    PRIMARY KEY,
    body         TEXT    NOT NULL,
    by_name      TEXT    NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;
INSERT INTO notices VALUES ('one', '{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null}', '甲', 1795395600000);
CREATE TABLE boards (
    device TEXT    NOT NULL,
    board  TEXT    NOT NULL,
    hall   TEXT    NOT NULL,
    report TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (device, board)
) STRICT;
INSERT INTO boards VALUES ('01a205ea-be80-7dbc-b7f3-162018b480d9', 'hall', '01a205ea-be80-7745-afb5-80eb5251e3b6', '{"what":"sent","text":"请 A001 号到 1 号窗口"}', 1795395601000);
CREATE TABLE help_calls (
    position INTEGER PRIMARY KEY,
    device   TEXT    NOT NULL,
    hall     TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;
INSERT INTO help_calls VALUES (10, '01a205ea-be80-7dbc-b7f3-162018b480d9', '01a205ea-be80-7745-afb5-80eb5251e3b6', 1795395601000);
CREATE TABLE search_tallies (
    position        INTEGER PRIMARY KEY,
    device          TEXT    NOT NULL,
    hall            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    searches        TEXT    NOT NULL,
    without_result  INTEGER NOT NULL,
    listings_opened INTEGER NOT NULL
) STRICT;
INSERT INTO search_tallies VALUES (11, '01a205ea-be80-7dbc-b7f3-162018b480d9', '01a205ea-be80-7745-afb5-80eb5251e3b6', 1795395601000, '{"电工":3}', 1, 2);
CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    staff    TEXT,
    device   TEXT,
    act      TEXT    NOT NULL,
    subject  TEXT    NOT NULL
) STRICT;
INSERT INTO audit VALUES (3, 1795395600000, NULL, NULL, 'vacancies_published', '甲');
INSERT INTO audit VALUES (4, 1795395600000, NULL, NULL, 'notice_published', '甲');
INSERT INTO audit VALUES (5, 1795395600000, '01a205ea-be80-7166-9d2d-776eb9ea521d', NULL, 'account_set_up', '07');
INSERT INTO audit VALUES (6, 1795395600000, NULL, '01a205ea-be80-7dbc-b7f3-162018b480d9', 'device_enrolled', '设备');
INSERT INTO audit VALUES (13, 1795395601000, '01a205ea-be80-7166-9d2d-776eb9ea521d', NULL, 'signed_in', '');
INSERT INTO audit VALUES (15, 1795395601000, '01a205ea-be80-7166-9d2d-776eb9ea521d', NULL, 'called_next', 'window 1');
INSERT INTO audit VALUES (17, 1795395661000, '01a205ea-be80-7166-9d2d-776eb9ea521d', NULL, 'started', 'window 1');
INSERT INTO audit VALUES (19, 1795395961000, '01a205ea-be80-7166-9d2d-776eb9ea521d', NULL, 'finished', 'window 1');
CREATE TABLE feed (
    position INTEGER PRIMARY KEY,
    topic    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    body     TEXT,
    expires  INTEGER, is_relayed INTEGER NOT NULL DEFAULT 0, buried_at INTEGER,
    UNIQUE (topic, key, scope)
) STRICT;
INSERT INTO feed VALUES (4194304, 'hall', 'hall', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}},"day":"2026-11-23","is_demo":true}', NULL, 0, NULL);
INSERT INTO feed VALUES (4194307, 'queue', 'B', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"group":"B","waiting":0,"wait":{"kind":"now"},"windows":[2]}', NULL, 0, NULL);
INSERT INTO feed VALUES (4194309, 'window', '2', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"window":2,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL, 0, NULL);
INSERT INTO feed VALUES (12582912, 'listing', '01a205ea-be80-74df-9d21-88150c1c5732', 'district', '{"id":"01a205ea-be80-74df-9d21-88150c1c5732","short_id":"K8J5NF2124","title":"普工","employer":"示例甲电子有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":450000,"high":600000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"4500-6000元/月","monthly":{"low":450000,"high":600000},"education":"any","experience":{"kind":"none"},"headcount":{"kind":"exactly","people":30},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":1,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL, 0, NULL);
INSERT INTO feed VALUES (12582913, 'listing', '01a205ea-be80-7976-b520-f7a494518be9', 'district', '{"id":"01a205ea-be80-7976-b520-f7a494518be9","short_id":"PKN6W9DV61","title":"维修电工","employer":"示例丙铜业有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":550000,"high":700000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"5500-7000元/月","monthly":{"low":550000,"high":700000},"education":"senior_middle","experience":{"kind":"years","from":1,"to":3},"headcount":{"kind":"exactly","people":4},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":2,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL, 0, NULL);
INSERT INTO feed VALUES (16777216, 'notice', 'one', 'district', '{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null}', NULL, 0, NULL);
INSERT INTO feed VALUES (58720257, 'call', '01a205ea-be80-79c5-b8c1-c054e8ec9a0a', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"ticket":"01a205ea-be80-79c5-b8c1-c054e8ec9a0a","label":"A001","window":1,"times":1,"at":1795395601000}', 1795395661000, 0, NULL);
INSERT INTO feed VALUES (75497473, 'queue', 'A', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"group":"A","waiting":1,"wait":{"kind":"about","minutes":3},"windows":[1,2]}', NULL, 0, NULL);
INSERT INTO feed VALUES (88080385, 'window', '1', 'hall:01a205ea-be80-7745-afb5-80eb5251e3b6', '{"window":1,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL, 0, NULL);
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES ('centre', '01a205ea-be80-786b-8d8e-810588cc1225');
INSERT INTO meta VALUES ('synthetic', 'yes');
INSERT INTO meta VALUES ('role', 'centre');
CREATE TABLE contacts (
    device        TEXT    PRIMARY KEY,
    last_push_at  INTEGER NOT NULL,
    skew_ms       INTEGER NOT NULL,
    covered_until INTEGER NOT NULL,
    tail_seq      INTEGER NOT NULL,
    tail_hash     BLOB    NOT NULL,
    signature     BLOB    NOT NULL
, clock_since_seq INTEGER NOT NULL DEFAULT 0, signed_by BLOB) STRICT;
INSERT INTO contacts VALUES ('01a205ea-be80-7dbc-b7f3-162018b480d9', 1795395961000, 0, 1795395961000, 6, x'06772eb406d77cbcde2905b3642ca5b8d1642a48ccfdff962405e45430b2280d', x'c9e4e0b1e6662affdeece5dec62af3a370623ae402781e8fa5bb4781dc4acf0dd01659ce208fb193344dfe4c569a247e052401cf928e7cbb2c5cc04301fc0a0f', 0, x'0d1a213727e492860462dbed559412a79709a30702b004e7f9e3ccdaef644059');
CREATE TABLE enrolment_codes (
    code_hash  BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    hall       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT
) STRICT;
INSERT INTO enrolment_codes VALUES (x'bc5c4ccdac536b380e99adfc8fc897003094e72a294e3b3790814a441992a0f9', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7745-afb5-80eb5251e3b6', 1795482000000, '01a205ea-be80-7dbc-b7f3-162018b480d9');
CREATE TABLE staff (
    staff         TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    login         TEXT    NOT NULL UNIQUE,
    clerk_no      TEXT    NOT NULL,
    hall          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff VALUES ('01a205ea-be80-7166-9d2d-776eb9ea521d', '甲', 'jia', '07', '01a205ea-be80-7745-afb5-80eb5251e3b6', '$argon2id$v=19$m=19456,t=2,p=1$nAKLvpZ1qlAZA/QV2BtthQ$RE57ZytwcK+hy/FxK5CTmJxFI/KbzWTwKJUIUSVL2VY', 1795395600000);
CREATE TABLE staff_sessions (
    token_hash BLOB    PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (staff),
    csrf       TEXT    NOT NULL,
    window     INTEGER,
    used_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff_sessions VALUES (x'24c67539756ece9a0e322491c8e2711d4b67d2bcdcc6af8af07834ca3cca45a0', '01a205ea-be80-7166-9d2d-776eb9ea521d', '334941ea17d0a9c1826dae6c99e8b0bc36189ca2414690023a60e3408911fea7', NULL, 1795395601000);
CREATE TABLE held_events (
    writer    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    text      TEXT    NOT NULL,
    signature BLOB,
    received  INTEGER NOT NULL,
    PRIMARY KEY (writer, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
    writer    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (writer, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE device_status (
    device TEXT    PRIMARY KEY,
    status TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE TABLE lost_positions (
    after INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;
