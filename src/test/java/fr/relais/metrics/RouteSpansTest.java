package fr.relais.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteSpansTest {

    private final SimpleTracer tracer = new SimpleTracer();
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        camel.addRoutePolicyFactory(new RouteSpans(tracer));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:relais-outer")
                        .routeId("relais-outer")
                        .to("direct:relais-first")
                        .split(body())
                        .to("direct:relais-part");
                from("direct:relais-first").routeId("relais-first").to("mock:first");
                from("direct:relais-part").routeId("relais-part").to("mock:part");
                from("direct:relais-fail").routeId("relais-fail").process(exchange -> {
                    throw new IllegalStateException("secret", new NumberFormatException("secret"));
                });
                from("direct:host").routeId("host").to("mock:host");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void the_span_of_a_route_is_within_that_of_its_caller() {
        camel.createProducerTemplate().sendBody("direct:relais-outer", List.of("a", "b"));

        assertThat(tracer.getSpans())
                .extracting(SimpleSpan::getName)
                .containsExactlyInAnyOrder("relais-outer", "relais-first", "relais-part", "relais-part");
        assertThat(tracer.getSpans()).allMatch(span -> span.getEndTimestamp().toEpochMilli() > 0);
        String outer = span("relais-outer").getSpanId();
        assertThat(tracer.getSpans().stream().filter(span -> !span.getName().equals("relais-outer")))
                .allMatch(span -> span.getParentId().equals(outer));
    }

    @Test
    void a_failure_leaves_its_types_only() {
        camel.createProducerTemplate().send("direct:relais-fail", exchange -> {});

        assertThat(span("relais-fail").getTags())
                .containsExactly(Map.entry("failure", "IllegalStateException, caused by NumberFormatException"));
        assertThat(span("relais-fail").getEvents()).isEmpty();
    }

    @Test
    void the_routes_of_the_host_have_no_spans() {
        camel.createProducerTemplate().sendBody("direct:host", "");

        assertThat(tracer.getSpans()).isEmpty();
    }

    private SimpleSpan span(String name) {
        return tracer.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
