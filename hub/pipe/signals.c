#include "hub/pipe/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t signals_set(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        return set;
}

void signals_open(Signals *signals)
{
        sigset_t set = signals_set();

        pthread_sigmask(SIG_BLOCK, &set, NULL);
        *signals = (Signals){ .descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC) };
        if (signals->descriptor < 0)
                abort();
        signal(SIGPIPE, SIG_IGN);
}

static void signals_read(Signals *signals)
{
        struct signalfd_siginfo info;

        while (read(signals->descriptor, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
                if (info.ssi_signo == SIGHUP)
                        signals->reload = true;
                else
                        signals->stop = true;
        }
}

bool signals_stop(Signals *signals)
{
        signals_read(signals);
        return signals->stop;
}

bool signals_reload(Signals *signals)
{
        bool reload;

        signals_read(signals);
        reload = signals->reload;
        signals->reload = false;
        return reload;
}

void signals_close(Signals *signals)
{
        sigset_t set = signals_set();

        close(signals->descriptor);
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
