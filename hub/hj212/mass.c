#include "hub/hj212/mass.h"

#include "hub/base/text.h"

#include <stdio.h>
#include <string.h>

static double micrograms(const char *unit)
{
        static const struct {
                const char *words;
                double micrograms;
        } masses[] = { { "ng/m3|ng/m³", 1e-3 },
                       { "ug/m3|μg/m3|µg/m3|ug/m³|μg/m³|µg/m³", 1 },
                       { "mg/m3|mg/m³", 1e3 },
                       { "g/m3|g/m³", 1e6 } };

        for (size_t i = 0; i < sizeof(masses) / sizeof(masses[0]); i++)
                if (text_among(masses[i].words, unit, strlen(unit)))
                        return masses[i].micrograms;
        return 0;
}

double mass_scale(const char *from, const char *to)
{
        return micrograms(to) > 0 ? micrograms(from) / micrograms(to) : 0;
}

double mass_turn(double value, double scale)
{
        char text[32];
        double turned = value * scale;

        snprintf(text, sizeof(text), "%.12g", turned);
        return text_read_number(text, &turned) ? turned : value * scale;
}
