#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/event/category_table.h"

#include <string.h>

static bool is_latin(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_digits(const char *text)
{
        return text[0] && !text[strspn(text, "0123456789")];
}

const Category *categories_code(const Categories *table, const char *code)
{
        return code ? map_get_text(table->by_code, code) : NULL;
}

size_t categories_size(const Categories *table)
{
        return table->size;
}

const Category *categories_at(const Categories *table, size_t index)
{
        return index < table->size ? &table->items[index] : NULL;
}

/* "E0504"; "0504", which lacks the prefix; "P0134" of the class "P01". */
static const Category *code_find(const Categories *table, const char *raw_code)
{
        CLEANUP(mem_drop) char *code = NULL;
        const Category *found;
        size_t size;

        if (!raw_code || !raw_code[0])
                return NULL;
        code = text_format("%s%s", table->prefix && is_digits(raw_code) ? table->prefix : "", raw_code);
        found = categories_code(table, raw_code);
        if (!found)
                found = categories_code(table, code);
        size = strlen(code);
        if (found || size != 5 || !is_digits(code + 1))
                return found;
        code[size - 2] = '\0';
        return categories_code(table, code);
}

static const Category *name_find(const Map *names, const char *name)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (!name)
                return NULL;
        text_normalise(&plain, name, strlen(name));
        return plain.size ? map_get(names, plain.bytes, plain.size) : NULL;
}

/* A word in Latin letters fits only where a word starts: "fire" is not in "campfire", but "pothole" is in "potholes".
 */
static bool word_in(const char *text, const char *word)
{
        for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
                if (!is_latin(word[0]) || at == text || !is_latin(at[-1]))
                        return true;
        return false;
}

static size_t words_in(const char *text, const TextList *words)
{
        size_t count = 0;

        for (size_t i = 0; i < words->size; i++)
                count += word_in(text, words->items[i]);
        return count;
}

static bool rule_fits(const CategoryRule *rule, const char *text)
{
        return (rule->any.size == 0 || words_in(text, &rule->any)) && words_in(text, &rule->all) == rule->all.size &&
               words_in(text, &rule->none) == 0;
}

static const Category *rule_find(const Categories *table, const char *text)
{
        CLEANUP(buffer_free) Buffer folded = { 0 };

        if (!text || !text[0])
                return NULL;
        category_fold(&folded, text);
        for (size_t i = 0; i < table->rules_size; i++)
                if (rule_fits(&table->rules[i], folded.bytes))
                        return table->rules[i].category;
        return NULL;
}

const Category *categories_find(const Categories *table, const char *raw_code, const char *raw_name, const char *title,
                                const char *description, CategoryMethod *method)
{
        const char *const texts[] = { raw_name, title, description };
        const Category *found = code_find(table, raw_code);

        *method = METHOD_CODE;
        if (!found) {
                *method = METHOD_NAME;
                found = name_find(table->by_name, raw_name);
        }
        if (!found) {
                *method = METHOD_ALIAS;
                found = name_find(table->by_alias, raw_code);
        }
        if (!found)
                found = name_find(table->by_alias, raw_name);
        for (size_t i = 0; !found && i < 3; i++) {
                *method = METHOD_RULE;
                found = rule_find(table, texts[i]);
        }
        if (found)
                return found;
        *method = METHOD_DEFAULT;
        return table->default_category;
}

const char *categories_sha256(const Categories *table)
{
        return table->sha256;
}
