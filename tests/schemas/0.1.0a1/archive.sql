PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'yiwen.archive','m001_tables','2026-11-25 08:12:08.425121+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'yiwen.archive','m002_index','2026-11-25 08:12:08.428553+00:00');
CREATE TABLE sites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL, home TEXT NOT NULL, jurisdiction TEXT NOT NULL,
    script TEXT NOT NULL, enabled INTEGER NOT NULL, reason TEXT NOT NULL, schedule TEXT NOT NULL, seen_at TEXT NOT NULL
);
INSERT INTO sites VALUES('dawn','晨光健康网','Dawn Health','https://news.example/','CN','Hans',1,'','0 6 * * *','2026-11-03T08:00:00Z');
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'running', -- running, complete, alarm, failed, stopped
    reason TEXT NOT NULL DEFAULT '',
    discovered INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0,
    challenged INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
    counts TEXT GENERATED ALWAYS AS (json_object('discovered', discovered, 'fetched', fetched, 'new', new, 'changed',
        changed, 'unchanged', unchanged, 'withdrawn', withdrawn, 'challenged', challenged, 'skipped', skipped,
        'failed', failed)) VIRTUAL
);
INSERT INTO runs VALUES(1,'dawn','2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','complete','',0,0,0,0,0,0,0,0,0);
INSERT INTO runs VALUES(2,'dawn','2026-11-02T08:00:00Z','2026-11-02T08:00:00Z','complete','',0,0,0,0,0,0,0,0,0);
INSERT INTO runs VALUES(3,'dawn','2026-11-03T08:00:00Z','2026-11-03T08:00:00Z','complete','',0,0,0,0,0,1,0,0,0);
CREATE TABLE skips (
    run_id INTEGER NOT NULL REFERENCES runs, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (run_id, reason)
) WITHOUT ROWID;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL, -- live, withdrawn, redacted
    title TEXT NOT NULL, text TEXT NOT NULL, title_original TEXT NOT NULL, text_original TEXT NOT NULL,
    source TEXT NOT NULL, source_title TEXT NOT NULL, author TEXT NOT NULL, editor TEXT NOT NULL,
    published_at TEXT, language TEXT NOT NULL, flags TEXT NOT NULL,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, last_checked_at TEXT NOT NULL,
    last_changed_at TEXT NOT NULL, version_count INTEGER NOT NULL, current_version_id INTEGER NOT NULL
);
INSERT INTO articles VALUES(1,'dawn','https://news.example/1.html','live','全市县域内就诊率公布',replace('全市县域内就诊率达96.6%。\n医共体建设继续推进。','\n',char(10)),'全市县域内就诊率公布',replace('全市县域内就诊率达96.6%。\n医共体建设继续推进。','\n',char(10)),'海港日报','','王小禾','',NULL,'Hans','','2026-11-01T08:00:00Z','2026-11-03T08:00:00Z','2026-11-03T08:00:00Z','2026-11-03T08:00:00Z',2,1);
INSERT INTO articles VALUES(2,'dawn','https://news.example/2.html','withdrawn','卫生署公布流感疫苗接种安排','卫生署今日公布安排。','衞生署公布流感疫苗接種安排','衞生署今日公布安排。','','','','',NULL,'Hant','','2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','2026-11-03T08:00:00Z','2026-11-01T08:00:00Z',1,2);
INSERT INTO articles VALUES(3,'dawn','https://news.example/3.html','live','社区医院的一天',replace('上午八点，门诊开始。\n下午五点，门诊结束。','\n',char(10)),'社区医院的一天',replace('上午八点，门诊开始。\n下午五点，门诊结束。','\n',char(10)),'','','','',NULL,'Hans','','2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','2026-11-01T08:00:00Z',1,3);
CREATE TABLE version_rows (
    id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles, number INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, fingerprint TEXT NOT NULL,
    superseded_by INTEGER REFERENCES version_rows, current_reading_id INTEGER NOT NULL,
    UNIQUE (article_id, number)
);
INSERT INTO version_rows VALUES(1,1,1,'2026-11-01T08:00:00Z','2026-11-03T08:00:00Z','529b115f5674608e868d86d99149e5115647e7da943ba63fbf941a13656577dc',NULL,1);
INSERT INTO version_rows VALUES(2,2,1,'2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','82800dcb57eb01a24d2ead008970bd77fb51c5f874dd12169942729988ccbb9a',NULL,2);
INSERT INTO version_rows VALUES(3,3,1,'2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','7d698a9272c09ab4a82cc4a4d6853f044b72e6d3af695c509c87deb7cbfbadf9',NULL,3);
INSERT INTO version_rows VALUES(4,1,2,'2026-11-02T08:00:00Z','2026-11-02T08:00:00Z','0d1a6d1e6756ffd587d83378a22463d7972e4a4095e1fde8c1def17c2a5ec97c',NULL,4);
CREATE TABLE readings (
    id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES version_rows, capture_id TEXT NOT NULL,
    reader TEXT NOT NULL, read_at TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, title_original TEXT NOT NULL, text_original TEXT NOT NULL,
    source TEXT NOT NULL, source_title TEXT NOT NULL, author TEXT NOT NULL, editor TEXT NOT NULL,
    published_at TEXT, updated_at TEXT, language TEXT NOT NULL, flags TEXT NOT NULL,
    keywords TEXT NOT NULL, image TEXT, attachments TEXT NOT NULL -- JSON: pairs of name and address
);
INSERT INTO readings VALUES(1,1,'20261101T080000000000-36726f6891f6','reader-1','2026-11-01T08:00:00Z','全市县域内就诊率公布',replace('全市县域内就诊率达96.6%。\n医共体建设继续推进。','\n',char(10)),'全市县域内就诊率公布',replace('全市县域内就诊率达96.6%。\n医共体建设继续推进。','\n',char(10)),'晨光健康网','','王小禾','',NULL,NULL,'Hans','','',NULL,'[]');
INSERT INTO readings VALUES(2,2,'20261101T080000000000-fd7c406f661a','reader-1','2026-11-01T08:00:00Z','卫生署公布流感疫苗接种安排','卫生署今日公布安排。','衞生署公布流感疫苗接種安排','衞生署今日公布安排。','','','','',NULL,NULL,'Hant','','',NULL,'[]');
INSERT INTO readings VALUES(3,3,'20261101T080000000000-78882b1750cf','reader-1','2026-11-01T08:00:00Z','社区医院的一天',replace('上午八点，门诊开始。\n下午五点，门诊结束。','\n',char(10)),'社区医院的一天',replace('上午八点，门诊开始。\n下午五点，门诊结束。','\n',char(10)),'','','','',NULL,NULL,'Hans','','',NULL,'[]');
INSERT INTO readings VALUES(4,4,'20261102T080000000000-ef54bc297b3e','reader-1','2026-11-02T08:00:00Z','全市县域内就诊率公布',replace('全市县域内就诊率达69.6%。\n医共体建设继续推进。','\n',char(10)),'全市县域内就诊率公布',replace('全市县域内就诊率达96.6%。\n医共体建设继续推进。','\n',char(10)),'晨光健康网','','王小禾','',NULL,NULL,'Hans','','',NULL,'[]');
CREATE TABLE version_captures (
    version_id INTEGER NOT NULL REFERENCES version_rows, part INTEGER NOT NULL, capture_id TEXT NOT NULL,
    PRIMARY KEY (version_id, part)
) WITHOUT ROWID;
INSERT INTO version_captures VALUES(1,1,'20261101T080000000000-36726f6891f6');
INSERT INTO version_captures VALUES(2,1,'20261101T080000000000-fd7c406f661a');
INSERT INTO version_captures VALUES(3,1,'20261101T080000000000-78882b1750cf');
INSERT INTO version_captures VALUES(3,2,'20261101T080000000000-31c1384890fd');
INSERT INTO version_captures VALUES(4,1,'20261102T080000000000-ef54bc297b3e');
CREATE TABLE captures (
    id TEXT PRIMARY KEY, article_id INTEGER REFERENCES articles, version_id INTEGER REFERENCES version_rows,
    run_id INTEGER REFERENCES runs, url TEXT NOT NULL, final_url TEXT NOT NULL, fetched_at TEXT NOT NULL,
    http_status INTEGER, verdict TEXT NOT NULL, reason TEXT NOT NULL, digest TEXT, etag TEXT, last_modified TEXT,
    bytes INTEGER
);
INSERT INTO captures VALUES('20261101T080000000000-36726f6891f6',1,1,1,'https://news.example/1.html','https://news.example/1.html','2026-11-01T08:00:00Z',200,'article','','cec8394049efdbcff9d2ac4d5f7080436cb7c6120ccc940ef4e70c974d84f527','"1"',NULL,124);
INSERT INTO captures VALUES('20261101T080000000000-fd7c406f661a',2,2,1,'https://news.example/2.html','https://news.example/2.html','2026-11-01T08:00:00Z',200,'article','','29418727d2745e26e808df967de4299a8200e72ffe4995947e161fdf37f02f03','"1"',NULL,97);
INSERT INTO captures VALUES('20261101T080000000000-78882b1750cf',3,3,1,'https://news.example/3.html','https://news.example/3.html','2026-11-01T08:00:00Z',200,'article','','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,110);
INSERT INTO captures VALUES('20261101T080000000000-31c1384890fd',3,3,1,'https://news.example/3_2.html','https://news.example/3_2.html','2026-11-01T08:00:00Z',200,'article','','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,110);
INSERT INTO captures VALUES('20261101T080000000000-c681fa30b93d',NULL,NULL,1,'https://news.example/','https://news.example/','2026-11-01T08:00:00Z',200,'list','','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,110);
INSERT INTO captures VALUES('20261102T080000000000-ef54bc297b3e',1,4,2,'https://news.example/1.html','https://news.example/1.html','2026-11-02T08:00:00Z',200,'article','','cec8394049efdbcff9d2ac4d5f7080436cb7c6120ccc940ef4e70c974d84f527','"1"',NULL,124);
INSERT INTO captures VALUES('20261102T080000000000-3ad3c4139ebf',2,NULL,2,'https://news.example/2.html','https://news.example/2.html','2026-11-02T08:00:00Z',404,'gone','HTTP 404','a33534f95ab84dcbd786e38b14a9579d68c499abc67a8f948c09221033d95d2c','"1"',NULL,55);
INSERT INTO captures VALUES('20261102T080000000000-3e05459a1a7d',NULL,NULL,2,'https://news.example/','https://news.example/','2026-11-02T08:00:00Z',200,'list','','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,110);
INSERT INTO captures VALUES('20261103T080000000000-310b2bb9b809',1,1,3,'https://news.example/1.html','https://news.example/1.html','2026-11-03T08:00:00Z',200,'article','','cec8394049efdbcff9d2ac4d5f7080436cb7c6120ccc940ef4e70c974d84f527','"1"',NULL,124);
INSERT INTO captures VALUES('20261103T080000000000-8898d969c9c5',2,NULL,3,'https://news.example/2.html','https://news.example/2.html','2026-11-03T08:00:00Z',404,'gone','HTTP 404','a33534f95ab84dcbd786e38b14a9579d68c499abc67a8f948c09221033d95d2c','"1"',NULL,55);
INSERT INTO captures VALUES('20261103T080000000000-621091cf2f2e',NULL,NULL,3,'https://news.example/','https://news.example/','2026-11-03T08:00:00Z',200,'list','','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,110);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, article_id INTEGER NOT NULL REFERENCES articles,
    run_id INTEGER REFERENCES runs, kind TEXT NOT NULL, detail TEXT NOT NULL
);
INSERT INTO events VALUES(1,'2026-11-01T08:00:00Z',1,1,'new','{"version": 1}');
INSERT INTO events VALUES(2,'2026-11-01T08:00:00Z',2,1,'new','{"version": 1}');
INSERT INTO events VALUES(3,'2026-11-01T08:00:00Z',3,1,'new','{"version": 1}');
INSERT INTO events VALUES(4,'2026-11-02T08:00:00Z',1,2,'changed','{"from": 1, "version": 2, "kinds": ["figures"], "size": 10, "returned": false}');
INSERT INTO events VALUES(5,'2026-11-02T08:00:00Z',2,2,'suspected','{"reason": "HTTP 404"}');
INSERT INTO events VALUES(6,'2026-11-03T08:00:00Z',1,3,'changed','{"from": 2, "version": 1, "kinds": ["figures"], "size": 10, "returned": true}');
INSERT INTO events VALUES(7,'2026-11-03T08:00:00Z',1,3,'details','{"source": {"old": "晨光健康网", "new": "海港日报"}}');
INSERT INTO events VALUES(8,'2026-11-03T08:00:00Z',2,3,'withdrawn','{"suspected_at": "2026-11-02T08:00:00Z"}');
CREATE TABLE aliases (url TEXT PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles) WITHOUT ROWID;
CREATE TABLE pages (
    url TEXT PRIMARY KEY, site TEXT NOT NULL, article_id INTEGER REFERENCES articles, first_seen_at TEXT NOT NULL,
    fetched_at TEXT, due_at TEXT NOT NULL, fetches INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    verdict TEXT, capture_id TEXT, digest TEXT, etag TEXT, last_modified TEXT, reader TEXT,
    suspected_at TEXT, suspected_run_id INTEGER
) WITHOUT ROWID;
INSERT INTO pages VALUES('https://news.example/1.html','dawn',1,'2026-11-01T08:00:00Z','2026-11-03T08:00:00Z','2026-11-03T09:00:00Z',3,0,'article','20261103T080000000000-310b2bb9b809','cec8394049efdbcff9d2ac4d5f7080436cb7c6120ccc940ef4e70c974d84f527','"1"',NULL,'reader-1',NULL,NULL);
INSERT INTO pages VALUES('https://news.example/2.html','dawn',2,'2026-11-01T08:00:00Z','2026-11-03T08:00:00Z','2026-11-03T09:00:00Z',3,0,'gone','20261103T080000000000-8898d969c9c5','a33534f95ab84dcbd786e38b14a9579d68c499abc67a8f948c09221033d95d2c','"1"',NULL,'reader-1',NULL,NULL);
INSERT INTO pages VALUES('https://news.example/3.html','dawn',3,'2026-11-01T08:00:00Z','2026-11-01T08:00:00Z','2026-11-01T09:00:00Z',1,0,'article','20261101T080000000000-78882b1750cf','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f','"1"',NULL,'reader-1',NULL,NULL);
CREATE TABLE hosts (host TEXT PRIMARY KEY, until TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (
    text, title, content=''articles_separated'', content_rowid=''id'', tokenize="unicode61 remove_diacritics 2 categories ''L* N* Co P* S*''"
)');
CREATE TABLE IF NOT EXISTS 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO articles_fts_data VALUES(1,X'03381e');
INSERT INTO articles_fts_data VALUES(10,X'000000020105050005010101020101030101040101050101');
INSERT INTO articles_fts_data VALUES(137438953473,X'0000010902302501020e01012e01060c050d01013601020d0102393601020b0102c2b60102100106e4bd93e5bbba0102130106e585a8e5b8820108020101020304ace5b883010601010a0304b1e4bd9301021202058685e5b0b101080601010602058cbbe585b101021102058ebfe59f9f01080401010402059f9fe586850108050101050205b0b1e8af8a0108070101070205b882e58ebf010803010103030183010601010b0205bbbae8aebe0102140106e68ea8e8bf9b0102180106e78e87e585ac01060101090403e8bebe0102090205bba7e7bbad0102160304ade68ea80102170106e8aebee7bba70102150205af8ae78e870108080101080202bebe01020a0202bf9b0102190406080607070b0e0b090d0a0d0d0d0d080a0b0d080a090b0d07');
INSERT INTO articles_fts_data VALUES(274877906945,X'000000d002302e02020b0106e4bb8ae697a50202050106e585ace5b88302080701010502058dabe7949f0208020101020205ae89e68e9202080901010d0205b883e5ae890202080403e6b58102060101060106e6849fe796ab020601010802028e9202080a01010e0304a5e7a78d020601010b020597a5e585ac0202060205b581e6849f02060101070106e7949fe7bdb2020803010103020596abe88b9702060101090205a78de5ae89020601010c0205bdb2e4bb8a0202040403e585ac02060101040106e88b97e68ea5020601010a04060b0e0d0d0a0a0d0a0b0a0c0e0c0c0a0a');
INSERT INTO articles_fts_data VALUES(412316860417,X'000000ee02302c0304060d01012e03040b0d0102c2b603020c0106e4b880e5a4a9030601010703048ae58d8803020203048be58d8803020d0205ba94e782b903020f0106e585abe782b903020402058cbae58cbb03060101030304bbe999a2030601010402058d88e4ba9403020e0403e585ab0302030202a4a903060101080202a78b03020a0205bc80e5a78b0302090103e69d9f0302150103e782b90304050d02059a84e4b88003060101060205a4bee58cba03060101020205bb93e69d9f0302140106e8af8ae5bc800302080403e7bb930302130106e997a8e8af8a0304070d020599a2e79a840306010105040707070d09090a0b0c0b0a0809070a08090c0c0a0b080c');
INSERT INTO articles_fts_data VALUES(549755813889,X'0000010e02302501030e01012e01070c050d01013601030d02013901020b0102393601010102c2b60103100106e4bd93e5bbba0103130106e585a8e5b8820109020101020304ace5b883010701010a0304b1e4bd9301031202058685e5b0b101090601010602058cbbe585b101031102058ebfe59f9f01090401010402059f9fe586850109050101050205b0b1e8af8a0109070101070205b882e58ebf010903010103030183010701010b0205bbbae8aebe0103140106e68ea8e8bf9b0103180106e78e87e585ac01070101090403e8bebe0103090205bba7e7bbad0103160304ade68ea80103170106e8aebee7bba70103150205af8ae78e870109080101080202bebe01030a0202bf9b010319040608060606070b0e0b090d0a0d0d0d0d080a0b0d080a090b0d07');
INSERT INTO articles_fts_data VALUES(687194767361,X'0000010e02302501030e01012e01070c050d01013601030d02013901010102393601020b0102c2b60103100106e4bd93e5bbba0103130106e585a8e5b8820109020101020304ace5b883010701010a0304b1e4bd9301031202058685e5b0b101090601010602058cbbe585b101031102058ebfe59f9f01090401010402059f9fe586850109050101050205b0b1e8af8a0109070101070205b882e58ebf010903010103030183010701010b0205bbbae8aebe0103140106e68ea8e8bf9b0103180106e78e87e585ac01070101090403e8bebe0103090205bba7e7bbad0103160304ade68ea80103170106e8aebee7bba70103150205af8ae78e870109080101080202bebe01030a0202bf9b010319040608060507070b0e0b090d0a0d0d0d0d080a0b0d080a090b0d07');
CREATE TABLE IF NOT EXISTS 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO articles_fts_idx VALUES(1,X'',2);
INSERT INTO articles_fts_idx VALUES(2,X'',2);
INSERT INTO articles_fts_idx VALUES(3,X'',2);
INSERT INTO articles_fts_idx VALUES(4,X'',2);
INSERT INTO articles_fts_idx VALUES(5,X'',2);
CREATE TABLE IF NOT EXISTS 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO articles_fts_docsize VALUES(1,X'190a');
INSERT INTO articles_fts_docsize VALUES(2,X'0a0d');
INSERT INTO articles_fts_docsize VALUES(3,X'1507');
CREATE TABLE IF NOT EXISTS 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO articles_fts_config VALUES('automerge',32);
INSERT INTO articles_fts_config VALUES('crisismerge',64);
INSERT INTO articles_fts_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','versions_fts','versions_fts',0,'CREATE VIRTUAL TABLE versions_fts USING fts5 (
    text, title, content=''versions_separated'', content_rowid=''id'', tokenize="unicode61 remove_diacritics 2 categories ''L* N* Co P* S*''"
)');
CREATE TABLE IF NOT EXISTS 'versions_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO versions_fts_data VALUES(1,X'01190a');
INSERT INTO versions_fts_data VALUES(10,X'000000000102020002010101020101');
INSERT INTO versions_fts_data VALUES(137438953473,X'0000010902302501020e01012e01060c050d01013601020d0102393601020b0102c2b60102100106e4bd93e5bbba0102130106e585a8e5b8820108020101020304ace5b883010601010a0304b1e4bd9301021202058685e5b0b101080601010602058cbbe585b101021102058ebfe59f9f01080401010402059f9fe586850108050101050205b0b1e8af8a0108070101070205b882e58ebf010803010103030183010601010b0205bbbae8aebe0102140106e68ea8e8bf9b0102180106e78e87e585ac01060101090403e8bebe0102090205bba7e7bbad0102160304ade68ea80102170106e8aebee7bba70102150205af8ae78e870108080101080202bebe01020a0202bf9b0102190406080607070b0e0b090d0a0d0d0d0d080a0b0d080a090b0d07');
INSERT INTO versions_fts_data VALUES(274877906945,X'00000140023025010103020e01012e010103060c050d010136010103020d02013904020b0102393601010102c2b601010302100106e4bd93e5bbba01010302130106e585a8e5b88201010308020101020304ace5b8830101030601010a0304b1e4bd93010103021202058685e5b0b1010103080601010602058cbbe585b1010103021102058ebfe59f9f010103080401010402059f9fe5868501010308050101050205b0b1e8af8a01010308070101070205b882e58ebf01010308030101030301830101030601010b0205bbbae8aebe01010302140106e68ea8e8bf9b01010302180106e78e87e585ac010103060101090403e8bebe01010302090205bba7e7bbad01010302160304ade68ea801010302170106e8aebee7bba701010302150205af8ae78e8701010308080101080202bebe010103020a0202bf9b010103021904080a080606090d100d0b0f0c0f0f0f0f0a0c0d0f0a0c0b0d0f09');
CREATE TABLE IF NOT EXISTS 'versions_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO versions_fts_idx VALUES(1,X'',2);
INSERT INTO versions_fts_idx VALUES(2,X'',2);
CREATE TABLE IF NOT EXISTS 'versions_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO versions_fts_docsize VALUES(4,X'190a');
CREATE TABLE IF NOT EXISTS 'versions_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO versions_fts_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','articles_words','articles_words',0,'CREATE VIRTUAL TABLE articles_words USING fts5 (words, content='''', detail=none)');
CREATE TABLE IF NOT EXISTS 'articles_words_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO articles_words_data VALUES(1,X'038105');
INSERT INTO articles_words_data VALUES(10,X'000000020105050005010101020101030101040101050101');
INSERT INTO articles_words_data VALUES(137438953473,X'00000124053063e4bd93010203e585a8010401ac010401b101030286850103028cbb0103028ebf0103029f9f010302b0b1010302b88201040183010302bbba010203e68ea8010203e78e87010302bba7010401ad010203e8aebe010302af8a010302bebe010302bf9b01010468e585a8010401ac01030286850103028ebf0103029f9f010302b0b1010302b88201040183010203e78e87010203e8af8a01010774e585a8e5b882010404ace5b88301030286850103058ebfe59f9f010305b0b1e8af8a010203e78e8701010477e4bd93010206e585a8e5b882010404ace5b883010401b101030286850103028cbb0103058ebfe59f9f010305b0b1e8af8a010305bbbae8aebe010206e68ea8e8bf9b010203e78e87010305bba7e7bbad010203e8bebe01040706040405050505050504050606050406050505070405050505050406060a0705080806070907040505080808090608');
INSERT INTO articles_words_data VALUES(274877906945,X'00000122053063e4bb8a020203e585ac0203028dab020302ae89020302b883020203e6849f0203028e92020401a502030297a5020302b581020203e7949f02030296ab020302a78d020302bdb2020203e88b9702010468e585ac0203028dab020302ae89020302b883020203e6849f0203028e92020401a5020302b581020203e7949f02030296ab020302a78d020302bdb2020203e88b9702010774e585ace5b8830203088dabe7949fe7bdb2020305ae89e68e92020206e68ea5e7a78d020305b581e6849f020806e796abe88b97020206e796abe88b9702010777e4bb8ae697a5020206e585ace5b8830203088dabe7949fe7bdb2020305ae89e68e92020206e68ea5e7a78d020305b581e6849f020806e796abe88b97020206e796abe88b970204070605050506050405050605050506070505050605040506050505060a0b08090809090a090b08090809');
INSERT INTO articles_words_data VALUES(412316860417,X'00000107053063e4b8800304018a0304018b030302ba94030203e585ab0303028cba030401bb0303028d88030302a4a9030302a78b030302bc80030203e69d9f030203e782b90303029a84030302a4be030302bb93030203e8af8a030203e997a803030299a203010468e4b880030203e58cba030401bb030302a4a9030203e79a84030302a4be030203e999a203010774e4b880e5a4a9030206e58cbbe999a2030203e79a84030305a4bee58cba03010777e4b880e5a4a90304048ae58d880304048be58d88030305ba94e782b9030206e585abe782b90303058cbbe999a2030305bc80e5a78b030203e79a84030305a4bee58cba030305bb93e69d9f030206e997a8e8af8a030407040405060504050505050606050505060605070604050605060a0906080a070708090808060808');
INSERT INTO articles_words_data VALUES(549755813889,X'00000186053063e4bd930100000203e585a80100000401ac0100000401b10100000302868501000003028cbb01000003028ebf01000003029f9f0100000302b0b10100000302b8820100000401830100000302bbba0100000203e68ea80100000203e78e870100000302bba70100000401ad0100000203e8aebe0100000302af8a0100000302bebe0100000302bf9b010000010468e585a80100000401ac0100000302868501000003028ebf01000003029f9f0100000302b0b10100000302b8820100000401830100000203e78e870100000203e8af8a010000010774e585a8e5b8820100000404ace5b8830100000302868501000003058ebfe59f9f0100000305b0b1e8af8a0100000203e78e87010000010477e4bd930100000206e585a8e5b8820100000404ace5b8830100000401b10100000302868501000003028cbb01000003058ebfe59f9f0100000305b0b1e8af8a0100000305bbbae8aebe0100000206e68ea8e8bf9b0100000203e78e870100000305bba7e7bbad0100000203e8bebe010000040908060607070707070706070808070608070707090607070707070608080c09070a0a08090b090607070a0a0a0b080a');
INSERT INTO articles_words_data VALUES(687194767361,X'00000186053063e4bd930100000203e585a80100000401ac0100000401b10100000302868501000003028cbb01000003028ebf01000003029f9f0100000302b0b10100000302b8820100000401830100000302bbba0100000203e68ea80100000203e78e870100000302bba70100000401ad0100000203e8aebe0100000302af8a0100000302bebe0100000302bf9b010000010468e585a80100000401ac0100000302868501000003028ebf01000003029f9f0100000302b0b10100000302b8820100000401830100000203e78e870100000203e8af8a010000010774e585a8e5b8820100000404ace5b8830100000302868501000003058ebfe59f9f0100000305b0b1e8af8a0100000203e78e87010000010477e4bd930100000206e585a8e5b8820100000404ace5b8830100000401b10100000302868501000003028cbb01000003058ebfe59f9f0100000305b0b1e8af8a0100000305bbbae8aebe0100000206e68ea8e8bf9b0100000203e78e870100000305bba7e7bbad0100000203e8bebe010000040908060607070707070706070808070608070707090607070707070608080c09070a0a08090b090607070a0a0a0b080a');
CREATE TABLE IF NOT EXISTS 'articles_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO articles_words_idx VALUES(1,X'',2);
INSERT INTO articles_words_idx VALUES(2,X'',2);
INSERT INTO articles_words_idx VALUES(3,X'',2);
INSERT INTO articles_words_idx VALUES(4,X'',2);
INSERT INTO articles_words_idx VALUES(5,X'',2);
CREATE TABLE IF NOT EXISTS 'articles_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO articles_words_docsize VALUES(1,X'31');
INSERT INTO articles_words_docsize VALUES(2,X'2b');
INSERT INTO articles_words_docsize VALUES(3,X'29');
CREATE TABLE IF NOT EXISTS 'articles_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO articles_words_config VALUES('automerge',32);
INSERT INTO articles_words_config VALUES('crisismerge',64);
INSERT INTO articles_words_config VALUES('version',4);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX runs_by_site ON runs (site, started_at);
CREATE INDEX articles_by_site ON articles (site, published_at);
CREATE INDEX articles_by_publication ON articles (published_at);
CREATE INDEX articles_by_status ON articles (status);
CREATE INDEX articles_by_first_seen ON articles (first_seen_at);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX readings_by_version ON readings (version_id);
CREATE INDEX captures_by_article ON captures (article_id, fetched_at);
CREATE INDEX captures_by_run ON captures (run_id);
CREATE INDEX events_by_article ON events (article_id, at);
CREATE INDEX events_by_kind ON events (kind, at);
CREATE INDEX aliases_by_article ON aliases (article_id);
CREATE INDEX pages_by_due ON pages (site, due_at);
CREATE INDEX pages_by_article ON pages (article_id);
CREATE VIEW versions AS
SELECT v.id, v.article_id, v.number, v.first_seen_at, v.last_seen_at, v.fingerprint, v.superseded_by,
    r.title, r.text, r.title_original, r.text_original, r.source, r.source_title, r.author, r.editor, r.published_at,
    r.updated_at, r.language, r.flags, r.attachments, r.reader
FROM version_rows v LEFT JOIN readings r ON r.id = v.current_reading_id;
CREATE VIEW changes AS
SELECT e.id, e.at, a.site, a.url, a.title, e.article_id,
    (SELECT group_concat(value, ' ') FROM json_each(e.detail, '$.kinds')) AS kinds,
    json_extract(e.detail, '$.size') AS size,
    json_extract(e.detail, '$.from') AS from_version, json_extract(e.detail, '$.version') AS to_version,
    json_extract(e.detail, '$.kinds[0]') AS kind
FROM events e JOIN articles a ON a.id = e.article_id
WHERE e.kind = 'changed' ORDER BY e.at DESC, e.id DESC;
CREATE VIEW site_health AS
SELECT s.id AS site, s.name, s.enabled, s.reason AS disabled_because, r.outcome AS last_outcome,
    r.reason AS last_reason, r.finished_at AS last_run_at, r.discovered, r.fetched, r.new, r.changed, r.challenged,
    r.failed,
    (SELECT max(first_seen_at) FROM articles a WHERE a.site = s.id) AS newest_article_at,
    (SELECT count(*) FROM articles a WHERE a.site = s.id) AS articles,
    (SELECT max(finished_at) FROM runs g WHERE g.site = s.id AND g.outcome = 'complete') AS last_complete_at
FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.id AND finished_at IS NOT NULL);
CREATE VIEW articles_separated AS
SELECT id, (
    WITH RECURSIVE walk (c, class, before, gap, rest) AS (
        SELECT '', 'm', 'm', 0, text
        UNION ALL
        SELECT CASE
    WHEN unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) BETWEEN 48 AND 95 THEN substr(rest, 1, 1)
    WHEN substr(rest, 1, 1) = char(10) THEN '¶'
    WHEN substr(rest, 1, 1) IN ('。', '｡', '．') THEN '.'
    WHEN substr(rest, 1, 1) IN ('、', '､', '，', '﹐') THEN ','
    WHEN substr(rest, 1, 1) IN ('‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', '─') THEN '-'
    WHEN substr(rest, 1, 1) IN ('～', '〜', '∼', '﹏') THEN '~'
    WHEN substr(rest, 1, 1) IN ('·', '・', '‧', '•', '∙', '⋅', '･') THEN '·'
    WHEN substr(rest, 1, 1) IN ('…', '⋯') THEN '…'
    WHEN substr(rest, 1, 1) IN ('〔', '﹝', '［') THEN '['
    WHEN substr(rest, 1, 1) IN ('〕', '﹞', '］') THEN ']'
    WHEN substr(rest, 1, 1) IN ('“', '”', '„', '‟', '＂', '«', '»', '『', '』', '「', '」', '﹁', '﹂', '﹃', '﹄', '〝',
        '〞', '〟', '‘', '’', '‚', '‛', '＇', '`', '´', '′', '″', '''') THEN '"'
    WHEN unicode(substr(rest, 1, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(rest, 1, 1)) - 65248)
    ELSE substr(rest, 1, 1) END, CASE
    WHEN (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN 'h'
    WHEN unicode(rest) BETWEEN 97 AND 122 OR unicode(rest) BETWEEN 65 AND 90 OR unicode(rest) BETWEEN 65313 AND 65338
        OR unicode(rest) BETWEEN 65345 AND 65370 THEN 'w'
    WHEN unicode(rest) BETWEEN 48 AND 57 OR unicode(rest) BETWEEN 65296 AND 65305 THEN 'd'
    WHEN unicode(rest) = 10 THEN 'm'
    WHEN unicode(rest) BETWEEN 9 AND 13 OR unicode(rest) BETWEEN 28 AND 32
        OR unicode(rest) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) OR unicode(rest) BETWEEN 8192 AND 8202 THEN 'b'
    WHEN unicode(rest) BETWEEN 33 AND 47 OR unicode(rest) BETWEEN 58 AND 64 OR unicode(rest) BETWEEN 91 AND 96
        OR unicode(rest) BETWEEN 123 AND 126 OR unicode(rest) BETWEEN 161 AND 169 OR unicode(rest) BETWEEN 171 AND 177
        OR unicode(rest) IN (180, 187, 191, 215, 247, 12336, 12349, 12539) OR unicode(rest) BETWEEN 182 AND 184
        OR unicode(rest) BETWEEN 8208 AND 8286 OR unicode(rest) BETWEEN 8352 AND 8399 OR unicode(rest) BETWEEN 8448 AND 8527
        OR unicode(rest) BETWEEN 8592 AND 11263 OR unicode(rest) BETWEEN 11776 AND 11903
        OR unicode(rest) BETWEEN 12289 AND 12292 OR unicode(rest) BETWEEN 12296 AND 12320
        OR unicode(rest) BETWEEN 65040 AND 65135 OR unicode(rest) BETWEEN 65281 AND 65381
        OR unicode(rest) BETWEEN 65504 AND 65519 OR unicode(rest) BETWEEN 126976 AND 129791 THEN 'm'
    ELSE 'w' END, CASE class WHEN 'b' THEN before ELSE class END, class = 'b', substr(rest, 2)
        FROM walk WHERE rest <> ''
    )
    SELECT ltrim(group_concat(CASE
        WHEN class = 'b' THEN ''
        WHEN class = 'h' AND (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN
            CASE WHEN before <> 'm' AND (before <> 'h' OR gap) THEN ' ' || c ELSE '' END
            || ' ' || c || substr(rest, 1, 1)
        WHEN class IN ('w', 'd') AND class = before AND NOT gap THEN c
        ELSE ' ' || c END, ''), ' ') FROM walk) AS text, (
    WITH RECURSIVE walk (c, class, before, gap, rest) AS (
        SELECT '', 'm', 'm', 0, title
        UNION ALL
        SELECT CASE
    WHEN unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) BETWEEN 48 AND 95 THEN substr(rest, 1, 1)
    WHEN substr(rest, 1, 1) = char(10) THEN '¶'
    WHEN substr(rest, 1, 1) IN ('。', '｡', '．') THEN '.'
    WHEN substr(rest, 1, 1) IN ('、', '､', '，', '﹐') THEN ','
    WHEN substr(rest, 1, 1) IN ('‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', '─') THEN '-'
    WHEN substr(rest, 1, 1) IN ('～', '〜', '∼', '﹏') THEN '~'
    WHEN substr(rest, 1, 1) IN ('·', '・', '‧', '•', '∙', '⋅', '･') THEN '·'
    WHEN substr(rest, 1, 1) IN ('…', '⋯') THEN '…'
    WHEN substr(rest, 1, 1) IN ('〔', '﹝', '［') THEN '['
    WHEN substr(rest, 1, 1) IN ('〕', '﹞', '］') THEN ']'
    WHEN substr(rest, 1, 1) IN ('“', '”', '„', '‟', '＂', '«', '»', '『', '』', '「', '」', '﹁', '﹂', '﹃', '﹄', '〝',
        '〞', '〟', '‘', '’', '‚', '‛', '＇', '`', '´', '′', '″', '''') THEN '"'
    WHEN unicode(substr(rest, 1, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(rest, 1, 1)) - 65248)
    ELSE substr(rest, 1, 1) END, CASE
    WHEN (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN 'h'
    WHEN unicode(rest) BETWEEN 97 AND 122 OR unicode(rest) BETWEEN 65 AND 90 OR unicode(rest) BETWEEN 65313 AND 65338
        OR unicode(rest) BETWEEN 65345 AND 65370 THEN 'w'
    WHEN unicode(rest) BETWEEN 48 AND 57 OR unicode(rest) BETWEEN 65296 AND 65305 THEN 'd'
    WHEN unicode(rest) = 10 THEN 'm'
    WHEN unicode(rest) BETWEEN 9 AND 13 OR unicode(rest) BETWEEN 28 AND 32
        OR unicode(rest) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) OR unicode(rest) BETWEEN 8192 AND 8202 THEN 'b'
    WHEN unicode(rest) BETWEEN 33 AND 47 OR unicode(rest) BETWEEN 58 AND 64 OR unicode(rest) BETWEEN 91 AND 96
        OR unicode(rest) BETWEEN 123 AND 126 OR unicode(rest) BETWEEN 161 AND 169 OR unicode(rest) BETWEEN 171 AND 177
        OR unicode(rest) IN (180, 187, 191, 215, 247, 12336, 12349, 12539) OR unicode(rest) BETWEEN 182 AND 184
        OR unicode(rest) BETWEEN 8208 AND 8286 OR unicode(rest) BETWEEN 8352 AND 8399 OR unicode(rest) BETWEEN 8448 AND 8527
        OR unicode(rest) BETWEEN 8592 AND 11263 OR unicode(rest) BETWEEN 11776 AND 11903
        OR unicode(rest) BETWEEN 12289 AND 12292 OR unicode(rest) BETWEEN 12296 AND 12320
        OR unicode(rest) BETWEEN 65040 AND 65135 OR unicode(rest) BETWEEN 65281 AND 65381
        OR unicode(rest) BETWEEN 65504 AND 65519 OR unicode(rest) BETWEEN 126976 AND 129791 THEN 'm'
    ELSE 'w' END, CASE class WHEN 'b' THEN before ELSE class END, class = 'b', substr(rest, 2)
        FROM walk WHERE rest <> ''
    )
    SELECT ltrim(group_concat(CASE
        WHEN class = 'b' THEN ''
        WHEN class = 'h' AND (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN
            CASE WHEN before <> 'm' AND (before <> 'h' OR gap) THEN ' ' || c ELSE '' END
            || ' ' || c || substr(rest, 1, 1)
        WHEN class IN ('w', 'd') AND class = before AND NOT gap THEN c
        ELSE ' ' || c END, ''), ' ') FROM walk) AS title FROM articles;
CREATE VIEW versions_separated AS
SELECT v.id, (
    WITH RECURSIVE walk (c, class, before, gap, rest) AS (
        SELECT '', 'm', 'm', 0, r.text
        UNION ALL
        SELECT CASE
    WHEN unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) BETWEEN 48 AND 95 THEN substr(rest, 1, 1)
    WHEN substr(rest, 1, 1) = char(10) THEN '¶'
    WHEN substr(rest, 1, 1) IN ('。', '｡', '．') THEN '.'
    WHEN substr(rest, 1, 1) IN ('、', '､', '，', '﹐') THEN ','
    WHEN substr(rest, 1, 1) IN ('‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', '─') THEN '-'
    WHEN substr(rest, 1, 1) IN ('～', '〜', '∼', '﹏') THEN '~'
    WHEN substr(rest, 1, 1) IN ('·', '・', '‧', '•', '∙', '⋅', '･') THEN '·'
    WHEN substr(rest, 1, 1) IN ('…', '⋯') THEN '…'
    WHEN substr(rest, 1, 1) IN ('〔', '﹝', '［') THEN '['
    WHEN substr(rest, 1, 1) IN ('〕', '﹞', '］') THEN ']'
    WHEN substr(rest, 1, 1) IN ('“', '”', '„', '‟', '＂', '«', '»', '『', '』', '「', '」', '﹁', '﹂', '﹃', '﹄', '〝',
        '〞', '〟', '‘', '’', '‚', '‛', '＇', '`', '´', '′', '″', '''') THEN '"'
    WHEN unicode(substr(rest, 1, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(rest, 1, 1)) - 65248)
    ELSE substr(rest, 1, 1) END, CASE
    WHEN (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN 'h'
    WHEN unicode(rest) BETWEEN 97 AND 122 OR unicode(rest) BETWEEN 65 AND 90 OR unicode(rest) BETWEEN 65313 AND 65338
        OR unicode(rest) BETWEEN 65345 AND 65370 THEN 'w'
    WHEN unicode(rest) BETWEEN 48 AND 57 OR unicode(rest) BETWEEN 65296 AND 65305 THEN 'd'
    WHEN unicode(rest) = 10 THEN 'm'
    WHEN unicode(rest) BETWEEN 9 AND 13 OR unicode(rest) BETWEEN 28 AND 32
        OR unicode(rest) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) OR unicode(rest) BETWEEN 8192 AND 8202 THEN 'b'
    WHEN unicode(rest) BETWEEN 33 AND 47 OR unicode(rest) BETWEEN 58 AND 64 OR unicode(rest) BETWEEN 91 AND 96
        OR unicode(rest) BETWEEN 123 AND 126 OR unicode(rest) BETWEEN 161 AND 169 OR unicode(rest) BETWEEN 171 AND 177
        OR unicode(rest) IN (180, 187, 191, 215, 247, 12336, 12349, 12539) OR unicode(rest) BETWEEN 182 AND 184
        OR unicode(rest) BETWEEN 8208 AND 8286 OR unicode(rest) BETWEEN 8352 AND 8399 OR unicode(rest) BETWEEN 8448 AND 8527
        OR unicode(rest) BETWEEN 8592 AND 11263 OR unicode(rest) BETWEEN 11776 AND 11903
        OR unicode(rest) BETWEEN 12289 AND 12292 OR unicode(rest) BETWEEN 12296 AND 12320
        OR unicode(rest) BETWEEN 65040 AND 65135 OR unicode(rest) BETWEEN 65281 AND 65381
        OR unicode(rest) BETWEEN 65504 AND 65519 OR unicode(rest) BETWEEN 126976 AND 129791 THEN 'm'
    ELSE 'w' END, CASE class WHEN 'b' THEN before ELSE class END, class = 'b', substr(rest, 2)
        FROM walk WHERE rest <> ''
    )
    SELECT ltrim(group_concat(CASE
        WHEN class = 'b' THEN ''
        WHEN class = 'h' AND (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN
            CASE WHEN before <> 'm' AND (before <> 'h' OR gap) THEN ' ' || c ELSE '' END
            || ' ' || c || substr(rest, 1, 1)
        WHEN class IN ('w', 'd') AND class = before AND NOT gap THEN c
        ELSE ' ' || c END, ''), ' ') FROM walk) AS text, (
    WITH RECURSIVE walk (c, class, before, gap, rest) AS (
        SELECT '', 'm', 'm', 0, r.title
        UNION ALL
        SELECT CASE
    WHEN unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) BETWEEN 48 AND 95 THEN substr(rest, 1, 1)
    WHEN substr(rest, 1, 1) = char(10) THEN '¶'
    WHEN substr(rest, 1, 1) IN ('。', '｡', '．') THEN '.'
    WHEN substr(rest, 1, 1) IN ('、', '､', '，', '﹐') THEN ','
    WHEN substr(rest, 1, 1) IN ('‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', '─') THEN '-'
    WHEN substr(rest, 1, 1) IN ('～', '〜', '∼', '﹏') THEN '~'
    WHEN substr(rest, 1, 1) IN ('·', '・', '‧', '•', '∙', '⋅', '･') THEN '·'
    WHEN substr(rest, 1, 1) IN ('…', '⋯') THEN '…'
    WHEN substr(rest, 1, 1) IN ('〔', '﹝', '［') THEN '['
    WHEN substr(rest, 1, 1) IN ('〕', '﹞', '］') THEN ']'
    WHEN substr(rest, 1, 1) IN ('“', '”', '„', '‟', '＂', '«', '»', '『', '』', '「', '」', '﹁', '﹂', '﹃', '﹄', '〝',
        '〞', '〟', '‘', '’', '‚', '‛', '＇', '`', '´', '′', '″', '''') THEN '"'
    WHEN unicode(substr(rest, 1, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(rest, 1, 1)) - 65248)
    ELSE substr(rest, 1, 1) END, CASE
    WHEN (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN 'h'
    WHEN unicode(rest) BETWEEN 97 AND 122 OR unicode(rest) BETWEEN 65 AND 90 OR unicode(rest) BETWEEN 65313 AND 65338
        OR unicode(rest) BETWEEN 65345 AND 65370 THEN 'w'
    WHEN unicode(rest) BETWEEN 48 AND 57 OR unicode(rest) BETWEEN 65296 AND 65305 THEN 'd'
    WHEN unicode(rest) = 10 THEN 'm'
    WHEN unicode(rest) BETWEEN 9 AND 13 OR unicode(rest) BETWEEN 28 AND 32
        OR unicode(rest) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) OR unicode(rest) BETWEEN 8192 AND 8202 THEN 'b'
    WHEN unicode(rest) BETWEEN 33 AND 47 OR unicode(rest) BETWEEN 58 AND 64 OR unicode(rest) BETWEEN 91 AND 96
        OR unicode(rest) BETWEEN 123 AND 126 OR unicode(rest) BETWEEN 161 AND 169 OR unicode(rest) BETWEEN 171 AND 177
        OR unicode(rest) IN (180, 187, 191, 215, 247, 12336, 12349, 12539) OR unicode(rest) BETWEEN 182 AND 184
        OR unicode(rest) BETWEEN 8208 AND 8286 OR unicode(rest) BETWEEN 8352 AND 8399 OR unicode(rest) BETWEEN 8448 AND 8527
        OR unicode(rest) BETWEEN 8592 AND 11263 OR unicode(rest) BETWEEN 11776 AND 11903
        OR unicode(rest) BETWEEN 12289 AND 12292 OR unicode(rest) BETWEEN 12296 AND 12320
        OR unicode(rest) BETWEEN 65040 AND 65135 OR unicode(rest) BETWEEN 65281 AND 65381
        OR unicode(rest) BETWEEN 65504 AND 65519 OR unicode(rest) BETWEEN 126976 AND 129791 THEN 'm'
    ELSE 'w' END, CASE class WHEN 'b' THEN before ELSE class END, class = 'b', substr(rest, 2)
        FROM walk WHERE rest <> ''
    )
    SELECT ltrim(group_concat(CASE
        WHEN class = 'b' THEN ''
        WHEN class = 'h' AND (unicode(rest) BETWEEN 19968 AND 40959 OR unicode(rest) = 12295 OR unicode(rest) BETWEEN 13312 AND 19903
        OR unicode(rest) BETWEEN 63744 AND 64255 OR unicode(rest) BETWEEN 131072 AND 262143) THEN
            CASE WHEN before <> 'm' AND (before <> 'h' OR gap) THEN ' ' || c ELSE '' END
            || ' ' || c || substr(rest, 1, 1)
        WHEN class IN ('w', 'd') AND class = before AND NOT gap THEN c
        ELSE ' ' || c END, ''), ' ') FROM walk) AS title
FROM version_rows v JOIN articles a ON a.id = v.article_id JOIN readings r ON r.id = v.current_reading_id
WHERE v.id <> a.current_version_id;
CREATE INDEX articles_by_date ON articles (
    coalesce(published_at, strftime('%Y-%m-%dT%H:%M', first_seen_at, '+8 hours'))
);
PRAGMA writable_schema=OFF;
COMMIT;
