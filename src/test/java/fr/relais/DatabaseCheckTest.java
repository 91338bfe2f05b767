package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseCheckTest {

    private static final Map<String, String> SAFE = Map.of(
            "innodb_immediate_scrub_data_uncompressed", "ON",
            "general_log", "OFF",
            "slow_query_log", "OFF",
            "log_bin", "ON",
            "binlog_row_image", "MINIMAL",
            "binlog_expire_logs_seconds", "86400");

    @Test
    void a_server_that_keeps_no_copies_gets_no_warning() {
        assertThat(DatabaseCheck.warnings(SAFE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "innodb_immediate_scrub_data_uncompressed, OFF",
        "general_log, ON",
        "slow_query_log, ON",
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
