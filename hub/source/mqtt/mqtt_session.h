#pragma once

/*
 * What we remember of the session that a broker keeps for us, in FOLDER/spool/session: that there is one, and the topics that it
 * may be subscribed to. A topic that was taken out of the configuration stays in the session until somebody takes it out there,
 * and what is published to it would come for ever.
 *
 * Before we connect the file names the topics of before and of now; only once the broker granted those of now and let go of the
 * others, those of now alone. So none is forgotten, whenever the process dies.
 */

#include "hub/base/options.h"

typedef struct {
        char *path;             /* NULL: no session is kept */
        const char *client_id;  /* borrowed, as the topics: whose session it is */
        const TextList *topics; /* that are wanted */
        TextList left;          /* that may be subscribed, and are wanted no more */
        bool known;             /* a broker had a session for us */
} MqttSession;

/* folder NULL: no session is kept. Where the disk takes no note, that is logged: what is known stands all the same. */
void mqtt_session_open(MqttSession *session, const char *folder, const char *client_id, const TextList *topics);
void mqtt_session_settled(MqttSession *session); /* the broker has just the topics of now */
void mqtt_session_close(MqttSession *session);
