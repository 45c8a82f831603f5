/*
 * The words that a server puts before messages and statements, in the languages of its message catalogues: enough to
 * find entries, their severity and their time where lc_messages is not English. Messages themselves are read in English.
 */
#include "log.h"

enum { SPACES_MOST = 2, PHRASE_BYTES = 160, USUAL_BYTES = 20 };

enum language {
	ENGLISH,
	GERMAN,
	FRENCH,
	SPANISH,
	ITALIAN,
	PORTUGUESE,
	RUSSIAN,
	UKRAINIAN,
	JAPANESE,
	CHINESE,
	KOREAN,
	SWEDISH,
	POLISH,
	CZECH,
	TURKISH
};

static const char *const LANGUAGES[] = {
	[GERMAN] = "German",         [FRENCH] = "French",   [SPANISH] = "Spanish",     [ITALIAN] = "Italian",
	[PORTUGUESE] = "Portuguese", [RUSSIAN] = "Russian", [UKRAINIAN] = "Ukrainian", [JAPANESE] = "Japanese",
	[CHINESE] = "Chinese",       [KOREAN] = "Korean",   [SWEDISH] = "Swedish",     [POLISH] = "Polish",
	[CZECH] = "Czech",           [TURKISH] = "Turkish",
};

struct word {
	const char *text; /* with the colon */
	uint8_t label, language;
};

/* The frequent ones first. */
static const struct word WORDS[] = {
	{ "LOG:", LABEL_LOG, ENGLISH },
	{ "DETAIL:", LABEL_DETAIL, ENGLISH },
	{ "STATEMENT:", LABEL_STATEMENT, ENGLISH },
	{ "ERROR:", LABEL_ERROR, ENGLISH },
	{ "FATAL:", LABEL_FATAL, ENGLISH },
	{ "WARNING:", LABEL_WARNING, ENGLISH },
	{ "HINT:", LABEL_HINT, ENGLISH },
	{ "CONTEXT:", LABEL_CONTEXT, ENGLISH },
	{ "LOCATION:", LABEL_LOCATION, ENGLISH },
	{ "QUERY:", LABEL_QUERY, ENGLISH },
	{ "BACKTRACE:", LABEL_BACKTRACE, ENGLISH },
	{ "PANIC:", LABEL_PANIC, ENGLISH },
	{ "NOTICE:", LABEL_NOTICE, ENGLISH },
	{ "INFO:", LABEL_INFO, ENGLISH },
	{ "DEBUG1:", LABEL_DEBUG, ENGLISH },
	{ "DEBUG2:", LABEL_DEBUG, ENGLISH },
	{ "DEBUG3:", LABEL_DEBUG, ENGLISH },
	{ "DEBUG4:", LABEL_DEBUG, ENGLISH },
	{ "DEBUG5:", LABEL_DEBUG, ENGLISH },
	{ "DEBUG:", LABEL_DEBUG, ENGLISH },
	{ "FEHLER:", LABEL_ERROR, GERMAN },
	{ "PANIK:", LABEL_PANIC, GERMAN },
	{ "WARNUNG:", LABEL_WARNING, GERMAN },
	{ "HINWEIS:", LABEL_NOTICE, GERMAN },
	{ "TIPP:", LABEL_HINT, GERMAN },
	{ "ANFRAGE:", LABEL_QUERY, GERMAN },
	{ "ZUSAMMENHANG:", LABEL_CONTEXT, GERMAN },
	{ "ANWEISUNG:", LABEL_STATEMENT, GERMAN },
	{ "ORT:", LABEL_LOCATION, GERMAN },
	{ "ERREUR:", LABEL_ERROR, FRENCH },
	{ "ATTENTION:", LABEL_WARNING, FRENCH },
	{ "DÉTAIL:", LABEL_DETAIL, FRENCH },
	{ "ASTUCE :", LABEL_HINT, FRENCH },
	{ "REQUÊTE :", LABEL_QUERY, FRENCH },
	{ "CONTEXTE :", LABEL_CONTEXT, FRENCH },
	{ "INSTRUCTION :", LABEL_STATEMENT, FRENCH },
	{ "EMPLACEMENT :", LABEL_LOCATION, FRENCH },
	{ "PILE D'APPEL :", LABEL_BACKTRACE, FRENCH },
	{ "DETALLE:", LABEL_DETAIL, SPANISH },
	{ "SUGERENCIA:", LABEL_HINT, SPANISH },
	{ "CONSULTA:", LABEL_QUERY, SPANISH },
	{ "CONTEXTO:", LABEL_CONTEXT, SPANISH },
	{ "SENTENCIA:", LABEL_STATEMENT, SPANISH },
	{ "UBICACIÓN:", LABEL_LOCATION, SPANISH },
	{ "ERRORE:", LABEL_ERROR, ITALIAN },
	{ "FATALE:", LABEL_FATAL, ITALIAN },
	{ "PANICO:", LABEL_PANIC, ITALIAN },
	{ "ATTENZIONE:", LABEL_WARNING, ITALIAN },
	{ "NOTIFICA:", LABEL_NOTICE, ITALIAN },
	{ "DETTAGLI:", LABEL_DETAIL, ITALIAN },
	{ "SUGGERIMENTO:", LABEL_HINT, ITALIAN },
	{ "CONTESTO:", LABEL_CONTEXT, ITALIAN },
	{ "ISTRUZIONE:", LABEL_STATEMENT, ITALIAN },
	{ "POSIZIONE:", LABEL_LOCATION, ITALIAN },
	{ "ERRO:", LABEL_ERROR, PORTUGUESE },
	{ "AVISO:", LABEL_WARNING, PORTUGUESE },
	{ "NOTA:", LABEL_NOTICE, PORTUGUESE },
	{ "DETALHE:", LABEL_DETAIL, PORTUGUESE },
	{ "DICA:", LABEL_HINT, PORTUGUESE },
	{ "COMANDO:", LABEL_STATEMENT, PORTUGUESE },
	{ "LOCAL:", LABEL_LOCATION, PORTUGUESE },
	{ "СООБЩЕНИЕ:", LABEL_LOG, RUSSIAN },
	{ "ОШИБКА:", LABEL_ERROR, RUSSIAN },
	{ "ВАЖНО:", LABEL_FATAL, RUSSIAN },
	{ "ПАНИКА:", LABEL_PANIC, RUSSIAN },
	{ "ПРЕДУПРЕЖДЕНИЕ:", LABEL_WARNING, RUSSIAN },
	{ "ЗАМЕЧАНИЕ:", LABEL_NOTICE, RUSSIAN },
	{ "ИНФОРМАЦИЯ:", LABEL_INFO, RUSSIAN },
	{ "ОТЛАДКА:", LABEL_DEBUG, RUSSIAN },
	{ "ПОДРОБНОСТИ:", LABEL_DETAIL, RUSSIAN },
	{ "ПОДСКАЗКА:", LABEL_HINT, RUSSIAN },
	{ "ЗАПРОС:", LABEL_QUERY, RUSSIAN },
	{ "КОНТЕКСТ:", LABEL_CONTEXT, RUSSIAN },
	{ "ОПЕРАТОР:", LABEL_STATEMENT, RUSSIAN },
	{ "ПОЛОЖЕНИЕ:", LABEL_LOCATION, RUSSIAN },
	{ "СТЕК:", LABEL_BACKTRACE, RUSSIAN },
	{ "ЗАПИСУВАННЯ:", LABEL_LOG, UKRAINIAN },
	{ "ПОМИЛКА:", LABEL_ERROR, UKRAINIAN },
	{ "ФАТАЛЬНО:", LABEL_FATAL, UKRAINIAN },
	{ "ПАНІКА:", LABEL_PANIC, UKRAINIAN },
	{ "ПОПЕРЕДЖЕННЯ:", LABEL_WARNING, UKRAINIAN },
	{ "ПОВІДОМЛЕННЯ:", LABEL_NOTICE, UKRAINIAN },
	{ "ІНФОРМАЦІЯ:", LABEL_INFO, UKRAINIAN },
	{ "НАЛАГОДЖЕННЯ:", LABEL_DEBUG, UKRAINIAN },
	{ "ВІДОМОСТІ:", LABEL_DETAIL, UKRAINIAN },
	{ "УКАЗІВКА:", LABEL_HINT, UKRAINIAN },
	{ "ЗАПИТ:", LABEL_QUERY, UKRAINIAN },
	{ "ІНСТРУКЦІЯ:", LABEL_STATEMENT, UKRAINIAN },
	{ "РОЗТАШУВАННЯ:", LABEL_LOCATION, UKRAINIAN },
	{ "詳細:", LABEL_DETAIL, JAPANESE },
	{ "ヒント:", LABEL_HINT, JAPANESE },
	{ "問い合わせ:", LABEL_QUERY, JAPANESE },
	{ "文脈:", LABEL_CONTEXT, JAPANESE },
	{ "文:", LABEL_STATEMENT, JAPANESE },
	{ "ステートメント:", LABEL_STATEMENT, JAPANESE },
	{ "場所:", LABEL_LOCATION, JAPANESE },
	{ "バックトレース:", LABEL_BACKTRACE, JAPANESE },
	{ "エラー:", LABEL_ERROR, JAPANESE },
	{ "警告:", LABEL_WARNING, CHINESE },
	{ "日志:", LABEL_LOG, CHINESE },
	{ "错误:", LABEL_ERROR, CHINESE },
	{ "致命错误:", LABEL_FATAL, CHINESE },
	{ "比致命错误还过分的错误:", LABEL_PANIC, CHINESE },
	{ "注意:", LABEL_NOTICE, CHINESE },
	{ "信息:", LABEL_INFO, CHINESE },
	{ "调试:", LABEL_DEBUG, CHINESE },
	{ "详细信息:", LABEL_DETAIL, CHINESE },
	{ "提示:", LABEL_HINT, CHINESE },
	{ "查询:", LABEL_QUERY, CHINESE },
	{ "上下文:", LABEL_CONTEXT, CHINESE },
	{ "背景:", LABEL_CONTEXT, CHINESE },
	{ "语句:", LABEL_STATEMENT, CHINESE },
	{ "位置:", LABEL_LOCATION, CHINESE },
	{ "로그:", LABEL_LOG, KOREAN },
	{ "오류:", LABEL_ERROR, KOREAN },
	{ "치명적오류:", LABEL_FATAL, KOREAN },
	{ "손상:", LABEL_PANIC, KOREAN },
	{ "경고:", LABEL_WARNING, KOREAN },
	{ "알림:", LABEL_NOTICE, KOREAN },
	{ "정보:", LABEL_INFO, KOREAN },
	{ "디버그:", LABEL_DEBUG, KOREAN },
	{ "상세정보:", LABEL_DETAIL, KOREAN },
	{ "힌트:", LABEL_HINT, KOREAN },
	{ "쿼리:", LABEL_QUERY, KOREAN },
	{ "내용:", LABEL_CONTEXT, KOREAN },
	{ "명령 구문:", LABEL_STATEMENT, KOREAN },
	{ "위치:", LABEL_LOCATION, KOREAN },
	{ "역추적:", LABEL_BACKTRACE, KOREAN },
	{ "LOGG:", LABEL_LOG, SWEDISH },
	{ "FEL:", LABEL_ERROR, SWEDISH },
	{ "FATALT:", LABEL_FATAL, SWEDISH },
	{ "VARNING:", LABEL_WARNING, SWEDISH },
	{ "NOTIS:", LABEL_NOTICE, SWEDISH },
	{ "DETALJ:", LABEL_DETAIL, SWEDISH },
	{ "TIPS:", LABEL_HINT, SWEDISH },
	{ "FRÅGA:", LABEL_QUERY, SWEDISH },
	{ "KONTEXT:", LABEL_CONTEXT, SWEDISH },
	{ "SATS:", LABEL_STATEMENT, SWEDISH },
	{ "PLATS:", LABEL_LOCATION, SWEDISH },
	{ "DZIENNIK:", LABEL_LOG, POLISH },
	{ "BŁĄD:", LABEL_ERROR, POLISH },
	{ "KATASTROFALNY:", LABEL_FATAL, POLISH },
	{ "PANIKA:", LABEL_PANIC, POLISH },
	{ "OSTRZEŻENIE:", LABEL_WARNING, POLISH },
	{ "SZCZEGÓŁY:", LABEL_DETAIL, POLISH },
	{ "PODPOWIEDŹ:", LABEL_HINT, POLISH },
	{ "ZAPYTANIE:", LABEL_QUERY, POLISH },
	{ "KONTEKST:", LABEL_CONTEXT, POLISH },
	{ "WYRAŻENIE:", LABEL_STATEMENT, POLISH },
	{ "POZYCJA:", LABEL_LOCATION, POLISH },
	{ "CHYBA:", LABEL_ERROR, CZECH },
	{ "VAROVÁNÍ:", LABEL_WARNING, CZECH },
	{ "DOPORUČENÍ:", LABEL_HINT, CZECH },
	{ "DOTAZ:", LABEL_QUERY, CZECH },
	{ "PŘÍKAZ:", LABEL_STATEMENT, CZECH },
	{ "HATA:", LABEL_ERROR, TURKISH },
	{ "UYARI:", LABEL_WARNING, TURKISH },
	{ "AYRINTI:", LABEL_DETAIL, TURKISH },
	{ "İPUCU:", LABEL_HINT, TURKISH },
};

static bool stands(const char *at, const char *end, const char *text, const char **behind)
{
	size_t len = strlen(text);
	if ((size_t)(end - at) < len || memcmp(at, text, len) != 0)
		return false;
	*behind = at + len;
	return true;
}

static const struct word *word_at(const char *at, const char *end, const char **text)
{
	for (size_t i = 0; at < end && i < sizeof WORDS / sizeof *WORDS; i++)
		if (WORDS[i].text[0] == *at && stands(at, end, WORDS[i].text, text) &&
		    (*text == end || **text == ' ' || **text == '\n' || **text == '\r'))
			return &WORDS[i];
	return NULL;
}

enum label label_read_slow(const char *at, const char *end, const char **text)
{
	const char *behind;
	const struct word *word = word_at(at, end, &behind);
	if (!word)
		return LABEL_NONE;
	for (int i = 0; i < SPACES_MOST && behind < end && *behind == ' '; i++)
		behind++;
	*text = behind;
	return (enum label)word->label;
}

enum label label_of_word(struct dbperf_text word)
{
	for (size_t i = 0; word.len && i < sizeof WORDS / sizeof *WORDS; i++) {
		size_t len = strlen(WORDS[i].text) - 1;
		if (len == word.len && memcmp(WORDS[i].text, word.text, len) == 0)
			return (enum label)WORDS[i].label;
	}
	return LABEL_NONE;
}

const char *label_name(enum label label)
{
	static const char *const NAMES[LABELS] = {
		[LABEL_DEBUG] = "DEBUG", [LABEL_INFO] = "INFO",   [LABEL_NOTICE] = "NOTICE", [LABEL_WARNING] = "WARNING",
		[LABEL_LOG] = "LOG",     [LABEL_ERROR] = "ERROR", [LABEL_FATAL] = "FATAL",   [LABEL_PANIC] = "PANIC",
	};
	return NAMES[label];
}

/* How a language writes times of statements. What stands in no catalogue is written in English by the server. */
struct phrases {
	uint8_t language;
	const char *duration, *statement, *parse, *bind, *execute;
};

static const struct phrases PHRASES[] = {
	{ GERMAN, "Dauer", "Anweisung", "Parsen ", "Binden ", "Ausführen " },
	{ FRENCH, "durée ", "instruction ", "analyse ", "lien ", "exécute " },
	{ SPANISH, "duración", "sentencia", "parse", "bind ", "ejecutar " },
	{ ITALIAN, "durata", "istruzione", "analisi di ", "bind ", "esecuzione di " },
	{ PORTUGUESE, "duração", "comando", "análise ", "ligação ", "executar " },
	{ RUSSIAN, "продолжительность", "оператор", "разбор ", "сообщение Bind ", "выполнение " },
	{ UKRAINIAN, "тривалість", "оператор", "аналізування ", "повідомлення bind ", "виконувати " },
	{ JAPANESE, "期間", "文", "パース", "バインド ", "実行 " },
	{ CHINESE, "执行时间", "语句", "解析 ", "绑定", "执行 " },
	{ KOREAN, "실행시간", "명령 구문", NULL, NULL, "쿼리실행 " },
	{ SWEDISH, "varaktighet", "sats", "parse ", "bind ", "kör " },
	{ POLISH, "czas trwania", "wyrażenie", "parsowanie ", "dowiązanie ", "wykonanie " },
	{ CZECH, "doba trvání", "příkaz", "parse ", "bind ", "vykonání " },
};

static const char *const UNITS[] = { " ms", " мс", " ミリ秒", " milissegundos" };

/* Where the text begins behind the next ": " (or a colon that ends its line). */
static bool phrase_end(struct dbperf_text message, const char *from, size_t *text)
{
	const char *end = message.text + message.len, *last = end - from > PHRASE_BYTES ? from + PHRASE_BYTES : end;
	for (const char *at = from; at < last && (at = memchr(at, ':', (size_t)(last - at))); at++) {
		if (at + 1 < end && at[1] != ' ' && at[1] != '\n' && at[1] != '\r')
			continue;
		*text = (size_t)(at + 1 - message.text) + (at + 1 < end && at[1] == ' ');
		return true;
	}
	return false;
}

/* The number and its unit at `at`; returns what stands behind, or NULL. */
static const char *duration_read(const char *at, const char *end, struct timing *timing)
{
	const char *from = at, *behind;
	while (at < end && *at != ' ' && *at != '\n' && at - from < FIELD_BYTES)
		at++;
	if (!milliseconds_read(text_of(from, (size_t)(at - from)), &timing->us))
		timing->us = -1;
	for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
		if (stands(at, end, UNITS[i], &behind)) {
			timing->has_duration = true;
			return behind;
		}
	return NULL;
}

/* What stands behind the time: "  statement: …". */
static void timed_read(struct dbperf_text message, const char *at, const struct phrases *words, struct timing *timing)
{
	const char *end = message.text + message.len, *behind;
	while (at < end && (*at == ' ' || *at == ','))
		at++;
	if (at == end || *at == '\n' || *at == '\r') {
		timing->what = TIMING_DURATION;
		return;
	}
	if (stands(at, end, "plan:", &behind)) {
		timing->what = TIMING_PLAN;
		timing->text = (size_t)(behind - message.text);
		return;
	}
	bool is_statement = stands(at, end, words->statement, &behind);
	bool is_parse = words->parse && stands(at, end, words->parse, &behind);
	bool is_bind = words->bind && stands(at, end, words->bind, &behind);
	if (phrase_end(message, is_statement || is_parse ? behind : at, &timing->text))
		timing->what = is_statement ? TIMING_STATEMENT : is_parse ? TIMING_PARSE : is_bind ? TIMING_BIND : TIMING_EXECUTE;
}

/* Whether the message begins as no phrase of another language does. */
static bool is_english(struct dbperf_text message)
{
	return (unsigned char)message.text[0] < 0x80 && !strchr("Ddsicvpe", message.text[0]) &&
	       !(message.text[0] >= 'A' && message.text[0] <= 'Z');
}

static bool translated_read(struct dbperf_text message, struct timing *timing)
{
	const char *end = message.text + message.len, *at;
	for (size_t i = 0; i < sizeof PHRASES / sizeof *PHRASES; i++) {
		const struct phrases *words = &PHRASES[i];
		if (stands(message.text, end, words->duration, &at)) {
			while (at < end && (*at == ' ' || *at == ':'))
				at++;
			at = duration_read(at, end, timing);
			if (at)
				timed_read(message, at, words, timing);
			return timing->what != TIMING_NONE;
		}
		bool is_statement = stands(message.text, end, words->statement, &at) && at < end &&
				    (*at == ':' || (*at == ' ' && at[1] == ':'));
		if (is_statement || stands(message.text, end, words->execute, &at)) {
			if (phrase_end(message, at, &timing->text))
				timing->what = is_statement ? TIMING_STATEMENT : TIMING_EXECUTE;
			return timing->what != TIMING_NONE;
		}
	}
	return false;
}

/* "duration: 12.345 ms  statement: SELECT …", what most lines of most logs are; false when it is anything else. */
static bool usual_read(struct dbperf_text message, struct timing *timing)
{
	static const char END[] = " ms  statement: ";
	const char *at = message.text + 10, *end = message.text + message.len;
	int64_t ms = 0;
	while (at < end && is_digit(*at) && at - message.text < USUAL_BYTES)
		ms = ms * 10 + (*at++ - '0');
	if (end - at < 4 + (long)sizeof END || *at != '.' || !is_digit(at[1]) || !is_digit(at[2]) || !is_digit(at[3]) ||
	    memcmp(at + 4, END, sizeof END - 1) != 0)
		return false;
	*timing = (struct timing){
		.what = TIMING_STATEMENT,
		.has_duration = true,
		.us = ms * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0'),
		.text = (size_t)(at + 4 + sizeof END - 1 - message.text),
	};
	return true;
}

void timing_read(struct dbperf_text message, struct timing *timing)
{
	static const struct phrases ENGLISH_WORDS = { ENGLISH, "duration: ", "statement", "parse ", "bind ", "execute " };
	const char *end = message.text + message.len, *at;
	bool has_duration = message.len > 10 && memcmp(message.text, "duration: ", 10) == 0;
	if (has_duration && usual_read(message, timing))
		return;
	*timing = (struct timing){ 0 };
	if (has_duration) {
		at = duration_read(message.text + 10, end, timing);
		if (at)
			timed_read(message, at, &ENGLISH_WORDS, timing);
	} else if (stands(message.text, end, "statement: ", &at) || stands(message.text, end, "query: ", &at)) {
		timing->what = TIMING_STATEMENT; /* "query:" until 7.4 */
		timing->text = (size_t)(at - message.text);
	} else if (stands(message.text, end, "execute ", &at)) {
		if (phrase_end(message, at, &timing->text))
			timing->what = TIMING_EXECUTE;
	} else if (message.len && !is_english(message)) {
		translated_read(message, timing);
	}
}

const char *language_of(const char *at, const char *end)
{
	const char *text = at, *behind;
	const struct word *word = word_at(at, end, &text);
	if (!word || word->language != ENGLISH)
		return word ? LANGUAGES[word->language] : NULL;
	while (text < end && *text == ' ')
		text++;
	for (size_t i = 0; i < sizeof PHRASES / sizeof *PHRASES; i++)
		if (stands(text, end, PHRASES[i].duration, &behind))
			return LANGUAGES[PHRASES[i].language];
	return NULL;
}
