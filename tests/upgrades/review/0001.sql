INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "office", "language", "active", "vouched", "demonstration", "created_at") VALUES
  ('50d6486ea2d64b83b892aed4ee02e8e2', 'editor@example.org', 'editor', 'editor', NULL, NULL, 'en', TRUE, TRUE, FALSE, '2026-10-05 09:00:00.787999');
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "office", "language", "active", "vouched", "demonstration", "created_at") VALUES
  ('bac21f1303374fae925410dcbe06aedc', 'reviewer@example.org', 'reviewer', 'reviewer', NULL, NULL, 'en', TRUE, TRUE, FALSE, '2026-10-05 09:00:00.802221');
INSERT INTO "api_key" ("id", "account_id", "prefix", "secret_hash", "kind", "label", "created_at", "revoked_at") VALUES
  ('c383a17ba6fe4d68b096e1d2d33968ca', '50d6486ea2d64b83b892aed4ee02e8e2', 'C7LdUhMj', '8e111f035b95d4b3d02304d23c8e337056780e2dc87b439ea3bf25d8df451354', 'full', 'test', '2026-10-05 09:00:00.788764', NULL);
INSERT INTO "api_key" ("id", "account_id", "prefix", "secret_hash", "kind", "label", "created_at", "revoked_at") VALUES
  ('3c38545d3cdf40f9af5724eb83ef5bf8', 'bac21f1303374fae925410dcbe06aedc', 'wjyLdP3H', 'a2e6f813af41a7936715662d8967388f556547e053cdddb665584e7e53a1f5b6', 'full', 'test', '2026-10-05 09:00:00.802560', NULL);
INSERT INTO "cursor" ("stream", "epoch", "position", "event_id", "applied_at", "producer_head", "failing_id", "attempts", "retry_at", "halted_reason", "halted_at") VALUES
  ('intake.0', '7acaac4178d94dcf850d84daa6c623dd', 4, 'f9cb4094b6b6498daeb2dcd136e264a7', '2026-10-05 09:00:02.689372', 4, NULL, 0, NULL, NULL, NULL);
INSERT INTO "mail" ("id", "recipient", "language", "template", "details", "asked_at", "due_at", "sent_at", "attempts", "error") VALUES
  ('2bc959ee3665404f8fdf71e76535daff', 'reviewer@example.org', 'en', 'assigned', '{"case_id": "47cc352d-93ca-4456-8122-172c8aff02e1", "reference": "AAN-2026-0001", "title": "Return of migrants from Libya to Chad"}', '2026-10-05 09:00:01.021759', '2026-10-05 09:00:01.021759', NULL, 0, NULL);
INSERT INTO "mail" ("id", "recipient", "language", "template", "details", "asked_at", "due_at", "sent_at", "attempts", "error") VALUES
  ('0aa3570046d448519579b6b411c826ba', 'reviewer@example.org', 'en', 'assigned', '{"case_id": "c0772ffc-609d-43d8-b21b-febd4d651cad", "reference": "AAN-2026-0002", "title": "Reception in Faya-Largeau"}', '2026-10-05 09:00:01.418309', '2026-10-05 09:00:01.418309', NULL, 0, NULL);
INSERT INTO "mail" ("id", "recipient", "language", "template", "details", "asked_at", "due_at", "sent_at", "attempts", "error") VALUES
  ('0eab639b95154b969ede694632499bc2', 'reviewer@example.org', 'en', 'assigned', '{"case_id": "12558489-a6a2-46ed-b0a8-23e3aa66cb24", "reference": "AAN-2026-0003", "title": "Onward travel from Faya-Largeau"}', '2026-10-05 09:00:02.666403', '2026-10-05 09:00:02.666403', NULL, 0, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('e0b20a2d4c9b5105ab5f9b428961d616', 'International Organization for Migration', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('00b21c0dc8955c078b37896ef50f0be6', 'United Nations High Commissioner for Refugees', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('243d51ec4ee45cfea86c379010ddcbc0', 'United Nations Children''s Fund', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('e312f91e0b4f547e88d065f69f5bfc70', 'World Food Programme', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('a9c7613357735b7d9f40d586fab879c5', 'World Health Organization', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('6bab97592dea561092de3a345f540e32', 'International Committee of the Red Cross', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('4fa96cfece3f5613a75a7b916a33ccd8', 'International Federation of Red Cross and Red Crescent Societies', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('27cff1717fc05814ac1515b30fa3a3d3', 'Italian Red Cross', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('0d59f85260385ba499ae765b688e246e', 'Libyan Red Crescent', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('7cc4fd5179825222816f6fd22b4bc5fa', 'Médecins Sans Frontières', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('0bc486718cfe59a9a192282b9a3fc261', 'Save the Children', NULL, TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('127dc731881a5ec0ab7de8ef1f5cc9ab', 'Médecins Sans Frontières Holland', '7cc4fd5179825222816f6fd22b4bc5fa', TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('6c160980e0e15b438bcfa517e9892410', 'Médecins Sans Frontières France', '7cc4fd5179825222816f6fd22b4bc5fa', TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('91a79b49dede5b12bae367e254a7928c', 'Médecins Sans Frontières Spain', '7cc4fd5179825222816f6fd22b4bc5fa', TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('a3e6543ea66258c898b18544fefa232b', 'Save the Children Italy', '0bc486718cfe59a9a192282b9a3fc261', TRUE, NULL);
INSERT INTO "organisation" ("id", "name", "parent_id", "confirmed", "merged_into") VALUES
  ('01757f6cbf6d43a7a043c3d38a366ee0', 'Chad Migration Support', NULL, FALSE, NULL);
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('international organization for migration', 'e0b20a2d4c9b5105ab5f9b428961d616', 'International Organization for Migration');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('iom', 'e0b20a2d4c9b5105ab5f9b428961d616', 'IOM');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('oim', 'e0b20a2d4c9b5105ab5f9b428961d616', 'OIM');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('organisation internationale pour les migrations', 'e0b20a2d4c9b5105ab5f9b428961d616', 'Organisation internationale pour les migrations');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('organizacion internacional para las migraciones', 'e0b20a2d4c9b5105ab5f9b428961d616', 'Organización Internacional para las Migraciones');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('المنظمة الدولية للهجرة', 'e0b20a2d4c9b5105ab5f9b428961d616', 'المنظمة الدولية للهجرة');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('united nations high commissioner for refugees', '00b21c0dc8955c078b37896ef50f0be6', 'United Nations High Commissioner for Refugees');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('unhcr', '00b21c0dc8955c078b37896ef50f0be6', 'UNHCR');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('hcr', '00b21c0dc8955c078b37896ef50f0be6', 'HCR');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('acnur', '00b21c0dc8955c078b37896ef50f0be6', 'ACNUR');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('المفوضية السامية للامم المتحدة لشوون اللاجيين', '00b21c0dc8955c078b37896ef50f0be6', 'المفوضية السامية للأمم المتحدة لشؤون اللاجئين');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('united nations children s fund', '243d51ec4ee45cfea86c379010ddcbc0', 'United Nations Children''s Fund');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('unicef', '243d51ec4ee45cfea86c379010ddcbc0', 'UNICEF');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('اليونيسف', '243d51ec4ee45cfea86c379010ddcbc0', 'اليونيسف');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('world food programme', 'e312f91e0b4f547e88d065f69f5bfc70', 'World Food Programme');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('wfp', 'e312f91e0b4f547e88d065f69f5bfc70', 'WFP');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('pam', 'e312f91e0b4f547e88d065f69f5bfc70', 'PAM');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('pma', 'e312f91e0b4f547e88d065f69f5bfc70', 'PMA');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('برنامج الاغذية العالمي', 'e312f91e0b4f547e88d065f69f5bfc70', 'برنامج الأغذية العالمي');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('world health organization', 'a9c7613357735b7d9f40d586fab879c5', 'World Health Organization');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('who', 'a9c7613357735b7d9f40d586fab879c5', 'WHO');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('oms', 'a9c7613357735b7d9f40d586fab879c5', 'OMS');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('منظمة الصحة العالمية', 'a9c7613357735b7d9f40d586fab879c5', 'منظمة الصحة العالمية');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('international committee of the red cross', '6bab97592dea561092de3a345f540e32', 'International Committee of the Red Cross');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('icrc', '6bab97592dea561092de3a345f540e32', 'ICRC');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('cicr', '6bab97592dea561092de3a345f540e32', 'CICR');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('اللجنة الدولية للصليب الاحمر', '6bab97592dea561092de3a345f540e32', 'اللجنة الدولية للصليب الأحمر');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('international federation of red cross and red crescent societies', '4fa96cfece3f5613a75a7b916a33ccd8', 'International Federation of Red Cross and Red Crescent Societies');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('ifrc', '4fa96cfece3f5613a75a7b916a33ccd8', 'IFRC');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('ficr', '4fa96cfece3f5613a75a7b916a33ccd8', 'FICR');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('italian red cross', '27cff1717fc05814ac1515b30fa3a3d3', 'Italian Red Cross');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('croce rossa italiana', '27cff1717fc05814ac1515b30fa3a3d3', 'Croce Rossa Italiana');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('libyan red crescent', '0d59f85260385ba499ae765b688e246e', 'Libyan Red Crescent');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('الهلال الاحمر الليبي', '0d59f85260385ba499ae765b688e246e', 'الهلال الأحمر الليبي');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('medecins sans frontieres', '7cc4fd5179825222816f6fd22b4bc5fa', 'Médecins Sans Frontières');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf', '7cc4fd5179825222816f6fd22b4bc5fa', 'MSF');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('doctors without borders', '7cc4fd5179825222816f6fd22b4bc5fa', 'Doctors Without Borders');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('medicos sin fronteras', '7cc4fd5179825222816f6fd22b4bc5fa', 'Médicos Sin Fronteras');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('اطباء بلا حدود', '7cc4fd5179825222816f6fd22b4bc5fa', 'أطباء بلا حدود');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('save the children', '0bc486718cfe59a9a192282b9a3fc261', 'Save the Children');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('sci', '0bc486718cfe59a9a192282b9a3fc261', 'SCI');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('save the children international', '0bc486718cfe59a9a192282b9a3fc261', 'Save the Children International');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('medecins sans frontieres holland', '127dc731881a5ec0ab7de8ef1f5cc9ab', 'Médecins Sans Frontières Holland');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf holland', '127dc731881a5ec0ab7de8ef1f5cc9ab', 'MSF Holland');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf h', '127dc731881a5ec0ab7de8ef1f5cc9ab', 'MSF-H');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('oca', '127dc731881a5ec0ab7de8ef1f5cc9ab', 'OCA');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('artsen zonder grenzen', '127dc731881a5ec0ab7de8ef1f5cc9ab', 'Artsen zonder Grenzen');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('medecins sans frontieres france', '6c160980e0e15b438bcfa517e9892410', 'Médecins Sans Frontières France');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf france', '6c160980e0e15b438bcfa517e9892410', 'MSF France');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf f', '6c160980e0e15b438bcfa517e9892410', 'MSF-F');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('ocp', '6c160980e0e15b438bcfa517e9892410', 'OCP');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('medecins sans frontieres spain', '91a79b49dede5b12bae367e254a7928c', 'Médecins Sans Frontières Spain');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf spain', '91a79b49dede5b12bae367e254a7928c', 'MSF Spain');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('msf espana', '91a79b49dede5b12bae367e254a7928c', 'MSF España');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('save the children italy', 'a3e6543ea66258c898b18544fefa232b', 'Save the Children Italy');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('save the children italia', 'a3e6543ea66258c898b18544fefa232b', 'Save the Children Italia');
INSERT INTO "organisation_name" ("folded", "organisation_id", "written") VALUES
  ('chad migration support', '01757f6cbf6d43a7a043c3d38a366ee0', 'Chad Migration Support');
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (1, '99a8ec7ea85b4b2b96220396df59fbd1', 'review.0', 1, NULL, 'case.assigned.v1', '80ecab70-165d-41ea-81d2-560d99bc18cb', '{"case_id": "47cc352d-93ca-4456-8122-172c8aff02e1", "note_id": "80ecab70-165d-41ea-81d2-560d99bc18cb", "reviewers": 1}', '2026-10-05 09:00:01.021941', '3a6a5a1979fc48b5b78458219eb50e19', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (2, '69e89cbb3cf04da3a316e71d2ff84cfe', 'review.0', 2, '99a8ec7ea85b4b2b96220396df59fbd1', 'items.decided.v1', '80ecab70-165d-41ea-81d2-560d99bc18cb', '{"case_id": "47cc352d-93ca-4456-8122-172c8aff02e1", "note_id": "80ecab70-165d-41ea-81d2-560d99bc18cb", "version": 1, "decided_at": "2026-10-05T09:00:01.159660+00:00", "decisions": [{"item_id": "87ee2167-2d29-4ea8-a77b-67e36db76706", "state": "approved", "verdict": "approve", "comment": null, "duplicate_of": null}, {"item_id": "3a8b3456-ac3f-4cf4-a2b7-4f8f1382d959", "state": "approved", "verdict": "approve", "comment": null, "duplicate_of": null}]}', '2026-10-05 09:00:01.164137', '79944737752b4fa3887a93816024fafc', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (3, '09428b427cd741ebbe08378e558abae9', 'review.0', 3, '69e89cbb3cf04da3a316e71d2ff84cfe', 'entry.published.v1', '80ecab70-165d-41ea-81d2-560d99bc18cb', '{"reference": "LL-2026-0001", "kind": "lesson", "version": 1, "sharing": "clear", "note_id": "80ecab70-165d-41ea-81d2-560d99bc18cb", "item_id": "87ee2167-2d29-4ea8-a77b-67e36db76706", "at": "2026-10-05T09:00:01.167424+00:00"}', '2026-10-05 09:00:01.212218', '79944737752b4fa3887a93816024fafc', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (4, '992a1851ebd648fa9a3f8ccc145fa163', 'review.0', 4, '09428b427cd741ebbe08378e558abae9', 'entry.published.v1', '80ecab70-165d-41ea-81d2-560d99bc18cb', '{"reference": "BM-2026-0001", "kind": "benchmark", "version": 1, "sharing": "clear", "note_id": "80ecab70-165d-41ea-81d2-560d99bc18cb", "item_id": "3a8b3456-ac3f-4cf4-a2b7-4f8f1382d959", "at": "2026-10-05T09:00:01.221592+00:00"}', '2026-10-05 09:00:01.222406', '79944737752b4fa3887a93816024fafc', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (5, '77d55dc8caea4d34b9352dac18114691', 'review.0', 5, '992a1851ebd648fa9a3f8ccc145fa163', 'entry.withdrawn.v1', '80ecab70-165d-41ea-81d2-560d99bc18cb', '{"reference": "BM-2026-0001", "kind": "benchmark", "version": 1, "sharing": "clear", "note_id": "80ecab70-165d-41ea-81d2-560d99bc18cb", "item_id": "3a8b3456-ac3f-4cf4-a2b7-4f8f1382d959", "at": "2026-10-05T09:00:01.274343+00:00", "reason": "The figure was that of another centre."}', '2026-10-05 09:00:01.281175', '1d8217744fa843c89084ee12454a1046', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (6, 'a40a7b8495bd4d24b328dd9e12ab17e1', 'review.0', 6, '77d55dc8caea4d34b9352dac18114691', 'case.assigned.v1', '309de83d-e462-4721-8ae2-fee696d0ce53', '{"case_id": "c0772ffc-609d-43d8-b21b-febd4d651cad", "note_id": "309de83d-e462-4721-8ae2-fee696d0ce53", "reviewers": 1}', '2026-10-05 09:00:01.418518', '89043de36523494fbd03e82e007cc467', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (7, '9c0b419efdbc49af8fdb19ba57e6d92d', 'review.0', 7, 'a40a7b8495bd4d24b328dd9e12ab17e1', 'items.decided.v1', '309de83d-e462-4721-8ae2-fee696d0ce53', '{"case_id": "c0772ffc-609d-43d8-b21b-febd4d651cad", "note_id": "309de83d-e462-4721-8ae2-fee696d0ce53", "version": 1, "decided_at": "2026-10-05T09:00:01.681031+00:00", "decisions": [{"item_id": "b7df5665-70c5-4d8c-9d29-54b396cec038", "state": "changes_requested", "verdict": "request_changes", "comment": "How many people was the centre built for?", "duplicate_of": null}, {"item_id": "d979edcb-07c5-4ddb-b89d-702c7da50210", "state": "rejected", "verdict": "reject", "comment": "This is said in the first lesson already.", "duplicate_of": null}]}', '2026-10-05 09:00:01.681249', 'e8951d116bf24dacad5cf8a016cc01dc', NULL, NULL);
INSERT INTO "outbox" ("id", "event_id", "stream", "position", "previous", "type", "subject", "data", "occurred_at", "correlation_id", "traceparent", "published_at") VALUES
  (8, '33c4654efdb04b7da095a7e4c897fc01', 'review.0', 8, '9c0b419efdbc49af8fdb19ba57e6d92d', 'case.assigned.v1', '074c1142-b536-4cd7-80ed-ab7c25925d54', '{"case_id": "12558489-a6a2-46ed-b0a8-23e3aa66cb24", "note_id": "074c1142-b536-4cd7-80ed-ab7c25925d54", "reviewers": 1}', '2026-10-05 09:00:02.666576', '02a96718a4d24ce3aa5ffc8f2dca7f26', NULL, NULL);
INSERT INTO "stream" ("name", "epoch", "head", "head_event_id") VALUES
  ('review.0', '3d668652c9014adc9edf4dcf1bda76ad', 8, '33c4654efdb04b7da095a7e4c897fc01');
INSERT INTO "entry" ("id", "reference", "kind", "version", "state", "sharing", "readers", "case_id", "note_id", "item_id", "operation_id", "operation", "organisation", "language", "content", "background", "search_text", "event_id", "published_at", "changed_at", "withdrawn_at", "withdrawal_reason") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'LL-2026-0001', 'lesson', 1, 'published', 'clear', '[]', '47cc352d93ca44568122172c8aff02e1', '80ecab70165d41ea81d2560d99bc18cb', '87ee21672d294ea8a77b67e36db76706', '4e4628eef80b496dba5a9c36d90e3dbb', '{"id": "4e4628ee-f80b-496d-ba5a-9c36d90e3dbb", "title": "Return of migrants from Libya to Chad", "type": "evacuation", "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}], "started_on": "2011-03", "ended_on": null, "information_to": "2011-12-15", "glide": "OT-2011-000025-LBY", "requested_by": "Government of Chad", "lead_agency": "International Organization for Migration", "places": ["Faya-Largeau"]}', 'Chad Migration Support', 'en', '{"kind": "challenge", "phase": "during", "stage": "transit", "sector": 1, "title": "Nearly 4,000 people stranded beside a centre for about 900", "observation": "Nearly 4,000 people were waiting where the centre could take about 900.", "discussion": "The convoys were already on the road.", "conclusion": null, "recommendation": "Size transit centres on the convoys already on the road."}', '{"partners": [{"organisation": "MSF Holland", "role": "health", "entered_on": null, "left_on": null, "entry_criterion": null, "exit_criterion": null, "partners_told_on": null}], "heard_from": ["staff", "partners"], "sources": ["Press release, 2011"]}', 'll 2026 0001 chad migration support return of migrants from libya to chad faya largeau msf holland lby libya libye libia ليبيا tcd chad tchad chad تشاد challenge during transit nearly 4 000 people stranded beside a centre for about 900 nearly 4 000 people were waiting where the centre could take about 900 the convoys were already on the road size transit centres on the convoys already on the road', '09428b427cd741ebbe08378e558abae9', '2026-10-05 09:00:01.164258', '2026-10-05 09:00:01.167424', NULL, NULL);
INSERT INTO "entry" ("id", "reference", "kind", "version", "state", "sharing", "readers", "case_id", "note_id", "item_id", "operation_id", "operation", "organisation", "language", "content", "background", "search_text", "event_id", "published_at", "changed_at", "withdrawn_at", "withdrawal_reason") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'BM-2026-0001', 'benchmark', 1, 'withdrawn', 'clear', '[]', '47cc352d93ca44568122172c8aff02e1', '80ecab70165d41ea81d2560d99bc18cb', '3a8b3456ac3f4cf4a2b74f8f1382d959', '4e4628eef80b496dba5a9c36d90e3dbb', '{"id": "4e4628ee-f80b-496d-ba5a-9c36d90e3dbb", "title": "Return of migrants from Libya to Chad", "type": "evacuation", "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}], "started_on": "2011-03", "ended_on": null, "information_to": "2011-12-15", "glide": "OT-2011-000025-LBY", "requested_by": "Government of Chad", "lead_agency": "International Organization for Migration", "places": ["Faya-Largeau"]}', 'Chad Migration Support', 'en', '{"indicator": "transit-centre-capacity", "proposed": null, "value": "900", "unit": "persons", "entered": null, "period": {"start": "2011-05", "end": "2011-05"}, "place": "Faya-Largeau", "phase": "during", "stage": "transit", "mode": null, "leg": null, "baseline": null, "target": null, "numerator": null, "denominator": null, "how_known": "reported", "precision": "about", "source": "Press release, 2011", "remark": null}', '{"partners": [{"organisation": "MSF Holland", "role": "health", "entered_on": null, "left_on": null, "entry_criterion": null, "exit_criterion": null, "partners_told_on": null}], "heard_from": ["staff", "partners"], "sources": ["Press release, 2011"]}', 'bm 2026 0001 chad migration support return of migrants from libya to chad faya largeau msf holland lby libya libye libia ليبيا tcd chad tchad chad تشاد transit centre capacity 900 persons faya largeau during transit reported about press release 2011 transit centre capacity capacite du centre de transit capacidad del centro de transito القدرة الاستيعابية لمركز العبور', '77d55dc8caea4d34b9352dac18114691', '2026-10-05 09:00:01.212360', '2026-10-05 09:00:01.274343', '2026-10-05 09:00:01.274343', 'The figure was that of another centre.');
INSERT INTO "profile" ("account_id", "sectors", "countries", "languages", "operations", "capacity") VALUES
  ('bac21f1303374fae925410dcbe06aedc', '[]', '[]', '["en"]', '[]', 10);
INSERT INTO "reference_counter" ("kind", "year", "last") VALUES
  ('lesson', 2026, 1);
INSERT INTO "reference_counter" ("kind", "year", "last") VALUES
  ('benchmark', 2026, 1);
INSERT INTO "review_case" ("id", "note_id", "reference", "version", "state", "language", "sharing", "organisation_id", "office", "vouched", "operation_id", "operation", "background", "sensitive", "reviewer_turn", "editor_turn", "submitter_turn", "opened_at", "changed_at", "due_at") VALUES
  ('47cc352d93ca44568122172c8aff02e1', '80ecab70165d41ea81d2560d99bc18cb', 'AAN-2026-0001', 1, 'decided', 'en', 'clear', '01757f6cbf6d43a7a043c3d38a366ee0', NULL, TRUE, '4e4628eef80b496dba5a9c36d90e3dbb', '{"id": "4e4628ee-f80b-496d-ba5a-9c36d90e3dbb", "title": "Return of migrants from Libya to Chad", "type": "evacuation", "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}], "started_on": "2011-03", "ended_on": null, "information_to": "2011-12-15", "glide": "OT-2011-000025-LBY", "requested_by": "Government of Chad", "lead_agency": "International Organization for Migration", "places": ["Faya-Largeau"]}', '{"partners": [{"organisation": "MSF Holland", "role": "health", "entered_on": null, "left_on": null, "entry_criterion": null, "exit_criterion": null, "partners_told_on": null}], "heard_from": ["staff", "partners"], "sources": ["Press release, 2011"]}', FALSE, FALSE, FALSE, FALSE, '2026-10-05 09:00:01.000572', '2026-10-05 09:00:01.281040', '2026-10-12 09:00:01.000572');
INSERT INTO "review_case" ("id", "note_id", "reference", "version", "state", "language", "sharing", "organisation_id", "office", "vouched", "operation_id", "operation", "background", "sensitive", "reviewer_turn", "editor_turn", "submitter_turn", "opened_at", "changed_at", "due_at") VALUES
  ('c0772ffc609d43d8b21bfebd4d651cad', '309de83de46247218ae2fee696d0ce53', 'AAN-2026-0002', 2, 'in_review', 'en', 'clear', '01757f6cbf6d43a7a043c3d38a366ee0', NULL, TRUE, '8f9597f81add43dbb379e054d78e31b5', '{"id": "8f9597f8-1add-43db-b379-e054d78e31b5", "title": "Reception in Faya-Largeau", "type": "reception", "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}], "started_on": "2011-03", "ended_on": null, "information_to": "2011-12-15", "glide": "OT-2011-000025-LBY", "requested_by": "Government of Chad", "lead_agency": "International Organization for Migration", "places": ["Faya-Largeau"]}', '{"partners": [{"organisation": "MSF Holland", "role": "health", "entered_on": null, "left_on": null, "entry_criterion": null, "exit_criterion": null, "partners_told_on": null}], "heard_from": ["staff", "partners"], "sources": ["Press release, 2011"]}', FALSE, TRUE, FALSE, FALSE, '2026-10-05 09:00:01.373673', '2026-10-05 09:00:02.276770', '2026-10-12 09:00:02.236011');
INSERT INTO "review_case" ("id", "note_id", "reference", "version", "state", "language", "sharing", "organisation_id", "office", "vouched", "operation_id", "operation", "background", "sensitive", "reviewer_turn", "editor_turn", "submitter_turn", "opened_at", "changed_at", "due_at") VALUES
  ('12558489a6a246edb0a823e3aa66cb24', '074c1142b5364cd780edab7c25925d54', 'AAN-2026-0003', 1, 'assigned', 'en', 'clear', '01757f6cbf6d43a7a043c3d38a366ee0', NULL, TRUE, 'e364f97a08de4b84995952070fefedb4', '{"id": "e364f97a-08de-4b84-9959-52070fefedb4", "title": "Onward travel from Faya-Largeau", "type": "evacuation", "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}], "started_on": "2011-03", "ended_on": null, "information_to": "2011-12-15", "glide": "OT-2011-000025-LBY", "requested_by": "Government of Chad", "lead_agency": "International Organization for Migration", "places": ["Faya-Largeau"]}', '{"partners": [{"organisation": "MSF Holland", "role": "health", "entered_on": null, "left_on": null, "entry_criterion": null, "exit_criterion": null, "partners_told_on": null}], "heard_from": ["staff", "partners"], "sources": ["Press release, 2011"]}', FALSE, FALSE, TRUE, FALSE, '2026-10-05 09:00:02.645727', '2026-10-05 09:00:02.666468', '2026-10-12 09:00:02.645727');
INSERT INTO "assignment" ("id", "case_id", "account_id", "reason", "assigned_at", "ended_at") VALUES
  (1, '47cc352d93ca44568122172c8aff02e1', 'bac21f1303374fae925410dcbe06aedc', '{"language": "en", "sectors": [], "countries": [], "open_cases": 0, "same_organisation": false}', '2026-10-05 09:00:01.021602', NULL);
INSERT INTO "assignment" ("id", "case_id", "account_id", "reason", "assigned_at", "ended_at") VALUES
  (2, 'c0772ffc609d43d8b21bfebd4d651cad', 'bac21f1303374fae925410dcbe06aedc', '{"language": "en", "sectors": [], "countries": [], "open_cases": 0, "same_organisation": false}', '2026-10-05 09:00:01.418114', NULL);
INSERT INTO "assignment" ("id", "case_id", "account_id", "reason", "assigned_at", "ended_at") VALUES
  (3, '12558489a6a246edb0a823e3aa66cb24', 'bac21f1303374fae925410dcbe06aedc', '{"language": "en", "sectors": [], "countries": [], "open_cases": 1, "same_organisation": false}', '2026-10-05 09:00:02.666275', NULL);
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'country', 'LBY');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'country', 'TCD');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'phase', 'during');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'sector', '1');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'country', 'LBY');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'country', 'TCD');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'indicator', 'transit-centre-capacity');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'phase', 'during');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'sector', '1');
INSERT INTO "facet" ("entry_id", "name", "value") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'sector', '3');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (1, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.006883', NULL, NULL, 'opened', 1, NULL, '{}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (2, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.021706', NULL, NULL, 'assigned', 1, NULL, '{"account_id": "bac21f13-0337-4fae-9254-10dcbe06aedc", "name": "reviewer", "reason": {"language": "en", "sectors": [], "countries": [], "open_cases": 0, "same_organisation": false}}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (3, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.159495', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'decided', 1, '87ee21672d294ea8a77b67e36db76706', '{"title": "Nearly 4,000 people stranded beside a centre for about 900", "verdict": "approve", "comment": null, "duplicate_of": null, "sharing": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (4, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.159623', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'decided', 1, '3a8b3456ac3f4cf4a2b74f8f1382d959', '{"title": "transit-centre-capacity", "verdict": "approve", "comment": null, "duplicate_of": null, "sharing": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (5, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.207709', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'published', 1, '87ee21672d294ea8a77b67e36db76706', '{"reference": "LL-2026-0001", "reason": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (6, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.222228', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'published', 1, '3a8b3456ac3f4cf4a2b74f8f1382d959', '{"reference": "BM-2026-0001", "reason": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (7, '47cc352d93ca44568122172c8aff02e1', '2026-10-05 09:00:01.280208', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'withdrew', 1, '3a8b3456ac3f4cf4a2b74f8f1382d959', '{"reference": "BM-2026-0001", "reason": "The figure was that of another centre."}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (8, 'c0772ffc609d43d8b21bfebd4d651cad', '2026-10-05 09:00:01.375615', NULL, NULL, 'opened', 1, NULL, '{}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (9, 'c0772ffc609d43d8b21bfebd4d651cad', '2026-10-05 09:00:01.418252', NULL, NULL, 'assigned', 1, NULL, '{"account_id": "bac21f13-0337-4fae-9254-10dcbe06aedc", "name": "reviewer", "reason": {"language": "en", "sectors": [], "countries": [], "open_cases": 0, "same_organisation": false}}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (10, 'c0772ffc609d43d8b21bfebd4d651cad', '2026-10-05 09:00:01.680881', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'decided', 1, 'b7df566570c54d8c9d2954b396cec038', '{"title": "Nearly 4,000 people stranded beside a centre for about 900", "verdict": "request_changes", "comment": "How many people was the centre built for?", "duplicate_of": null, "sharing": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (11, 'c0772ffc609d43d8b21bfebd4d651cad', '2026-10-05 09:00:01.680991', '50d6486ea2d64b83b892aed4ee02e8e2', 'editor', 'decided', 1, 'd979edcb07c54ddbb89d702c7da50210', '{"title": "Partners were told late", "verdict": "reject", "comment": "This is said in the first lesson already.", "duplicate_of": null, "sharing": null}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (12, 'c0772ffc609d43d8b21bfebd4d651cad', '2026-10-05 09:00:02.277743', NULL, NULL, 'corrected', 2, NULL, '{}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (13, '12558489a6a246edb0a823e3aa66cb24', '2026-10-05 09:00:02.647483', NULL, NULL, 'opened', 1, NULL, '{}');
INSERT INTO "history_event" ("id", "case_id", "at", "account_id", "who", "action", "version", "item_id", "detail") VALUES
  (14, '12558489a6a246edb0a823e3aa66cb24', '2026-10-05 09:00:02.666358', NULL, NULL, 'assigned', 1, NULL, '{"account_id": "bac21f13-0337-4fae-9254-10dcbe06aedc", "name": "reviewer", "reason": {"language": "en", "sectors": [], "countries": [], "open_cases": 1, "same_organisation": false}}');
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('87ee21672d294ea8a77b67e36db76706', '47cc352d93ca44568122172c8aff02e1', 'lesson', 0, '{"kind": "challenge", "phase": "during", "stage": "transit", "sector": 1, "title": "Nearly 4,000 people stranded beside a centre for about 900", "observation": "Nearly 4,000 people were waiting where the centre could take about 900.", "discussion": "The convoys were already on the road.", "conclusion": null, "recommendation": "Size transit centres on the convoys already on the road."}', NULL, 'published', 1, NULL, '[]', 'approve', NULL, NULL, '50d6486ea2d64b83b892aed4ee02e8e2', '2026-10-05 09:00:01.158589');
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('3a8b3456ac3f4cf4a2b74f8f1382d959', '47cc352d93ca44568122172c8aff02e1', 'benchmark', 1, '{"indicator": "transit-centre-capacity", "proposed": null, "value": "900", "unit": "persons", "entered": null, "period": {"start": "2011-05", "end": "2011-05"}, "place": "Faya-Largeau", "phase": "during", "stage": "transit", "mode": null, "leg": null, "baseline": null, "target": null, "numerator": null, "denominator": null, "how_known": "reported", "precision": "about", "source": "Press release, 2011", "remark": null}', NULL, 'withdrawn', 1, NULL, '[]', 'approve', NULL, NULL, '50d6486ea2d64b83b892aed4ee02e8e2', '2026-10-05 09:00:01.159575');
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('b7df566570c54d8c9d2954b396cec038', 'c0772ffc609d43d8b21bfebd4d651cad', 'lesson', 0, '{"kind": "challenge", "phase": "during", "stage": "transit", "sector": 1, "title": "Nearly 4,000 people stranded beside a centre for about 900", "observation": "Nearly 4,000 people were waiting where the centre was built for 900.", "discussion": "The convoys were already on the road.", "conclusion": null, "recommendation": "Size transit centres on the convoys already on the road."}', NULL, 'in_review', 2, NULL, '[]', 'request_changes', 'How many people was the centre built for?', NULL, '50d6486ea2d64b83b892aed4ee02e8e2', '2026-10-05 09:00:01.675545');
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('d979edcb07c54ddbb89d702c7da50210', 'c0772ffc609d43d8b21bfebd4d651cad', 'lesson', 1, '{"kind": "challenge", "phase": "during", "stage": "transit", "sector": 1, "title": "Partners were told late", "observation": "Partners learned of the hand-over on the same day.", "discussion": "The convoys were already on the road.", "conclusion": null, "recommendation": "Tell partners two weeks before."}', NULL, 'rejected', 1, NULL, '[]', 'reject', 'This is said in the first lesson already.', NULL, '50d6486ea2d64b83b892aed4ee02e8e2', '2026-10-05 09:00:01.680980');
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('35ac4901f3db4ecfa9c8c1b98eb50f4e', 'c0772ffc609d43d8b21bfebd4d651cad', 'benchmark', 2, '{"indicator": "transit-centre-capacity", "proposed": null, "value": "900", "unit": "persons", "entered": null, "period": {"start": "2011-05", "end": "2011-05"}, "place": "Faya-Largeau", "phase": "during", "stage": "transit", "mode": null, "leg": null, "baseline": null, "target": null, "numerator": null, "denominator": null, "how_known": "reported", "precision": "about", "source": "Press release, 2011", "remark": null}', NULL, 'in_review', 1, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "item" ("id", "case_id", "kind", "place", "content", "resolution", "state", "version", "sharing", "readers", "verdict", "comment", "duplicate_of", "decided_by", "decided_at") VALUES
  ('af3fb37866de491d8bb193033418b4de', '12558489a6a246edb0a823e3aa66cb24', 'benchmark', 0, '{"indicator": null, "proposed": {"name": "Trucks per convoy", "definition": "Trucks that left together.", "unit": "trucks", "direction": "none"}, "value": "12", "unit": "trucks", "entered": null, "period": {"start": "2011-05", "end": "2011-05"}, "place": "Faya-Largeau", "phase": "during", "stage": "transit", "mode": null, "leg": null, "baseline": null, "target": null, "numerator": null, "denominator": null, "how_known": "reported", "precision": "about", "source": "Press release, 2011", "remark": null}', NULL, 'assigned', 1, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "sight" ("entry_id", "audience", "holds", "lost_at") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'desk', TRUE, NULL);
INSERT INTO "sight" ("entry_id", "audience", "holds", "lost_at") VALUES
  ('4fa774155daa4806bf9b420685c27f92', 'anyone', TRUE, NULL);
INSERT INTO "sight" ("entry_id", "audience", "holds", "lost_at") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'desk', TRUE, NULL);
INSERT INTO "sight" ("entry_id", "audience", "holds", "lost_at") VALUES
  ('703fe852c24447569e8a73de33134a2e', 'anyone', TRUE, NULL);
