#pragma once

/*
 * Forms of speech: phrases that reports of every kind share ("市民来电反映问题，请相关部门处理"). A text of nothing else says
 * nothing of what it is about, and two such texts are alike for no reason. Their pairs of characters and their words are
 * marked by code (reading.h).
 */

#include "hub/wording/reading.h"

typedef struct {
        uint8_t bits[READING_CODES / 8];
} Forms;

void forms_add(Forms *forms, const char *phrase);
/* Two neighbouring characters of Chinese, or a word that is no number, that stand in no form of speech. text may be NULL. */
bool forms_tell(const Forms *forms, const char *text);
