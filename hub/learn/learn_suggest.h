#pragma once

/* From which score on a twin is suggested to an operator: so that there is about one suggestion for each new incident, and no hopeless one. */

#include "hub/learn/learn_run.h"

bool learn_suggest(Lesson *lesson, double *suggestions, Error *err); /* sets it in the lesson's rules */
