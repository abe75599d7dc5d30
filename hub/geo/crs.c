#include "hub/geo/crs.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/local_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* The Krasovsky 1940 ellipsoid, which the GCJ-02 formula uses. */
static const double axis = 6378245.0;
static const double eccentricity = 0.00669342162296594323;

/* BD-09 counts its waves in these units, pi x 3000 / 180. */
static const double baidu_wave = 3.14159265358979324 * 3000.0 / 180.0;

enum { STEPS_MOST = 40 };

typedef struct {
        double lon, lat;
} Point;

/* The box within which the map datum is shifted; outside GCJ-02 is WGS 84. */
static bool in_china(Point at)
{
        return at.lon >= 72.004 && at.lon <= 137.8347 && at.lat >= 0.8293 && at.lat <= 55.8271;
}

static double waves(double value, double slow, double slow_height, double slower, double slower_height)
{
        double sum = 20.0 * sin(value * pi) + 40.0 * sin(value / 3.0 * pi);

        return (sum + slow_height * sin(value / slow * pi) + slower_height * sin(value / slower * pi)) * 2.0 / 3.0;
}

static double ripple(double x)
{
        return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
}

static Point gcj02_forward(Point wgs)
{
        double x = wgs.lon - 105.0, y = wgs.lat - 35.0, root = sqrt(fabs(x)), latitude = wgs.lat / 180.0 * pi;
        double curve = 1.0 - eccentricity * sin(latitude) * sin(latitude);
        double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
        double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;

        if (!in_china(wgs))
                return wgs;
        east += ripple(x) + waves(x, 12.0, 150.0, 30.0, 300.0);
        north += ripple(x) + waves(y, 12.0, 160.0, 30.0, 320.0);
        return (Point){
                .lon = wgs.lon + east * 180.0 / (axis / sqrt(curve) * cos(latitude) * pi),
                .lat = wgs.lat + north * 180.0 / (axis * (1.0 - eccentricity) / (curve * sqrt(curve)) * pi),
        };
}

static Point bd09_of_gcj02(Point gcj)
{
        double z = sqrt(gcj.lon * gcj.lon + gcj.lat * gcj.lat) + 0.00002 * sin(gcj.lat * baidu_wave);
        double theta = atan2(gcj.lat, gcj.lon) + 0.000003 * cos(gcj.lon * baidu_wave);

        return (Point){ .lon = z * cos(theta) + 0.0065, .lat = z * sin(theta) + 0.006 };
}

static Point bd09_forward(Point wgs)
{
        return in_china(wgs) ? bd09_of_gcj02(gcj02_forward(wgs)) : wgs;
}

/*
 * The shift changes by less than a hundredth of the distance, so each step gains two digits. At the border of the box
 * the datum jumps, and some shifted places have no origin: the step limit ends the search there.
 */
static Point invert(Point (*forward)(Point), Point shifted)
{
        Point guess = shifted;

        for (int i = 0; i < STEPS_MOST; i++) {
                Point there = forward(guess);
                double lon = there.lon - shifted.lon, lat = there.lat - shifted.lat;

                guess.lon -= lon;
                guess.lat -= lat;
                if (fabs(lon) < 1e-10 && fabs(lat) < 1e-10)
                        break;
        }
        return guess;
}

static Point same(Point at)
{
        return at;
}

static Point gcj02_inverse(Point at)
{
        return invert(gcj02_forward, at);
}

static Point bd09_inverse(Point at)
{
        return invert(bd09_forward, at);
}

/* ---- systems ---- */

struct CrsSystem {
        const char *name;
        Point (*from)(Point wgs), (*to)(Point at); /* of those that every map knows */
        LocalGrid *grid;                           /* owned, or NULL */
        char *own_name;                            /* of a grid */
};

const CrsSystem crs_wgs84 = { .name = "wgs84", .from = same, .to = same };
const CrsSystem crs_gcj02 = { .name = "gcj02", .from = gcj02_forward, .to = gcj02_inverse };
const CrsSystem crs_bd09 = { .name = "bd09", .from = bd09_forward, .to = bd09_inverse };
const CrsSystem crs_cgcs2000 = { .name = "cgcs2000", .from = same, .to = same };

enum { NAME_MOST = 32 };

static bool is_name(const char *text, size_t size)
{
        return size >= 1 && size <= NAME_MOST &&
               strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") >= size;
}

static Crs grid_read(const char *text, size_t name_size, Error *err)
{
        CrsSystem *made = mem_new(sizeof(*made));

        made->name = made->own_name = text_format("%.*s", (int)name_size, text);
        made->grid = local_grid_open(text + name_size + 1, err);
        if (made->grid)
                return made;
        (void)error_add(err, "\"%s\"", made->name);
        crs_free(made);
        return CRS_NONE;
}

const char *crs_name(Crs crs)
{
        return crs ? crs->name : "";
}

bool crs_read(const char *text, Crs *crs, Error *err)
{
        static const Crs known[] = { CRS_WGS84, CRS_GCJ02, CRS_BD09, CRS_CGCS2000 };
        const char *equal = strchr(text, '=');

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
                const char *name = known[i]->name;

                if (strcmp(text, name) == 0) {
                        *crs = known[i];
                        return true;
                }
                if (equal && strlen(name) == (size_t)(equal - text) && strncmp(text, name, strlen(name)) == 0)
                        return error_set(err, ERR_FATAL, NULL, "\"%s\": a grid needs a name of its own", name);
        }
        if (equal && is_name(text, (size_t)(equal - text))) {
                *crs = grid_read(text, (size_t)(equal - text), err);
                return *crs;
        }
        return error_set(err, ERR_FATAL, NULL,
                         "\"%s\" is no coordinate system: wgs84, gcj02, bd09, cgcs2000, or a grid as NAME=PROJ string",
                         text);
}

void crs_free(Crs crs)
{
        union {
                Crs lent;
                CrsSystem *owned;
        } made = { .lent = crs };

        if (!crs || !crs->own_name)
                return;
        local_grid_close(made.owned->grid);
        free(made.owned->own_name);
        free(made.owned);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        (void)folder;
        return crs_read(text, field, err);
}

static void option_free(void *field)
{
        crs_free(*(Crs *)field);
}

const OptionKind crs_option = {
        .form = "coordinate system: wgs84, gcj02, bd09, cgcs2000, NAME=PROJ string",
        .size = sizeof(Crs),
        .read = option_read,
        .free = option_free,
};

bool crs_to_wgs84(Crs crs, double lon, double lat, double *wgs_lon, double *wgs_lat)
{
        Point at = { lon, lat };

        if (crs && crs->grid)
                return local_grid_to_wgs84(crs->grid, lon, lat, wgs_lon, wgs_lat);
        at = crs ? crs->to(at) : at;
        *wgs_lon = at.lon;
        *wgs_lat = at.lat;
        return true;
}

bool crs_from_wgs84(Crs crs, double lon, double lat, double *out_lon, double *out_lat)
{
        Point at = { lon, lat };

        if (crs && crs->grid)
                return local_grid_from_wgs84(crs->grid, lon, lat, out_lon, out_lat);
        at = crs ? crs->from(at) : at;
        *out_lon = at.lon;
        *out_lat = at.lat;
        return true;
}

/* ---- positions ---- */

static bool is_swapped(double lon, double lat)
{
        return lon >= 15 && lon <= 55 && lat >= 70 && lat <= 140;
}

bool position_turn(Crs crs, double x, double y, double *lon, double *lat, bool *swapped)
{
        const bool is_grid = crs && crs->grid;

        *swapped = !is_grid && is_swapped(x, y);
        if (*swapped || !isfinite(x) || !isfinite(y) || (x == 0 && y == 0))
                return false;
        return (is_grid || (fabs(x) <= 180 && fabs(y) <= 90)) && crs_to_wgs84(crs, x, y, lon, lat);
}

static bool is_told(const char *text)
{
        return text && text[strspn(text, " ")] && strcmp(text, "-") != 0;
}

static bool is_zero(double value)
{
        return fabs(value) < 1e-6; /* ten centimetres: nobody reports from there */
}

bool position_read(Crs crs, const char *lon_text, const char *lat_text, double *lon, double *lat, bool *wrong)
{
        double x, y;
        bool swapped;

        *wrong = false;
        if (!is_told(lon_text) && !is_told(lat_text))
                return false;
        *wrong = true;
        if (!is_told(lon_text) || !is_told(lat_text) || !text_read_number(lon_text, &x) ||
            !text_read_number(lat_text, &y))
                return false;
        *wrong = !is_zero(x) || !is_zero(y);
        if (is_zero(x) || is_zero(y))
                return false;
        *wrong = !position_turn(crs, x, y, lon, lat, &swapped);
        return !*wrong;
}
