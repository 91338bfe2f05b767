package fr.relais.app;

import fr.relais.boot.RelaisAutoConfiguration;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.exporter.SpanFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The spans of the service, if the folder {@code components} has an implementation of Micrometer's tracer. A span may
 * leave the machine, so it has nothing of an offer (licence, article 7).
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Import(RelaisAutoConfiguration.Spans.class)
class SpanConfiguration {

    /** The tags that are exported. Spring Boot's tag {@code http.url}, for one, would have the id of an offer. */
    private static final Set<String> TAGS = Set.of("failure", "method", "outcome", "status", "uri");

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
