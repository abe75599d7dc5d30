#pragma once

/*
 * CAP 1.2 (OASIS, docs.oasis-open.org/emergency/cap/v1.2; 1.1 and 1.0 too, and as GB/T 35965.1-2018 profiles it): what an alert says
 * beside its members. The tree is one of `cap_xml`, alone or inside of another document.
 */

#include "hub/base/xml.h"
#include "hub/dialect/words.h"

#include <jansson.h>

extern const XmlForm cap_xml;

/* CAP's words, a provider's beside them, the colours of Chinese warnings and their four grades; and the colour that a text speaks of. */
extern const SeverityWords cap_severities[];
EventSeverity cap_colour(const char *text);

/* Why an alert is no warning, which never alarms; NULL: it is one. */
const char *cap_silence(const json_t *alert);

/* Of `references` ("sender,identifier,sent" of each earlier message, in whatever order) the identifier of the earliest, the first of
 * those that tell no time: who a chain of messages is about. NULL: it names none. */
const char *cap_first(const char *references, int64_t zone_ms, Arena *arena);

/* In the language that is wanted the gravest block of information, else the gravest; what names no language is English, CAP says. NULL: none. */
const json_t *cap_info(const json_t *alert, const char *lang);
const char *cap_lang(const json_t *info); /* as a tag of a language is written, else NULL */
