package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

import ch.qos.logback.classic.Level;
import fr.relais.CapturedLog;
import fr.relais.changelog.Method;
import fr.relais.failure.TriggerFailed;
import fr.relais.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 00-errors.camel.yaml}, with routes that always fail. */
class ErrorsRouteTest extends RouteTest {

    /** Routes that fail after their own error handling. */
    static final List<String> CALLED =
            List.of("relais-rethrow", "relais-retry-source-calls", "relais-roll-back", "catching", "finally");

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
                for (String id : new String[] {"relais-retry-source-calls", "relais-rethrow"}) {
                    from("direct:" + id).routeConfigurationId(id).to("mock:fails");
                }
                from("direct:relais-roll-back")
                        .routeConfigurationId("relais-roll-back")
                        .transacted("relaisTransaction")
                        .to("mock:fails");
                from("direct:catching")
                        .routeConfigurationId("relais-rethrow")
                        .doTry()
                        .to("direct:relais-roll-back")
                        .doCatch(Exception.class)
                        .to("mock:fails");
                from("direct:finally")
                        .routeConfigurationId("relais-rethrow")
                        .doTry()
                        .to("direct:relais-retry-source-calls")
                        .doFinally()
                        .to("mock:fails");
                for (String called : CALLED) {
                    RouteDefinition logging = from("direct:trigger-" + called).routeId("trigger-" + called);
                    logging.routeConfigurationId("relais-log-failure").to("direct:" + called);
                    TriggerFailures.handle(logging);
                    RouteDefinition rethrowing = from("direct:own-" + called).routeId("own-" + called);
                    rethrowing.routeConfigurationId("relais-rethrow").to("direct:" + called);
                    TriggerFailures.handle(rethrowing);
                }
                from("direct:retrying")
                        .routeConfigurationId("relais-retry-source-calls")
                        .to("direct:relais-rethrow");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void the_number_of_attempts_depends_on_the_failure(Exception failure, int attempts) throws Exception {
        this.failure = failure;
        getMockEndpoint("mock:fails").expectedMessageCount(attempts);

        assertThat(send("direct:relais-retry-source-calls").getException()).isSameAs(failure);

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
        getMockEndpoint("mock:fails").expectedMessageCount(1 + 6);

        assertThat(send("direct:relais-rethrow").getException()).isSameAs(failure);
        assertThat(send("direct:retrying").getException()).isSameAs(failure);

        MockEndpoint.assertIsSatisfied(context);
    }

    @ParameterizedTest
    @FieldSource("CALLED")
    void a_trigger_logs_every_failure_once_whatever_the_called_route_did_about_it(String called) {
        for (String trigger : List.of("trigger-" + called, "own-" + called)) {
            try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
                Exchange exchange = send("direct:" + trigger);

                assertThat(exchange.getException())
                        .isInstanceOf(TriggerFailed.class)
                        .hasNoCause()
                        .hasNoSuppressedExceptions();
                assertThat(exchange.getAllProperties().values()).noneMatch(Throwable.class::isInstance);
                assertThat(log.all())
                        .singleElement()
                        .asString()
                        .matches("ERROR fr.relais " + trigger + " failed: unexpected \\S+Exception");
            }
        }
    }

    @Test
    void a_route_that_chooses_no_error_handling_gets_one_that_does_not_log_the_text_of_failures() {
        RouteFile file =
                new RouteFile("90-mine.camel.yaml", "90-mine.camel.yaml", Method.Origin.ADDED, """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: broken
                - route:
                    id: my-trigger
                    from:
                      uri: seda:mine
                      steps:
                        - to:
                            uri: direct:mine
                """.getBytes(UTF_8));
        file.addConfigurations(context);
        file.addRoutes(context);
        NotifyBuilder done =
                new NotifyBuilder(context).fromRoute("my-trigger").whenFailed(1).create();
        try (CapturedLog log = CapturedLog.ofHost()) {
            template.sendBody("seda:mine", null);

            assertThat(done.matches(10, TimeUnit.SECONDS)).isTrue();
            context.stop();
            assertThat(log.warnings())
                    .containsExactly("ERROR fr.relais my-trigger failed: unexpected java.lang.IllegalStateException");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"timer:fails?delay=0&period=10", "quartz:fails?cron=*+*+*+*+*+?", "scheduler:fails?delay=10"})
    void a_consumer_adds_nothing_to_the_log(String uri) throws Exception {
        getMockEndpoint("mock:fails").expectedMinimumMessageCount(2);
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            consume(uri);

            MockEndpoint.assertIsSatisfied(context);
            context.getRouteController().stopRoute("consuming");
            assertThat(log.warnings())
                    .hasSizeGreaterThan(1)
                    .allMatch(line -> line.equals(
                            "ERROR fr.relais consuming failed: unexpected java.lang.IllegalStateException"));
            assertThat(log.all()).noneMatch(line -> line.contains("broken"));
        }
    }

    @Test
    void a_folder_keeps_a_file_that_failed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("offer"), "a file");
        getMockEndpoint("mock:fails").expectedMinimumMessageCount(2);
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            consume("file:" + folder + "?delete=true&initialDelay=0&delay=10");

            MockEndpoint.assertIsSatisfied(context);
            context.getRouteController().stopRoute("consuming");
            assertThat(file).hasContent("a file");
            assertThat(log.warnings())
                    .hasSizeGreaterThan(1)
                    .allMatch(line -> line.equals(
                            "ERROR fr.relais consuming failed: unexpected java.lang.IllegalStateException"));
        }
    }

    @Test
    void a_failure_of_the_consumer_itself_is_logged_in_one_line_without_its_text(@TempDir Path folder)
            throws Exception {
        Files.writeString(folder.resolve("offer"), "a file");
        CountDownLatch failed = new CountDownLatch(2);
        context.getRegistry().bind("filter", (GenericFileFilter<Object>) file -> {
            failed.countDown();
            throw new IllegalStateException("broken");
        });
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            consume("file:" + folder + "?filter=#filter&initialDelay=0&delay=10");

            assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
            context.getRouteController().stopRoute("consuming");
            assertThat(log.warnings())
                    .isNotEmpty()
                    .allMatch(line ->
                            line.equals("ERROR fr.relais The consumer of consuming failed: IllegalStateException"));
            assertThat(log.all()).noneMatch(line -> line.contains("broken"));
        }
    }

    /** Starts a trigger that consumes from an endpoint. */
    private void consume(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                RouteDefinition route = from(uri).routeId("consuming");
                route.routeConfigurationId("relais-log-failure").to("direct:relais-retry-source-calls");
                TriggerFailures.handle(route);
            }
        });
        context.getRouteController().startRoute("consuming");
    }

    @Test
    void a_failed_transaction_is_rolled_back_and_the_failure_rethrown() {
        assertThat(send("direct:relais-roll-back").getException()).hasRootCause(failure);

        verify(transactions).rollback(any());
    }

    private Exchange send(String route) {
        return template.request(route, exchange -> {});
    }
}
