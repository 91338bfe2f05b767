package fr.relais.wipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables that a wipe empties, and the tables that it keeps. */
final class WipedTables {

    /** The tables of Relais that are emptied, in this order. */
    static final List<String> EMPTIED = List.of(
            "api_key",
            "view_count",
            "view_day",
            "view_key",
            "removal",
            "slice",
            "set_aside",
            "source_field",
            "undecided",
            "offer",
            // What a request or a sweep could still add while the tables above are emptied.
            "sighting",
            "outbox",
            "opening",
            "opening_day",
            "familiar_offer");

    /** The tables of Relais that are kept as evidence. None has content or an id of an offer. */
    static final List<String> KEPT = List.of(
            "ledger",
            "ledger_head",
            "sweep",
            "certificate",
            "licence_notice",
            "api_change",
            "monthly_report",
            "method",
            "publication",
            "account",
            "alert",
            "lease",
            "seal",
            "wiped",
            "relais_schema_history");

    /** How many foreign keys may lead from a table to {@code offer}, one after the other. */
    private static final int MAX_DEPTH = 20;

    private final JdbcClient jdbc;

    /** A table. Its text is its name, with the schema only if that is not Relais's own. */
    record Table(String schema, String name, boolean isOwnSchema) {

        /** Returns the name for statements. */
        String sql() {
            return quoted(schema) + "." + quoted(name);
        }

        private static String quoted(String name) {
            return "`" + name.replace("`", "``") + "`";
        }

        @Override
        public String toString() {
            return isOwnSchema ? name : schema + "." + name;
        }
    }

    WipedTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the tables to be emptied, each before the tables to which its foreign keys lead. */
    List<Table> emptied() {
        String schema = schema();
        return Stream.concat(derived(schema).stream(), EMPTIED.stream().map(name -> new Table(schema, name, true)))
                .distinct()
                .toList();
    }

    /**
     * Returns the tables whose foreign keys lead to {@code offer}, directly or through other tables, such as those of
     * own transformations. They may be in another schema.
     */
    List<Table> derived(String schema) {
        List<Table> found = new ArrayList<>();
        List<Table> next = List.of(new Table(schema, "offer", true));
        for (int depth = 0; depth < MAX_DEPTH && !next.isEmpty(); depth++) {
            next = next.stream()
                    .flatMap(table -> referencing(table).stream())
                    .distinct()
                    .toList();
            // A table that is found again is emptied before the tables that were found in between.
            found.removeAll(next);
            found.addAll(next);
        }
        Collections.reverse(found);
        return found;
    }

    private List<Table> referencing(Table table) {
        return jdbc.sql("""
                select distinct table_schema, table_name, table_schema = database()
                from information_schema.key_column_usage
                where referenced_table_schema = :schema and referenced_table_name = :name
                  and not (table_schema = :schema and table_name = :name)
                order by table_schema, table_name""")
                .param("schema", table.schema)
                .param("name", table.name)
                .query((row, number) -> new Table(row.getString(1), row.getString(2), row.getBoolean(3)))
                .list();
    }

    /** A foreign key to the id of an offer. */
    record Key(Table table, String column) {}

    /** Returns the foreign keys that lead from other tables to {@code offer}. */
    List<Key> keysToOffer() {
        return jdbc.sql("""
                select table_schema, table_name, table_schema = database(), column_name
                from information_schema.key_column_usage
                where referenced_table_schema = database() and referenced_table_name = 'offer'
                  and referenced_column_name = 'id'
                order by table_schema, table_name, column_name""")
                .query((row, number) -> new Key(
                        new Table(row.getString(1), row.getString(2), row.getBoolean(3)),
                        Table.quoted(row.getString(4))))
                .list();
    }

    /** Returns the tables of the schema that are neither emptied nor Relais's own. They may have copies of offers. */
    List<String> unknown() {
        List<String> emptied = emptied().stream().map(Table::toString).toList();
        return jdbc
                .sql("select table_name from information_schema.tables where table_schema = database()"
                        + " and table_type = 'BASE TABLE' order by table_name")
                .query(String.class)
                .list()
                .stream()
                .filter(name -> !KEPT.contains(name) && !emptied.contains(name))
                .toList();
    }

    String schema() {
        return jdbc.sql("select database()").query(String.class).single();
    }
}
