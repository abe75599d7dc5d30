#pragma once

/* Units of mass in air, as sites write them (mg/m3, mg/m³, μg/m3), between which readings and limits are turned. */

/* What a value in `from` is multiplied by to be one in `to`; 0: one of them is no such unit. */
double mass_scale(const char *from, const char *to);

double mass_turn(double value, double scale); /* to twelve digits: 1.005 mg are 1005 ug */
