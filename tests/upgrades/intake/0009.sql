UPDATE "item" SET "sharing" = 'amber' WHERE "entry_reference" = 'BM-2026-0001';
