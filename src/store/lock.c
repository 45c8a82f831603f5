/*
 * PATH.lock: who writes, and who looks at which target. Open file description locks on single bytes: the kernel frees
 * them with the process, so none is ever stale. Ids of processes stand in the file only to be named in messages.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/clock.h"
#include "store/internal.h"

enum { WRITER_BYTE = 0, SLOTS = 255, POLL_NS = 20000000 };

/* One entry of the file; the writer's is the first. */
struct slot {
	uint64_t key;
	int64_t pid;
};

static const off_t TARGET_BYTES = (off_t)1 << 32; /* locks of targets begin behind any byte that is written */

int store_lock_open(struct store *s, struct err *e)
{
	mode_t mode = s->group ? 0660 : 0600;
	s->lock_fd = open(s->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode);
	if (s->lock_fd < 0 && (errno == EROFS || errno == EACCES || errno == EPERM))
		return ERR_OK; /* readers need none */
	if (s->lock_fd < 0)
		return err_set(e, ERR_STORE, "cannot open '%s': %s", s->lock_path, strerror(errno));
	struct stat st;
	if (fstat(s->lock_fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 0777) != mode && fchmod(s->lock_fd, mode) < 0)
		return err_set(e, ERR_STORE, "cannot set the mode of '%s': %s", s->lock_path, strerror(errno));
	return ERR_OK;
}

static bool lock_byte(int fd, off_t at, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		if (errno != EINTR)
			return errno != EAGAIN && errno != EACCES; /* a file system without locks: SQLite's own remain */
	return true;
}

static void slot_write(const struct store *s, off_t place, uint64_t key)
{
	struct slot slot = { key, getpid() };
	if (pwrite(s->lock_fd, &slot, sizeof slot, place * (off_t)sizeof slot) != (ssize_t)sizeof slot)
		return; /* costs a name in a message, nothing else */
}

static int slot_read(const struct store *s, off_t place, uint64_t key)
{
	struct slot slot;
	if (s->lock_fd < 0 || pread(s->lock_fd, &slot, sizeof slot, place * (off_t)sizeof slot) != (ssize_t)sizeof slot)
		return 0;
	return slot.key == key && slot.pid > 0 && slot.pid <= 0x7fffffff ? (int)slot.pid : 0;
}

int store_writer_pid(const struct store *s)
{
	return slot_read(s, 0, 0);
}

int store_lock_writer(struct store *s, struct err *e)
{
	if (s->lock_fd < 0)
		return err_set(e, ERR_STORE, "store '%s': its folder may not be written", s->path);
	int64_t end = clock_monotonic() + s->wait_us;
	while (!lock_byte(s->lock_fd, WRITER_BYTE, F_WRLCK)) {
		if (clock_monotonic() < end) {
			nanosleep(&(struct timespec){ .tv_nsec = POLL_NS }, NULL);
			continue;
		}
		int pid = store_writer_pid(s);
		if (pid)
			err_hint(e, "wait for it, or look with: ps -p %d", pid);
		return pid ? err_set(e, ERR_STORE, "store '%s': process %d is writing to it", s->path, pid)
			   : err_set(e, ERR_STORE, "store '%s': another process is writing to it", s->path);
	}
	slot_write(s, 0, 0);
	return ERR_OK;
}

void store_unlock_writer(struct store *s)
{
	if (s->lock_fd >= 0)
		lock_byte(s->lock_fd, WRITER_BYTE, F_UNLCK);
}

bool store_try_lock(struct store *s, const char *target, int *pid)
{
	*pid = 0;
	if (s->lock_fd < 0)
		return true;
	uint64_t key = XXH3_64bits(target, strlen(target));
	off_t place = 1 + (off_t)(key % SLOTS);
	if (!lock_byte(s->lock_fd, TARGET_BYTES + (off_t)(key >> 20), F_WRLCK)) {
		*pid = slot_read(s, place, key);
		return false;
	}
	slot_write(s, place, key);
	return true;
}
