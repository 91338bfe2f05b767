package fr.relais;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CamelVersionCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"4.22.0", "4.22.1.redhat-00001", "4.23.0-SNAPSHOT", "4.100.0", "5.0.0", "", "unknown"})
    @NullSource
    void a_supported_or_unknown_version_is_accepted(String version) {
        assertThatCode(() -> CamelVersionCheck.require(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.21.9", "4.8.0", "4.2.20", "3.22.4", "2.25.4"})
    void an_older_version_is_refused(String version) {
        assertThatThrownBy(() -> CamelVersionCheck.require(version)).hasMessageContainingAll(version, "4.22 or later");
    }

    @Test
    void the_version_with_which_relais_is_built_is_accepted() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            CamelVersionCheck.require(camel.getVersion());
        }
    }
}
