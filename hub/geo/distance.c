#include "hub/geo/distance.h"

#include "hub/base/root.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { DEGREE = 10000000, UNIT_BITS = 30 };

/*
 * Centimetres in 1e-7 degree at each whole degree of latitude, in units of 2^-30: along the parallel, N cos(lat), and
 * along the meridian, M, of the WGS 84 ellipsoid. Between two rows a straight line errs by 0.004 % at most.
 */
static const int32_t east[] = {
        1195283931, 1195103102, 1194560666, 1193656779, 1192391700, 1190765791, 1188779517, 1186433448, 1183728256,
        1180664716, 1177243708, 1173466211, 1169333312, 1164846197, 1160006155, 1154814579, 1149272963, 1143382902,
        1137146093, 1130564337, 1123639533, 1116373682, 1108768886, 1100827346, 1092551364, 1083943341, 1075005776,
        1065741269, 1056152515, 1046242310, 1036013545, 1025469209, 1014612385, 1003446253, 991974087,  980199258,
        968125226,  955755548,  943093869,  930143929,  916909557,  903394671,  889603279,  875539475,  861207441,
        846611445,  831755841,  816645063,  801283633,  785676149,  769827293,  753741825,  737424583,  720880481,
        704114509,  687131731,  669937283,  652536371,  634934271,  617136329,  599147955,  580974623,  562621873,
        544095305,  525400577,  506543408,  487529570,  468364892,  449055253,  429606584,  410024865,  390316120,
        370486421,  350541880,  330488651,  310332924,  290080929,  269738926,  249313211,  228810107,  208235965,
        187597163,  166900099,  146151195,  125356890,  104523640,  83657914,   62766193,   41854968,   20930736,
        0,
};
static const int32_t north[] = {
        1187282246, 1187285877, 1187296767, 1187314902, 1187340261, 1187372814, 1187412522, 1187459338, 1187513206,
        1187574062, 1187641834, 1187716442, 1187797796, 1187885799, 1187980348, 1188081328, 1188188621, 1188302098,
        1188421623, 1188547055, 1188678242, 1188815030, 1188957253, 1189104743, 1189257322, 1189414808, 1189577012,
        1189743740, 1189914791, 1190089961, 1190269038, 1190451808, 1190638050, 1190827540, 1191020051, 1191215348,
        1191413198, 1191613360, 1191815593, 1192019652, 1192225289, 1192432256, 1192640301, 1192849172, 1193058614,
        1193268374, 1193478195, 1193687821, 1193896998, 1194105469, 1194312980, 1194519278, 1194724109, 1194927222,
        1195128370, 1195327303, 1195523780, 1195717557, 1195908397, 1196096064, 1196280328, 1196460960, 1196637739,
        1196810445, 1196978866, 1197142793, 1197302024, 1197456360, 1197605611, 1197749592, 1197888123, 1198021034,
        1198148159, 1198269339, 1198384425, 1198493273, 1198595747, 1198691721, 1198781074, 1198863695, 1198939481,
        1199008338, 1199070179, 1199124928, 1199172516, 1199212883, 1199245981, 1199271766, 1199290207, 1199301281,
        1199304973,
};

static int32_t geo_unit(double degrees)
{
        return (int32_t)llround(degrees * DEGREE);
}

GeoPoint geo_point(double lon, double lat)
{
        /* written so that NaN is out of range too */
        if (!(fabs(lon) <= 180 && fabs(lat) <= 90))
                return (GeoPoint){ GEO_NONE, GEO_NONE };
        return (GeoPoint){ geo_unit(lon), geo_unit(lat) };
}

/* Where a latitude falls: a row of the tables, and how far it is to the next. */
typedef struct {
        uint32_t row, rest;
} Parallel;

static int64_t length_cm(const int32_t *table, Parallel at, int64_t units)
{
        int64_t length = table[at.row];

        if (at.rest)
                length += (table[at.row + 1] - length) * at.rest / DEGREE;
        return (llabs(units) * length + (INT64_C(1) << (UNIT_BITS - 1))) >> UNIT_BITS;
}

int64_t geo_length_cm(int64_t x, int64_t y)
{
        return root_64((uint64_t)(x * x) + (uint64_t)(y * y));
}

int64_t geo_distance_cm(GeoPoint one, GeoPoint other)
{
        int64_t lon;

        assert(geo_known(one) && geo_known(other));
        lon = llabs((int64_t)one.lon - other.lon);
        if (lon > INT64_C(180) * DEGREE)
                lon = INT64_C(360) * DEGREE - lon;
        const uint32_t lat = (uint32_t)(llabs((int64_t)one.lat + other.lat) / 2);
        const Parallel at = { lat / DEGREE, lat % DEGREE };
        return geo_length_cm(length_cm(east, at, lon), length_cm(north, at, (int64_t)one.lat - other.lat));
}

bool geo_in_huli(double lon, double lat)
{
        return lon >= 118.05 && lon <= 118.22 && lat >= 24.46 && lat <= 24.57;
}
