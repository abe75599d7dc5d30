-- Where the log begins, and what the audit remembers.

CREATE TABLE ops.retained (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        before timestamptz NOT NULL
);
COMMENT ON TABLE ops.retained IS '日志保留的起点：更早的月分区已删除 | where the log begins: partitions of earlier months were dropped';
COMMENT ON COLUMN ops.retained.one IS '恒为真：只有一行 | always true: there is one row';
COMMENT ON COLUMN ops.retained.before IS '此时之前接收的记录已删除 | records received before this are gone';

CREATE TABLE ops.retained_run (
        run text PRIMARY KEY,
        seq bigint NOT NULL
);
COMMENT ON TABLE ops.retained_run IS '跨过保留起点的运行：更小的序号已随分区删除 | runs that went on past where the log begins: up to this seq their rows were dropped';
COMMENT ON COLUMN ops.retained_run.run IS '实例的一次运行 | run of the instance';
COMMENT ON COLUMN ops.retained_run.seq IS '已删除的最大序号 | the highest seq that was dropped';

CREATE TABLE ops.audit_run (
        run text PRIMARY KEY,
        seq bigint NOT NULL
);
COMMENT ON TABLE ops.audit_run IS '台账已核到何处：每次运行 | how far each run was balanced';
COMMENT ON COLUMN ops.audit_run.run IS '实例的一次运行 | run of the instance';
COMMENT ON COLUMN ops.audit_run.seq IS '不大于此的序号均已在日志中 | every seq up to this was in the log';

CREATE TABLE ops.audit_offset (
        topic text NOT NULL,
        partition integer NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE ops.audit_offset IS '台账已核到何处：每个分区 | how far each partition was without a gap';
COMMENT ON COLUMN ops.audit_offset.topic IS 'Kafka 主题 | Kafka topic';
COMMENT ON COLUMN ops.audit_offset.partition IS 'Kafka 分区 | Kafka partition';
COMMENT ON COLUMN ops.audit_offset.next_offset IS '其下无缺 | below this there was none';

CREATE INDEX tick_offset ON ops.tick (partition, "offset");
