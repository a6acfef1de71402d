PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'yiwen.captures','m001_captures','2026-11-25 08:12:08.437032+00:00');
CREATE TABLE captures (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, final_url TEXT NOT NULL, fetched_at TEXT NOT NULL, http_status INTEGER,
    headers TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL, payload BLOB NOT NULL
);
INSERT INTO captures VALUES('20261101T080000000000-36726f6891f6','https://news.example/1.html','https://news.example/1.html','2026-11-01T08:00:00Z',200,'[["content-type", "text/html; charset=utf-8"], ["etag", "\"1\""]]','cec8394049efdbcff9d2ac4d5f7080436cb7c6120ccc940ef4e70c974d84f527',124,X'28b52ffd207c350300e4053c68746d6c3e3c7469746c653ee585a8e5b882e58ebfe59f9fe58685e5b0b1e8af8ae78e87e585ace5b8833c2fe8bebe39362e3625e380820ae58cbbe585b1e4bd93e5bbbae8aebee7bba7e7bbade68ea8e8bf9be380823c2f68746d6c3e01004da22a03');
INSERT INTO captures VALUES('20261101T080000000000-fd7c406f661a','https://news.example/2.html','https://news.example/2.html','2026-11-01T08:00:00Z',200,'[["content-type", "text/html; charset=utf-8"], ["etag", "\"1\""]]','29418727d2745e26e808df967de4299a8200e72ffe4995947e161fdf37f02f03',97,X'28b52ffd2061b5020094043c68746d6c3e3c7469746c653ee58dabe7949fe7bdb2e585ace5b883e6b581e6849fe796abe88b97e68ea5e7a78de5ae89e68e923c2fe8a19ee4bb8ae697a5e380823c2f68746d6c3e0404034601ac0a18261514');
INSERT INTO captures VALUES('20261101T080000000000-78882b1750cf','https://news.example/3.html','https://news.example/3.html','2026-11-01T08:00:00Z',200,'[["content-type", "text/html; charset=utf-8"], ["etag", "\"1\""]]','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f',110,X'28b52ffd206e3d0300c4053c68746d6c3e3c7469746c653ee7a4bee58cbae58cbbe999a2e79a84e4b880e5a4a93c2fe4b88ae58d88e585abe782b9efbc8ce997a8e8af8ae5bc80e5a78be380820ae4b88be58d88e4ba94e7bb93e69d9fe380823c2f68746d6c3e0200108a1782419101');
INSERT INTO captures VALUES('20261101T080000000000-31c1384890fd','https://news.example/3_2.html','https://news.example/3_2.html','2026-11-01T08:00:00Z',200,'[["content-type", "text/html; charset=utf-8"], ["etag", "\"1\""]]','2143bb3467fc4436157da839f44f2e05bd1fb185dc38d3067deddd019168b25f',110,X'28b52ffd206e3d0300c4053c68746d6c3e3c7469746c653ee7a4bee58cbae58cbbe999a2e79a84e4b880e5a4a93c2fe4b88ae58d88e585abe782b9efbc8ce997a8e8af8ae5bc80e5a78be380820ae4b88be58d88e4ba94e7bb93e69d9fe380823c2f68746d6c3e0200108a1782419101');
INSERT INTO captures VALUES('20261102T080000000000-3ad3c4139ebf','https://news.example/2.html','https://news.example/2.html','2026-11-02T08:00:00Z',404,'[["content-type", "text/html; charset=utf-8"], ["etag", "\"1\""]]','a33534f95ab84dcbd786e38b14a9579d68c499abc67a8f948c09221033d95d2c',55,X'28b52ffd2037b901003c68746d6c3e3c7469746c653e3c2f7469746c653e68747470733a2f2f6e6577732e6578616d706c652f322e68746d6c3c2f68746d6c3e');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX captures_by_digest ON captures (digest);
CREATE INDEX captures_by_url ON captures (url, fetched_at);
COMMIT;
