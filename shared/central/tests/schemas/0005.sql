CREATE TABLE migrations (
                     number INTEGER PRIMARY KEY,
                     hash   TEXT NOT NULL
                 ) STRICT;
INSERT INTO migrations VALUES (1, 'e766cd9848fe6b62138c2794fadc191d8348e2dc59f6d90b1a30dc5687792b1e');
INSERT INTO migrations VALUES (2, '6169e8c5e43faf5448f5b4b0d04e5c707a98c88fba08b1b574b63bf7decd2f56');
INSERT INTO migrations VALUES (3, '159b4a5aa8a448811f09d12c77e9a5967bd7c228a292c0a8cc53fe1d806416f6');
INSERT INTO migrations VALUES (4, 'c7729415aad79c92038b693f7cca1fcc00040671caa757efc199a38444ef00cf');
INSERT INTO migrations VALUES (5, 'd8f365b374d270f8e917965e2e339827f951a95b3ef7abe8c49236c615117750');
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
INSERT INTO events VALUES (1, '01a205ea-be80-7908-9211-87510fda82f8', 1, x'7174e3f75d6a2e77c9c58a2ce1db431ff5c8e343190ccc1931383f3ebf819562', 1795395600000, 'hall.laid_out.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 1 0000000000000000000000000000000000000000000000000000000000000000 1795395600000 hall.laid_out.v1 269
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}}', 1795395600000);
INSERT INTO events VALUES (2, '01a205ea-be80-7908-9211-87510fda82f8', 2, x'd0a28ed2065ca4d639ff3c30346fa8be445dc1b7345b723c1cafd9520b249430', 1795395600000, 'vacancies.imported.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 2 7174e3f75d6a2e77c9c58a2ce1db431ff5c8e343190ccc1931383f3ebf819562 1795395600000 vacancies.imported.v1 658
{"import":"01a205ea-be80-7ea9-a4be-0110578dd674","as_of":"2026-11-23","rows":[{"listing":"01a205ea-be80-753f-8f90-45d21b341f3f","source_key":"id:t-1","raw":{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}},{"listing":"01a205ea-be80-7fb7-903a-957e5eea731e","source_key":"id:t-2","raw":{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}}]}', 1795395600000);
INSERT INTO events VALUES (3, '01a205ea-be80-7908-9211-87510fda82f8', 3, x'aa314008ea06f290fd85f7fbde5dd454d2b389d8afb56b77330057c43f06cf32', 1795395600000, 'vacancies.published.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 3 d0a28ed2065ca4d639ff3c30346fa8be445dc1b7345b723c1cafd9520b249430 1795395600000 vacancies.published.v1 78
{"import":"01a205ea-be80-7ea9-a4be-0110578dd674","by":"甲","on":"2026-11-23"}', 1795395600000);
INSERT INTO events VALUES (4, '01a205ea-be80-7908-9211-87510fda82f8', 4, x'4cd80d919db32689685950e8ba9d652faf881ce187b107ed9a678164b778621a', 1795395600000, 'notice.published.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 4 aa314008ea06f290fd85f7fbde5dd454d2b389d8afb56b77330057c43f06cf32 1795395600000 notice.published.v1 155
{"notice":{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null},"by":"甲"}', 1795395600000);
INSERT INTO events VALUES (5, '01a205ea-be80-7908-9211-87510fda82f8', 5, x'ed0f9bc588cd2d1af06fd656a810afd3a6e72724a500e9ee79cd6c51295e342d', 1795395600000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 5 4cd80d919db32689685950e8ba9d652faf881ce187b107ed9a678164b778621a 1795395600000 staff.acted.v1 86
{"staff":"01a205ea-be80-7a82-b48d-b671e2009de8","act":"account_set_up","subject":"07"}', 1795395600000);
INSERT INTO events VALUES (6, '01a205ea-be80-7908-9211-87510fda82f8', 6, x'515bd6290127b170588b742e9afe4cc734f157c9a83c48acf38721cd7638dc04', 1795395600000, 'device.enrolled.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 6 ed0f9bc588cd2d1af06fd656a810afd3a6e72724a500e9ee79cd6c51295e342d 1795395600000 device.enrolled.v1 227
{"device":"01a205ea-be80-7717-95b0-b776f59c447e","name":"设备","kind":{"is":"hall_kiosk","lane":1},"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","public_key":"6ef2eae6da26c9dcd2addbf8810c3d35bea2b7a4c8636de26a31cd1ed549aede"}', 1795395600000);
INSERT INTO events VALUES (7, '01a205ea-be80-7908-9211-87510fda82f8', 7, x'c9443167eb7132a21b62f19adbafdb3cb1790b28277faf432592be5154770669', 1795395600000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 7 515bd6290127b170588b742e9afe4cc734f157c9a83c48acf38721cd7638dc04 1795395600000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","label":"A001","group":"A","priority":null,"arrived_at":1795395600000,"token_hash":"0f07fe63679c6dcff238ea7a547e23477b5435c8349f2e5a79a4d3b5d9f29232","code_hash":"c16c590fa96dcaff3d50542aef2336d7336de66fbb5909ca8bc99b94196e7a43"}', 1795395600000);
INSERT INTO events VALUES (8, '01a205ea-be80-7908-9211-87510fda82f8', 8, x'd3d81fd30a3e5a9fa870c15dc91580955c4684f6f5180ae62a1d9c6eec9a700f', 1795395601000, 'ticket.issued.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 8 c9443167eb7132a21b62f19adbafdb3cb1790b28277faf432592be5154770669 1795395601000 ticket.issued.v1 324
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","ticket":"01a205ea-be80-76c1-a52e-3f1602b1abd7","label":"A002","group":"A","priority":null,"arrived_at":1795395601000,"token_hash":"f48d203f6632849c495d0409ab36e6af0972ce545b1dee00ca418d23b1508c9a","code_hash":"910d6cad6f467310cab371cc418a7959df37e84cf0200f17d19820879b5772c9"}', 1795395601000);
INSERT INTO events VALUES (9, '01a205ea-be80-7717-95b0-b776f59c447e', 1, x'36c09caf11ac7f6ca0533a0fac5bc896bf5bf8c5be52b7fcf8b343500e8ab5c5', 1795395601000, 'ticket.shown.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 1 0000000000000000000000000000000000000000000000000000000000000000 1795395601000 ticket.shown.v1 352
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","issued":{"ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","label":"A001","group":"A","priority":null,"arrived_at":1795395601000,"token_hash":"0f07fe63679c6dcff238ea7a547e23477b5435c8349f2e5a79a4d3b5d9f29232","code_hash":"c16c590fa96dcaff3d50542aef2336d7336de66fbb5909ca8bc99b94196e7a43"},"origin":"touch"}', 1795395601000);
INSERT INTO events VALUES (10, '01a205ea-be80-7717-95b0-b776f59c447e', 2, x'398edce404160d54d220407446f56d66871396efd5eaaa617c27e75ef75e0239', 1795395601000, 'help.called.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 2 36c09caf11ac7f6ca0533a0fac5bc896bf5bf8c5be52b7fcf8b343500e8ab5c5 1795395601000 help.called.v1 64
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","origin":"touch"}', 1795395601000);
INSERT INTO events VALUES (11, '01a205ea-be80-7717-95b0-b776f59c447e', 3, x'40af2f3465f7bc5127d09a8948db5b7241b76684bc541e988c5a5ee8cfef46f6', 1795395601000, 'search.tallied.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 3 398edce404160d54d220407446f56d66871396efd5eaaa617c27e75ef75e0239 1795395601000 search.tallied.v1 110
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","searches":{"电工":3},"without_result":1,"listings_opened":2}', 1795395601000);
INSERT INTO events VALUES (12, '01a205ea-be80-7717-95b0-b776f59c447e', 4, x'd41d41654ba7fcaccfd6162846783a35d07383b16d19ce54f5138640f045be57', 1795395601000, 'board.reported.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 4 40af2f3465f7bc5127d09a8948db5b7241b76684bc541e988c5a5ee8cfef46f6 1795395601000 board.reported.v1 124
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","board":"hall","report":{"what":"sent","text":"请 A001 号到 1 号窗口"}}', 1795395601000);
INSERT INTO events VALUES (13, '01a205ea-be80-7908-9211-87510fda82f8', 9, x'4c5c78c79060a532af0a346b5c9a629dd4a54c74a0dd327fdebe04be9fba4493', 1795395601000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 9 d3d81fd30a3e5a9fa870c15dc91580955c4684f6f5180ae62a1d9c6eec9a700f 1795395601000 staff.acted.v1 79
{"staff":"01a205ea-be80-7a82-b48d-b671e2009de8","act":"signed_in","subject":""}', 1795395601000);
INSERT INTO events VALUES (14, '01a205ea-be80-7908-9211-87510fda82f8', 10, x'64ee7ade09b237e559e4f014adecdd628c41aedc3af49be5b9f2849d6177043f', 1795395601000, 'ticket.called.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 10 4c5c78c79060a532af0a346b5c9a629dd4a54c74a0dd327fdebe04be9fba4493 1795395601000 ticket.called.v1 106
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","window":1}', 1795395601000);
INSERT INTO events VALUES (15, '01a205ea-be80-7908-9211-87510fda82f8', 11, x'4d20f3ec7846d67b82f34b13a609ec04af35b9515446fc66422ef7c7790c1acd', 1795395601000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 11 64ee7ade09b237e559e4f014adecdd628c41aedc3af49be5b9f2849d6177043f 1795395601000 staff.acted.v1 89
{"staff":"01a205ea-be80-7a82-b48d-b671e2009de8","act":"called_next","subject":"window 1"}', 1795395601000);
INSERT INTO events VALUES (16, '01a205ea-be80-7908-9211-87510fda82f8', 12, x'01c51dba81ee30059311b61fa95ac7b14675b87cc5e4a7d9eb7919930a1f9510', 1795395661000, 'ticket.started.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 12 4d20f3ec7846d67b82f34b13a609ec04af35b9515446fc66422ef7c7790c1acd 1795395661000 ticket.started.v1 106
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","window":1}', 1795395661000);
INSERT INTO events VALUES (17, '01a205ea-be80-7908-9211-87510fda82f8', 13, x'3739066e843d8087ca72def31eea13e0ced2268b08ce31997033a4fb587fca5b', 1795395661000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 13 01c51dba81ee30059311b61fa95ac7b14675b87cc5e4a7d9eb7919930a1f9510 1795395661000 staff.acted.v1 85
{"staff":"01a205ea-be80-7a82-b48d-b671e2009de8","act":"started","subject":"window 1"}', 1795395661000);
INSERT INTO events VALUES (18, '01a205ea-be80-7908-9211-87510fda82f8', 14, x'0227c93c34736347c296c40fae979ca69d050bfa2faaddf27293ac657d53ced8', 1795395961000, 'ticket.finished.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 14 3739066e843d8087ca72def31eea13e0ced2268b08ce31997033a4fb587fca5b 1795395961000 ticket.finished.v1 106
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","window":1}', 1795395961000);
INSERT INTO events VALUES (19, '01a205ea-be80-7908-9211-87510fda82f8', 15, x'275cb57f6f6a3822f465fc3b5adb647416059e7cb222e1281c2b1aacd81d05b7', 1795395961000, 'staff.acted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 15 0227c93c34736347c296c40fae979ca69d050bfa2faaddf27293ac657d53ced8 1795395961000 staff.acted.v1 86
{"staff":"01a205ea-be80-7a82-b48d-b671e2009de8","act":"finished","subject":"window 1"}', 1795395961000);
INSERT INTO events VALUES (20, '01a205ea-be80-7717-95b0-b776f59c447e', 5, x'd7a610468294a20333f7a3a37acc5491c0609e222513d216e19cc31ed269ed71', 1795395961000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 5 d41d41654ba7fcaccfd6162846783a35d07383b16d19ce54f5138640f045be57 1795395961000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","visit":{"by":"code_checked","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f"},"submission":{"rating":"00000000-0000-0000-0000-000000000001","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395961000);
INSERT INTO events VALUES (21, '01a205ea-be80-7908-9211-87510fda82f8', 16, x'77e7996f0ce7b0f29c51a8003f4017ffeceac51535473d46ffa8271dbb63fe60', 1795395961000, 'rating.accepted.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 16 275cb57f6f6a3822f465fc3b5adb647416059e7cb222e1281c2b1aacd81d05b7 1795395961000 rating.accepted.v1 108
{"rating":"00000000-0000-0000-0000-000000000001","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","window":1}', 1795395961000);
INSERT INTO events VALUES (22, '01a205ea-be80-7717-95b0-b776f59c447e', 6, x'380e1c76f709be4322c2068d794c7d12573236cb894365352910489b9498eb8c', 1795395961000, 'rating.submitted.v1', '1 sha256 01a205ea-be80-7717-95b0-b776f59c447e 6 d7a610468294a20333f7a3a37acc5491c0609e222513d216e19cc31ed269ed71 1795395961000 rating.submitted.v1 277
{"hall":"01a205ea-be80-7533-a603-65ba33d3bf2b","visit":{"by":"code_checked","ticket":"01a205ea-be80-7e49-95ee-2e333e21201f"},"submission":{"rating":"00000000-0000-0000-0000-000000000002","matter_level":4,"staff_level":null,"reasons":[],"channel":"hall_kiosk"},"origin":"touch"}', 1795395961000);
INSERT INTO events VALUES (23, '01a205ea-be80-7908-9211-87510fda82f8', 17, x'332a25aeb1dac6078cca3a81653aabe9b5214b681dbc24eab9b656aa0134fda5', 1795395961000, 'rating.refused.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 17 77e7996f0ce7b0f29c51a8003f4017ffeceac51535473d46ffa8271dbb63fe60 1795395961000 rating.refused.v1 73
{"rating":"00000000-0000-0000-0000-000000000002","code":"already_scored"}', 1795395961000);
INSERT INTO events VALUES (24, '01a205ea-be80-7908-9211-87510fda82f8', 18, x'165667cd4b4816dad2cc9ec5e421eb6da3344b541ba4e3d3b8a64e099b65c147', 1795395600000, 'person.recorded.v1', '1 sha256 01a205ea-be80-7908-9211-87510fda82f8 18 332a25aeb1dac6078cca3a81653aabe9b5214b681dbc24eab9b656aa0134fda5 1795395600000 person.recorded.v1 824
{"person":"00000000-0000-9999-0000-000000000001","fields":{"name":"s1:xc20p:4bfccb6dc4a7e02d:24642b44aa5ab314f5c1f3958297b6fa770ec5b48fa89133:9aa49a2f00d985de296913daffa5f3273a1f0f5705cff229b3569a8e6a64","id_number":"s1:xc20p:4bfccb6dc4a7e02d:653b3b37fa464b2d798ca037c1fcd25d04cfa7f0d7cdf8c7:31876963a4115e55498e021698f80b18be2b0cf40dd80dd9002f8b779bf8f5d57b31","phone":"s1:xc20p:4bfccb6dc4a7e02d:3319340fe70176fe36c31844f78e29adff1d9a8886eb3883:2fd91ebdc7a1300f61351cf228839c65e5f01614c846b07affb344","address":"s1:xc20p:4bfccb6dc4a7e02d:368aa3db089470555e79d70a05aa6962185e4f491382e8e8:01f6ce44539f5466d8d436c638e7a070f1cda815e83ee259c06d0022675b8c441ae8d0bdb47d","bank_account":"s1:xc20p:4bfccb6dc4a7e02d:7940d079e68d966f577cbdefdfa10446caa9c97a557b8315:32b4f68a0bffd7a9b8c05cf3b1a6712cdc6f6448085d4bb9b8bb9de78c2a1c68"}}', 1795395600000);
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
INSERT INTO halls VALUES ('01a205ea-be80-7533-a603-65ba33d3bf2b', '示例大厅', '{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}}', '2026-11-23');
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
INSERT INTO devices VALUES ('01a205ea-be80-7717-95b0-b776f59c447e', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7533-a603-65ba33d3bf2b', x'6ef2eae6da26c9dcd2addbf8810c3d35bea2b7a4c8636de26a31cd1ed549aede', 1795395600000, NULL, NULL, 1795395600000);
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
INSERT INTO visits VALUES ('01a205ea-be80-7e49-95ee-2e333e21201f', '01a205ea-be80-7533-a603-65ba33d3bf2b', '2026-11-23', 'A001', 'A', NULL, 1, 1795395600000, 1795395601000, 1, 1795395661000, 1795395961000, NULL, NULL, x'0f07fe63679c6dcff238ea7a547e23477b5435c8349f2e5a79a4d3b5d9f29232', x'c16c590fa96dcaff3d50542aef2336d7336de66fbb5909ca8bc99b94196e7a43');
INSERT INTO visits VALUES ('01a205ea-be80-76c1-a52e-3f1602b1abd7', '01a205ea-be80-7533-a603-65ba33d3bf2b', '2026-11-23', 'A002', 'A', NULL, NULL, 1795395601000, NULL, 0, NULL, NULL, NULL, NULL, x'f48d203f6632849c495d0409ab36e6af0972ce545b1dee00ca418d23b1508c9a', x'910d6cad6f467310cab371cc418a7959df37e84cf0200f17d19820879b5772c9');
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
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000001', '01a205ea-be80-7533-a603-65ba33d3bf2b', '01a205ea-be80-7e49-95ee-2e333e21201f', 1, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7717-95b0-b776f59c447e', 1795395961000, 'accepted', NULL);
INSERT INTO ratings VALUES ('00000000-0000-0000-0000-000000000002', '01a205ea-be80-7533-a603-65ba33d3bf2b', '01a205ea-be80-7e49-95ee-2e333e21201f', NULL, 4, NULL, '[]', '"hall_kiosk"', '"touch"', '01a205ea-be80-7717-95b0-b776f59c447e', 1795395961000, 'refused', 'already_scored');
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
INSERT INTO vacancies VALUES ('01a205ea-be80-753f-8f90-45d21b341f3f', 'CXXRENBN8Q', 'id:t-1', '01a205ea-be80-7ea9-a4be-0110578dd674', '2026-11-23', '{"source_id":"t-1","title":"普工","employer":"示例甲电子有限公司","district":"示例市·示例区","salary_text":"4500-6000元/月","education":"不限","experience":"不限","headcount":"30人"}', 'published', 1, '2026-11-23', '2027-02-21', NULL);
INSERT INTO vacancies VALUES ('01a205ea-be80-7fb7-903a-957e5eea731e', 'MDN8GSAJD5', 'id:t-2', '01a205ea-be80-7ea9-a4be-0110578dd674', '2026-11-23', '{"source_id":"t-2","title":"维修电工","employer":"示例丙铜业有限公司","district":"示例市·示例区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人"}', 'published', 2, '2026-11-23', '2027-02-21', NULL);
CREATE INDEX vacancies_by_import ON vacancies (import, state);
CREATE TABLE publications (
    number INTEGER PRIMARY KEY,
    import TEXT    NOT NULL,
    by_name TEXT   NOT NULL,
    day    TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO publications VALUES (1, '01a205ea-be80-7ea9-a4be-0110578dd674', '甲', '2026-11-23', 1795395600000);
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
INSERT INTO boards VALUES ('01a205ea-be80-7717-95b0-b776f59c447e', 'hall', '01a205ea-be80-7533-a603-65ba33d3bf2b', '{"what":"sent","text":"请 A001 号到 1 号窗口"}', 1795395601000);
CREATE TABLE help_calls (
    position INTEGER PRIMARY KEY,
    device   TEXT    NOT NULL,
    hall     TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;
INSERT INTO help_calls VALUES (10, '01a205ea-be80-7717-95b0-b776f59c447e', '01a205ea-be80-7533-a603-65ba33d3bf2b', 1795395601000);
CREATE TABLE search_tallies (
    position        INTEGER PRIMARY KEY,
    device          TEXT    NOT NULL,
    hall            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    searches        TEXT    NOT NULL,
    without_result  INTEGER NOT NULL,
    listings_opened INTEGER NOT NULL
) STRICT;
INSERT INTO search_tallies VALUES (11, '01a205ea-be80-7717-95b0-b776f59c447e', '01a205ea-be80-7533-a603-65ba33d3bf2b', 1795395601000, '{"电工":3}', 1, 2);
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
INSERT INTO audit VALUES (5, 1795395600000, '01a205ea-be80-7a82-b48d-b671e2009de8', NULL, 'account_set_up', '07');
INSERT INTO audit VALUES (6, 1795395600000, NULL, '01a205ea-be80-7717-95b0-b776f59c447e', 'device_enrolled', '设备');
INSERT INTO audit VALUES (13, 1795395601000, '01a205ea-be80-7a82-b48d-b671e2009de8', NULL, 'signed_in', '');
INSERT INTO audit VALUES (15, 1795395601000, '01a205ea-be80-7a82-b48d-b671e2009de8', NULL, 'called_next', 'window 1');
INSERT INTO audit VALUES (17, 1795395661000, '01a205ea-be80-7a82-b48d-b671e2009de8', NULL, 'started', 'window 1');
INSERT INTO audit VALUES (19, 1795395961000, '01a205ea-be80-7a82-b48d-b671e2009de8', NULL, 'finished', 'window 1');
CREATE TABLE feed (
    position INTEGER PRIMARY KEY,
    topic    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    body     TEXT,
    expires  INTEGER, is_relayed INTEGER NOT NULL DEFAULT 0, buried_at INTEGER,
    UNIQUE (topic, key, scope)
) STRICT;
INSERT INTO feed VALUES (4194304, 'hall', 'hall', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"station_name":"示例大厅","layout":{"groups":{"A":{"name":"综合就业","hint":"","typical_service_minutes":10},"B":{"name":"创业贷款","hint":"","typical_service_minutes":10}},"windows":{"1":["A"],"2":["A","B"]}},"day":"2026-11-23","is_demo":true}', NULL, 0, NULL);
INSERT INTO feed VALUES (4194307, 'queue', 'B', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"group":"B","waiting":0,"wait":{"kind":"now"},"windows":[2]}', NULL, 0, NULL);
INSERT INTO feed VALUES (4194309, 'window', '2', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"window":2,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL, 0, NULL);
INSERT INTO feed VALUES (12582912, 'listing', '01a205ea-be80-753f-8f90-45d21b341f3f', 'district', '{"id":"01a205ea-be80-753f-8f90-45d21b341f3f","short_id":"CXXRENBN8Q","title":"普工","employer":"示例甲电子有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":450000,"high":600000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"4500-6000元/月","monthly":{"low":450000,"high":600000},"education":"any","experience":{"kind":"none"},"headcount":{"kind":"exactly","people":30},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":1,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL, 0, NULL);
INSERT INTO feed VALUES (12582913, 'listing', '01a205ea-be80-7fb7-903a-957e5eea731e', 'district', '{"id":"01a205ea-be80-7fb7-903a-957e5eea731e","short_id":"MDN8GSAJD5","title":"维修电工","employer":"示例丙铜业有限公司","place":{"text":"示例市·示例区","city":"示例","area":"示例区"},"pay":{"amount":{"shape":"range","low":550000,"high":700000},"unit":"month","basis":"stated","months_per_year":null},"pay_text":"5500-7000元/月","monthly":{"low":550000,"high":700000},"education":"senior_middle","experience":{"kind":"years","from":1,"to":3},"headcount":{"kind":"exactly","people":4},"job_form":null,"industry":null,"description":null,"posted_on":null,"publication_order":2,"published_on":"2026-11-23","valid_to":"2027-02-21"}', NULL, 0, NULL);
INSERT INTO feed VALUES (16777216, 'notice', 'one', 'district', '{"id":"one","kind":"notice","title":"通知","board_pages":[],"rows":[],"document_no":null,"valid_from":"2026-11-23","valid_to":null}', NULL, 0, NULL);
INSERT INTO feed VALUES (58720257, 'call', '01a205ea-be80-7e49-95ee-2e333e21201f', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"ticket":"01a205ea-be80-7e49-95ee-2e333e21201f","label":"A001","window":1,"times":1,"at":1795395601000}', 1795395661000, 0, NULL);
INSERT INTO feed VALUES (75497473, 'queue', 'A', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"group":"A","waiting":1,"wait":{"kind":"about","minutes":3},"windows":[1,2]}', NULL, 0, NULL);
INSERT INTO feed VALUES (88080385, 'window', '1', 'hall:01a205ea-be80-7533-a603-65ba33d3bf2b', '{"window":1,"is_open":true,"clerk_no":null,"state":{"is":"idle"}}', NULL, 0, NULL);
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES ('centre', '01a205ea-be80-7908-9211-87510fda82f8');
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
INSERT INTO contacts VALUES ('01a205ea-be80-7717-95b0-b776f59c447e', 1795395961000, 0, 1795395961000, 6, x'380e1c76f709be4322c2068d794c7d12573236cb894365352910489b9498eb8c', x'0fd40acbed18e327eb04ed63f5dbff69eae7c7b2cf37bad1bbfbfaf5b5583423a278bb030124d5094c88cd199332e31b122621e2769e5a3ad81d3388e072360f', 0, x'6ef2eae6da26c9dcd2addbf8810c3d35bea2b7a4c8636de26a31cd1ed549aede');
CREATE TABLE enrolment_codes (
    code_hash  BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    hall       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT
) STRICT;
INSERT INTO enrolment_codes VALUES (x'fdab4935a6ef6ea1a90c8ba4d4da7b4930c55069c65f1a0a23d75c6365ab0302', '设备', '{"is":"hall_kiosk","lane":1}', '01a205ea-be80-7533-a603-65ba33d3bf2b', 1795482000000, '01a205ea-be80-7717-95b0-b776f59c447e');
CREATE TABLE staff (
    staff         TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    login         TEXT    NOT NULL UNIQUE,
    clerk_no      TEXT    NOT NULL,
    hall          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff VALUES ('01a205ea-be80-7a82-b48d-b671e2009de8', '甲', 'jia', '07', '01a205ea-be80-7533-a603-65ba33d3bf2b', '$argon2id$v=19$m=19456,t=2,p=1$w92mNEP9beFqU3kG/+xMDA$r6QuzoywrOvmwGcwaHzuvqWd22HLwhVuHU848+W8iVI', 1795395600000);
CREATE TABLE staff_sessions (
    token_hash BLOB    PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (staff),
    csrf       TEXT    NOT NULL,
    window     INTEGER,
    used_at    INTEGER NOT NULL
) STRICT;
INSERT INTO staff_sessions VALUES (x'7c62c67f9dbab7b1ca4010727ee85797d93643ccca887416c8ac71f0c30d7a8e', '01a205ea-be80-7a82-b48d-b671e2009de8', 'f977f65c99700a9b4e0386e2ca293b71f0d58cb4ef7f43cd470e3007a630567e', NULL, 1795395601000);
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
CREATE TABLE person_keys (
    person    TEXT    PRIMARY KEY,
    wrapped   TEXT,
    erased_at INTEGER,
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
) STRICT;
INSERT INTO person_keys VALUES ('00000000-0000-9999-0000-000000000001', 's1:xc20p:4af5aa0cc16dfe43:d73370061e1ebd842b1b51f0a25bb778d3f4f967cce62356:c8a6f36b8c3974d891e9521dcccac90884170fc355815ab159291beb66c9211abbfdfeeb024c7a07e34a3718d31f87d5', NULL);
CREATE TABLE wrapped_keys (
    name    TEXT PRIMARY KEY,
    wrapped TEXT NOT NULL,
    public  BLOB
) STRICT;
INSERT INTO wrapped_keys VALUES ('lookup', 's1:xc20p:4af5aa0cc16dfe43:1f8d1ceb413ce8167da6c9a34d4c6e901c63a704b6e849a1:fa95767c9547b5329941cb28c127a1c4eecce3e7242799aadf60f9459287059dfea345d5ce35a14bc6c07adae3a0c14c', NULL);
INSERT INTO wrapped_keys VALUES ('box', 's1:xc20p:4af5aa0cc16dfe43:f6b2643fac3f8715197c518ee5d5dc3d6169ccc61934deb7:651c160f6ec7604c4fe865c47937db46d38d5ca380996667b5628e670d776a4d0eb21eaea15c3a3bdb5b482e74e13a95', x'b4129dd55045871f382c54e6cf685f3dbb20a12467babe10be46ef1c3ba15021');
CREATE TABLE persons (
    person      TEXT    PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    erased_at   INTEGER
) STRICT;
INSERT INTO persons VALUES ('00000000-0000-9999-0000-000000000001', 1795395600000, NULL);
CREATE TABLE person_fields (
    person TEXT NOT NULL,
    field  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (person, field)
) STRICT;
INSERT INTO person_fields VALUES ('00000000-0000-9999-0000-000000000001', 'name', 'person.recorded.v1', 's1:xc20p:4bfccb6dc4a7e02d:24642b44aa5ab314f5c1f3958297b6fa770ec5b48fa89133:9aa49a2f00d985de296913daffa5f3273a1f0f5705cff229b3569a8e6a64');
INSERT INTO person_fields VALUES ('00000000-0000-9999-0000-000000000001', 'id_number', 'person.recorded.v1', 's1:xc20p:4bfccb6dc4a7e02d:653b3b37fa464b2d798ca037c1fcd25d04cfa7f0d7cdf8c7:31876963a4115e55498e021698f80b18be2b0cf40dd80dd9002f8b779bf8f5d57b31');
INSERT INTO person_fields VALUES ('00000000-0000-9999-0000-000000000001', 'phone', 'person.recorded.v1', 's1:xc20p:4bfccb6dc4a7e02d:3319340fe70176fe36c31844f78e29adff1d9a8886eb3883:2fd91ebdc7a1300f61351cf228839c65e5f01614c846b07affb344');
INSERT INTO person_fields VALUES ('00000000-0000-9999-0000-000000000001', 'address', 'person.recorded.v1', 's1:xc20p:4bfccb6dc4a7e02d:368aa3db089470555e79d70a05aa6962185e4f491382e8e8:01f6ce44539f5466d8d436c638e7a070f1cda815e83ee259c06d0022675b8c441ae8d0bdb47d');
INSERT INTO person_fields VALUES ('00000000-0000-9999-0000-000000000001', 'bank_account', 'person.recorded.v1', 's1:xc20p:4bfccb6dc4a7e02d:7940d079e68d966f577cbdefdfa10446caa9c97a557b8315:32b4f68a0bffd7a9b8c05cf3b1a6712cdc6f6448085d4bb9b8bb9de78c2a1c68');
CREATE TABLE person_search (
    person   TEXT NOT NULL,
    name     TEXT NOT NULL,
    initials TEXT NOT NULL,
    spelling TEXT NOT NULL,
    PRIMARY KEY (person, spelling)
) STRICT;
INSERT INTO person_search VALUES ('00000000-0000-9999-0000-000000000001', '曾测样00001', 'ccy00001', 'cengceyang00001');
INSERT INTO person_search VALUES ('00000000-0000-9999-0000-000000000001', '曾测样00001', 'zcy00001', 'zengceyang00001');
CREATE INDEX person_search_by_name ON person_search (name);
CREATE INDEX person_search_by_initials ON person_search (initials);
CREATE INDEX person_search_by_spelling ON person_search (spelling);
CREATE TABLE person_lookup (
    field  TEXT NOT NULL,
    hash   BLOB NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (person, field)
) STRICT;
INSERT INTO person_lookup VALUES ('id_number', x'9220e84b3fba6361a3b259ab230fcc26d51d76dec77f7ef9ee4dbb40e32683a7', '00000000-0000-9999-0000-000000000001');
INSERT INTO person_lookup VALUES ('phone', x'f178834c5f25f5975ce657eda9d7722b10cd3ff0f61f44ddac8db393c1ada35a', '00000000-0000-9999-0000-000000000001');
INSERT INTO person_lookup VALUES ('bank_account', x'285804627a918687fab947edd9c16044397ec4a2efca1ecbefea9309c18af758', '00000000-0000-9999-0000-000000000001');
CREATE INDEX person_lookup_by_hash ON person_lookup (field, hash);
