/* What any platform's system does to a position is undone to a millionth of a degree, wherever the report lies in
 * China. */

#include "hub/geo/crs.h"
#include "hub/geo/distance.h"
#include "tests/property/random.h"

#include <math.h>
#include <string.h>

static double between(Chance *chance, double least, double most)
{
        return least + (most - least) * (double)(chance_bits(chance) >> 11) / 9007199254740992.0;
}

static void inverse_holds(Chance *chance)
{
        static const Crs all[] = { CRS_WGS84, CRS_GCJ02, CRS_BD09, CRS_CGCS2000 };
        Crs crs = all[chance_below(chance, 4)];
        double lon = between(chance, 73, 135), lat = between(chance, 3, 54), there_lon, there_lat, back_lon, back_lat;
        char shown[80];

        crs_from_wgs84(crs, lon, lat, &there_lon, &there_lat);
        crs_to_wgs84(crs, there_lon, there_lat, &back_lon, &back_lat);
        snprintf(shown, sizeof(shown), "%s %.17g %.17g", crs_name(crs), lon, lat);
        must(fabs(back_lon - lon) < 1e-6 && fabs(back_lat - lat) < 1e-6, "the inverse", shown);
        must(hypot((there_lon - lon) * cos(lat / 57.3), there_lat - lat) < 0.03, "shifts are small", shown);
}

static void distance_holds(Chance *chance)
{
        GeoPoint one = geo_point(between(chance, -180, 180), between(chance, -90, 90));
        GeoPoint other = geo_point(between(chance, -180, 180), between(chance, -90, 90));
        int64_t there = geo_distance_cm(one, other);
        char shown[120];

        snprintf(shown, sizeof(shown), "%d %d %d %d", one.lon, one.lat, other.lon, other.lat);
        must(there == geo_distance_cm(other, one), "the way there is the way back", shown);
        must(there >= 0 && there < INT64_C(3000000000), "no way is longer than the earth", shown);
        must(geo_distance_cm(one, one) == 0, "nothing is away from itself", shown);
}

static char *number_text(Chance *chance, Arena *arena, const double most)
{
        double value = between(chance, -most, most);

        switch (chance_below(chance, 6)) {
        case 0:
                return arena_format(arena, "%.3e", value);
        case 1:
                return arena_format(arena, "%.0f", value);
        case 2:
                return arena_format(arena, "%.4f'", value);
        case 3:
                return arena_format(arena, "%.2f,1", value);
        default:
                return arena_format(arena, "%.7f", value);
        }
}

/* Whatever stands in the two members: a place on the earth, or none; and a mark where something was told. */
static void position_holds(Chance *chance, Arena *arena)
{
        char *texts[2];
        double lon, lat;
        bool wrong, read;

        for (size_t i = 0; i < 2; i++)
                switch (chance_below(chance, 4)) {
                case 0:
                        texts[i] = chance_text(chance, arena, 12);
                        break;
                case 1:
                        texts[i] = arena_format(arena, "%s", chance_one_in(chance, 2) ? "0" : "");
                        break;
                default:
                        texts[i] = number_text(chance, arena, chance_one_in(chance, 3) ? 1e7 : 180);
                }
        read = position_read(CRS_GCJ02, texts[0], texts[1], &lon, &lat, &wrong);
        must(!read || (fabs(lon) <= 180 && fabs(lat) <= 90 && fabs(lon) > 1e-7 && fabs(lat) > 1e-7), texts[0],
             texts[1]);
        must(!(read && wrong), "read and wrong", texts[0]);
        must(read || wrong || (!strpbrk(texts[0], "123456789") && !strpbrk(texts[1], "123456789")),
             "what was told and not read is marked", texts[0]);
}

int main(void)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Chance chance = chance_start("geo");

        for (int64_t i = 0; i < chance.cases; i++) {
                inverse_holds(&chance);
                distance_holds(&chance);
                position_holds(&chance, arena);
                arena_reset(arena);
        }
        return EXIT_SUCCESS;
}
