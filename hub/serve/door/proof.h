#pragma once

/*
 * What somebody showed at the door, to be looked at again while he is inside: a stream lasts longer than a right to it. A look at a
 * session is a use of it.
 */

#include "hub/people/people.h"
#include "hub/serve/door/person.h"

typedef struct Proof Proof;

Proof *proof_of(const Call *call); /* of call->person; outlives the call, not its people */
bool proof_holds(void *proof);     /* the same person is let in, and sees the same zones. Does not wait */
void proof_free(void *proof);      /* also NULL */
