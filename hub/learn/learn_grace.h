#pragma once

/*
 * How long after a real closing the same problem is still reported, by category: `grace` of the rules. Only where that is usual, so
 * that most categories keep what they have; the time in which three of four of those late reports came.
 */

#include "hub/learn/learn.h"

bool learn_grace(const Lesson *lesson, Rules *rules, Error *err);
