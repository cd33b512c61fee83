UPDATE "outbox" SET "redacted_at" = '2026-10-21 08:00:00.000000', "redacted_because" = 'It named a reporter.'
  WHERE "type" = 'items.decided.v1' AND "position" = (SELECT max("position") FROM "outbox" WHERE "type" = 'items.decided.v1');
