#pragma once

/* Inside of hj212: words of a text. */

/* Cuts `text`, which is changed, at the first of `ends`: what stood before it, without blanks; NULL where there is no text. */
char *hj212_word(char **text, const char *ends);
