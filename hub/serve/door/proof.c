#include "hub/serve/door/proof.h"

#include "hub/base/buffer.h"
#include "hub/base/text.h"
#include "hub/serve/call.h"

#include <stdlib.h>

struct Proof {
        People *people;
        char *key, *token; /* NULL: not shown */
        char *person;
};

/* "user:lin 350206,350203"; "*": all zones. */
static char *person_text(const Person *person)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        buffer_format(&text, "%s %s", person->name, person->sees_all ? "*" : "");
        for (size_t i = 0; !person->sees_all && person->zones && person->zones[i]; i++)
                buffer_format(&text, "%s%s", i ? "," : "", person->zones[i]);
        return text_copy(text.bytes);
}

Proof *proof_of(const Call *call)
{
        Proof *proof = mem_new(sizeof(Proof));

        *proof = (Proof){ .people = call->serve->people,
                          .key = text_copy(person_key(call)),
                          .token = text_copy(person_token(call)),
                          .person = person_text(call->person) };
        return proof;
}

bool proof_holds(void *context)
{
        const Proof *proof = context;
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const Person *person = person_shown(proof->people, proof->key, proof->token, arena);
        CLEANUP(mem_drop) char *text = person ? person_text(person) : NULL;

        return text && text_same(text, proof->person);
}

void proof_free(void *context)
{
        Proof *proof = context;

        if (!proof)
                return;
        free(proof->key);
        free(proof->token);
        free(proof->person);
        free(proof);
}
