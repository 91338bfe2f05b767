package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fr.relais.source.SourceException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 00-errors.camel.yaml}, with routes that always fail. */
class ErrorsRouteTest extends RouteTest {

    /** Routes that fail after their own error handling. */
    static final List<String> CALLED = List.of("rethrow", "retry-source-calls", "roll-back", "catching", "finally");

    private final PlatformTransactionManager transactions = transactionManager();
    private Exception failure = new IllegalStateException("broken");

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.source.retry-delay", "1");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    @BeforeEach
    void addRoutesThatFail() throws Exception {
        getMockEndpoint("mock:fails").whenAnyExchangeReceived(exchange -> {
            throw failure;
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String id : new String[] {"retry-source-calls", "rethrow", "log-failure"}) {
                    from("direct:" + id).routeConfigurationId(id).to("mock:fails");
                }
                from("direct:roll-back")
                        .routeConfigurationId("roll-back")
                        .transacted("relaisTransaction")
                        .to("mock:fails");
                from("direct:trigger").routeConfigurationId("log-failure").to("direct:rethrow");
                from("direct:catching")
                        .routeConfigurationId("rethrow")
                        .doTry()
                        .to("direct:roll-back")
                        .doCatch(Exception.class)
                        .to("mock:fails");
                from("direct:finally")
                        .routeConfigurationId("rethrow")
                        .doTry()
                        .to("direct:retry-source-calls")
                        .doFinally()
                        .to("mock:fails");
                for (String called : CALLED) {
                    from("direct:trigger-" + called)
                            .routeConfigurationId("log-failure")
                            .to("direct:" + called);
                    from("direct:consumer-" + called)
                            .routeConfigurationId("log-and-rethrow")
                            .to("direct:" + called);
                }
                from("direct:retrying")
                        .routeConfigurationId("retry-source-calls")
                        .to("direct:rethrow");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void the_number_of_attempts_depends_on_the_failure(Exception failure, int attempts) throws Exception {
        this.failure = failure;
        getMockEndpoint("mock:fails").expectedMessageCount(attempts);

        assertThat(send("direct:retry-source-calls").getException()).isSameAs(failure);

        MockEndpoint.assertIsSatisfied(context);
    }

    static Stream<Arguments> attempts() {
        return Stream.of(
                Arguments.of(new SourceException.TokenRefused("401"), 2),
                Arguments.of(new SourceException.Busy("429"), 21),
                Arguments.of(new SourceException.Unavailable("503"), 6),
                Arguments.of(new IOException("reset"), 6),
                Arguments.of(new SourceException.Rejected("400"), 1),
                Arguments.of(new SourceException.AccountRefused("403"), 1),
                Arguments.of(new IllegalStateException("broken"), 1));
    }

    @Test
    void the_caller_decides_how_a_rethrown_failure_is_handled() throws Exception {
        failure = new SourceException.Unavailable("503");
        getMockEndpoint("mock:fails").expectedMessageCount(1 + 1 + 6);

        assertThat(send("direct:rethrow").getException()).isSameAs(failure);
        assertThat(send("direct:trigger").getException()).isNull();
        assertThat(send("direct:retrying").getException()).isSameAs(failure);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_logged_failure_does_not_reach_the_trigger() {
        assertThat(send("direct:log-failure").getException()).isNull();
    }

    @ParameterizedTest
    @FieldSource("CALLED")
    void a_trigger_logs_every_failure_once_whatever_the_called_route_did_about_it(String called) {
        String logged = logged(() -> {
            assertThat(send("direct:trigger-" + called).getException()).isNull();
            assertThat(send("direct:consumer-" + called).getException()).isNotNull();
        });

        assertThat(logged.lines()).hasSize(2).allMatch(line -> line.matches(".* failed: .*"));
        assertThat(logged).doesNotContain("broken", "\tat ");
    }

    @Test
    void a_failed_transaction_is_rolled_back_and_the_failure_rethrown() {
        assertThat(send("direct:roll-back").getException()).hasRootCause(failure);

        verify(transactions).rollback(any());
    }

    /** Returns what the action logs at level WARN or above, with another line for each stack trace. */
    private static String logged(Runnable action) {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        root.addAppender(events);
        action.run();
        root.detachAppender(events);
        return events.list.stream()
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : "\n\tat " + event.getThrowableProxy().getMessage()))
                .collect(Collectors.joining("\n"));
    }

    private Exchange send(String route) {
        return template.request(route, exchange -> {});
    }
}
