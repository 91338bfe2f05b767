package fr.relais;

import fr.relais.failure.RelaisException;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The check that the database loses no data, and that the database server keeps no copies of deleted data. */
public final class DatabaseCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);

    /** 10.11, as 100 times the major version plus the minor version. */
    private static final int OLDEST_VERSION = 1011;

    private static final long DAY_IN_SECONDS = 86_400;

    /** The tables that the migrations make. */
    static final List<String> TABLES = List.of(
            "offer",
            "sweep",
            "slice",
            "sighting",
            "removal",
            "undecided",
            "set_aside",
            "lease",
            "account",
            "alert",
            "outbox",
            "source_field",
            "view_count",
            "view_day",
            "view_key",
            "monthly_report",
            "api_key",
            "method",
            "publication",
            "ledger",
            "ledger_head",
            "licence_notice",
            "api_change",
            "certificate",
            "seal",
            "wiped",
            "opening_day",
            "opening",
            "familiar_offer");

    private final JdbcClient jdbc;

    DatabaseCheck(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The refusal of a data source that does not connect to a schema of a supported MariaDB. */
    static final class UnsupportedDatabase extends RelaisException {
        private UnsupportedDatabase(String problem) {
            super(
                    problem + ", and Relais needs MariaDB 10.11 or later",
                    "Use a DataSource with the driver org.mariadb.jdbc.Driver and an address such as"
                            + " jdbc:mariadb://db.example.org/relais.");
        }
    }

    /** The refusal of a data source whose connections would silently lose or truncate data. */
    static final class UnsafeConnections extends RelaisException {
        private UnsafeConnections(String problem, String remedy) {
            super("The connections of the DataSource " + problem, remedy);
        }
    }

    /**
     * Makes sure that the database is supported, and that the connections commit and store everything that is written.
     *
     * @throws UnsupportedDatabase when there is no data source, when the database is not MariaDB or is too old, or when
     *     no schema is selected
     * @throws UnsafeConnections when some statements would never be committed, or long values would be truncated
     */
    static void require(DataSource dataSource) {
        if (dataSource == null) {
            throw new UnsupportedDatabase("There is no DataSource");
        }
        new JdbcTemplate(dataSource).execute((ConnectionCallback<Void>) connection -> {
            DatabaseMetaData database = connection.getMetaData();
            int version = database.getDatabaseMajorVersion() * 100 + database.getDatabaseMinorVersion();
            if (!"MariaDB".equals(database.getDatabaseProductName()) || version < OLDEST_VERSION) {
                throw new UnsupportedDatabase("The DataSource connects to " + database.getDatabaseProductName() + " "
                        + database.getDatabaseMajorVersion() + "." + database.getDatabaseMinorVersion());
            }
            return null;
        });
        requireSafe(JdbcClient.create(dataSource));
    }

    private static void requireSafe(JdbcClient jdbc) {
        jdbc.sql("select @@autocommit, @@sql_mode, database()").query(row -> {
            if (!row.getBoolean(1)) {
                throw new UnsafeConnections(
                        "are not in auto-commit mode, so some statements would never be committed",
                        "Turn on auto-commit, for example with spring.datasource.hikari.auto-commit=true.");
            }
            if (!row.getString(2).contains("STRICT_TRANS_TABLES")) {
                throw new UnsafeConnections(
                        "have no STRICT_TRANS_TABLES in their sql_mode, so values that are too long would be truncated",
                        "Leave jdbcCompliantTruncation at its default, and do not set sql_mode for the connections.");
            }
            if (row.getString(3) == null) {
                throw new UnsupportedDatabase("The address of the DataSource has no schema");
            }
        });
    }

    /** The refusal of a schema in which a table of somebody else has the name of a table of Relais. */
    static final class ForeignTables extends RelaisException {
        private ForeignTables(List<String> names) {
            super(
                    "The schema of the DataSource has tables that Relais did not make and whose names it needs: "
                            + String.join(", ", names),
                    "Give Relais a schema of its own.");
        }
    }

    /**
     * Makes sure that the schema has no foreign table with the name of one of ours. Reads only.
     *
     * @throws ForeignTables when it has
     */
    static void requireOwnTables(JdbcClient jdbc) {
        List<String> foreign =
                jdbc.sql("""
                select table_name from information_schema.tables
                where table_schema = database() and table_name in (:names) and table_comment not like 'Relais%'
                order by table_name""").param("names", TABLES).query(String.class).list();
        if (!foreign.isEmpty()) {
            throw new ForeignTables(foreign);
        }
    }

    /** Logs a warning for each place in which the database server keeps copies of offers, with the remedy. */
    public void logWarnings() {
        Map<String, String> variables = new HashMap<>();
        jdbc.sql("""
                with setting as (
                  select lower(variable_name) as name, variable_value as value from information_schema.global_variables
                  union all
                  select lower(variable_name), variable_value from information_schema.global_status
                )
                select name, value from setting where name in ('innodb_immediate_scrub_data_uncompressed',
                  'general_log', 'slow_query_log', 'server_audit_logging', 'innodb_print_all_deadlocks', 'log_bin',
                  'binlog_row_image', 'binlog_expire_logs_seconds', 'use_stat_tables', 'relay_log_purge',
                  'slaves_connected', 'slaves_running')""").query(row -> {
            variables.put(row.getString("name"), row.getString("value"));
        });
        variables.put("column_stats", columnStatistics());
        warnings(variables)
                .forEach(warning -> LOG.warn(
                        "No content of a removed offer may stay (licence, article 7), but the database server's {}",
                        warning));
    }

    /**
     * Returns the number of columns of this schema whose values the server has copied; 0 when the number cannot be
     * read.
     */
    private String columnStatistics() {
        try {
            return jdbc.sql("select count(*) from mysql.column_stats where db_name = database()")
                    .query(String.class)
                    .single();
        } catch (DataAccessException e) {
            // The account need not have access to the server's own tables.
            return "0";
        }
    }

    /**
     * Returns a text for each place in which the server keeps copies of offers.
     *
     * @param variables the server's variables and status variables that concern copies of data, by their name in lower
     *     case; and {@code column_stats}, the number of columns with copied values
     */
    static List<String> warnings(Map<String, String> variables) {
        List<String> warnings = new ArrayList<>();
        if (!"ON".equals(variables.get("innodb_immediate_scrub_data_uncompressed"))) {
            warnings.add("innodb_immediate_scrub_data_uncompressed is not ON: the files of the database keep removed"
                    + " offers; set it to ON");
        }
        for (String log :
                List.of("general_log", "slow_query_log", "server_audit_logging", "innodb_print_all_deadlocks")) {
            if ("ON".equals(variables.get(log))) {
                warnings.add(log + " is ON: a log keeps statements with offers; set it to OFF");
            }
        }
        if (List.of("PREFERABLY", "COMPLEMENTARY").contains(variables.getOrDefault("use_stat_tables", ""))) {
            warnings.add("use_stat_tables is " + variables.get("use_stat_tables")
                    + ": analyze table copies values of offers; set it to PREFERABLY_FOR_QUERIES");
        }
        if (!"0".equals(variables.getOrDefault("column_stats", "0"))) {
            warnings.add("mysql.column_stats has values of offers: delete its rows of this schema");
        }
        if (!"0".equals(variables.getOrDefault("slaves_connected", "0"))) {
            warnings.add("slaves_connected is " + variables.get("slaves_connected")
                    + ": each replica keeps copies of offers; give it the same settings as this server");
        }
        if (!"0".equals(variables.getOrDefault("slaves_running", "0"))) {
            warnings.add("slaves_running is " + variables.get("slaves_running")
                    + ": this server is a replica, so its primary must have the same settings");
        }
        if ("OFF".equals(variables.get("relay_log_purge"))) {
            warnings.add("relay_log_purge is OFF: the relay logs of a replica keep offers; set it to ON");
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
