package fr.relais;

import fr.relais.failure.RelaisException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The check that the database loses no data, and that the database server keeps no copies of deleted data. */
final class DatabaseCheck {

    private static final long DAY_IN_SECONDS = 86_400;

    private DatabaseCheck() {}

    /** The refusal of a data source whose connections would silently lose or truncate data. */
    static final class UnsafeConnections extends RelaisException {
        private UnsafeConnections(String problem, String remedy) {
            super("The connections of the DataSource " + problem, remedy);
        }
    }

    /**
     * Makes sure that the connections commit and store everything that is written.
     *
     * @throws UnsafeConnections when some statements would never be committed, or long values would be truncated
     */
    static void require(JdbcClient jdbc) {
        jdbc.sql("select @@autocommit, @@sql_mode").query(row -> {
            if (!row.getBoolean(1)) {
                throw new UnsafeConnections(
                        "are not in auto-commit mode, so some statements would never be committed",
                        "Set spring.datasource.hikari.auto-commit=true.");
            }
            if (!row.getString(2).contains("STRICT_TRANS_TABLES")) {
                throw new UnsafeConnections(
                        "have no STRICT_TRANS_TABLES in their sql_mode, so values that are too long would be truncated",
                        "Leave jdbcCompliantTruncation at its default, and do not set sql_mode for the connections.");
            }
        });
    }

    /** Returns a text for each server setting that should be changed, with the remedy; empty when there is none. */
    static List<String> warnings(JdbcClient jdbc) {
        Map<String, String> variables = new HashMap<>();
        jdbc.sql("""
                show global variables where variable_name in ('innodb_immediate_scrub_data_uncompressed', 'general_log',
                  'slow_query_log', 'log_bin', 'binlog_row_image', 'binlog_expire_logs_seconds')""").query(row -> {
            variables.put(row.getString(1), row.getString(2));
        });
        return warnings(variables);
    }

    /** @param variables the server's variables that concern copies of data, by name */
    static List<String> warnings(Map<String, String> variables) {
        List<String> warnings = new ArrayList<>();
        if (!"ON".equals(variables.get("innodb_immediate_scrub_data_uncompressed"))) {
            warnings.add("innodb_immediate_scrub_data_uncompressed is not ON: the files of the database keep removed"
                    + " offers; set it to ON");
        }
        for (String log : List.of("general_log", "slow_query_log")) {
            if ("ON".equals(variables.get(log))) {
                warnings.add(log + " is ON: the log keeps copies of offers; set it to OFF");
            }
        }
        if ("ON".equals(variables.get("log_bin"))) {
            if (!"MINIMAL".equals(variables.get("binlog_row_image"))) {
                warnings.add("binlog_row_image is " + variables.get("binlog_row_image")
                        + ": each removal writes the removed offer to the binary log; set it to MINIMAL");
            }
            long expiry = Long.parseLong(variables.getOrDefault("binlog_expire_logs_seconds", "0"));
            if (expiry == 0 || expiry > DAY_IN_SECONDS) {
                warnings.add("binlog_expire_logs_seconds is " + expiry
                        + ": the binary log keeps removed offers for longer than a day; set it to " + DAY_IN_SECONDS);
            }
        }
        return warnings;
    }
}
