UPDATE "item" SET "entry_sharing" = 'clear', "published_version" = 1 WHERE "state" = 'published';
UPDATE "item" SET "published_version" = 1 WHERE "entry_reference" = 'BM-2026-0001';
