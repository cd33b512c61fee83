INSERT INTO "job" ("name", "due_at", "attempts") VALUES ('sweep the broker', '2026-10-22 08:00:00.000000', 0);
