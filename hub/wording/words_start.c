/* How common words are before a zone has counted its own: schemas/words.yaml. */

#include "hub/wording/words.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/yaml.h"

#include <string.h>

enum { TEXTS_MOST = 1000000 };

static bool count_read(const Yaml *yaml, const json_t *node, const char *name, uint32_t most, uint32_t *count,
                       Error *err)
{
        int64_t number;

        if (!json_is_string(node) || !text_read_integer(json_string_value(node), &number) || number < 0 ||
            number > most)
                return yaml_error(yaml, node, err, "%s: a whole number up to %u is needed", name, most);
        *count = (uint32_t)number;
        return true;
}

/* A pair that stands in several phrases is as common as the most common of them. */
static void phrase_add(Words *words, const char *phrase, uint32_t count)
{
        Reading reading;

        reading_begin(&reading);
        reading_add(&reading, phrase, 1);
        for (size_t i = 0; i < reading.codes_size; i++) {
                uint32_t *known = &words->known[reading.codes[i].code];

                *known = count > *known ? count : *known;
        }
}

static bool common_read(Words *words, const Yaml *yaml, const json_t *root, Error *err)
{
        const json_t *common = json_object_get(root, "common"), *node;
        const char *phrase;
        uint32_t count = 0;

        if (!json_is_object(common))
                return yaml_error(yaml, common ? common : root, err, "common: a table of phrases is needed");
        json_object_foreach((json_t *)(uintptr_t)common, phrase, node) {
                if (!count_read(yaml, node, phrase, words->known_texts, &count, err))
                        return false;
                phrase_add(words, phrase, count);
                forms_add(&words->forms, phrase);
        }
        return true;
}

static bool forms_read(Words *words, const Yaml *yaml, const json_t *root, Error *err)
{
        const json_t *forms = json_object_get(root, "forms");

        if (forms && !json_is_array(forms))
                return yaml_error(yaml, forms, err, "forms: a list of phrases is needed");
        for (size_t i = 0; i < json_array_size(forms); i++) {
                const json_t *phrase = json_array_get(forms, i);

                if (!json_is_string(phrase))
                        return yaml_error(yaml, phrase, err, "forms: a phrase is needed");
                forms_add(&words->forms, json_string_value(phrase));
        }
        return true;
}

bool words_start(Words *words, const char *path, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);

        if (!yaml)
                return false;
        const json_t *root = yaml_root(yaml);
        const json_t *texts = json_is_object(root) ? json_object_get(root, "texts") : NULL;
        if (!texts)
                return yaml_error(yaml, root, err, "texts: how many reports the counts are of is needed");
        return count_read(yaml, texts, "texts", TEXTS_MOST, &words->known_texts, err) &&
               common_read(words, yaml, root, err) && forms_read(words, yaml, root, err);
}
