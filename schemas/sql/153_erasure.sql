-- A person's right to be forgotten: hub erase takes what the warehouse keeps of a pseudonym out of it, and a chain of hashes says what was erased, when and for whom.
-- What is said here of an event, hub/privacy/erased.h says of one that comes afterwards: both take the same away.

CREATE TABLE ops.erasure (
        number bigint PRIMARY KEY,
        entry text NOT NULL,
        hash text NOT NULL UNIQUE
);
SELECT meta.about('ops.erasure', '删除记录：哈希链，与状态目录中的 erasures.log 一致 | the record of erasures, a chain: the same lines as erasures.log in the state folder; hub erase --verify checks both', ARRAY[
        'number = 序号，从 1 起 | number, from 1', 'entry = 记录（JSON）：时间、假名的 SHA-256、理由、批准人、登录名、条数、案卷、上一条的哈希 | JSON: when, SHA-256 of the pseudonyms, why, by whom, login, counts, cases, hash of the entry before',
        'hash = entry 的 SHA-256 | SHA-256 of entry']);

CREATE TABLE ops.erased_subject (
        zone text NOT NULL,
        subject text NOT NULL,
        PRIMARY KEY (zone, subject)
);
SELECT meta.about('ops.erased_subject', '已删除个人信息的案卷：其后续版本也不再保存个人信息 | cases that were emptied: what comes of them later is emptied, too', ARRAY['zone = 分区 | zone', 'subject = 平台案卷 | the platform''s case']);

CREATE FUNCTION ops.erasure_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the record of erasures is only added to'; END $$;
COMMENT ON FUNCTION ops.erasure_kept IS '删除记录只增不改 | the record of erasures is only added to';
CREATE TRIGGER erasure_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ops.erasure FOR EACH STATEMENT EXECUTE FUNCTION ops.erasure_kept();

CREATE FUNCTION ops.erasures() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT coalesce(max(number), 0) FROM ops.erasure $$;
COMMENT ON FUNCTION ops.erasures IS '删除次数 | how many erasures there were';
-- In the row itself, as the generation is: a correlator that does not know of an erasure cannot move this offset, forgets what it has in memory and reads again.
ALTER TABLE ops.kafka_offset ADD COLUMN erasures bigint NOT NULL DEFAULT ops.erasures();
COMMENT ON COLUMN ops.kafka_offset.erasures IS 'number of erasures: a correlator that knows of fewer cannot move this offset';

CREATE FUNCTION ops.person_hash(pseudonym text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT encode(sha256(convert_to(pseudonym, 'UTF8')), 'hex') $$;
COMMENT ON FUNCTION ops.person_hash IS '假名的 SHA-256 | SHA-256 of a pseudonym';

CREATE FUNCTION ops.reporters_of(value jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN jsonb_typeof(value -> 'reporter' -> 'id') = 'string' THEN value -> 'reporter' ->> 'id' ELSE i.id END
FROM (SELECT 1) one LEFT JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(value -> 'reporter' -> 'id') = 'array' THEN value -> 'reporter' -> 'id' END) AS i (id) ON true
$$;
COMMENT ON FUNCTION ops.reporters_of IS '报告人的假名 | pseudonyms of who reported';

CREATE FUNCTION ops.names_person(value jsonb, persons text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT EXISTS (SELECT FROM ops.reporters_of(value) p WHERE ops.person_hash(p) = ANY (persons))
       OR EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value -> 'objects') = 'array' THEN value -> 'objects' ELSE '[]' END) o
                  WHERE o ->> 'kind' = 'plate' AND ops.person_hash(o ->> 'id') = ANY (persons))
$$;
COMMENT ON FUNCTION ops.names_person IS '事件是否涉及其人 | whether an event names one of them, as who reported or by a plate';

-- An event without its people: no reporter, no words, no address, no pictures, none of these plates; where and of what kind it is stays.
CREATE FUNCTION ops.emptied(value jsonb, persons text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT value - '{reporter,description,media,title,place,objects}'::text[]
       || CASE WHEN value ? 'title' THEN jsonb_build_object('title', coalesce(value -> 'category' ->> 'name', value -> 'category' ->> 'code', '-')) ELSE '{}' END
       || CASE WHEN (value -> 'place') - 'address' <> '{}' THEN jsonb_build_object('place', (value -> 'place') - 'address') ELSE '{}' END
       || coalesce((SELECT jsonb_build_object('objects', jsonb_agg(o ORDER BY n)) FROM jsonb_array_elements(value -> 'objects') WITH ORDINALITY AS e (o, n)
                    WHERE NOT (o ->> 'kind' = 'plate' AND ops.person_hash(o ->> 'id') = ANY (persons)) HAVING count(*) > 0), '{}')
$$;
COMMENT ON FUNCTION ops.emptied IS '去除个人信息后的事件 | an event without its people';

-- A case as the correlator goes on from it (hub/incident/member_row.c), the same.
CREATE FUNCTION ops.member_emptied(value jsonb, persons text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT value - '{reporters,address,wording,grams,lead,houses,signs,rarest,whole,rares,places}'::text[]
       || jsonb_build_object('title', coalesce(value ->> 'category_name', value ->> 'category'), 'bare', true,
                             'objects', coalesce((SELECT jsonb_agg(part ORDER BY n) FROM jsonb_array_elements_text(value -> 'objects') WITH ORDINALITY AS e (part, n)
                                                  WHERE NOT (value -> 'objects' ->> ((n - 1) / 2 * 2)::integer = 'plate'
                                                             AND ops.person_hash(value -> 'objects' ->> ((n - 1) / 2 * 2 + 1)::integer) = ANY (persons))), '[]'))
$$;
COMMENT ON FUNCTION ops.member_emptied IS '去除个人信息后的案卷状态 | a case of the correlator without its people';

CREATE FUNCTION ops.event_subject(event text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT regexp_replace(event, ':[^:]*$', '') $$;
COMMENT ON FUNCTION ops.event_subject IS '事件所属案卷 | the case of an event';

-- A version that was told, without what was erased of it; gone: "zone subject" of the cases.
CREATE FUNCTION ops.payload_emptied(payload jsonb, gone text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT (payload #- '{place,address}')
       || CASE WHEN (payload ->> 'zone') || ' ' || ops.event_subject(payload ->> 'founding') = ANY (gone)
               THEN jsonb_build_object('title', coalesce(payload -> 'category' ->> 'name', payload -> 'category' ->> 'code')) ELSE '{}' END
       || jsonb_build_object('newest', coalesce((SELECT jsonb_agg(CASE WHEN (payload ->> 'zone') || ' ' || ops.event_subject(r ->> 'event') = ANY (gone) THEN r - 'title' ELSE r END ORDER BY n)
                                                 FROM jsonb_array_elements(payload -> 'newest') WITH ORDINALITY AS l (r, n)), '[]'))
$$;
COMMENT ON FUNCTION ops.payload_emptied IS '去除个人信息后的案件版本 | a version of an incident without what was erased of it';

-- The cases of the persons in erase_person, into erase_subject; other pseudonyms of the same person, as a rotation of the keys left them side by side, into erase_person.
CREATE FUNCTION ops.erase_find() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
        more bigint := 1;
BEGIN
        CREATE TEMP TABLE erase_named ON COMMIT DROP AS
        SELECT r.zone, r.subject, r.received, ARRAY(SELECT ops.person_hash(p) FROM ops.reporters_of(v.value) p WHERE p IS NOT NULL) AS reporters,
               ARRAY(SELECT ops.person_hash(o ->> 'id') FROM jsonb_array_elements(CASE WHEN jsonb_typeof(v.value -> 'objects') = 'array' THEN v.value -> 'objects' ELSE '[]' END) o
                     WHERE o ->> 'kind' = 'plate') AS plates
        FROM ods.record r CROSS JOIN LATERAL (SELECT r.text::jsonb AS value) v
        WHERE r.text ~ '"p[0-9]{1,6}:[a-z0-9]+"' AND r.verdict = 'stored';
        ANALYZE erase_named;
        WHILE more > 0 LOOP
                INSERT INTO erase_person
                SELECT beside, max(e.before) FROM erase_person e JOIN erase_named n ON e.person = ANY (n.reporters) AND n.received <= e.before CROSS JOIN unnest(n.reporters) AS beside
                GROUP BY beside ON CONFLICT DO NOTHING;
                GET DIAGNOSTICS more = ROW_COUNT;
        END LOOP;
        INSERT INTO erase_subject
        SELECT DISTINCT n.zone, n.subject FROM erase_person e JOIN erase_named n ON (e.person = ANY (n.reporters) OR e.person = ANY (n.plates)) AND n.received <= e.before
        ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION ops.erase_find IS '查找某人的案卷 | finds the cases of a person';

-- The log, rejected records, and versions that were told.
CREATE FUNCTION ops.erase_log(persons text[], gone text[], OUT records bigint, OUT rejected bigint) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
        also bigint;
BEGIN
        -- What was retried needs its sealed bytes no more; what still waits stays sealed, and is emptied when it comes.
        UPDATE ops.rejected j SET value = NULL, beside = NULL FROM erase_subject e JOIN ods.record r ON r.zone = e.zone AND r.subject = e.subject AND r.verdict = 'stored'
        WHERE j.sha256 = r.text::jsonb -> 'raw' ->> 'sha256' AND j.retried_by IS NOT NULL AND j.value IS NOT NULL;
        GET DIAGNOSTICS rejected = ROW_COUNT;
        UPDATE ops.rejected j SET value = NULL WHERE j.stage = 'correlator' AND j.value IS NOT NULL
               AND EXISTS (SELECT FROM regexp_matches(encode(j.value, 'escape'), '"(p[0-9]{1,6}:[a-z0-9]+)"', 'g') AS m WHERE ops.person_hash(m[1]) = ANY (persons));
        GET DIAGNOSTICS also = ROW_COUNT;
        rejected := rejected + also;
        UPDATE ods.record r SET text = ops.emptied(r.text::jsonb, persons)::text FROM erase_subject e
        WHERE r.zone = e.zone AND r.subject = e.subject AND r.verdict = 'stored' AND r.text::jsonb <> ops.emptied(r.text::jsonb, persons);
        GET DIAGNOSTICS records = ROW_COUNT;
END $$;
COMMENT ON FUNCTION ops.erase_log IS '删除日志与拒收记录中的个人信息 | empties the log and what was rejected';

-- One generation's cases and incidents; those that changed go into erase_changed, all that ever held such a case into erase_incident.
CREATE FUNCTION ops.erase_generation(target name, persons text[]) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
        cases bigint;
BEGIN
        TRUNCATE erase_case, erase_changed;
        EXECUTE format('INSERT INTO erase_case SELECT s.zone, s.subject FROM %I.subject s JOIN erase_subject e ON e.zone = s.zone AND e.subject = ops.event_subject(s.first_event)', target);
        EXECUTE format('INSERT INTO erase_incident SELECT DISTINCT l.incident FROM %I.link l JOIN erase_case c USING (zone, subject) ON CONFLICT DO NOTHING', target);
        EXECUTE format('WITH emptied AS (UPDATE %I.subject s SET title = coalesce(s.correlator::jsonb ->> ''category_name'', s.category), correlator = ops.member_emptied(s.correlator::jsonb, $1)::text'
                       ' FROM erase_case c WHERE c.zone = s.zone AND c.subject = s.subject AND s.correlator::jsonb - ''wording'' <> ops.member_emptied(s.correlator::jsonb, $1) RETURNING s.incident)'
                       ' INSERT INTO erase_changed SELECT incident FROM emptied', target) USING persons;
        GET DIAGNOSTICS cases = ROW_COUNT;
        EXECUTE format('WITH emptied AS (UPDATE %I.incident i SET title = coalesce(i.category_name, i.category),'
                       ' correlator = (i.correlator::jsonb || jsonb_build_object(''title'', coalesce(i.category_name, i.category)))::text'
                       ' FROM erase_incident c, erase_subject e WHERE c.incident = i.incident AND e.zone = i.zone AND e.subject = ops.event_subject(i.founding)'
                       ' AND i.title <> coalesce(i.category_name, i.category) RETURNING i.incident) INSERT INTO erase_changed SELECT incident FROM emptied', target);
        EXECUTE format('WITH emptied AS (UPDATE %1$I.incident i SET address = a.address FROM erase_incident c CROSS JOIN LATERAL (SELECT'
                       ' (SELECT s.correlator::jsonb ->> ''address'' FROM %1$I.subject s WHERE s.incident = c.incident AND s.active AND s.correlator::jsonb ->> ''address'' IS NOT NULL'
                       ' ORDER BY (s.correlator::jsonb ->> ''number'')::bigint LIMIT 1) AS address) a'
                       ' WHERE c.incident = i.incident AND i.address IS DISTINCT FROM a.address RETURNING i.incident) INSERT INTO erase_changed SELECT incident FROM emptied', target);
        RETURN cases;
END $$;
COMMENT ON FUNCTION ops.erase_generation IS '删除某一世代的案卷与案件中的个人信息 | empties the cases and incidents of one generation';

-- Consumers keep what they were told last: they are told anew.
CREATE FUNCTION ops.erase_tell(target name, cause text) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
        under integer := (SELECT epoch FROM ops.generation WHERE live);
        told bigint;
BEGIN
        EXECUTE format('UPDATE %I.incident i SET version = i.version + 1, epoch = $1, correlator = (i.correlator::jsonb || jsonb_build_object(''version'', i.version + 1))::text'
                       ' FROM (SELECT DISTINCT incident FROM erase_changed) c WHERE c.incident = i.incident AND i.version > 0', target) USING under;
        EXECUTE format('INSERT INTO %1$I.incident_status SELECT i.incident, i.epoch, i.version, ''updated'', i.state, i.state, clock_timestamp(), $1'
                       ' FROM %1$I.incident i WHERE i.version > 0 AND i.incident IN (SELECT incident FROM erase_changed)', target) USING cause;
        EXECUTE format('INSERT INTO ops.outbox (zone, incident, epoch, version, payload) SELECT i.zone, i.incident, i.epoch, i.version, ops.version_payload(i.incident, i.epoch, ''updated'')'
                       ' FROM %I.incident i WHERE i.version > 0 AND i.incident IN (SELECT incident FROM erase_changed) ORDER BY i.incident', target);
        GET DIAGNOSTICS told = ROW_COUNT;
        RETURN told;
END $$;
COMMENT ON FUNCTION ops.erase_tell IS '将更新后的案件版本告知下游 | tells consumers what is left';

-- All of it, for persons (SHA-256 of pseudonyms, each with the moment up to which it holds) and cases that are known to be theirs.
CREATE FUNCTION ops.erase_apply(given text[], up_to timestamptz[], subjects jsonb, cause text, OUT persons text[], OUT emptied_subjects jsonb, OUT records bigint, OUT rejected bigint,
                                OUT cases bigint, OUT incidents bigint, OUT told bigint) LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
        shown integer := ops.live_generation();
        each integer;
        gone text[];
        emptied bigint;
BEGIN
        CREATE TEMP TABLE erase_person (person text PRIMARY KEY, before timestamptz NOT NULL) ON COMMIT DROP;
        CREATE TEMP TABLE erase_subject (zone text, subject text, PRIMARY KEY (zone, subject)) ON COMMIT DROP;
        CREATE TEMP TABLE erase_case (zone text, subject text) ON COMMIT DROP;
        CREATE TEMP TABLE erase_incident (incident text PRIMARY KEY) ON COMMIT DROP;
        CREATE TEMP TABLE erase_changed (incident text) ON COMMIT DROP;
        INSERT INTO erase_person SELECT g.person, max(g.before) FROM unnest(given, up_to) AS g (person, before) GROUP BY g.person;
        INSERT INTO erase_subject SELECT DISTINCT s ->> 0, s ->> 1 FROM jsonb_array_elements(subjects) s;
        PERFORM ops.erase_find();
        SELECT array_agg(person ORDER BY person) INTO persons FROM erase_person;
        SELECT coalesce(jsonb_agg(jsonb_build_array(zone, subject) ORDER BY zone, subject), '[]'), coalesce(array_agg(zone || ' ' || subject), '{}') INTO emptied_subjects, gone FROM erase_subject;
        SELECT l.records, l.rejected INTO records, rejected FROM ops.erase_log(persons, gone) l;
        FOR each IN SELECT g.generation FROM ops.generation g ORDER BY g.live LOOP -- the live one last: it is told of
                emptied := ops.erase_generation(('dw_' || each)::name, persons);
        END LOOP;
        cases := emptied;
        UPDATE ops.outbox o SET payload = ops.payload_emptied(o.payload::jsonb, gone)::text
        WHERE o.incident IN (SELECT incident FROM erase_incident) AND o.payload::jsonb <> ops.payload_emptied(o.payload::jsonb, gone);
        told := ops.erase_tell(('dw_' || shown)::name, cause);
        UPDATE mart.incident_now m SET title = i.title, address = i.address FROM dw.incident i JOIN erase_incident e USING (incident) WHERE m.incident = i.incident;
        UPDATE mart.incident_frozen m SET title = i.title, address = i.address FROM dw.incident i JOIN erase_incident e USING (incident) WHERE m.incident = i.incident;
        INSERT INTO ops.erased_subject SELECT zone, subject FROM erase_subject ON CONFLICT DO NOTHING;
        SELECT count(*) INTO incidents FROM erase_incident JOIN dw.incident USING (incident);
END $$;
COMMENT ON FUNCTION ops.erase_apply IS '删除个人信息 | empties everything of these persons';

-- What hub erase asks for, within a transaction that it ends with COMMIT, or, for a trial, with ROLLBACK. Correlators wait meanwhile and read again afterwards.
CREATE FUNCTION ops.erase(pseudonym text, reason text, by_whom text, moment timestamptz)
RETURNS TABLE (records bigint, rejected bigint, cases bigint, incidents bigint, told bigint, pseudonyms integer, entry text, hash text, previous text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
        done record;
        next bigint;
BEGIN
        IF pseudonym !~ '^p[0-9]{1,6}:[a-z0-9]+$' THEN
                RAISE EXCEPTION USING ERRCODE = 'data_exception', MESSAGE = 'that is no pseudonym: p, version of the key, colon, 26 letters and digits';
        END IF;
        PERFORM FROM ops.kafka_offset ORDER BY topic, partition FOR UPDATE;
        next := ops.erasures() + 1;
        SELECT * INTO done FROM ops.erase_apply(ARRAY[ops.person_hash(pseudonym)], ARRAY[moment], '[]', 'hub erase ' || next);
        previous := coalesce((SELECT e.hash FROM ops.erasure e WHERE e.number = next - 1), repeat('0', 64));
        entry := jsonb_build_object('number', next, 'at', ops.time_text(moment), 'persons', to_jsonb(done.persons), 'reason', reason, 'by', by_whom, 'login', session_user,
                                    'records', done.records, 'rejected', done.rejected, 'cases', done.cases, 'incidents', done.incidents, 'subjects', done.emptied_subjects, 'previous', previous)::text;
        hash := ops.person_hash(entry);
        INSERT INTO ops.erasure VALUES (next, entry, hash);
        UPDATE ops.kafka_offset SET erasures = next;
        records := done.records;
        rejected := done.rejected;
        cases := done.cases;
        incidents := done.incidents;
        told := done.told;
        pseudonyms := cardinality(done.persons);
        RETURN NEXT;
END $$;
COMMENT ON FUNCTION ops.erase IS '按假名删除个人信息并记录 | empties everything of a pseudonym and keeps a record of it';

-- After a restore: what the kept lines say, once more. Those that the database lacks come back into it; whoever calls has checked their chain.
CREATE FUNCTION ops.erase_again(entries text[], hashes text[])
RETURNS TABLE (records bigint, rejected bigint, cases bigint, incidents bigint, told bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
        PERFORM FROM ops.kafka_offset ORDER BY topic, partition FOR UPDATE;
        IF EXISTS (SELECT FROM unnest(entries, hashes) AS k (entry, hash) WHERE ops.person_hash(k.entry) <> k.hash) THEN
                RAISE EXCEPTION USING ERRCODE = 'data_exception', MESSAGE = 'a line does not have its hash';
        END IF;
        INSERT INTO ops.erasure SELECT (k.entry::jsonb ->> 'number')::bigint, k.entry, k.hash FROM unnest(entries, hashes) AS k (entry, hash)
        WHERE (k.entry::jsonb ->> 'number')::bigint > ops.erasures();
        UPDATE ops.kafka_offset SET erasures = ops.erasures();
        RETURN QUERY SELECT a.records, a.rejected, a.cases, a.incidents, a.told
        FROM (SELECT array_agg(p) AS persons, array_agg((k.entry::jsonb ->> 'at')::timestamptz) AS up_to FROM unnest(entries) AS k (entry), jsonb_array_elements_text(k.entry::jsonb -> 'persons') p) w,
             (SELECT coalesce(jsonb_agg(s), '[]') AS subjects FROM unnest(entries) AS k (entry), jsonb_array_elements(k.entry::jsonb -> 'subjects') s) t,
             ops.erase_apply(w.persons, w.up_to, t.subjects, 'hub erase --reapply') a;
END $$;
COMMENT ON FUNCTION ops.erase_again IS '恢复备份后重新执行已记录的删除 | does again what was erased before, after a restore';

REVOKE ALL ON FUNCTION ops.erase_find, ops.erase_log, ops.erase_generation, ops.erase_tell, ops.erase_apply, ops.erase, ops.erase_again FROM PUBLIC;
GRANT USAGE ON SCHEMA ops TO hub_privacy;
GRANT SELECT ON ops.erasure, ops.erased_subject TO hub_privacy;
GRANT EXECUTE ON FUNCTION ops.erase, ops.erase_again TO hub_privacy;
GRANT SELECT ON ops.erasure TO hub_correlator;
GRANT SELECT, INSERT ON ops.erased_subject TO hub_correlator;
