package fr.relais;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseCheckTest {

    private static final Map<String, String> SAFE = Map.ofEntries(
            entry("innodb_immediate_scrub_data_uncompressed", "ON"),
            entry("general_log", "OFF"),
            entry("slow_query_log", "OFF"),
            entry("server_audit_logging", "OFF"),
            entry("innodb_print_all_deadlocks", "OFF"),
            entry("log_bin", "ON"),
            entry("binlog_row_image", "MINIMAL"),
            entry("binlog_expire_logs_seconds", "86400"),
            entry("use_stat_tables", "PREFERABLY_FOR_QUERIES"),
            entry("column_stats", "0"),
            entry("slaves_connected", "0"),
            entry("slaves_running", "0"),
            entry("relay_log_purge", "ON"));

    @Test
    void a_server_that_keeps_no_copies_gets_no_warning() {
        assertThat(DatabaseCheck.warnings(SAFE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "innodb_immediate_scrub_data_uncompressed, OFF",
        "general_log, ON",
        "slow_query_log, ON",
        "server_audit_logging, ON",
        "innodb_print_all_deadlocks, ON",
        "use_stat_tables, PREFERABLY",
        "use_stat_tables, COMPLEMENTARY",
        "slaves_connected, 2",
        "slaves_running, 1",
        "relay_log_purge, OFF",
        "binlog_row_image, FULL",
        "binlog_expire_logs_seconds, 0",
        "binlog_expire_logs_seconds, 86401"
    })
    void a_setting_that_keeps_copies_gets_a_warning(String name, String value) {
        assertThat(DatabaseCheck.warnings(with(name, value)))
                .singleElement()
                .asString()
                .startsWith(name);
    }

    @Test
    void copied_values_of_columns_get_a_warning() {
        assertThat(DatabaseCheck.warnings(with("column_stats", "3")))
                .singleElement()
                .asString()
                .startsWith("mysql.column_stats has values of offers");
    }

    @Test
    void settings_of_the_binary_log_do_not_matter_when_it_is_off() {
        Map<String, String> variables = with("log_bin", "OFF");
        variables.put("binlog_row_image", "FULL");

        assertThat(DatabaseCheck.warnings(variables)).isEmpty();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> variables = new HashMap<>(SAFE);
        variables.put(name, value);
        return variables;
    }
}
