#include "hub/event/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DECIMALS_MOST = 7 };

static const int64_t tens[DECIMALS_MOST + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };

void write_decimal(Buffer *out, int64_t units, size_t decimals)
{
        char digits[DECIMALS_MOST + 2] = ".0000000";
        int64_t rest = llabs(units);
        size_t size = decimals + 1;

        if (units < 0)
                buffer_byte(out, '-');
        buffer_integer(out, rest / tens[decimals]);
        rest %= tens[decimals];
        for (size_t i = decimals; i > 0; i--, rest /= 10)
                digits[i] = (char)('0' + rest % 10);
        while (size && (digits[size - 1] == '0' || digits[size - 1] == '.'))
                size--;
        buffer_add(out, digits, size);
}

/* Most have few decimals. Of so few digits a decimal is the shortest that reads back the same: the quotient is the nearest. */
static bool decimal_write(Buffer *out, double value)
{
        static const double least = 0.001, greatest = 1e6;

        if (!(fabs(value) >= least && fabs(value) <= greatest))
                return false;
        for (size_t decimals = 1; decimals <= DECIMALS_MOST; decimals++) {
                const int64_t units = llround(value * (double)tens[decimals]);
                const double again = (double)units / (double)tens[decimals];

                if (!(again < value || again > value)) {
                        write_decimal(out, units, decimals);
                        return true;
                }
        }
        return false;
}

void write_number(Buffer *out, double value)
{
        static const double exact = 1e15;
        char text[32];

        if (value >= -exact && value <= exact && !(value < trunc(value) || value > trunc(value))) {
                buffer_integer(out, (int64_t)value);
                return;
        }
        if (decimal_write(out, value))
                return;
        snprintf(text, sizeof(text), "%.15g", value);
        if (strtod(text, NULL) < value || strtod(text, NULL) > value)
                snprintf(text, sizeof(text), "%.17g", value);
        buffer_text(out, text);
}
