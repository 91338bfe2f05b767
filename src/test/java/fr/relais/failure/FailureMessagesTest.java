package fr.relais.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;

class FailureMessagesTest {

    private final FailureMessages failures = new FailureMessages();

    @Test
    void a_failure_is_rethrown_as_it_is() {
        Exception failure = new IOException("no answer");

        assertThatThrownBy(() -> failures.rethrow(failure)).isSameAs(failure);
    }

    @Test
    void the_failure_of_a_hook_names_the_hook_and_quotes_nothing() {
        assertThatThrownBy(() ->
                        failures.throwHookFailed("relais-offer-removed", new SQLException("secret", "42S02", 1146)))
                .isInstanceOf(HookFailed.class)
                .hasMessage("relais-offer-removed failed: SQLException (error 1146, state 42S02)");
    }

    @Test
    void a_failure_is_described_by_its_first_known_cause() {
        Exception failure = new IllegalStateException("secret", new SQLException("secret", "40001", 1213));

        assertThat(failures.describe(failure)).isEqualTo("the database reports error 1213, state 40001");
        assertThat(failures.types(failure))
                .isEqualTo("IllegalStateException, caused by SQLException (error 1213, state 40001)");
    }

    @Test
    void a_failed_call_is_described_by_its_type_and_a_refused_certificate_by_its_message() {
        assertThat(failures.describe(new SocketException("secret")))
                .isEqualTo("the source cannot be reached: SocketException");
        assertThat(failures.describe(new SSLException("the certificate has expired")))
                .isEqualTo("the source cannot be reached: the certificate has expired");
    }

    @Test
    void the_source_is_named_only_when_a_trigger_of_relais_fails() {
        assertThat(failures.describeTriggerFailure("relais-sweep-by-schedule", new SocketException("secret")))
                .isEqualTo("the source cannot be reached: SocketException");
        assertThat(failures.describeTriggerFailure("mine", new SocketException("secret")))
                .isEqualTo("SocketException");
    }

    @Test
    void an_exception_in_which_camel_wraps_another_is_left_out() {
        Exception wrapped = new CamelExecutionException("secret", null, new IllegalStateException("secret"));

        assertThat(failures.types(wrapped)).isEqualTo("IllegalStateException");
        assertThat(failures.describe(wrapped)).isEqualTo("unexpected java.lang.IllegalStateException");
        assertThat(failures.types(new CamelExchangeException("secret", null))).isEqualTo("CamelExchangeException");
    }
}
