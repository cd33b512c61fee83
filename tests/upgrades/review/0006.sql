INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "note_version", "item_id", "detail")
  SELECT 1 + (SELECT max("id") FROM "history_event"), "id", '2026-11-27 09:00:00.000000', NULL, NULL, 'nobody_fits', "version" + 1, "note_version", NULL, '{}'
  FROM "review_case" WHERE "reference" = 'AAN-2026-0003';
UPDATE "review_case" SET "version" = "version" + 1 WHERE "reference" = 'AAN-2026-0003';
