/* explain: reads plans from files, folders or standard input, judges and shows them. Nothing is asked of any server. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/trusted.h"
#include "cli/commands.h"
#include "cli/look.h"
#include "source/plan_run.h"

enum {
	FILES_MAX = 10000,         /* of one folder */
	PLAN_FILE_MAX = 512 << 20, /* bytes of one input */
	NAMES_SHOWN = 3,           /* of files without a plan */
};

/* What is being explained. */
struct explaining {
	struct session *s;
	int64_t position; /* plans so far */
	size_t empty;     /* files of folders without a plan */
	struct buffer empty_names;
};

static int read_input(int fd, const char *name, struct buffer *out, struct err *e)
{
	char piece[65536];
	for (;;) {
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_SOURCE, "cannot read '%s': %s", name, strerror(errno));
		if (n == 0)
			return ERR_OK;
		buffer_add(out, piece, (size_t)n);
		if (out->is_full)
			return err_set(e, ERR_SOURCE, "'%s' has more than %d bytes (PLAN_FILE_MAX)", name, PLAN_FILE_MAX);
	}
}

/* "q1.txt", and of several plans in one text "q1.txt (2)". */
static const char *name_of(struct session *s, const char *input, size_t place, size_t count)
{
	const char *name = strcmp(input, "-") == 0 ? "plan" : input;
	return count > 1 ? arena_printf(s->arena, "%s (%zu)", name, place + 1) : arena_text(s->arena, slice_of(name));
}

static int enter_all(struct explaining *x, const char *input, struct slice text, const struct plan_list *list, struct err *e)
{
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < list->count; i++) {
		struct plan_target target = { .plan = list->items[i],
					      .name = name_of(x->s, input, i, list->count),
					      .engine = list->driver->name,
					      .id = plan_id(text, slice_of(input), (size_t)x->position),
					      .position = x->position,
					      .now = x->s->now };
		x->position++;
		rc = plan_enter(x->s->run, &target, e);
		if (!rc && list->items[i]->is_cut) {
			struct err note = { 0 };
			err_set(&note, ERR_SOURCE, "'%s' ends too early: what there is of the plan is shown", target.name);
			session_note(x->s, &note);
		}
	}
	return rc;
}

/* One text: its plans are entered, what is wrong with it becomes a note. */
static int explain_text(struct explaining *x, const char *input, struct slice text, bool is_of_folder, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct plan_list list;
	struct err wrong = { 0 };
	int failed = plans_read(x->s->drivers, NULL, text, &a, &list, &wrong);
	int rc = enter_all(x, input, text, &list, e);
	if (rc || !failed)
		return rc;
	if (is_of_folder && !list.driver) { /* a folder may hold other things */
		if (x->empty++ < NAMES_SHOWN)
			buffer_printf(&x->empty_names, "%s'%s'", x->empty_names.len ? ", " : "", input);
		return ERR_OK;
	}
	err_set(&wrong, ERR_SOURCE, "'%s'", strcmp(input, "-") == 0 ? "standard input" : input);
	session_note(x->s, &wrong);
	return ERR_OK;
}

static int explain_file(struct explaining *x, const char *path, bool is_of_folder, struct err *e)
{
	SCOPED_BUFFER text = BUFFER(PLAN_FILE_MAX, "PLAN_FILE_MAX");
	struct err wrong = { 0 };
	bool is_input = strcmp(path, "-") == 0;
	SCOPED_FD fd = is_input ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (!is_input && fd < 0)
		err_set(&wrong, ERR_SOURCE, "cannot open '%s': %s", options_quote(x->s->arena, path), strerror(errno));
	else if (read_input(is_input ? STDIN_FILENO : fd, is_input ? "standard input" : path, &text, &wrong) == ERR_OK)
		return explain_text(x, path, buffer_view(&text), is_of_folder, e);
	session_note(x->s, &wrong);
	return ERR_OK;
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* The plain files of a folder, in order of their names; not those of folders in it. */
static int explain_folder(struct explaining *x, const char *path, struct err *e)
{
	struct session *s = x->s;
	struct err wrong = { 0 };
	const char **names = arena_array(s->arena, FILES_MAX, sizeof *names);
	size_t count = 0;
	DIR *folder = opendir(path);
	if (!folder) {
		err_set(&wrong, ERR_SOURCE, "cannot open '%s': %s", options_quote(s->arena, path), strerror(errno));
		session_note(s, &wrong);
		return ERR_OK;
	}
	for (const struct dirent *entry; (entry = readdir(folder)) && count < FILES_MAX;) {
		struct stat status;
		if (entry->d_name[0] != '.' && fstatat(dirfd(folder), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode))
			names[count++] =
				arena_printf(s->arena, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", entry->d_name);
	}
	closedir(folder);
	if (count == FILES_MAX)
		return err_set(e, ERR_SOURCE, "'%s' has more than %d files (FILES_MAX)", options_quote(s->arena, path), FILES_MAX);
	qsort(names, count, sizeof *names, compare_names);
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < count; i++)
		rc = explain_file(x, names[i], true, e);
	return rc;
}

static int explain_input(struct explaining *x, const char *path, struct err *e)
{
	struct stat status;
	bool is_folder = strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	return is_folder ? explain_folder(x, path, e) : explain_file(x, path, false, e);
}

/* Files of folders that hold no plan are told, and are no failure as long as others do. */
static void tell_empty(struct explaining *x)
{
	struct err note = { 0 };
	if (!x->empty)
		return;
	snprintf(note.text, sizeof note.text, "%zu files hold no plan: %.*s%s", x->empty, SLICE_ARG(buffer_view(&x->empty_names)),
		 x->empty > NAMES_SHOWN ? ", …" : "");
	note.code = x->position ? ERR_OK : ERR_SOURCE;
	if (!x->position || !session_has(x->s, OPTION_QUIET))
		session_note(x->s, &note);
}

static int read_plans(struct explaining *x, struct err *e)
{
	struct session *s = x->s;
	int rc = rundb_begin(s->run, e);
	for (size_t i = 0; !rc && i < s->options->word_count; i++)
		rc = explain_input(x, s->options->words[i], e);
	if (!rc && !s->options->word_count)
		rc = explain_input(x, "-", e);
	if (!rc)
		tell_empty(x);
	return rc ? rc : rundb_commit(s->run, e);
}

int command_explain(struct session *s, struct err *e)
{
	struct explaining x = { .s = s, .empty_names = BUFFER(4096, "names of files without a plan") };
	bool is_text = strcmp(session_text(s, OPTION_FORMAT, "text"), "text") == 0;
	s->impact_of = "the plan's time";
	int rc = session_sections(s, e);
	if (!rc)
		rc = session_drivers(s, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = read_plans(&x, e);
	buffer_close(&x.empty_names);
	if (!rc && x.position)
		rc = judge(s, NULL, "plan", e);
	if (!rc)
		rc = judge_status(s, "none", e);
	if (rc || (!x.position && is_text))
		return rc;
	return session_report(s, "explain", e);
}
