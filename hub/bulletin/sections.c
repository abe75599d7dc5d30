/* What the bulletin consists of. Headings are the columns' names, for the people who read it. */

#include "hub/bulletin/bulletin_private.h"

#define RATES                                                                                                             \
        "dispose_rate AS \"处置率 %\", intime_dispose_rate AS \"按期处置率 %\", archive_rate AS \"结案率 %\"," \
        " rework_rate AS \"返工率 %\", intime_archive_rate AS \"按期结案率 %\""

const Section bulletin_sections[] = {
        { "all", "一、总体情况",
          "较上月（环比）、较上年同月（同比），率相差为百分点；“—”（表格文件中留空）为无从计算，不是零。",
          "SELECT inst_num AS \"立案数\", inst_mom_pct AS \"立案环比 %\", inst_yoy_pct AS \"立案同比 %\", dispose_rate "
          "AS "
          "\"处置率 %\", dispose_rate_mom AS \"处置率环比\", archive_rate AS \"结案率 %\", archive_rate_mom AS "
          "\"结案率环比\", intime_archive_rate AS \"按期结案率 %\", intime_archive_rate_mom AS \"按期结案率环比 "
          "\", "
          "rework_rate AS \"返工率 %\", overtime_to_dispose_num AS \"超期未处置\", hang_num AS \"挂账\""
          " FROM mart.bulletin_month WHERE month = $1::date AND total",
          SHOW_FIGURES },
        { "days", "二、每日立案与结案", NULL,
          "WITH filed AS (SELECT reg_date AS day, count(*) AS cases FROM mart.case_flags WHERE month = $1::date GROUP "
          "BY 1),"
          " closed AS (SELECT (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS cases FROM "
          "mart.incident i WHERE NOT i.unfounded AND mart.month_of(i.closed_at) = $1::date GROUP BY 1)"
          " SELECT d.day::text AS \"日期\", coalesce(f.cases, 0) AS \"立案\", coalesce(c.cases, 0) AS \"结案\""
          " FROM dw.dim_date d LEFT JOIN filed f USING (day) LEFT JOIN closed c USING (day)"
          " WHERE d.month = $1::date ORDER BY d.day",
          SHOW_LINE },
        { "units", "三、责任单位排名", "按期结案率高者在前，同率比返工率，并列同名次；无应结案件者不排名。",
          "SELECT rank AS \"名次\", coalesce(unit, '（未注明）') AS \"单位\", inst_num AS \"立案数\", need_archive_num "
          "AS "
          "\"应结案\", archive_num AS \"结案\", overtime_to_dispose_num AS \"超期未处置\", inst_mom_pct AS \"立案环比 "
          "%\", "
          "dispose_rate AS \"处置率 %\", rework_rate AS \"返工率 %\", intime_archive_rate AS \"按期结案率 %\""
          " FROM mart.bulletin_month WHERE month = $1::date AND NOT total ORDER BY rank NULLS LAST, unit",
          SHOW_BAR },
        { "subdistricts", "四、街道", NULL,
          "SELECT coalesce(name, subdistrict, '（未定位）') AS \"街道\", inst_num AS \"立案数\", need_dispose_num AS "
          "\"应处置\", "
          "overtime_to_dispose_num AS \"超期未处置\", " RATES
          " FROM mart.kpi_month_subdistrict WHERE month = $1::date ORDER BY inst_num DESC, subdistrict",
          SHOW_BAR },
        { "map", "五、网格地图", "颜色越深，当月立案越多；圆点为超期未结案件（至多两千件，不在图内者不计）。",
          /* in metres of Mercator's: it shows a district as it looks */
          "WITH level AS (SELECT CASE WHEN EXISTS (SELECT FROM dw.dim_region WHERE level = 'grid') THEN 'grid' ELSE "
          "'subdistrict' END AS level),"
          " filed AS (SELECT CASE level WHEN 'grid' THEN i.grid ELSE i.subdistrict END AS region, count(*) AS cases"
          " FROM mart.incident i, level WHERE mart.month_of(i.filed_at) = $1::date GROUP BY 1),"
          " shown AS (SELECT r.name, ST_Transform(r.geom, 3857) AS geom, coalesce(f.cases, 0) AS filed"
          " FROM dw.dim_region r JOIN level USING (level) LEFT JOIN filed f USING (region)),"
          " box AS (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 3857) AS b FROM shown)"
          " SELECT name AS \"网格\", ST_AsSVG(geom, 0, 0) AS \"形状\", filed AS \"立案数\", round(ST_XMin(b)), "
          "round(-ST_YMax(b)), round(ST_XMax(b) - ST_XMin(b)), round(ST_YMax(b) - ST_YMin(b)), 'area' FROM shown, box"
          " UNION ALL SELECT r.name, ST_AsSVG(ST_Transform(r.geom, 3857), 0, 0), 0, 0, 0, 0, 0, 'edge' FROM "
          "dw.dim_region r, level, box WHERE r.level = 'subdistrict' AND level.level = 'grid' AND "
          "ST_Transform(r.geom, 3857) && b"
          " UNION ALL SELECT r.name, round(ST_X(at)) || ' ' || round(-ST_Y(at)), 0, 0, 0, 0, 0, 'title' FROM "
          "dw.dim_region r, box, ST_Transform(ST_PointOnSurface(r.geom), 3857) AS at WHERE r.level = 'subdistrict' AND "
          "at && b"
          " UNION ALL (SELECT number, round(ST_X(at)) || ' ' || round(-ST_Y(at)), 1, 0, 0, 0, 0, 'point'"
          " FROM (SELECT i.number, ST_Transform(i.geom, 3857) AS at FROM mart.incident i WHERE i.closed_at IS NULL"
          " AND NOT i.unfounded AND i.deadline <= coalesce(mart.as_of(), now()) AND i.geom IS NOT NULL) AS late, box"
          " WHERE at && b ORDER BY number DESC LIMIT 2000) ORDER BY 8, 3 DESC, 1",
          SHOW_MAP },
        { "categories", "六、案件类别", "立案最多的十五类。",
          "SELECT coalesce(name, category) AS \"类别\", category AS \"代码\", inst_num AS \"立案数\", need_dispose_num "
          "AS "
          "\"应处置\", " RATES
          " FROM mart.kpi_month_category WHERE month = $1::date ORDER BY inst_num DESC, category LIMIT 15",
          SHOW_BAR },
        { "platforms", "七、首报平台", NULL,
          "SELECT coalesce(name, platform) AS \"平台\", inst_num AS \"立案数\", shared_num AS \"多平台案件\", "
          "report_num AS "
          "\"报告数\", " RATES " FROM mart.kpi_month_platform WHERE month = $1::date ORDER BY inst_num DESC, platform",
          SHOW_BAR },
        { "joined", "八、归并：同一问题只派一次",
          "多个平台、多次上报的同一问题合为一案，立案数因此少于归并前的口径；少派的每一趟都是省下的人力。",
          "SELECT sum(report_num) AS \"报告数\", sum(inst_num) AS \"案件数\", sum(report_num) - sum(inst_num) AS "
          "\"少派趟数\", "
          "round(sum(report_num)::numeric / nullif(sum(inst_num), 0), 2) AS \"每案报告数\", sum(shared_num) AS "
          "\"多平台案件\", mart.pct(sum(shared_num), sum(inst_num)) AS \"多平台占比 %\""
          " FROM mart.case_flags WHERE month = $1::date AND cancel_num = 0",
          SHOW_FIGURES },
        { "shared", "归并最多的案件", NULL,
          "SELECT i.number AS \"案件号\", coalesce(d.name, i.category) AS \"类别\", i.title AS \"标题\", i.reports AS "
          "\"报告数\", (SELECT string_agg(coalesce(p.name, n), '、' ORDER BY n) FROM unnest(i.platforms) n LEFT JOIN "
          "dw.dim_platform p ON p.platform = n) AS \"平台\", to_char(i.reported_at AT TIME ZONE "
          "'Asia/Shanghai', "
          "'MM-DD HH24:MI') AS \"首报\" FROM mart.incident i LEFT JOIN dw.dim_category d USING (category)"
          " WHERE mart.month_of(i.filed_at) = $1::date AND i.reports > 1 AND NOT i.unfounded"
          " ORDER BY i.reports DESC, i.number LIMIT 10",
          SHOW_TABLE },
        { "overdue", "九、超期未处置案件", "截止时间最早的五十件。",
          "SELECT i.number AS \"案件号\", coalesce(i.unit, '（未注明）') AS \"单位\", coalesce(d.name, i.category) AS "
          "\"类别\", "
          "i.title AS \"标题\", i.address AS \"地址\", to_char(i.deadline AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD "
          "HH24:MI') "
          "AS \"截止\", floor(extract(epoch FROM coalesce(mart.as_of(), now()) - i.deadline) / 86400)::integer AS "
          "\"超期天数\""
          " FROM mart.case_flags f JOIN mart.incident i USING (incident) LEFT JOIN dw.dim_category d ON d.category = "
          "i.category"
          " WHERE f.month <= $1::date AND f.overtime_to_dispose_num = 1 ORDER BY i.deadline, i.number LIMIT 50",
          SHOW_TABLE },
        { "repeated", "十、反复发案", "同类、五十米内，结案后三十日内再次立案。",
          "SELECT coalesce(d.name, r.category) AS \"类别\", i.address AS \"地址\", p.number AS \"前案\", i.number AS "
          "\"再次立案\", "
          "round((extract(epoch FROM r.gap) / 86400)::numeric, 1) AS \"相隔天数\", r.metres AS \"相距米\""
          " FROM mart.repeat_incident r JOIN mart.incident i USING (incident) JOIN mart.incident p ON p.incident = "
          "r.prior"
          " LEFT JOIN dw.dim_category d ON d.category = r.category WHERE mart.month_of(r.filed_at) = $1::date"
          " ORDER BY r.gap, i.number LIMIT 20",
          SHOW_TABLE },
        { "seed", "十一、本局工作总结指标", NULL,
          "SELECT name AS \"指标\", sum(numerator) AS \"分子\", sum(denominator) AS \"分母\", max(target) AS \"目标 "
          "%\", "
          "CASE WHEN bool_and(met) THEN '达标' WHEN bool_or(NOT met) THEN '未达标' END AS \"是否达标\", "
          "mart.pct(sum(numerator), sum(denominator)) AS \"比率 %\" FROM mart.seed_kpi_month WHERE month = $1::date "
          "GROUP BY "
          "kpi, name ORDER BY kpi",
          SHOW_TABLE },
        { "score", "十二、月度考核", "方案为“示例”者非正式办法，权重与指标以局里印发的为准。",
          "SELECT DISTINCT place AS \"名次\", scheme AS \"方案\", unit AS \"单位\", total AS \"总分\" FROM "
          "mart.scorecard_month "
          "WHERE month = $1::date ORDER BY 2, 1 NULLS LAST, 3",
          SHOW_TABLE },
        { "quality", "十三、数据质量", "各平台当月按接收日合计。",
          "SELECT coalesce(p.name, q.platform) AS \"平台\", sum(q.events) AS \"事件数\", mart.pct(sum(q.unclassified), "
          "sum(q.events)) AS \"未归类 %\", mart.pct(sum(q.unplaced), sum(q.events)) AS \"无位置 %\", "
          "mart.pct(sum(q.sparse), "
          "sum(q.events)) AS \"内容稀少 %\", mart.pct(sum(q.late), sum(q.events)) AS \"迟到 %\" FROM mart.platform_day "
          "q LEFT "
          "JOIN dw.dim_platform p USING (platform) WHERE q.day >= $1::date AND q.day < ($1::date + interval '1 month') "
          "AND q.day <= (coalesce(mart.as_of(), now()) AT TIME ZONE 'Asia/Shanghai')::date "
          "GROUP "
          "BY q.platform, p.name ORDER BY q.platform",
          SHOW_TABLE },
        { "definitions", "附：口径",
          "应处置、应结案：已到截止时间或已办，不含缓办、作废；转办或重复而结案的不计应处置；合并的案件只计一次。",
          "SELECT name AS \"指标\", numerator_text AS \"分子\", denominator_text AS \"分母\", source AS \"依据\" FROM "
          "dw.kpi_definition ORDER BY family, kpi",
          SHOW_TABLE },
        { 0 },
};
