#include "hub/base/memory.h"
#include "hub/geo/sites.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEADER "mn,name,lon,lat,crs,factor,unit,limit,period,kind\n"

static void sites_drop(Sites **sites)
{
        sites_free(*sites);
}

static Sites *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Sites *sites;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        sites = sites_load(path, err);
        unlink(path);
        return sites;
}

static void refuses(const char *text, const char *says)
{
        CLEANUP(sites_drop) Sites *sites = NULL;
        Error err = { 0 };

        sites = load(text, &err);
        ck_assert_msg(!sites && strstr(err.text, says), "%s: %s", says, err.text);
        ck_assert_int_eq(err.kind, ERR_FATAL);
}

/* What a device measures stands in several rows, not all together; any of them may have its position. */
START_TEST(the_rows_of_a_device_hang_together)
{
        Error err = { 0 };
        CLEANUP(sites_drop)
        Sites *sites =
                load(HEADER "M1,枋湖工地,,,,a34002,mg/m3,0.15,10min,dust\nM2,海天酒楼,118.1,24.5,wgs84,,,,,\n"
                            "M1,枋湖工地,118.1147685,24.5098473,gcj02,LA,dB,70,rtd,noise\nM1,,,,,a01001,,-,-,-\n",
                     &err);
        const Site *site;

        ck_assert_msg(sites != NULL, "%s", err.text);
        site = sites_find(sites, "M1");
        ck_assert_ptr_nonnull(site);
        ck_assert_str_eq(site->name, "枋湖工地");
        ck_assert_str_eq(site->factor, "a34002");
        ck_assert(site->limit > 0.1499 && site->limit < 0.1501);
        ck_assert_int_eq(site->period_ms, 600000);
        ck_assert(site->at.positioned && fabs(site->at.lon - 118.1098) < 0.0005 &&
                  fabs(site->at.lat - 24.5125) < 0.0005);
        ck_assert_str_eq(site->at.raw_lon, "118.1147685");
        ck_assert_str_eq(site->next->factor, "LA");
        ck_assert_str_eq(site->next->kind, "noise");
        ck_assert_int_eq(site->next->period_ms, SITE_PERIOD_MOMENT);
        ck_assert(isnan(site->next->next->limit));
        ck_assert_str_eq(site->next->next->kind, "");
        ck_assert_int_eq(site->next->next->period_ms, SITE_PERIOD_ALL);
        ck_assert_ptr_null(site->next->next->next);
        ck_assert_str_eq(sites_find(sites, "M2")->factor, "");
        ck_assert_ptr_null(sites_find(sites, "M2")->next);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
        CLEANUP(sites_drop) Sites *sites = NULL;
        Error err = { 0 };

        ck_assert_ptr_null(sites_find(NULL, "M1"));
        sites = load(HEADER, &err);
        ck_assert_msg(sites != NULL, "%s", err.text);
        ck_assert_ptr_null(sites_find(sites, "M1"));
        ck_assert_ptr_null(sites_find(sites, NULL));
        sites_free(NULL);
}
END_TEST

/* The contract's header has no kind, and a site may leave the period out. */
START_TEST(columns_that_may_be_missing)
{
        Error err = { 0 };
        CLEANUP(sites_drop)
        Sites *sites = load("mn,name,lon,lat,crs,factor,unit,limit\nM1,a,,,,a34002,ug/m3,150\n", &err);

        ck_assert_msg(sites != NULL, "%s", err.text);
        ck_assert_str_eq(sites_find(sites, "M1")->kind, "");
        ck_assert_int_eq(sites_find(sites, "M1")->period_ms, SITE_PERIOD_ALL);
}
END_TEST

START_TEST(wrong_rows_are_refused_by_their_line)
{
        refuses("mn,name\nM1,a\n", "column \"lon\" is missing");
        refuses(HEADER ",a,,,,a34002,mg/m3,0.15,,\n", "line 2: mn is empty");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,much,,\n", "limit: \"much\"");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,0,,\n", "limit: \"0\"");
        refuses(HEADER "M1,a,,,,,mg/m3,1,,\n", "a limit without a factor");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,1,often,\n", "period: \"often\"");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,1,,smoke\n", "kind: \"smoke\"");
        refuses(HEADER "M1,a,118.1,24.5,,a34002,mg/m3,1,,\n", "crs");
        refuses(HEADER "M1,a,24.5,118.1,wgs84,a34002,mg/m3,1,,\n", "no position");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,1,1h,\nM1,a,,,,a34002,mg/m3,2,1h,\n",
                "line 3: mn \"M1\", factor \"a34002\" is there twice");
        refuses(HEADER "M1,a,,,,a34002,mg/m3,1,1h,\nM1,a,,,,a34002,ug/m3,2,1d,\n", "is there with two units");
}
END_TEST

START_TEST(the_option_reads_beside_its_file)
{
        Sites *sites = NULL;
        Error err = { 0 };

        ck_assert(!sites_option.read("no-such.csv", "/tmp", &sites, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "/tmp/no-such.csv"));
        sites_option.free(&sites);
}
END_TEST

RUN("sites", the_rows_of_a_device_hang_together, what_is_not_there_is_not_found, columns_that_may_be_missing,
    wrong_rows_are_refused_by_their_line, the_option_reads_beside_its_file)
