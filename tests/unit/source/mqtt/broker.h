#pragma once

/* A real Mosquitto of the test's own, on a free loopback port, in the test's folder. */

#include "hub/base/memory.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
        const char *folder;
        int port;
        pid_t process;
} Broker;

static bool port_answers(int port)
{
        struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = htons((uint16_t)port),
                                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int descriptor = socket(AF_INET, SOCK_STREAM, 0);
        bool answers = connect(descriptor, (const struct sockaddr *)&address, sizeof(address)) == 0;

        close(descriptor);
        return answers;
}

static int port_free(void)
{
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);
        int descriptor = socket(AF_INET, SOCK_STREAM, 0);

        ck_assert_int_eq(bind(descriptor, (const struct sockaddr *)&address, size), 0);
        ck_assert_int_eq(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
        close(descriptor);
        return ntohs(address.sin_port);
}

static void text_write(const char *folder, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

/* Returns when it answers. */
static void broker_start(Broker *broker)
{
        CLEANUP(mem_drop) char *path = text_format("%s/mosquitto.conf", broker->folder);

        broker->process = fork();
        if (broker->process == 0) {
                int nowhere = open("/dev/null", O_WRONLY);

                dup2(nowhere, STDOUT_FILENO);
                dup2(nowhere, STDERR_FILENO);
                execl("/usr/sbin/mosquitto", "mosquitto", "-c", path, (char *)NULL);
                _exit(127);
        }
        for (int i = 0; !port_answers(broker->port) && i < 500; i++) {
                ck_assert_msg(waitpid(broker->process, NULL, WNOHANG) == 0, "mosquitto does not start");
                poll(NULL, 0, 20);
        }
        ck_assert_msg(port_answers(broker->port), "mosquitto does not answer");
}

/* access: "allow_anonymous true", or a password file. */
static void broker_open(Broker *broker, const char *folder, const char *access)
{
        CLEANUP(mem_drop) char *config = NULL;

        *broker = (Broker){ .folder = folder, .port = port_free() };
        config = text_format("listener %d 127.0.0.1\nuser root\nmax_queued_messages 0\nlog_type none\n%s\n",
                             broker->port, access);
        text_write(folder, "mosquitto.conf", config);
        broker_start(broker);
}

static void broker_kill(Broker *broker)
{
        kill(broker->process, SIGKILL);
        waitpid(broker->process, NULL, 0);
}

/* Through the broker's own tool, so that both ends are not ours; returns when the broker has it. payload: "-n", "-m text" */
static void publish(const Broker *broker, const char *topic, const char *payload)
{
        CLEANUP(mem_drop)
        char *command = text_format("mosquitto_pub -h 127.0.0.1 -p %d -q 1 -t '%s' %s", broker->port, topic, payload);

        ck_assert_msg(system(command) == 0, "%s", command);
}
