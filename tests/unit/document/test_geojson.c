#include "hub/document/geojson.h"

#include "tests/unit/base/run.h"

#include <string.h>

#define NAMED(name) "{\"type\":\"FeatureCollection\",\"crs\":{\"properties\":{\"name\":\"" name "\"}},\"features\":[]}"

static bool differs(const char *text, Crs crs)
{
        const Record record = { .bytes = text, .size = strlen(text) };

        return geojson_is_of_another(&record, crs);
}

START_TEST(a_file_that_names_another_system_is_told)
{
        ck_assert(differs(NAMED("urn:ogc:def:crs:EPSG::4490"), CRS_WGS84));
        ck_assert(differs(NAMED("urn:ogc:def:crs:OGC:1.3:CRS84"), CRS_GCJ02));
        ck_assert(differs(NAMED("urn:ogc:def:crs:EPSG::4527"), CRS_CGCS2000));
        ck_assert(!differs(NAMED("urn:ogc:def:crs:EPSG::4490"), CRS_CGCS2000));
        ck_assert(!differs(NAMED("EPSG:4326"), CRS_WGS84));
}
END_TEST

START_TEST(one_that_names_none_or_lies_in_a_local_grid_is_believed)
{
        Error err;
        Crs grid;

        ck_assert(crs_read("gk39=EPSG:4527", &grid, &err));
        ck_assert(!differs(NAMED("urn:ogc:def:crs:EPSG::4490"), grid));
        ck_assert(!differs("{\"features\":[{\"properties\":{\"crs\":\"x\",\"name\":\"EPSG:4490\"}}]}", CRS_WGS84));
        ck_assert(!differs("", CRS_WGS84));
        crs_free(grid);
}
END_TEST

RUN("geojson", a_file_that_names_another_system_is_told, one_that_names_none_or_lies_in_a_local_grid_is_believed)
