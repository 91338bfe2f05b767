package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceTest {

    private static final String SECRET = "zq-secret";

    private final CapturedLog log = CapturedLog.ofHost();
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        log.setLevel("fr.relais.trace", Level.INFO);
        Trace.addTo(camel);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-mine")
                        .routeId("relais-mine")
                        .setVariable("secret", constant(SECRET))
                        .id("set-secret")
                        .to("direct:relais-fail");
                from("direct:relais-fail")
                        .routeId("relais-fail")
                        .errorHandler(noErrorHandler())
                        .to("mock:" + SECRET + "?failFast=false")
                        .id("to-endpoint")
                        .process(exchange -> {
                            throw new IllegalStateException(SECRET);
                        })
                        .id("fail");
                from("direct:host").routeId("host").to("mock:host");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        log.close();
    }

    private List<String> lines() {
        String prefix = "INFO fr.relais.trace ";
        return log.all().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Test
    void the_trace_has_the_path_and_the_times_and_nothing_else() {
        camel.createProducerTemplate().send("direct:relais-mine", exchange -> {
            exchange.getMessage().setBody(SECRET);
            exchange.getMessage().setHeader("Authorization", SECRET);
        });

        assertThat(lines().stream().map(line -> line.replaceFirst("^\\S+ ", "").replaceFirst(", \\d+\\.\\d ms", "")))
                .containsExactly(
                        "relais-mine begins",
                        "relais-mine: setVariable set-secret",
                        "relais-fail begins",
                        "relais-fail: to to-endpoint",
                        "relais-fail: process fail, failed: IllegalStateException",
                        "relais-fail ends, failed: IllegalStateException",
                        "relais-mine: to direct:relais-fail, failed: IllegalStateException",
                        "relais-mine ends, failed: IllegalStateException");
        assertThat(lines())
                .noneMatch(line -> line.contains(SECRET))
                .anyMatch(line -> line.matches("\\S+ relais-mine: setVariable set-secret, \\d+\\.\\d ms"))
                .anyMatch(line -> line.matches("\\S+ relais-mine ends, \\d+\\.\\d ms, failed: IllegalStateException"));
    }

    @Test
    void a_step_of_a_route_file_has_its_line_and_a_part_of_a_message_names_the_whole() throws Exception {
        String file = """
                - route:
                    id: relais-parts
                    from:
                      uri: direct:relais-parts
                      steps:
                        - split:
                            expression:
                              simple:
                                expression: ${body}
                            steps:
                              - setVariable:
                                  name: part
                                  expression:
                                    simple:
                                      expression: ${body}
                """;
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("parts.camel.yaml", file));

        camel.createProducerTemplate().sendBody("direct:relais-parts", List.of(SECRET));

        assertThat(lines())
                .anyMatch(line -> line.matches("\\S+ of \\S+ relais-parts: setVariable in line 11, \\d+\\.\\d ms"))
                .anyMatch(line -> line.matches("\\S+ relais-parts: split in line 6, \\d+\\.\\d ms"))
                .noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void the_routes_of_the_host_are_not_traced() {
        camel.createProducerTemplate().sendBody("direct:host", "");

        assertThat(lines()).isEmpty();
    }
}
