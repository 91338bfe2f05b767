package fr.relais.app;

import fr.relais.metrics.RouteSpans;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.exporter.SpanFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The spans of the service, if the folder {@code components} has an implementation of Micrometer's tracer. A span may
 * leave the machine, so it has nothing of an offer (licence, article 7).
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SpanConfiguration {

    /** The tags that are exported. Spring Boot's tag {@code http.url}, for one, would have the id of an offer. */
    private static final Set<String> TAGS = Set.of("failure", "method", "outcome", "status", "uri");

    @Bean
    CamelContextConfiguration routeSpans(ObjectProvider<Tracer> tracers) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                tracers.ifUnique(tracer -> camel.addRoutePolicyFactory(new RouteSpans(tracer)));
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // The routes start with the context.
            }
        };
    }

    @Bean
    SpanFilter spanFilter() {
        return SpanConfiguration::clean;
    }

    static FinishedSpan clean(FinishedSpan span) {
        Map<String, String> tags = new HashMap<>(span.getTags());
        tags.keySet().retainAll(TAGS);
        return span.setTags(tags).setEvents(List.of());
    }

    /** Leaves out requests that ended with an exception, because the status of their span has its message. */
    @Bean
    SpanExportingPredicate withoutMessages() {
        return span -> span.getError() == null;
    }
}
