#pragma once

/*
 * One harness a target, over libFuzzer: its input is the bytes that a peer would send. A broken promise aborts, a crash, a leak or a
 * stand-still is libFuzzer's to tell. What a harness needs beside the bytes stands in the environment (tests/fuzz/run sets it).
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_REQUIRE(condition, ...)                                                                                   \
        do {                                                                                                           \
                if (!(condition)) {                                                                                    \
                        (void)fprintf(stderr, "promise broken: " __VA_ARGS__);                                         \
                        (void)fputc('\n', stderr);                                                                     \
                        abort();                                                                                       \
                }                                                                                                      \
        } while (0)
