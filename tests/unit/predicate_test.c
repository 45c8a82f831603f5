/* What a normalised statement does with which columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "statement/predicate.h"
#include "tests/dialects.h"

/* The statement, its tables, and its columns as usage:table.column, "!" for one inside an expression. */
static const struct one_case {
	const char *text, *tables, *columns;
} CASES[] = {
	{ "select id from orders where customer_email = ? order by created_at desc limit ?", "orders",
	  "equal:orders.customer_email order:orders.created_at" },
	{ "delete from shop.orders where id = ?", "shop.orders", "equal:shop.orders.id" },
	{ "update stock set reserved = reserved + ? where product_id = ?", "stock", "set:stock.reserved equal:stock.product_id" },
	{ "insert into order_items(order_id, price) values (?, ?)", "order_items", "" },
	{ "select * from a where x in (?) and y not in (?) and z <> ?", "a", "equal:a.x" },
	{ "select * from a where x = any(?) and y between ? and ? and ? < z", "a", "equal:a.x range:a.y range:a.z" },
	{ "select * from a where lower(name) = ? and name like ?", "a", "equal:a.name! like:a.name" },
	{ "select * from orders o join customers c on o.customer_id = c.id where c.country = ?", "orders customers",
	  "join:orders.customer_id join:customers.id equal:customers.country" },
	{ "select * from orders o, customers c where o.customer_id = c.id and total > ?", "orders customers",
	  "join:orders.customer_id join:customers.id range:.total" },
	{ "select * from a where id in (select a_id from b where b.k = ?) and x = ?", "a b", "equal:a.id equal:b.k equal:a.x" },
	{ "select * from (select id from b where k = ?) s where s.id = ? and t = ?", "b", "equal:b.k" },
	{ "with recent as (select * from orders where day > ?) select * from recent where total = ?", "orders",
	  "range:orders.day" },
	{ "select count(*) from a group by kind, color order by count(*)", "a", "group:a.kind group:a.color" },
	{ "select * from a where x::text = ? and (y = ? or z >= ?)", "a", "equal:a.x! equal:a.y range:a.z" },
	{ "select * from a where lower(x) = ? and x = ? and abs(y) = ? and abs(y) = ?", "a", "equal:a.x equal:a.y!" },
	{ "select * from \"Order Items\" where \"Order Id\" = ?", "Order Items", "equal:Order Items.Order Id" },
	{ "select * from generate_series(?, ?) g where g = ?", "", "" },
	{ "select ? union select x from a where x = ?", "a", "equal:a.x" },
	{ "select * from a left join b using (id) where a.x = ? for update", "a b", "join:a.id join:b.id equal:a.x" },
	{ "", "", "" },
	{ "(((((", "", "" },
	{ "from from where = = in (", "", "" },
};

/* The same in the backtick family. */
static const struct one_case BACKTICK[] = {
	{ "select * from t where a = ? and b <=> ? and c regexp ? limit ?, ...", "t", "equal:t.a equal:t.b like:t.c" },
	{ "select * from `odd name` where `select` = ? and t.`1x` > ?", "odd name", "equal:odd name.select" },
	{ "select /*+ bka(t) */ a from t use index(ia) where value = ? and offset < ?", "t", "equal:t.value range:t.offset" },
	{ "select a from t as x force index for join (primary) where x.a = @?", "t", "equal:t.a" },
	{ "select a from t partition (p0) where b = ? order by c lock in share mode", "t", "equal:t.b order:t.c" },
	{ "select ? from dual", "", "" },
	{ "select * from t straight_join u on t.a = u.a where t.b = ?", "t u", "join:t.a join:u.a equal:t.b" },
	{ "select a, count(*) from t where d > now() - interval ? day group by a with rollup", "t", "range:t.d group:t.a" },
	{ "select * from t where d between date_sub(now(), interval ? hour) and now()", "t", "range:t.d" },
	{ "select * from t where extract(year from d) = ? and a sounds like ?", "t", "equal:t.d!" },
	{ "insert into t(id, a) values (?, ...) on duplicate key update a = values (a), b = ?", "t", "set:t.a set:t.b" },
	{ "insert ignore into t set a = ?, b = ?", "t", "" },
	{ "insert t(a) values (?)", "t", "" },
	{ "replace low_priority into t(a) select b from u where c = ?", "t u", "equal:u.c" },
	{ "update low_priority ignore t set a = ? where b = ?", "t", "set:t.a equal:t.b" },
	{ "update t, u set t.a = u.x, u.y = ? where t.id = u.id", "t u", "set:t.a set:u.y join:t.id join:u.id" },
	{ "update t join u on t.id = u.id set t.a = ? where u.y = ?", "t u", "join:t.id join:u.id set:t.a equal:u.y" },
	{ "delete t from t join u on t.id = u.id where u.y = ?", "t u", "join:t.id join:u.id equal:u.y" },
	{ "delete from t, u using t inner join u where t.id = u.id", "t u", "join:t.id join:u.id" },
	{ "delete quick from t where a = ? order by b limit ?", "t", "equal:t.a order:t.b" },
	{ "select value from kw where value = ? and user in (?) group by type", "kw",
	  "equal:kw.value equal:kw.user group:kw.type" },
};

static void put(struct buffer *b, struct slice schema, struct slice relation)
{
	buffer_slice(b, schema);
	buffer_text(b, schema.len ? "." : "");
	buffer_slice(b, relation);
}

static void check_cases(unsigned flags, const struct one_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_ARENA a = { 0 };
		SCOPED_BUFFER tables = BUFFER(10000, "tables");
		SCOPED_BUFFER columns = BUFFER(10000, "columns");
		struct predicates read, *p = &read;
		predicates_read(flags, slice_of(cases[i].text), &a, p);
		for (size_t k = 0; k < p->table_count; k++) {
			buffer_text(&tables, k ? " " : "");
			put(&tables, p->tables[k].schema, p->tables[k].name);
		}
		for (size_t k = 0; k < p->column_count; k++) {
			const struct predicate_column *c = &p->columns[k];
			buffer_printf(&columns, "%s%s:", k ? " " : "", predicate_usage_name(c->usage));
			put(&columns, c->schema, c->table);
			buffer_printf(&columns, ".%.*s%s", SLICE_ARG(c->column), c->is_expression ? "!" : "");
		}
		if (!slice_equal(buffer_view(&tables), slice_of(cases[i].tables)) ||
		    !slice_equal(buffer_view(&columns), slice_of(cases[i].columns)))
			fail_msg("%s\ntables:  %s\ncolumns: %s\nwanted:  %s", cases[i].text, buffer_view(&tables).ptr,
				 buffer_view(&columns).ptr, cases[i].columns);
	}
}

static void test_cases(void **state)
{
	(void)state;
	check_cases(DIALECT_STANDARD, CASES, sizeof CASES / sizeof *CASES);
	check_cases(DIALECT_BACKTICK, BACKTICK, sizeof BACKTICK / sizeof *BACKTICK);
}

/* Caps hold, and cost stays linear: a million tokens of every awkward kind. */
static void test_caps(void **state)
{
	(void)state;
	static const char *const pieces[] = { "(", ")", "a . b . ", "select from ", "x = ? and ", "\"", "join t on ", ", " };
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		SCOPED_ARENA a = { 0 };
		SCOPED_BUFFER text = BUFFER(400000, "text");
		buffer_text(&text, "select * from a where ");
		while (!text.is_full)
			buffer_text(&text, pieces[i]);
		struct predicates read, *p = &read;
		predicates_read(DIALECT_STANDARD, buffer_view(&text), &a, p);
		assert_true(p->column_count <= PREDICATE_COLUMNS_MAX && p->table_count <= PREDICATE_TABLES_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_caps) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
