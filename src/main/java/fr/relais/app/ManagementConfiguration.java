package fr.relais.app;

import fr.relais.budget.Budget;
import fr.relais.budget.BudgetDecision;
import fr.relais.metrics.CamelMetrics;
import fr.relais.metrics.RelaisMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webmvc.actuate.endpoint.web.AbstractWebMvcEndpointHandlerMapping;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The metrics of the service, and its health on two ports. Commands have no metrics, because nobody reads them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ManagementConfiguration {

    private static final EndpointId HEALTH = EndpointId.of("health");

    @Bean
    CamelContextConfiguration metrics(MeterRegistry registry) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                CamelMetrics metrics = new CamelMetrics(camel, registry);
                metrics.bindTo(registry);
                camel.addRoutePolicyFactory(metrics);
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                new RelaisMetrics(camel).bindTo(registry);
            }
        };
    }

    @Bean
    MeterBinder budgetMetrics(Budget budget) {
        return registry -> {
            for (BudgetDecision.Reason reason : BudgetDecision.Reason.values()) {
                FunctionCounter.builder("relais.budget.refusals", budget, counted -> counted.refusals(reason))
                        .description("Requests that the budget refused, by the limit that was reached")
                        .tags("reason", reason.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        };
    }

    /**
     * Keeps {@code /actuator/health} on the port of the site, for load balancers, probes and monitoring from outside.
     * Spring Boot itself moves it to the management port.
     */
    @Bean
    HealthOnSite healthOnSite(WebEndpointsSupplier endpoints, EndpointMediaTypes types, Environment environment) {
        boolean isMissing = ManagementPortType.get(environment) != ManagementPortType.SAME;
        return new HealthOnSite(
                endpoints.getEndpoints().stream()
                        .filter(endpoint ->
                                isMissing && endpoint.getEndpointId().equals(HEALTH))
                        .toList(),
                types);
    }

    static final class HealthOnSite extends AbstractWebMvcEndpointHandlerMapping {

        private HealthOnSite(List<ExposableWebEndpoint> endpoints, EndpointMediaTypes types) {
            super(new EndpointMapping("/actuator"), endpoints, types, false);
            // Before the pages, as Spring Boot's own mapping.
            setOrder(-100);
        }

        @Override
        protected LinksHandler getLinksHandler() {
            throw new UnsupportedOperationException("there are no links");
        }
    }
}
