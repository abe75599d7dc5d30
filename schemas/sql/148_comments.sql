-- What functions do is told in both languages, too.

COMMENT ON FUNCTION meta.ensure_month IS '为某时刻建立按月分区（上海月份）；已有则返回空 | makes the monthly partition (months of Asia/Shanghai) of a table for a moment; gives its name, or NULL when it was there';
COMMENT ON FUNCTION dw.reasons IS '将简写的归并理由展开为 [{feature, value, points}] | feature=value:points;... as [{feature, value, points}]';
COMMENT ON FUNCTION dw.refused IS '将简写的未选案件展开为 [{incident, score}] | incident:score;... as [{incident, score}]';
