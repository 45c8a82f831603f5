/* Where the store is: the default place, the folders above it, and a path without symbolic links in its folders. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"

enum { FIRST_PERSON = 1000 /* UID_MIN of login.defs: below are system users */ };

int store_group(const char *group, gid_t *id, struct err *e)
{
	const struct group *found = getgrnam(group);
	if (!found)
		return err_set(e, ERR_STORE, "store_group: no group '%s' on this machine", group);
	*id = found->gr_gid;
	return ERR_OK;
}

static int default_path(struct arena *a, const char **path, struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	if (state && *state == '/')
		*path = arena_printf(a, "%s/dbperf/dbperf.db", state);
	else if (geteuid() < FIRST_PERSON)
		*path = "/var/lib/dbperf/dbperf.db";
	else if (home && *home == '/')
		*path = arena_printf(a, "%s/.local/state/dbperf/dbperf.db", home);
	else {
		err_hint(e, "give it with --store FILE, or set HOME");
		return err_set(e, ERR_STORE, "no place for the store: neither XDG_STATE_HOME nor HOME is set");
	}
	return ERR_OK;
}

/* Makes the folder and those above it that are missing. */
static int make_missing(char *folder, struct err *e)
{
	size_t len = strlen(folder);
	for (size_t i = 1; i <= len; i++) {
		if (folder[i] != '/' && folder[i] != 0)
			continue;
		char kept = folder[i];
		folder[i] = 0;
		int rc = mkdir(folder, 0700);
		if (rc < 0 && errno != EEXIST)
			return err_set(e, ERR_STORE, "cannot make folder '%s' for the store: %s", folder, strerror(errno));
		folder[i] = kept;
	}
	return ERR_OK;
}

/* The folder itself belongs to the group, those above it do not. */
static int make_folder(const struct store *s, char *folder, struct err *e)
{
	struct stat st;
	if (stat(folder, &st) == 0)
		return ERR_OK;
	int rc = make_missing(folder, e);
	gid_t group = 0;
	if (rc || !s->group)
		return rc;
	rc = store_group(s->group, &group, e);
	if (!rc && (chown(folder, (uid_t)-1, group) < 0 || chmod(folder, 02770) < 0))
		rc = err_set(e, ERR_STORE, "cannot give folder '%s' to group '%s': %s", folder, s->group, strerror(errno));
	return rc;
}

/* A folder where anybody may write lets anybody put another file in the store's place. */
static int check_folder(const struct store *s, const char *folder, struct err *e)
{
	struct stat st;
	if (stat(folder, &st) < 0)
		return err_set(e, ERR_STORE, "folder '%s': %s", folder, strerror(errno));
	if (!(st.st_mode & S_IWOTH) || (st.st_mode & S_ISVTX))
		return ERR_OK;
	err_hint(e, "chmod o-w '%s'", folder);
	return err_set(e, ERR_STORE, "store '%s': anybody may write to its folder", s->path);
}

int store_find(struct store *s, const char *given, bool may_make, struct err *e)
{
	int rc = given ? ERR_OK : default_path(&s->arena, &given, e);
	if (rc)
		return rc;
	const char *slash = strrchr(given, '/');
	const char *name = slash ? slash + 1 : given;
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strlen(given) >= STORE_PATH_MAX)
		return err_set(e, ERR_STORE, "store '%.200s': not the name of a file", given);
	struct slice above = slash ? (struct slice){ given, slash == given ? 1 : (size_t)(slash - given) } : SLICE(".");
	char *folder = arena_text(&s->arena, above);
	rc = may_make ? make_folder(s, folder, e) : ERR_OK;
	if (rc)
		return rc;
	char *real = realpath(folder, NULL);
	if (!real)
		return err_set(e, ERR_STORE, "store '%s': folder '%s': %s", given, folder, strerror(errno));
	s->path = arena_printf(&s->arena, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
	s->lock_path = arena_printf(&s->arena, "%s.lock", s->path);
	rc = strlen(s->path) < STORE_PATH_MAX ? check_folder(s, real, e)
					      : err_set(e, ERR_STORE, "store: path longer than %d bytes", STORE_PATH_MAX);
	free(real);
	return rc;
}
