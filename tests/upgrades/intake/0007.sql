UPDATE "delivery" SET "history" = '["2026-10-22T08:00:00Z sent"]' WHERE "template" = 'decided';
INSERT INTO "job" ("name", "due_at", "attempts", "error") VALUES
  ('forget what expired', '2026-10-22 08:00:00.000000', 2, 'OperationalError: the database was away');
