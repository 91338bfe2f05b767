package fr.relais;

import static org.apache.camel.LoggingLevel.INFO;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import fr.relais.sweep.Sweep;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class SweepInLogTest {

    private static final String LOG = "fr.relais.sweep-in-log-test";

    /** The text and the sweep of each line. */
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final Logger logger = (Logger) LoggerFactory.getLogger(LOG);

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage() + " "
                    + event.getMDCPropertyMap().get(SweepInLog.KEY));
        }
    };

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        appender.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(appender);
        camel.getCamelContextExtension().addInterceptStrategy(new SweepInLog());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-sweep")
                        .routeId("relais-sweep")
                        .log(INFO, LOG, "before")
                        .setVariable("sweep", constant(new Sweep(42, Instant.EPOCH, List.of("1"), 7)))
                        .log(INFO, LOG, "begins")
                        .split(body())
                        .parallelProcessing()
                        .log(INFO, LOG, "${body}")
                        .end()
                        .to("direct:host");
                from("direct:relais-slice")
                        .routeId("relais-slice")
                        .setVariable("sweepId", constant(43L))
                        .log(INFO, LOG, "slice");
                from("direct:host").routeId("host").log(INFO, LOG, "host");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
        MDC.remove(SweepInLog.KEY);
    }

    @Test
    void each_line_about_a_sweep_has_its_id_on_every_thread_of_relais() {
        send("direct:relais-sweep", List.of("one", "another"));

        assertThat(lines)
                .startsWith("before null", "begins 42")
                .containsExactlyInAnyOrder("before null", "begins 42", "one 42", "another 42", "host null");
    }

    @Test
    void a_slice_that_another_process_reads_has_the_id_of_its_sweep() {
        send("direct:relais-slice", "");

        assertThat(lines).containsExactly("slice 43");
    }

    @Test
    void the_context_of_the_host_is_the_same_afterwards() {
        MDC.put(SweepInLog.KEY, "of the host");

        send("direct:relais-slice", "");

        assertThat(MDC.get(SweepInLog.KEY)).isEqualTo("of the host");
        send("direct:host", "");
        assertThat(lines).containsExactly("slice 43", "host of the host");
    }

    private void send(String route, Object body) {
        camel.createProducerTemplate().sendBody(route, body);
    }
}
