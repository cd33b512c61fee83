-- A draft whose number SQLite must remember from here on.
INSERT INTO "note" ("number", "id", "receipt", "state", "version", "draft", "language", "created_at", "changed_at") VALUES
  (40, '7d1f0c3a5b9e4f6c8a2d1e0f9b8c7d6e', 'a-draft-of-the-third-schema', 'draft', 0, '{"operation": {"title": "Reception in Faya-Largeau"}}', 'fr', '2026-10-20 07:30:00.000000', '2026-10-20 07:30:00.000000');
DELETE FROM "note" WHERE "number" = 40;
