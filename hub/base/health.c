#include "hub/base/health.h"

#include "hub/base/memory.h"
#include "hub/base/notify.h"
#include "hub/base/time.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { PEER_NONE, PEER_AWAY, PEER_REACHED };

struct Health {
        atomic_int_least64_t beat_ms; /* monotonic */
        atomic_int peers[HEALTH_PEERS];
        int64_t patience_ms;
        Notify notify;
        bool ready_told;
        int64_t watchdog_at; /* monotonic */
};

Health *health_new(int64_t patience_ms)
{
        Health *health = mem_new(sizeof(Health));

        notify_open(&health->notify);
        health->patience_ms = health->notify.watchdog_ms ? health->notify.watchdog_ms : patience_ms;
        atomic_init(&health->beat_ms, time_monotonic());
        return health;
}

void health_free(Health *health)
{
        if (!health)
                return;
        notify_close(&health->notify);
        free(health);
}

void health_beat(Health *health)
{
        int64_t now;

        if (!health)
                return;
        now = time_monotonic();
        atomic_store(&health->beat_ms, now);
        if (!health->ready_told)
                notify_send(&health->notify, "READY=1");
        health->ready_told = true;
        if (!health->notify.watchdog_ms || now < health->watchdog_at)
                return;
        notify_send(&health->notify, "WATCHDOG=1");
        health->watchdog_at = now + health->notify.watchdog_ms / 4;
}

void health_set(Health *health, HealthPeer peer, bool reachable)
{
        if (health)
                atomic_store(&health->peers[peer], reachable ? PEER_REACHED : PEER_AWAY);
}

void health_stop(Health *health)
{
        if (health)
                notify_send(&health->notify, "STOPPING=1");
}

bool health_live(const Health *health)
{
        return time_monotonic() - atomic_load(&health->beat_ms) <= health->patience_ms;
}

bool health_peer(const Health *health, HealthPeer peer, bool *reachable)
{
        const int state = atomic_load(&health->peers[peer]);

        *reachable = state == PEER_REACHED;
        return state != PEER_NONE;
}

const char *health_peer_name(HealthPeer peer)
{
        static const char *const names[HEALTH_PEERS] = { "kafka", "postgres", "source" };

        return names[peer];
}

bool health_ready(const Health *health, Buffer *out)
{
        bool ready = true, any = false, reachable;

        for (HealthPeer peer = 0; peer < HEALTH_PEERS; peer++) {
                if (!health_peer(health, peer, &reachable))
                        continue;
                buffer_format(out, "%s: %s\n", health_peer_name(peer), reachable ? "reachable" : "away");
                ready = ready && reachable;
                any = true;
        }
        return ready && any;
}
