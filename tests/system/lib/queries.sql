-- A small city of which every answer is known by hand. Incident b: camera at 08:00, citizen 08:30, closed on the 3rd; c: another kind, merged by nobody;
-- d: the same kind 21.6 m north of b (0.000195 degrees of latitude are 21.6 m), three days later: citizen at 08:00, camera at 09:30.
INSERT INTO dw_1.incident (incident, zone, number, epoch, version, state, severity, category, category_name, title, geom, address, opened, updated, closed,
                           founding, reports, platforms, rules, candidate_until, kept_until, correlator)
SELECT i, 'z', n, 1, 1, s, 'low', c, '店外经营', 't', ST_SetSRID(ST_MakePoint(118.11, lat), 4490), '枋湖路', o::timestamptz, o::timestamptz, e::timestamptz,
       'f', r, p, 'r', 0, 0, '{}'
FROM (VALUES ('b', '20240102-BBBBBBBB', 'closed', 'E0504', 24.5, '2024-01-02 08:00+08', '2024-01-03 12:00+08', 2, ARRAY['p01', 'p09']),
             ('c', '20240102-CCCCCCCC', 'processing', 'E0102', 24.5, '2024-01-02 23:59+08', NULL, 1, ARRAY['p01']),
             ('d', '20240106-DDDDDDDD', 'processing', 'E0504', 24.500195, '2024-01-06 08:00+08', NULL, 2, ARRAY['p01', 'p09']),
             ('v', '20240106-VVVVVVVV', 'void', 'E0504', 24.5, '2024-01-06 08:00+08', NULL, 0, ARRAY[]::text[])) AS v (i, n, s, c, lat, o, e, r, p);
INSERT INTO dw_1.subject (zone, subject, incident, platform, first_event, last_event, state, severity, category, title, occurred, active, correlator)
SELECT 'z', s, i, p, s || ':1', s || ':1', 'processing', 'low', 'E0504', 't', o::timestamptz, a, '{}'
FROM (VALUES ('p09::1', 'b', 'p09', '2024-01-02 08:00+08', true), ('p01::2', 'b', 'p01', '2024-01-02 08:30+08', true),
             ('p01::3', 'c', 'p01', '2024-01-02 23:59+08', true), ('p01::4', 'd', 'p01', '2024-01-06 08:00+08', true),
             ('p09::5', 'd', 'p09', '2024-01-06 09:30+08', true), ('p09::6', 'c', 'p09', '2024-01-02 20:00+08', false)) AS v (s, i, p, o, a);
INSERT INTO dw_1.link (zone, subject, incident, partition, "offset", event, linked_at, unlinked_at, linked_by, decision, score, against, reasons, refused, rules)
VALUES ('z', 'p09::1', 'b', 0, 1, 'p09::1:1', now(), NULL, 'rules', 'new', NULL, NULL, '[]', '[]', 'r'),
       ('z', 'p01::2', 'b', 0, 2, 'p01::2:1', now(), NULL, 'rules', 'join', 1500, 'p09::1:1',
        '[{"feature": "age", "value": "30", "points": 300}, {"feature": "distance", "value": "12", "points": 1200}]', '[]', 'r'),
       ('z', 'p01::2', 'c', 0, 1, 'p01::2:1', now(), now(), 'rules', 'join', 900, 'p01::3:1', '[{"feature": "age", "value": "1", "points": 900}]', '[]', 'r');
INSERT INTO ops.tick (instance, run, seq, zone, partition, "offset", at, acked, final, hour, records, items, published, rejected, ignored, repeated)
VALUES ('cam', 'r1', 5, 'z', 0, 1, now(), 4, false, '2024-01-02 08:00+08', 2, 2, 1, 1, 0, 0),
       ('cam', 'r1', 9, 'z', 0, 2, now(), 8, true, '2024-01-02 08:00+08', 4, 4, 2, 1, 1, 0),
       ('cam', 'r2', 3, 'z', 0, 3, now(), 2, true, '2024-01-02 08:00+08', 1, 1, 1, 0, 0, 0);
