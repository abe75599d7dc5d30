#include "hub/base/health.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* systemd's side: a socket with an abstract name, so that nothing is left behind. */
static int systemd_listen(const char *watchdog_us)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        CLEANUP(mem_drop) char *name = text_format("@hub-test-health-%d", (int)getpid());
        CLEANUP(mem_drop) char *pid = text_format("%d", (int)getpid());
        int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

        memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
        ck_assert_int_eq(bind(descriptor, (const struct sockaddr *)&address,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
                         0);
        setenv("NOTIFY_SOCKET", name, 1);
        setenv("WATCHDOG_PID", pid, 1);
        if (watchdog_us)
                setenv("WATCHDOG_USEC", watchdog_us, 1);
        return descriptor;
}

/* What was said, or "" when nothing was. */
static const char *heard(int descriptor, char out[64])
{
        ssize_t size = recv(descriptor, out, 63, 0);

        out[size > 0 ? size : 0] = '\0';
        return out;
}

/* A unit of Type=notify counts as started when the loop has turned once, not before. */
START_TEST(systemd_hears_of_the_first_turn_and_the_end)
{
        int systemd = systemd_listen(NULL);
        Health *health = health_new(1000);
        char text[64];

        ck_assert_str_eq(heard(systemd, text), "");
        health_beat(health);
        ck_assert_str_eq(heard(systemd, text), "READY=1");
        health_beat(health);
        ck_assert_str_eq(heard(systemd, text), "");
        health_stop(health);
        ck_assert_str_eq(heard(systemd, text), "STOPPING=1");
        health_free(health);
        close(systemd);
}
END_TEST

/* The watchdog hears of turns only: a loop that stands still says nothing, whatever other threads do. */
START_TEST(watchdog_hears_of_turns_only)
{
        int systemd = systemd_listen("60000000");
        Health *health = health_new(1);
        char text[64];

        ck_assert(health_live(health));
        ck_assert_str_eq(heard(systemd, text), "");
        health_beat(health);
        ck_assert_str_eq(heard(systemd, text), "READY=1");
        ck_assert_str_eq(heard(systemd, text), "WATCHDOG=1");
        health_beat(health);
        ck_assert_str_eq(heard(systemd, text), "");
        health_free(health);
        close(systemd);
}
END_TEST

START_TEST(watchdog_of_another_process_is_not_ours)
{
        int systemd = systemd_listen("60000000");
        char text[64];

        setenv("WATCHDOG_PID", "1", 1);
        Health *health = health_new(1000);
        health_beat(health);
        ck_assert_str_eq(heard(systemd, text), "READY=1");
        ck_assert_str_eq(heard(systemd, text), "");
        health_free(health);
        close(systemd);
}
END_TEST

START_TEST(nobody_listens)
{
        CLEANUP(mem_drop) char *endless = mem_new(4096);

        memset(endless, '/', 4095);
        setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
        Health *health = health_new(1000);
        health_beat(health);
        health_free(health);
        setenv("NOTIFY_SOCKET", endless, 1);
        health = health_new(1000);
        health_beat(health);
        health_free(health);
        health_beat(NULL);
        health_set(NULL, HEALTH_KAFKA, true);
        health_stop(NULL);
        health_free(NULL);
}
END_TEST

START_TEST(a_loop_that_stands_still_is_not_live)
{
        Health *health = health_new(-1); /* no beat is recent enough */

        health_beat(health);
        ck_assert(!health_live(health));
        health_free(health);
        health = health_new(60000);
        ck_assert(health_live(health));
        health_free(health);
}
END_TEST

START_TEST(ready_when_every_peer_is_reached)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Health *health = health_new(1000);

        ck_assert(!health_ready(health, &text));
        health_set(health, HEALTH_KAFKA, true);
        health_set(health, HEALTH_SOURCE, false);
        ck_assert(!health_ready(health, &text));
        ck_assert_str_eq(text.bytes, "kafka: reachable\nsource: away\n");
        health_set(health, HEALTH_SOURCE, true);
        buffer_clear(&text);
        ck_assert(health_ready(health, &text));
        ck_assert_str_eq(text.bytes, "kafka: reachable\nsource: reachable\n");
        health_free(health);
}
END_TEST

RUN("health", systemd_hears_of_the_first_turn_and_the_end, watchdog_hears_of_turns_only,
    watchdog_of_another_process_is_not_ours, nobody_listens, a_loop_that_stands_still_is_not_live,
    ready_when_every_peer_is_reached)
