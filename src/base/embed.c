/*
 * Build-time program: writes a text file as a C array, so that the program holds its schema inside.
 *
 *   embed INPUT OUTPUT SYMBOL      gives  const char SYMBOL[]  (NUL-terminated) and  const size_t SYMBOL_len
 */
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: embed INPUT OUTPUT SYMBOL\n");
		return 2;
	}
	FILE *in = fopen(argv[1], "rb");
	FILE *out = fopen(argv[2], "wb");
	if (!in || !out) {
		perror(in ? argv[2] : argv[1]);
		return 1;
	}
	fprintf(out, "#include <stddef.h>\nextern const char %s[];\nextern const size_t %s_len;\nconst char %s[] = {", argv[3], argv[3],
		argv[3]);
	size_t len = 0;
	for (int c; (c = getc(in)) != EOF; len++)
		fprintf(out, "%s%d,", len % 20 ? "" : "\n\t", (signed char)c);
	fprintf(out, "0\n};\nconst size_t %s_len = %zu;\n", argv[3], len);
	int failed = ferror(in) || fclose(out);
	fclose(in);
	return failed ? 1 : 0;
}
