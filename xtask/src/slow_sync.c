/* Put before the C library (LD_PRELOAD), so that each sync of a file takes as long as on a disk that keeps what it was given: virtual machines'
   disks often only say so. The first reason for it is V-4, which is held against nothing but syncs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_first(void)
{
    const char *set = getenv("SYNC_TAKES_MS");
    long milliseconds = set ? atol(set) : 0;
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

int fsync(int file)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_first();
    return next(file);
}

int fdatasync(int file)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_first();
    return next(file);
}
