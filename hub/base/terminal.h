#pragma once

/*
 * What is printed for a person: where stdout or stderr is a terminal, characters that it would obey (C0 but newline and tab,
 * DEL, C1) or that would show one text as another (marks of direction, separators of lines) are written as \uXXXX. Elsewhere
 * bytes pass as they are.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

void terminal_guard(void); /* stdout and stderr, before anything is printed */
FILE *
terminal_open(int descriptor); /* such a stream, line by line, whatever is behind the descriptor, which stays open */

bool terminal_obeys(uint32_t point); /* C0, DEL, C1, marks of direction, separators of lines */
