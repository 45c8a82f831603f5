/*
 * Opening the store: where it is, whether the file may be trusted, and the making of a new one. Only this file makes
 * folders and files; a file that is not a store of ours is named and left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "statement/statement.h"
#include "store/internal.h"

static int pragma(const struct store *s, sqlite3 *db, const char *sql, int64_t *value, struct err *e)
{
	return store_step(s, db, slice_of(sql), NULL, "reading it", value, e);
}

/* O_PATH: closing such a descriptor does not drop the locks that SQLite holds on the file in this process. */
static int stat_file(const struct store *s, struct stat *st, bool *exists, struct err *e)
{
	int fd = open(s->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	*exists = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? ERR_OK : err_set(e, ERR_STORE, "cannot open store '%s': %s", s->path, strerror(errno));
	int rc = fstat(fd, st);
	close(fd);
	if (rc < 0)
		return err_set(e, ERR_STORE, "cannot read store '%s': %s", s->path, strerror(errno));
	if (S_ISLNK(st->st_mode))
		return err_set(e, ERR_STORE, "store '%s' is a symbolic link: name the file itself", s->path);
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_STORE, "store '%s' is no file", s->path);
	return ERR_OK;
}

/* In a folder where everybody may make files (/tmp), somebody may have made the log that SQLite would replay. */
static int check_beside(const struct store *s, struct err *e)
{
	static const char *const ends[] = { "-wal", "-shm", "-journal", ".lock", ".new" };
	char path[STORE_PATH_MAX + 16];
	struct stat st;
	for (size_t i = 0; i < sizeof ends / sizeof *ends && !s->group; i++) {
		snprintf(path, sizeof path, "%s%s", s->path, ends[i]);
		if (lstat(path, &st) < 0 || st.st_uid == geteuid() || st.st_uid == 0)
			continue;
		err_hint(e, "remove it, or give a store in a folder of your own with --store");
		return err_set(e, ERR_STORE, "store '%s': '%s' beside it belongs to another user", s->path, path);
	}
	return ERR_OK;
}

static int check_file(const struct store *s, bool *exists, struct err *e)
{
	struct stat st;
	gid_t group = 0;
	int rc = stat_file(s, &st, exists, e);
	if (!rc)
		rc = check_beside(s, e);
	if (rc || !*exists)
		return rc;
	if (st.st_mode & S_IWOTH) {
		err_hint(e, "chmod o-w '%s', if what it holds can still be trusted", s->path);
		return err_set(e, ERR_STORE, "store '%s': anybody may write to it", s->path);
	}
	if (s->group && (rc = store_group(s->group, &group, e)))
		return rc;
	if (st.st_uid != geteuid() && !(s->group && st.st_gid == group)) {
		const struct passwd *owner = getpwuid(st.st_uid);
		err_hint(e, "run as that user, share it with store_group, or give another file with --store");
		return err_set(e, ERR_STORE, "store '%s' belongs to user '%s'", s->path, owner ? owner->pw_name : "unknown");
	}
	if (st.st_size == 0) {
		err_hint(e, "remove the empty file, then a new store is made");
		return err_set(e, ERR_STORE, "store '%s' is empty: not a store", s->path);
	}
	return ERR_OK;
}

/* Types of statfs(2) whose locks or shared memory cannot be relied on between machines. */
static bool is_network(const char *path)
{
	static const unsigned long types[] = {
		NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, CODA_SUPER_MAGIC,        AFS_SUPER_MAGIC,
		AFS_FS_MAGIC,    V9FS_MAGIC,      CEPH_SUPER_MAGIC, FUSE_SUPER_MAGIC, 0x0bd00bd0 /* lustre */, 0x47504653 /* gpfs */
	};
	struct statfs fs;
	if (statfs(path, &fs) < 0)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (((unsigned long)fs.f_type & 0xffffffff) == types[i])
			return true;
	return false;
}

/* Writes the whole shape into an empty file, which gets its name only when it is complete. */
static int fill_new(const struct store *s, char *path, struct err *e)
{
	struct store fresh = *s;
	fresh.path = path;
	SCOPED_DB *db = NULL;
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "the store's schema");
	buffer_printf(
		&sql,
		"PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = %d; PRAGMA user_version = %d; "
		"BEGIN;\n",
		STORE_APPLICATION_ID, STORE_VERSION);
	int rc = store_put_schema(&sql, "main.", e);
	buffer_text(&sql, "COMMIT;");
	if (!rc)
		rc = store_connect(&fresh, true, &db, e);
	if (!rc)
		rc = store_exec(&fresh, db, sql.data, "making it", e);
	if (!rc)
		rc = store_sync(&fresh, db, e);
	return rc ? rc : store_rekey(&fresh, db, e);
}

static int make_empty(const struct store *s, const char *path, struct err *e)
{
	mode_t mode = s->group ? 0660 : 0600;
	gid_t group = 0;
	int rc = s->group ? store_group(s->group, &group, e) : ERR_OK;
	if (rc)
		return rc;
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return err_set(e, ERR_STORE, "cannot make store '%s': %s", s->path, strerror(errno));
	if (fchmod(fd, mode) < 0 || (s->group && fchown(fd, (uid_t)-1, group) < 0))
		rc = err_set(e, ERR_STORE, "cannot set mode and group of '%s': %s", path, strerror(errno));
	close(fd);
	return rc;
}

/* Held: the writer's place. A half-made file of a run that died is in nobody's way and is made anew. */
static int create(const struct store *s, struct err *e)
{
	char path[STORE_PATH_MAX + 8], journal[STORE_PATH_MAX + 16];
	snprintf(path, sizeof path, "%s.new", s->path);
	snprintf(journal, sizeof journal, "%s-journal", path);
	unlink(path);
	unlink(journal);
	int rc = make_empty(s, path, e);
	if (!rc)
		rc = fill_new(s, path, e);
	if (!rc && renameat2(AT_FDCWD, path, AT_FDCWD, s->path, RENAME_NOREPLACE) < 0 && errno != EEXIST &&
	    (errno != EINVAL || rename(path, s->path) < 0))
		rc = err_set(e, ERR_STORE, "cannot make store '%s': %s", s->path, strerror(errno));
	unlink(path);
	return rc;
}

static int make(struct store *s, struct err *e)
{
	bool exists;
	int rc = store_lock_writer(s, e);
	if (rc)
		return rc;
	rc = check_file(s, &exists, e); /* another run may have been quicker */
	if (!rc && !exists)
		rc = create(s, e);
	store_unlock_writer(s);
	return rc;
}

/* Fingerprints of rules that this program does not know would be told as other statements. */
static int check_normaliser(const struct store *s, sqlite3 *db, struct err *e)
{
	int64_t version = 0;
	int rc = store_normaliser(s, db, &version, e);
	if (rc || version <= STATEMENT_VERSION)
		return rc;
	err_hint(e, "use that dbperf, or give another file with --store");
	return err_set(e, ERR_STORE, "store '%s' was written by a newer dbperf: its statements are of version %lld, this one knows %d", s->path,
		       (long long)version, STATEMENT_VERSION);
}

static int check_identity(const struct store *s, sqlite3 *db, struct err *e)
{
	int64_t id = 0, version = 0;
	int rc = store_exec(s, db, "SELECT count(*) FROM sqlite_schema", "reading it", e);
	if (!rc)
		rc = pragma(s, db, "PRAGMA application_id", &id, e);
	if (!rc)
		rc = pragma(s, db, "PRAGMA user_version", &version, e);
	if (rc)
		return rc;
	if (id != STORE_APPLICATION_ID)
		return err_set(e, ERR_STORE, "'%s' is a database, but not a store of dbperf", s->path);
	if (version > STORE_VERSION) {
		err_hint(e, "use that dbperf, or give another file with --store");
		return err_set(e, ERR_STORE, "store '%s' was written by a newer dbperf: version %lld, this one knows %d", s->path,
			       (long long)version, STORE_VERSION);
	}
	return version == STORE_VERSION ? check_normaliser(s, db, e) : ERR_OK;
}

/* Write-ahead log, so that readers and the writer do not wait for each other; not where machines share the file. */
static int set_journal(struct store *s, sqlite3 *db, struct err *e)
{
	s->is_network = is_network(s->path);
	int rc = pragma(s, db, s->is_network ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL", NULL, e);
	if (s->is_network)
		snprintf(s->warning, sizeof s->warning,
			 "store '%.150s' is on a network file system: let one machine at a time use it", s->path);
	return rc;
}

static bool folder_is_writable(const char *path)
{
	char folder[STORE_PATH_MAX + 1];
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	slash[slash == folder] = 0;
	return access(folder, W_OK) == 0;
}

/* Identity, version, shape. A store that may not be written is read as it is. */
static int prepare(struct store *s, bool must_exist, struct err *e)
{
	SCOPED_DB *db = NULL;
	bool is_writable = s->lock_fd >= 0 && access(s->path, W_OK) == 0 && folder_is_writable(s->path);
	if (!is_writable && !must_exist)
		return err_set(e, ERR_STORE, "store '%s' may not be written", s->path);
	int rc = store_connect(s, is_writable, &db, e);
	if (!rc)
		rc = check_identity(s, db, e);
	if (rc || !is_writable)
		return rc;
	size_t count;
	const struct store_migration *steps = store_migrations(&count);
	rc = store_migrate(s, db, steps, count, STORE_VERSION, e);
	if (!rc)
		rc = set_journal(s, db, e);
	if (!rc)
		rc = store_sync(s, db, e);
	return rc ? rc : store_rekey(s, db, e);
}

static int open_parts(struct store *s, const struct store_options *options, struct err *e)
{
	bool exists = false;
	int rc = store_find(s, options->path, !options->must_exist, e);
	if (!rc)
		rc = check_file(s, &exists, e);
	if (!rc && !exists && options->must_exist) {
		err_hint(e, "dbperf audit TARGET or dbperf collect TARGET makes it");
		rc = err_set(e, ERR_STORE, "there is no store '%s'", s->path);
	}
	if (!rc)
		rc = store_lock_open(s, e);
	if (!rc && !exists)
		rc = make(s, e);
	return rc ? rc : prepare(s, options->must_exist, e);
}

int store_open(const struct store_options *options, struct store **out, struct err *e)
{
	*out = NULL;
	struct store *s = calloc(1, sizeof *s);
	if (!s)
		err_no_memory(sizeof *s);
	s->lock_fd = -1;
	s->wait_us = options->wait_us;
	s->retention_us = options->retention_us;
	s->max_bytes = options->max_bytes;
	s->group = options->group && *options->group ? arena_text(&s->arena, slice_of(options->group)) : NULL;
	int rc = open_parts(s, options, e);
	if (rc) {
		store_close(s);
		return rc;
	}
	*out = s;
	return ERR_OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	arena_close(&s->arena);
	free(s);
}

const char *store_path(const struct store *s)
{
	return s->path;
}

const char *store_warning(const struct store *s)
{
	return s->warning[0] ? s->warning : NULL;
}
