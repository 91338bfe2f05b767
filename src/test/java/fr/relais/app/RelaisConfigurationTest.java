package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.failure.RelaisException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelaisConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://root:s3cr3t@localhost/relais, jdbc:mysql:",
        "jdbc:h2:mem:s3cr3t, jdbc:h2:",
        "mariadb://s3cr3t/relais, mariadb:"
    })
    void another_database_is_rejected_without_showing_its_password(String url, String driver) {
        assertThatThrownBy(() -> RelaisConfiguration.requireMariaDb(url))
                .isInstanceOfSatisfying(
                        RelaisException.class, failure -> assertThat(failure.getMessage() + failure.remedy())
                                .contains("spring.datasource.url", driver, "jdbc:mariadb:")
                                .doesNotContain("s3cr3t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mariadb://localhost/relais", "jdbc:otel:mariadb://localhost/relais"})
    void mariadb_is_accepted_with_and_without_a_wrapper_driver(String url) {
        assertThatCode(() -> RelaisConfiguration.requireMariaDb(url)).doesNotThrowAnyException();
    }
}
