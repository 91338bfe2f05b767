package fr.relais;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether the database keeps all that is written, and whether its server keeps copies of what is deleted. */
final class DatabaseCheck {

    private static final long DAY = 86_400;

    private DatabaseCheck() {}

    /** @throws IllegalArgumentException when connections of the pool would lose or cut off what is written, without a word */
    static void require(JdbcClient jdbc) {
        jdbc.sql("select @@autocommit, @@sql_mode").query(row -> {
            if (!row.getBoolean(1)) {
                throw new IllegalArgumentException("The connections of the DataSource have to be in auto-commit mode"
                        + " (spring.datasource.hikari.auto-commit=true): else nothing of some statements is kept");
            }
            if (!row.getString(2).contains("STRICT_TRANS_TABLES")) {
                throw new IllegalArgumentException(
                        "The connections of the DataSource have to have STRICT_TRANS_TABLES in"
                                + " their sql_mode, which the driver sees to by default (jdbcCompliantTruncation): else offers"
                                + " that are too long are cut off");
            }
        });
    }

    /** What should be changed, each with its remedy; empty when all is well. */
    static List<String> warnings(JdbcClient jdbc) {
        Map<String, String> variables = new HashMap<>();
        jdbc.sql("""
                show global variables where variable_name in ('innodb_immediate_scrub_data_uncompressed', 'general_log',
                  'slow_query_log', 'log_bin', 'binlog_row_image', 'binlog_expire_logs_seconds')""").query(row -> {
            variables.put(row.getString(1), row.getString(2));
        });
        return warnings(variables);
    }

    /** @param variables of the server, by name */
    static List<String> warnings(Map<String, String> variables) {
        List<String> warnings = new ArrayList<>();
        if (!"ON".equals(variables.get("innodb_immediate_scrub_data_uncompressed"))) {
            warnings.add("innodb_immediate_scrub_data_uncompressed is not ON: removed offers stay in the files of the"
                    + " database");
        }
        for (String log : List.of("general_log", "slow_query_log")) {
            if ("ON".equals(variables.get(log))) {
                warnings.add(log + " is ON: it writes offers to a file; set it to OFF");
            }
        }
        if ("ON".equals(variables.get("log_bin"))) {
            if (!"MINIMAL".equals(variables.get("binlog_row_image"))) {
                warnings.add("binlog_row_image is " + variables.get("binlog_row_image")
                        + ": each removal writes the removed offer to the binary log; set it to MINIMAL");
            }
            long expiry = Long.parseLong(variables.getOrDefault("binlog_expire_logs_seconds", "0"));
            if (expiry == 0 || expiry > DAY) {
                warnings.add("binlog_expire_logs_seconds is " + expiry
                        + ": the binary log keeps removed offers for longer than a day; set it to " + DAY);
            }
        }
        return warnings;
    }
}
