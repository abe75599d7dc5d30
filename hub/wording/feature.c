#include "hub/wording/feature.h"

static const char *const category[] = { "other", "same", "related", "absent", NULL };
static const char *const whether[] = { "no", "yes", NULL };
static const char *const burst[] = { "none", "point", "near", "apart", NULL };
static const char *const object[] = {
        "absent",           "plate_equal",    "plate_different",    "bike_equal",  "bike_different",  "device_equal",
        "device_different", "camera_equal",   "camera_different",   "stall_equal", "stall_different", "case_equal",
        "case_different",   "building_equal", "building_different", "asset_equal", "asset_different", NULL
};
static const char *const match[] = { "absent", "same", "different", NULL };
static const char *const area[] = { "absent", "town", "district", "different", NULL };
static const char *const address[] = { "absent",      "same", "street",     "different", "house",
                                       "other_house", "road", "other_road", NULL };
static const char *const sign[] = { "absent",         "same",      "part", "slip",       "estate",
                                    "other_building", "different", "mark", "other_mark", NULL };
static const char *const channel[] = { "other", "same", NULL };
static const char *const reporter[] = { "absent", "same", "different", "template", NULL };
static const char *const repeat[] = { "none", "text", "point", "nowhere", NULL };
static const char *const nothing[] = { "all", NULL };

const FeatureForm feature_forms[FEATURES] = {
        [FEATURE_PRIOR] = { "prior", nothing, 1, 0 },
        [FEATURE_RATE] = { "rate", nothing, 1, 0 },
        [FEATURE_CATEGORY] = { "category", category, 1, 0 },
        [FEATURE_FAR] = { "far", whether, 1, 0 },
        [FEATURE_SAID] = { "said", whether, 1, 0 },
        [FEATURE_THING] = { "thing", whether, 1, 0 },
        [FEATURE_DISTANCE] = { "distance", NULL, 100, -1 },
        [FEATURE_NAMED] = { "named", NULL, 100, 1 },
        [FEATURE_ACCURACY] = { "accuracy", NULL, 100, -1 },
        [FEATURE_AGE] = { "age", NULL, 1, 0 },
        [FEATURE_BURST] = { "burst", burst, 1, 0 },
        [FEATURE_OBJECT] = { "object", object, 1, 0 },
        [FEATURE_TEXT] = { "text", NULL, 1, 1 },
        [FEATURE_TITLE] = { "title", NULL, 1, 1 },
        [FEATURE_RARE] = { "rare", NULL, 1, 1 },
        [FEATURE_SHARED] = { "shared", NULL, 1, 1 },
        [FEATURE_SIGN] = { "sign", sign, 1, 0 },
        [FEATURE_PLACE] = { "place", match, 1, 0 },
        [FEATURE_AREA] = { "area", area, 1, 0 },
        [FEATURE_ADDRESS] = { "address", address, 1, 0 },
        [FEATURE_CHANNEL] = { "channel", channel, 1, 0 },
        [FEATURE_REPORTER] = { "reporter", reporter, 1, 0 },
        [FEATURE_REPEAT] = { "repeat", repeat, 1, 0 },
        [FEATURE_NEIGHBOURS] = { "neighbours", NULL, 1, -1 },
        [FEATURE_DENSITY] = { "density", NULL, 1, -1 },
        [FEATURE_CROWD] = { "crowd", NULL, 1, -1 },
};

size_t feature_choices(Feature feature)
{
        size_t size = 0;

        while (feature_forms[feature].choices && feature_forms[feature].choices[size])
                size++;
        return size;
}
