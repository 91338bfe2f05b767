package fr.relais.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CamelMetricsTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private ProducerTemplate producer;

    @BeforeEach
    void start() throws Exception {
        camel.getCamelContextExtension().setName("test");
        CamelMetrics metrics = new CamelMetrics(camel, registry);
        metrics.bindTo(registry);
        camel.addRoutePolicyFactory(metrics);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").to("direct:inner");
                from("direct:inner").routeId("inner").log("inner");
                from("direct:failing").routeId("failing").throwException(new IllegalStateException("failed"));
                from("direct:handling")
                        .routeId("handling")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .end()
                        .throwException(new IllegalStateException("handled"));
                from("direct:idle").routeId("idle").autoStartup(false).log("idle");
            }
        });
        camel.start();
        producer = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
    }

    @Test
    void each_route_counts_and_times_its_exchanges() {
        producer.sendBody("direct:outer", null);
        producer.sendBody("direct:outer", null);
        producer.sendBody("direct:inner", null);

        assertThat(count("camel.exchanges.total", "outer")).isEqualTo(2);
        assertThat(count("camel.exchanges.total", "inner")).isEqualTo(3);
        assertThat(count("camel.exchanges.succeeded", "inner")).isEqualTo(3);
        assertThat(count("camel.exchanges.failed", "inner")).isZero();
        assertThat(registry.get("camel.route.policy")
                        .tag("routeId", "inner")
                        .timer()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("camel.exchanges.inflight")
                        .tag("routeId", "inner")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void failures_count_unless_the_route_handles_them() {
        assertThatThrownBy(() -> producer.sendBody("direct:failing", null)).isInstanceOf(CamelExecutionException.class);
        producer.sendBody("direct:handling", null);

        assertThat(count("camel.exchanges.failed", "failing")).isEqualTo(1);
        assertThat(count("camel.exchanges.succeeded", "failing")).isZero();
        assertThat(count("camel.exchanges.failed", "handling")).isZero();
        assertThat(count("camel.exchanges.succeeded", "handling")).isEqualTo(1);
        assertThat(count("camel.exchanges.failures.handled", "handling")).isEqualTo(1);
    }

    @Test
    void the_gauges_of_the_context_count_its_routes() {
        assertThat(registry.get("camel.routes.added").gauge().value()).isEqualTo(5);
        assertThat(registry.get("camel.routes.running").gauge().value()).isEqualTo(4);
    }

    @Test
    void a_removed_route_has_no_meters() throws Exception {
        camel.getRouteController().stopRoute("inner");
        camel.removeRoute("inner");

        assertThat(registry.getMeters().stream().map(Meter::getId).map(id -> id.getTag("routeId")))
                .contains("outer")
                .doesNotContain("inner");
    }

    @Test
    void the_tags_are_those_of_camel_micrometer() {
        assertThat(registry.get("camel.exchanges.total")
                        .tag("routeId", "inner")
                        .counter()
                        .getId()
                        .getTags())
                .containsExactlyInAnyOrder(
                        Tag.of("camelContext", "test"),
                        Tag.of("kind", "CamelRoute"),
                        Tag.of("routeId", "inner"),
                        Tag.of("eventType", "route"));
    }

    private double count(String meter, String route) {
        return registry.get(meter).tag("routeId", route).counter().count();
    }
}
