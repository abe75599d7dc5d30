/*
 * test-crowd ADDRESS CLIENTS RESULT [--until FILE] [--seconds S] [--calm] [--times FILE]: so many clients of the stream of incidents, in one thread, each
 * from the feed's begin on, and again where it was cut off. Of each 20, two hang up now and then, and one reads so slowly that it is left behind; none with --calm, which
 * begins at the head. It ends S seconds after all listen, or when each has the number that stands in FILE (it may come later), or when for a minute and a half nobody heard anything new.
 *
 * RESULT: of each client a line "client KIND LIVES SIZE HASH RESETS WRONG LAST" (crowd_ear.h) and behind it its SIZE numbers of the feed, 32 bits each, as this machine
 * has them. FILE of --times: of each number when the first, half, 99 of 100 and the last of the clients had heard it, CLOCK_MONOTONIC in us, 0: they did not.
 */

#include "tests/system/tool/crowd_client.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, TICK_MS = 5, LOOK_MS = 200, QUIET_MS = 90 * 1000, KINDS_OF = 20, FILES_MORE = 100 };

static int64_t now_us(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * (int64_t)SECOND_MS * MS_US + now.tv_nsec / MS_US;
}

static bool all_have(const Crowd *crowd)
{
        for (size_t i = 0; i < crowd->size; i++)
                if (crowd->clients[i].ear.last < crowd->target)
                        return false;
        return true;
}

static bool all_listen(const Crowd *crowd)
{
        for (size_t i = 0; i < crowd->size; i++)
                if (!crowd->clients[i].is_through_head)
                        return false;
        return true;
}

static void target_look(Crowd *crowd)
{
        FILE *file = crowd->until && crowd->target < 0 ? fopen(crowd->until, "r") : NULL;
        long long number;

        if (file && fscanf(file, "%lld", &number) == 1) {
                crowd->target = number;
                crowd->moved_ms = crowd_ms(crowd);
        }
        if (file)
                fclose(file);
}

/* Looked at now and then. */
static bool is_over(Crowd *crowd)
{
        if (crowd_ms(crowd) - crowd->looked_ms < LOOK_MS)
                return false;
        crowd->looked_ms = crowd_ms(crowd);
        target_look(crowd);
        if (crowd->seconds && !crowd->ends_ms && all_listen(crowd)) {
                crowd->ends_ms = crowd_ms(crowd) + crowd->seconds * SECOND_MS;
                puts("all listen");
                fflush(stdout);
        }
        return (crowd->ends_ms && crowd_ms(crowd) >= crowd->ends_ms) ||
               (crowd->target >= 0 && (all_have(crowd) || crowd_ms(crowd) - crowd->moved_ms > QUIET_MS));
}

static void run(Crowd *crowd)
{
        struct epoll_event events[EVENTS];
        int64_t ticked = 0;

        do {
                const int size = epoll_wait(crowd->poll, events, EVENTS, TICK_MS);

                crowd->now_us = now_us();
                for (int i = 0; i < size; i++)
                        client_event(crowd, events[i].data.ptr, events[i].events & (EPOLLERR | EPOLLHUP));
                for (size_t i = 0; crowd_ms(crowd) - ticked >= TICK_MS && i < crowd->size; i++)
                        client_tick(crowd, &crowd->clients[i]);
                if (crowd_ms(crowd) - ticked >= TICK_MS)
                        ticked = crowd_ms(crowd);
        } while (!is_over(crowd));
}

/* ---- what is written ---- */

static FILE *made(const char *path)
{
        FILE *file = fopen(path, "w");

        if (!file) {
                perror(path);
                exit(EXIT_FAILURE);
        }
        return file;
}

static void result_write(const Crowd *crowd)
{
        static const char *const names[] = { "calm", "restless", "slow" };
        FILE *file = made(crowd->result);

        for (size_t i = 0; i < crowd->size; i++) {
                const Client *client = &crowd->clients[i];
                const Ear *ear = &client->ear;

                fprintf(file, "client %s %u %zu %016llx %u %u %lld\n", names[client->kind], client->lives, ear->size,
                        (unsigned long long)ear->hash, ear->resets, ear->wrong, (long long)ear->last);
                fwrite(ear->feeds, sizeof(uint32_t), ear->size, file);
        }
        fclose(file);
}

static void times_write(const Crowd *crowd)
{
        FILE *file = made(crowd->times_path);

        for (size_t feed = 0; feed < crowd->times_most; feed++)
                if (crowd->times[feed].count)
                        fprintf(file, "%zu %lld %lld %lld %lld\n", feed, (long long)crowd->times[feed].at[0],
                                (long long)crowd->times[feed].at[1], (long long)crowd->times[feed].at[2],
                                (long long)crowd->times[feed].at[3]);
        fclose(file);
}

/* ---- begin ---- */

static bool arguments_read(Crowd *crowd, int argc, char **argv)
{
        static const struct option options[] = { { "until", required_argument, NULL, 'u' },
                                                 { "seconds", required_argument, NULL, 's' },
                                                 { "times", required_argument, NULL, 't' },
                                                 { "calm", no_argument, NULL, 'c' },
                                                 { 0 } };
        int option;
        char *colon;

        while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
                if (option == 'u')
                        crowd->until = optarg;
                else if (option == 's')
                        crowd->seconds = strtoll(optarg, NULL, 10);
                else if (option == 't')
                        crowd->times_path = optarg;
                else if (option == 'c')
                        crowd->is_calm = true;
                else
                        return false;
        }
        colon = argc - optind == 3 ? strrchr(argv[optind], ':') : NULL;
        if (!colon || (!crowd->until && !crowd->seconds))
                return false;
        *colon = '\0';
        crowd->peer = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1)) };
        crowd->size = strtoul(argv[optind + 1], NULL, 10);
        crowd->result = argv[optind + 2];
        return inet_pton(AF_INET, argv[optind], &crowd->peer.sin_addr) == 1;
}

static void gather(Crowd *crowd)
{
        const struct rlimit files = { crowd->size + FILES_MORE, crowd->size + FILES_MORE };

        if (setrlimit(RLIMIT_NOFILE, &files) != 0)
                perror("RLIMIT_NOFILE");
        crowd->poll = epoll_create1(EPOLL_CLOEXEC);
        crowd->target = -1;
        crowd->clients = calloc(crowd->size + 1, sizeof(Client));
        if (!crowd->clients)
                abort();
        for (size_t i = 0; i < crowd->size; i++) {
                const size_t of = i % KINDS_OF;

                ear_open(&crowd->clients[i].ear);
                crowd->clients[i].socket = -1;
                crowd->clients[i].kind = crowd->is_calm ? CALM : of == 1 ? SLOW : of == 2 || of == 3 ? RESTLESS : CALM;
        }
}

int main(int argc, char **argv)
{
        Crowd *crowd = calloc(1, sizeof(Crowd));

        if (!crowd || !arguments_read(crowd, argc, argv)) {
                fputs("usage: test-crowd ADDRESS CLIENTS RESULT [--until FILE] [--seconds S] [--calm] [--times FILE]\n",
                      stderr);
                return 2;
        }
        gather(crowd);
        run(crowd);
        result_write(crowd);
        if (crowd->times_path)
                times_write(crowd);
        for (size_t i = 0; i < crowd->size; i++)
                ear_close(&crowd->clients[i].ear);
        free(crowd->clients);
        free(crowd->times);
        close(crowd->poll);
        free(crowd);
        return 0;
}
