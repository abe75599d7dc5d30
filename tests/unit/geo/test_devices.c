#include "hub/base/memory.h"
#include "hub/geo/devices.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEADER "device_id,name,kind,lon,lat,crs,radius_m,place,category\n"

static void devices_drop(Devices **devices)
{
        devices_free(*devices);
}

static Devices *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Devices *devices;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        devices = devices_load(path, err);
        unlink(path);
        return devices;
}

START_TEST(a_camera_has_its_place_in_wgs84)
{
        Error err = { 0 };
        CLEANUP(devices_drop)
        Devices *devices = load(HEADER "hl-fanghu-03,枋湖南路口,camera,118.1147685,24.5098473,gcj02,40,枋湖社区,E0504\n"
                                       "nowhere,,camera,,,,,,\nmarked,,post,-,-,gcj02,,,\n",
                                &err);
        const Device *device = devices_find(devices, "hl-fanghu-03");

        ck_assert_msg(devices != NULL, "%s", err.text);
        ck_assert_uint_eq(devices_size(devices), 3);
        ck_assert_str_eq(device->name, "枋湖南路口");
        ck_assert_str_eq(device->at.raw_lon, "118.1147685");
        ck_assert(device->at.positioned && fabs(device->at.lon - 118.1098) < 0.0005 &&
                  fabs(device->at.lat - 24.5125) < 0.0005);
        ck_assert(fabs(device->radius_m - 40) < 1e-9);
        ck_assert_ptr_eq(device->at.crs, CRS_GCJ02);
        ck_assert(!devices_find(devices, "nowhere")->at.positioned);
        ck_assert(!devices_find(devices, "marked")->at.positioned);
        ck_assert_str_eq(devices_find(devices, "nowhere")->category, "");
        ck_assert_ptr_null(devices_find(devices, "other"));
        ck_assert_ptr_null(devices_find(devices, NULL));
}
END_TEST

static void refuses(const char *text, const char *why)
{
        Error err = { 0 };
        CLEANUP(devices_drop) Devices *devices = load(text, &err);

        ck_assert_ptr_null(devices);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

START_TEST(a_wrong_row_is_named_with_its_line)
{
        refuses("device_id,lon,lat\n", "column \"crs\" is missing");
        refuses(HEADER "a,,camera,118.1,24.5,,,,\n", "line 2: crs: \"\" is no coordinate system");
        refuses(HEADER "a,,camera,118.1,24.5,gcj-02,,,\n", "line 2: crs: \"gcj-02\"");
        refuses(HEADER "a,,camera,118.1,,gcj02,,,\n", "line 2: lon \"118.1\", lat \"\": this is no position");
        refuses(HEADER "a,,camera,24.5,118.1,gcj02,,,\n", "no position (swapped");
        refuses(HEADER "a,,,,,,x,,\n", "line 2: radius_m: \"x\"");
        refuses(HEADER "a,,,,,,-1,,\n", "line 2: radius_m: \"-1\"");
        refuses(HEADER "a,,,,,,,,\nb,,,,,,,,\na,,,,,,,,\n", "line 4: device_id \"a\" is there twice");
        refuses(HEADER ",,,,,,,,\n", "line 2: device_id is empty");
}
END_TEST

START_TEST(an_option_names_the_file_beside_its_configuration)
{
        Devices *devices = NULL;
        Error err = { 0 };

        ck_assert(!devices_option.read("no-such.csv", "/no/folder", &devices, &err));
        ck_assert_ptr_null(devices);
        ck_assert(strstr(err.text, "/no/folder/no-such.csv") != NULL);
        devices_option.free(&devices);
}
END_TEST

RUN("devices", a_camera_has_its_place_in_wgs84, a_wrong_row_is_named_with_its_line,
    an_option_names_the_file_beside_its_configuration)
