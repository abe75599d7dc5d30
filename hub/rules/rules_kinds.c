/*
 * Kinds: what holds for a code that no entry of `limits` names, by the words that it is made of ("graffiti-removal"). A site's
 * own table has codes that nobody here knows; what a thing is does not depend on who gave it a number.
 */

#include "hub/rules/rules_private.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { STEM_LEAST = 4 /* letters of a word that stands for all that begin with it */ };

static const char separators[] = "-_. ";

static char lower(char c)
{
        return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* A word of the kind and one of the code: the same, or the code's begins with it. */
static bool word_fits(const char *word, size_t size, const char *code)
{
        for (size_t i = 0; i < size; i++)
                if (lower(code[i]) != word[i])
                        return false;
        return size >= STEM_LEAST || !code[size] || strchr(separators, code[size]);
}

static bool code_holds(const char *code, const char *word, size_t size)
{
        for (const char *at = code; *at; at += *at ? 1 : 0) {
                if (word_fits(word, size, at))
                        return true;
                at += strcspn(at, separators);
        }
        return false;
}

static bool kind_fits(const Kind *kind, const char *code)
{
        for (const char *word = kind->words + strspn(kind->words, " "); *word; word += strspn(word, " ")) {
                const size_t size = strcspn(word, " ");

                if (code_holds(code, word, size))
                        return true;
                word += size;
        }
        return false;
}

const CategoryRules *rules_kind(const Rules *rules, const char *code)
{
        for (size_t i = 0; code && i < rules->kinds_size; i++)
                if (kind_fits(&rules->kinds[i], code))
                        return &rules->kinds[i].rule;
        return NULL;
}

static bool kind_read(Kind *kind, const Rules *rules, const char *name, const Yaml *yaml, const json_t *node,
                      const json_t *usual, Error *err)
{
        const json_t *words = json_object_get(node, "words");

        if (!json_is_string(words))
                return yaml_error(yaml, node, err, "kinds: %s: words are needed", name);
        CLEANUP(json_drop) json_t *rest = json_copy((json_t *)(uintptr_t)node);
        json_object_del(rest, "words");
        if (!rules_limit_read(&kind->rule, rules, yaml, rest, usual, err))
                return false;
        kind->name = text_copy(name);
        kind->words = text_copy(json_string_value(words));
        return true;
}

bool rules_kinds_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err)
{
        const json_t *kinds = json_object_get(root, "kinds"),
                     *usual = json_object_get(json_object_get(root, "limits"), "default");
        const char *name;
        const json_t *node;

        if (!kinds)
                return true;
        if (!json_is_object(kinds))
                return yaml_error(yaml, kinds, err, "kinds: a mapping is needed");
        rules->kinds = mem_resize(NULL, (json_object_size(kinds) + 1) * sizeof *rules->kinds);
        json_object_foreach((json_t *)(uintptr_t)kinds, name, node) {
                if (!kind_read(&rules->kinds[rules->kinds_size], rules, name, yaml, node, usual, err))
                        return false;
                rules->kinds_size++;
        }
        return true;
}

void rules_kinds_write(Buffer *out, const Rules *rules)
{
        if (rules->kinds_size > 0)
                buffer_text(out, "kinds:\n");
        for (size_t i = 0; i < rules->kinds_size; i++) {
                const Kind *kind = &rules->kinds[i];

                buffer_text(out, "  ");
                json_write_text(out, kind->name, strlen(kind->name));
                buffer_text(out, ": { words: ");
                json_write_text(out, kind->words, strlen(kind->words));
                buffer_text(out, ", ");
                rules_limit_write(out, &kind->rule);
        }
}

void rules_kinds_free(Rules *rules)
{
        for (size_t i = 0; i < rules->kinds_size; i++) {
                free(rules->kinds[i].name);
                free(rules->kinds[i].words);
        }
        free(rules->kinds);
}
