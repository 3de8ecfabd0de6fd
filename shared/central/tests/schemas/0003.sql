CREATE TABLE migrations (
                     number INTEGER PRIMARY KEY,
                     hash   TEXT NOT NULL
                 ) STRICT;
INSERT INTO migrations VALUES (1, 'e766cd9848fe6b62138c2794fadc191d8348e2dc59f6d90b1a30dc5687792b1e');
INSERT INTO migrations VALUES (2, '6169e8c5e43faf5448f5b4b0d04e5c707a98c88fba08b1b574b63bf7decd2f56');
INSERT INTO migrations VALUES (3, '159b4a5aa8a448811f09d12c77e9a5967bd7c228a292c0a8cc53fe1d806416f6');
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
INSERT INTO events VALUES (1, '01a205ea-be80-7a24-b85f-39beb836ccab', 1, x'70fc7bd2ff6048716a530d23718129184802850eb73c9178d0f98ec8cca388e6', 1795395600000, 'hall.laid_out.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 1 0000000000000000000000000000000000000000000000000000000000000000 1795395600000 hall.laid_out.v1 269
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}}', 1795395600000);
INSERT INTO events VALUES (2, '01a205ea-be80-7a24-b85f-39beb836ccab', 2, x'c32cfb117eb416dc100bf2ba67fafac4199d506951226ff84e06e830197c81a6', 1795395600000, 'vacancies.imported.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 2 70fc7bd2ff6048716a530d23718129184802850eb73c9178d0f98ec8cca388e6 1795395600000 vacancies.imported.v1 658
{"import":"01a205ea-be80-7819-a45c-dae422cd83ff","as_of":"2026-11-23","rows":[{"listing":"01a205ea-be80-7cbc-8a07-9da83fd34830","source_key":"id:t-1","raw":{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}},{"listing":"01a205ea-be80-7443-9738-84ae0f30251b","source_key":"id:t-2","raw":{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}}]}', 1795395600000);
INSERT INTO events VALUES (3, '01a205ea-be80-7a24-b85f-39beb836ccab', 3, x'5be1cc406046e722798561dcb565b077fcf03e0d2570d745cc3e3cf96b25372f', 1795395600000, 'vacancies.published.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 3 c32cfb117eb416dc100bf2ba67fafac4199d506951226ff84e06e830197c81a6 1795395600000 vacancies.published.v1 78
{"import":"01a205ea-be80-7819-a45c-dae422cd83ff","by":"甲","on":"2026-11-23"}', 1795395600000);
INSERT INTO events VALUES (4, '01a205ea-be80-7a24-b85f-39beb836ccab', 4, x'c524eca239f1ef950fd68f32a5e09874ddc7603b9cf069bcfd7f6317d384b897', 1795395600000, 'notice.published.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 4 5be1cc406046e722798561dcb565b077fcf03e0d2570d745cc3e3cf96b25372f 1795395600000 notice.published.v1 155
{"notice":{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null},"by":"甲"}', 1795395600000);
INSERT INTO events VALUES (5, '01a205ea-be80-7a24-b85f-39beb836ccab', 5, x'397d5df9f774eea01818904c5ad110bf106c56fedef9790abdf4cc33ac4798d5', 1795395600000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 5 c524eca239f1ef950fd68f32a5e09874ddc7603b9cf069bcfd7f6317d384b897 1795395600000 staff.acted.v1 86
{"staff":"01a205ea-be80-761b-b3c4-38637a1e1c67","act":"account_set_up","subject":"07"}', 1795395600000);
INSERT INTO events VALUES (6, '01a205ea-be80-7a24-b85f-39beb836ccab', 6, x'1c93e07f78c15519c8d274e72b5fd34f2a0cb573149df539d178f5f0da32c6d5', 1795395600000, 'device.enrolled.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 6 397d5df9f774eea01818904c5ad110bf106c56fedef9790abdf4cc33ac4798d5 1795395600000 device.enrolled.v1 227
{"device":"01a205ea-be80-7338-8b92-1143a7f7438f","name":"设备","kind":{"is":"hall_kiosk","lane":1},"hall":"01a205ea-be80-7b86-8672-f0da8d373018","public_key":"8e0bc5eb3807763dd7184cf4de62e4cd4454b1d1f490632e160ee616ae42bb92"}', 1795395600000);
INSERT INTO events VALUES (7, '01a205ea-be80-7a24-b85f-39beb836ccab', 7, x'3179998e699e4ba4604c9cddb906b1cc75cc11830d09c7510d12484fe5ebdb89', 1795395600000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 7 1c93e07f78c15519c8d274e72b5fd34f2a0cb573149df539d178f5f0da32c6d5 1795395600000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","ticket":"01a205ea-be80-7424-a01a-6106358a9855","label":"A001","group":"A","priority":null,"arrived_at":1795395600000,"token_hash":"981ea9c892dfc7842b3ba9b0d9562944b82075239e5718676bc6109f8b67e8f5","code_hash":"edc118283de06879b835856b84263d0f77d511774ff22d35f2ce176a41b89c2a"}', 1795395600000);
INSERT INTO events VALUES (8, '01a205ea-be80-7a24-b85f-39beb836ccab', 8, x'ab432057416b685c575900b5eda9f61a83f3f302290e66292e2f1b9306158067', 1795395600000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 8 3179998e699e4ba4604c9cddb906b1cc75cc11830d09c7510d12484fe5ebdb89 1795395600000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","ticket":"01a205ea-be80-7439-a7fc-c926e66b79b4","label":"A002","group":"A","priority":null,"arrived_at":1795395600000,"token_hash":"e6d2d6d558cf399f772772dfe147ffcdafabeebbeb3a3b401c6c99064dc0d094","code_hash":"6ba1f6d816bd85c43ddc40842a5f086a5edfcd3c3188f75476b229ade5afd7d5"}', 1795395600000);
INSERT INTO events VALUES (9, '01a205ea-be80-7338-8b92-1143a7f7438f', 1, x'a11794e7ea3b3bf9eff0144f9644ce35b6804f54ebe1142b20937a505a31c8c4', 1795395600000, 'ticket.shown.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 1 0000000000000000000000000000000000000000000000000000000000000000 1795395600000 ticket.shown.v1 352
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","issued":{"ticket":"01a205ea-be80-7424-a01a-6106358a9855","label":"A001","group":"A","priority":null,"arrived_at":1795395600000,"token_hash":"981ea9c892dfc7842b3ba9b0d9562944b82075239e5718676bc6109f8b67e8f5","code_hash":"edc118283de06879b835856b84263d0f77d511774ff22d35f2ce176a41b89c2a"},"origin":"touch"}', 1795395600000);
INSERT INTO events VALUES (10, '01a205ea-be80-7338-8b92-1143a7f7438f', 2, x'37211745da7855d657eda461c21b27b1c1446e3eb4bdb89575e94fe823310988', 1795395600000, 'help.called.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 2 a11794e7ea3b3bf9eff0144f9644ce35b6804f54ebe1142b20937a505a31c8c4 1795395600000 help.called.v1 64
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","origin":"touch"}', 1795395600000);
INSERT INTO events VALUES (11, '01a205ea-be80-7338-8b92-1143a7f7438f', 3, x'b94774843fcd58be749598e15741245b0ac9ee1707f01565d7ab682b644d33d1', 1795395600000, 'search.tallied.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 3 37211745da7855d657eda461c21b27b1c1446e3eb4bdb89575e94fe823310988 1795395600000 search.tallied.v1 110
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","searches":{"电工":3},"without_result":1,"listings_opened":2}', 1795395600000);
INSERT INTO events VALUES (12, '01a205ea-be80-7338-8b92-1143a7f7438f', 4, x'64d3ab65026dec34051a11394b1ae825f7f30993a710021bebe119d0f9cfff8d', 1795395600000, 'board.reported.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 4 b94774843fcd58be749598e15741245b0ac9ee1707f01565d7ab682b644d33d1 1795395600000 board.reported.v1 124
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","board":"hall","report":{"what":"sent","text":"请 A001 号到 1 号窗口"}}', 1795395600000);
INSERT INTO events VALUES (13, '01a205ea-be80-7a24-b85f-39beb836ccab', 9, x'5d329317c5b769caf081be6a9eb02b8531756c9a36ac8fe98afa040b26149d76', 1795395600000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 9 ab432057416b685c575900b5eda9f61a83f3f302290e66292e2f1b9306158067 1795395600000 staff.acted.v1 79
{"staff":"01a205ea-be80-761b-b3c4-38637a1e1c67","act":"signed_in","subject":""}', 1795395600000);
INSERT INTO events VALUES (14, '01a205ea-be80-7a24-b85f-39beb836ccab', 10, x'cde85117bcdbc79fcbad32360d180ad0da24e8c8075bbfa0a874b787cc53f89f', 1795395600000, 'ticket.called.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 10 5d329317c5b769caf081be6a9eb02b8531756c9a36ac8fe98afa040b26149d76 1795395600000 ticket.called.v1 106
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","ticket":"01a205ea-be80-7424-a01a-6106358a9855","window":1}', 1795395600000);
INSERT INTO events VALUES (15, '01a205ea-be80-7a24-b85f-39beb836ccab', 11, x'687a6990d8a8c472efe51695ac4e32a70b7189f80d5bbfbc9bb5088f3f70c6b2', 1795395600000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 11 cde85117bcdbc79fcbad32360d180ad0da24e8c8075bbfa0a874b787cc53f89f 1795395600000 staff.acted.v1 89
{"staff":"01a205ea-be80-761b-b3c4-38637a1e1c67","act":"called_next","subject":"window 1"}', 1795395600000);
INSERT INTO events VALUES (16, '01a205ea-be80-7a24-b85f-39beb836ccab', 12, x'd71d6b2d91968ac4ff0e2fb5d38e54f41707cdef8045087605c498967b413ae9', 1795395660000, 'ticket.started.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 12 687a6990d8a8c472efe51695ac4e32a70b7189f80d5bbfbc9bb5088f3f70c6b2 1795395660000 ticket.started.v1 106
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","ticket":"01a205ea-be80-7424-a01a-6106358a9855","window":1}', 1795395660000);
INSERT INTO events VALUES (17, '01a205ea-be80-7a24-b85f-39beb836ccab', 13, x'c39fec755284c9ff8488b482a3fddfb3af567ef221e73a5c671d6390565aa940', 1795395660000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 13 d71d6b2d91968ac4ff0e2fb5d38e54f41707cdef8045087605c498967b413ae9 1795395660000 staff.acted.v1 85
{"staff":"01a205ea-be80-761b-b3c4-38637a1e1c67","act":"started","subject":"window 1"}', 1795395660000);
INSERT INTO events VALUES (18, '01a205ea-be80-7a24-b85f-39beb836ccab', 14, x'a47a2a1f942a82cb952b6c0b426260f56ba5ff209a4f06827ee300095aff70f0', 1795395960000, 'ticket.finished.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 14 c39fec755284c9ff8488b482a3fddfb3af567ef221e73a5c671d6390565aa940 1795395960000 ticket.finished.v1 106
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","ticket":"01a205ea-be80-7424-a01a-6106358a9855","window":1}', 1795395960000);
INSERT INTO events VALUES (19, '01a205ea-be80-7a24-b85f-39beb836ccab', 15, x'09314699418539a8db60ba2d0ab52af3ae22ddcf4f8d7be1c25359e6b1ef11a4', 1795395960000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 15 a47a2a1f942a82cb952b6c0b426260f56ba5ff209a4f06827ee300095aff70f0 1795395960000 staff.acted.v1 86
{"staff":"01a205ea-be80-761b-b3c4-38637a1e1c67","act":"finished","subject":"window 1"}', 1795395960000);
INSERT INTO events VALUES (20, '01a205ea-be80-7338-8b92-1143a7f7438f', 5, x'2759c834d717b6c6a1b4f16348917d3cc479ef0b6443258bd86145a63d2bbaf4', 1795395960000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 5 64d3ab65026dec34051a11394b1ae825f7f30993a710021bebe119d0f9cfff8d 1795395960000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","visit":{"by":"code_checked","ticket":"01a205ea-be80-7424-a01a-6106358a9855"},"submission":{"rating":"00000000-0000-0000-0000-000000000001","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395960000);
INSERT INTO events VALUES (21, '01a205ea-be80-7a24-b85f-39beb836ccab', 16, x'5511704084efad32fff2268282fee9008344aa743cbe2a1a63b8dd07d474f9e7', 1795395960000, 'rating.accepted.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 16 09314699418539a8db60ba2d0ab52af3ae22ddcf4f8d7be1c25359e6b1ef11a4 1795395960000 rating.accepted.v1 108
{"rating":"00000000-0000-0000-0000-000000000001","ticket":"01a205ea-be80-7424-a01a-6106358a9855","window":1}', 1795395960000);
INSERT INTO events VALUES (22, '01a205ea-be80-7338-8b92-1143a7f7438f', 6, x'8493cc5911abf433adcfac74c9e647006be7ef8ab653102ca29e8547e8a5abec', 1795395960000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7338-8b92-1143a7f7438f 6 2759c834d717b6c6a1b4f16348917d3cc479ef0b6443258bd86145a63d2bbaf4 1795395960000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7b86-8672-f0da8d373018","visit":{"by":"code_checked","ticket":"01a205ea-be80-7424-a01a-6106358a9855"},"submission":{"rating":"00000000-0000-0000-0000-000000000002","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395960000);
INSERT INTO events VALUES (23, '01a205ea-be80-7a24-b85f-39beb836ccab', 17, x'67c01d522dccfb13165f83e1d26d5c55cfb53e35bea3b99ecd203e19e7c97803', 1795395960000, 'rating.refused.v1', '1 sha256 01a205ea-be80-7a24-b85f-39beb836ccab 17 5511704084efad32fff2268282fee9008344aa743cbe2a1a63b8dd07d474f9e7 1795395960000 rating.refused.v1 73
{"rating":"00000000-0000-0000-0000-000000000002","code":"already_scored"}', 1795395960000);
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
INSERT INTO halls VALUES ('01a205ea-be80-7b86-8672-f0da8d373018', '示例大厅', '{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}', '2026-11-23');
CREATE TABLE devices (
    device         TEXT    PRIMARY KEY,
    name           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    hall           TEXT    NOT NULL,
    public_key     BLOB    NOT NULL,
    enrolled_at    INTEGER NOT NULL,
    revoked_at     INTEGER,
    equivocated_at INTEGER
) STRICT;
INSERT INTO devices VALUES ('01a205ea-be80-7338-8b92-1143a7f7438f', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7b86-8672-f0da8d373018', x'8e0bc5eb3807763dd7184cf4de62e4cd4454b1d1f490632e160ee616ae42bb92', 1795395600000, NULL, NULL);
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
INSERT INTO visits VALUES ('01a205ea-be80-7424-a01a-6106358a9855', '01a205ea-be80-7b86-8672-f0da8d373018', '2026-11-23', 'A001', 'A', NULL, 1, 1795395600000, 1795395600000, 1, 1795395660000, 1795395960000, NULL, NULL, x'981ea9c892dfc7842b3ba9b0d9562944b82075239e5718676bc6109f8b67e8f5', x'edc118283de06879b835856b84263d0f77d511774ff22d35f2ce176a41b89c2a');
INSERT INTO visits VALUES ('01a205ea-be80-7439-a7fc-c926e66b79b4', '01a205ea-be80-7b86-8672-f0da8d373018', '2026-11-23', 'A002', 'A', NULL, NULL, 1795395600000, NULL, 0, NULL, NULL, NULL, NULL, x'e6d2d6d558cf399f772772dfe147ffcdafabeebbeb3a3b401c6c99064dc0d094', x'6ba1f6d816bd85c43ddc40842a5f086a5edfcd3c3188f75476b229ade5afd7d5');
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
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000001', '01a205ea-be80-7b86-8672-f0da8d373018', '01a205ea-be80-7424-a01a-6106358a9855', 1, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7338-8b92-1143a7f7438f', 1795395960000, 'accepted', NULL);
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000002', '01a205ea-be80-7b86-8672-f0da8d373018', '01a205ea-be80-7424-a01a-6106358a9855', NULL, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7338-8b92-1143a7f7438f', 1795395960000, 'refused', 'already_scored');
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
INSERT INTO vacancies VALUES ('01a205ea-be80-7cbc-8a07-9da83fd34830', 'PN8CC9S6R5', 'id:t-1', '01a205ea-be80-7819-a45c-dae422cd83ff', '2026-11-23', '{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}', 'published', 1, '2026-11-23', '2027-02-21', NULL);
INSERT INTO vacancies VALUES ('01a205ea-be80-7443-9738-84ae0f30251b', '3YZ89JDRPF', 'id:t-2', '01a205ea-be80-7819-a45c-dae422cd83ff', '2026-11-23', '{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}', 'published', 2, '2026-11-23', '2027-02-21', NULL);
CREATE INDEX vacancies_by_import ON vacancies (import, state);
CREATE TABLE publications (
    number INTEGER PRIMARY KEY,
    import TEXT    NOT NULL,
    by_name TEXT   NOT NULL,
    day    TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO publications VALUES (1, '01a205ea-be80-7819-a45c-dae422cd83ff', '甲', '2026-11-23', 1795395600000);
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
INSERT INTO boards VALUES ('01a205ea-be80-7338-8b92-1143a7f7438f', 'hall', '01a205ea-be80-7b86-8672-f0da8d373018', '{"what":"sent","text":"请 A001 号到 1 号窗口"}', 1795395600000);
CREATE TABLE help_calls (
    position INTEGER PRIMARY KEY,
    device   TEXT    NOT NULL,
    hall     TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;
INSERT INTO help_calls VALUES (10, '01a205ea-be80-7338-8b92-1143a7f7438f', '01a205ea-be80-7b86-8672-f0da8d373018', 1795395600000);
CREATE TABLE search_tallies (
    position        INTEGER PRIMARY KEY,
    device          TEXT    NOT NULL,
    hall            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    searches        TEXT    NOT NULL,
    without_result  INTEGER NOT NULL,
    listings_opened INTEGER NOT NULL
) STRICT;
INSERT INTO search_tallies VALUES (11, '01a205ea-be80-7338-8b92-1143a7f7438f', '01a205ea-be80-7b86-8672-f0da8d373018', 1795395600000, '{"电工":3}', 1, 2);
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
INSERT INTO audit VALUES (5, 1795395600000, '01a205ea-be80-761b-b3c4-38637a1e1c67', NULL, 'account_set_up', '07');
INSERT INTO audit VALUES (6, 1795395600000, NULL, '01a205ea-be80-7338-8b92-1143a7f7438f', 'device_enrolled', '设备');
INSERT INTO audit VALUES (13, 1795395600000, '01a205ea-be80-761b-b3c4-38637a1e1c67', NULL, 'signed_in', '');
INSERT INTO audit VALUES (15, 1795395600000, '01a205ea-be80-761b-b3c4-38637a1e1c67', NULL, 'called_next', 'window 1');
INSERT INTO audit VALUES (17, 1795395660000, '01a205ea-be80-761b-b3c4-38637a1e1c67', NULL, 'started', 'window 1');
INSERT INTO audit VALUES (19, 1795395960000, '01a205ea-be80-761b-b3c4-38637a1e1c67', NULL, 'finished', 'window 1');
CREATE TABLE feed (
    position INTEGER PRIMARY KEY,
    topic    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    body     TEXT,
    expires  INTEGER,
    UNIQUE (topic, key, scope)
) STRICT;
INSERT INTO feed VALUES (4194304, 'hall', 'hall', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}},"day":"2026-11-23","is_demo":true}', NULL);
INSERT INTO feed VALUES (4194307, 'queue', 'B', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"group":"B","waiting":0,"wait":{"kind":"now"},"windows":[2]}', NULL);
INSERT INTO feed VALUES (4194309, 'window', '2', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"window":2,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL);
INSERT INTO feed VALUES (12582912, 'listing', '01a205ea-be80-7cbc-8a07-9da83fd34830', 'district', '{"id":"01a205ea-be80-7cbc-8a07-9da83fd34830","short_id":"PN8CC9S6R5","title":"普工","employer":"示例甲电子有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":450000,"high":600000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"4500-6000元/月","monthly":{"low":450000,"high":600000},"education":"any","experience":{"kind":"none"},"headcount":{"kind":"exactly","people":30},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":1,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL);
INSERT INTO feed VALUES (12582913, 'listing', '01a205ea-be80-7443-9738-84ae0f30251b', 'district', '{"id":"01a205ea-be80-7443-9738-84ae0f30251b","short_id":"3YZ89JDRPF","title":"维修电工","employer":"示例丙铜业有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":550000,"high":700000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"5500-7000元/月","monthly":{"low":550000,"high":700000},"education":"senior_middle","experience":{"kind":"years","from":1,"to":3},"headcount":{"kind":"exactly","people":4},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":2,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL);
INSERT INTO feed VALUES (16777216, 'notice', 'one', 'district', '{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null}', NULL);
INSERT INTO feed VALUES (58720257, 'call', '01a205ea-be80-7424-a01a-6106358a9855', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"ticket":"01a205ea-be80-7424-a01a-6106358a9855","label":"A001","window":1,"times":1,"at":1795395600000}', 1795395660000);
INSERT INTO feed VALUES (75497473, 'queue', 'A', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"group":"A","waiting":1,"wait":{"kind":"about","minutes":3},"windows":[1,2]}', NULL);
INSERT INTO feed VALUES (88080385, 'window', '1', 'hall:01a205ea-be80-7b86-8672-f0da8d373018', '{"window":1,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL);
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES ('centre', '01a205ea-be80-7a24-b85f-39beb836ccab');
INSERT INTO meta VALUES ('synthetic', 'yes');
CREATE TABLE contacts (
    device        TEXT    PRIMARY KEY,
    last_push_at  INTEGER NOT NULL,
    skew_ms       INTEGER NOT NULL,
    covered_until INTEGER NOT NULL,
    tail_seq      INTEGER NOT NULL,
    tail_hash     BLOB    NOT NULL,
    signature     BLOB    NOT NULL
) STRICT;
INSERT INTO contacts VALUES ('01a205ea-be80-7338-8b92-1143a7f7438f', 1795395960000, 0, 1795395960000, 6, x'8493cc5911abf433adcfac74c9e647006be7ef8ab653102ca29e8547e8a5abec', x'c8953265bdbd9d1214d2d4aa54b61c18a6126b2a72b5a807ee909b4be33c3c52960904f141d626201a244a5868002667db23d7a7725fb6b02ac83120c137c809');
CREATE TABLE enrolment_codes (
    code_hash  BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    hall       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT
) STRICT;
INSERT INTO enrolment_codes VALUES (x'c1ab242577e2d8aad15d3296ca1d317c6f432aaa91fb2ff5b665d90db66687a0', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7b86-8672-f0da8d373018', 1795482000000, '01a205ea-be80-7338-8b92-1143a7f7438f');
CREATE TABLE staff (
    staff         TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    login         TEXT    NOT NULL UNIQUE,
    clerk_no      TEXT    NOT NULL,
    hall          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff VALUES ('01a205ea-be80-761b-b3c4-38637a1e1c67', '甲', 'jia', '07', '01a205ea-be80-7b86-8672-f0da8d373018', '$argon2id$v=19$m=19456,t=2,p=1$05cLULymRcXX7hArrHuAFQ$vIktF0c7Ge6Oqqbv9RUS3fw5QrXyc11hRPiI0AyQ19U', 1795395600000);
CREATE TABLE staff_sessions (
    token_hash BLOB    PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (staff),
    csrf       TEXT    NOT NULL,
    window     INTEGER,
    used_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff_sessions VALUES (x'04172faf5f73c2eff0b26f99f0762cb4c05478cab9bb326c14b3650fe54a5690', '01a205ea-be80-761b-b3c4-38637a1e1c67', 'd3e35ee66f6c6e46ee87ff88be2b2725fe21c877827f3b9e670d710a49477257', NULL, 1795395600000);
