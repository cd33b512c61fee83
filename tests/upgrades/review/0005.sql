INSERT INTO "sight" ("entry_id", "audience", "holds", "lost_at")
  SELECT "id", 'organisation:01757f6c-bf6d-43a7-a043-c3d38a366ee0', FALSE, '2026-10-22 08:00:00.000000' FROM "entry"
  WHERE "reference" = 'LL-2026-0001';
