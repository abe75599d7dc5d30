#pragma once

/* Inside of hj212: words of a text. */

#include <stdbool.h>

/* Cuts `text`, which is changed, at the first of `ends`: what stood before it, without blanks; NULL where there is no text. */
char *hj212_word(char **text, const char *ends);

bool hj212_is_absent(const char *value); /* "" or "-" */
