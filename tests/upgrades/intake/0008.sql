INSERT INTO "delivery" ("id", "channel", "recipient", "language", "template", "details", "asked_at", "due_at", "attempts", "history", "held_at") VALUES
  ('5b0f0c1d2e3f4a5b8c9d0e1f2a3b4c5d', 'mail', 'field@example.org', 'en', 'receipts', '{}', '2026-11-16 08:00:00.000000', '2026-11-16 08:00:00.000000', 0, '[]', '2026-11-16 09:00:00.000000');
