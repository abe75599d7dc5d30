#include "hub/hj212/mass.h"

#include "tests/unit/base/run.h"

#include <math.h>
#include <stdbool.h>

static bool is(double one, double other)
{
        return fabs(one - other) < 1e-12;
}

START_TEST(units_of_mass_in_air)
{
        ck_assert(is(mass_scale("mg/m3", "ug/m3"), 1000));
        ck_assert(is(mass_scale("ng/m3", "ug/m3"), 0.001));
        ck_assert(is(mass_scale("μg/m³", "ug/m3"), 1));
        ck_assert(is(mass_scale("µg/m³", "mg/m3"), 0.001));
        ck_assert(is(mass_scale("MG/M3", "mg/m3"), 1));
        ck_assert(is(mass_scale("dB(A)", "ug/m3"), 0) && is(mass_scale("ug/m3", "dB(A)"), 0) &&
                  is(mass_scale("", ""), 0));
}
END_TEST

/* Products of doubles: 1004.9999999999999, 69.00000000000001. */
START_TEST(no_digits_that_nobody_measured)
{
        ck_assert(mass_turn(1.005, 1000) == 1005 && mass_turn(0.069, 1000) == 69);
        ck_assert(is(mass_turn(-0.5, 1000), -500) && is(mass_turn(131000, 0.001), 131));
        ck_assert(isnan(mass_turn((double)NAN, 1)));
}
END_TEST

RUN("mass", units_of_mass_in_air, no_digits_that_nobody_measured)
