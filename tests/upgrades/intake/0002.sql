INSERT INTO "applied_event" ("id", "event_id", "applied_at") VALUES
  (1, '33c4654efdb04b7da095a7e4c897fc01', '2026-10-12 08:00:00.000000');
UPDATE "mail" SET "correlation_id" = 'a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5' WHERE "template" = 'decided';
UPDATE "cursor" SET "behind_since" = '2026-10-12 08:00:00.000000';
