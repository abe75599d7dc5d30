-- A unit above had a row for each of the units below it. Now it has one a month, with what they come to together.

DO $$
DECLARE
        sums text := (SELECT string_agg(format('sum(u.%1$I)::bigint AS %1$I', attname), ', ' ORDER BY attnum) FROM pg_attribute
                      WHERE attrelid = 'mart.kpi_month_superior'::regclass AND attname LIKE '%\_num');
        counted text := (SELECT string_agg(format('k.%I', attname), ', ' ORDER BY attnum) FROM pg_attribute
                         WHERE attrelid = 'mart.kpi_month_superior'::regclass AND attname LIKE '%\_num');
        rates text := (SELECT string_agg(format('mart.pct(%s, %s) AS %I', regexp_replace(d.numerator, '\m([a-z_]+_num)\M', 'k.\1', 'g'), 'k.' || d.denominator, a.attname), ', ' ORDER BY a.attnum)
                       FROM pg_attribute a JOIN dw.kpi_definition d ON d.kpi = a.attname WHERE a.attrelid = 'mart.kpi_month_superior'::regclass);
BEGIN
        EXECUTE format('CREATE OR REPLACE VIEW mart.kpi_month_superior WITH (security_invoker) AS SELECT k.month, k.unit, k.unit AS name, %s, %s FROM'
                       ' (SELECT u.month, dw.superior_of(u.unit) AS unit, %s FROM mart.kpi_month_unit u GROUP BY u.month, dw.superior_of(u.unit)) k', counted, rates, sums);
END $$;
