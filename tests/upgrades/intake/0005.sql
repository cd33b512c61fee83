-- An appeal that a note named for the operation of the first note.
INSERT INTO "operation_identifier" ("scheme", "number", "operation_id")
  SELECT 'appeal', 'mdrtd012', "id" FROM "operation" WHERE "reference" = 'OP-2026-0001';
