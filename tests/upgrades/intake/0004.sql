UPDATE "outbox" SET "redacted_at" = '2026-10-21 08:00:00.000000', "redacted_because" = 'It named a reporter.'
  WHERE "position" = 1;
