package fr.relais.boot;

import fr.relais.Relais;
import fr.relais.failure.RelaisException;
import fr.relais.metrics.RelaisMetrics;
import fr.relais.metrics.RouteSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Adds the pipeline to the Camel context of a Spring Boot application. The settings {@code relais.*} come from its
 * environment.
 */
@AutoConfiguration
@ConditionalOnClass(CamelContextConfiguration.class)
@ConditionalOnProperty(name = RelaisAutoConfiguration.ENABLED, matchIfMissing = true)
public class RelaisAutoConfiguration {

    static final String ENABLED = "relais.enabled";
    static final String DATA_SOURCE = "relais.datasource";

    /** The refusal of an application whose {@link DataSource} for Relais is unknown. */
    static final class UnknownDataSource extends RelaisException {
        private UnknownDataSource(String problem, String remedy) {
            super(problem, remedy);
        }
    }

    @Bean
    CamelContextConfiguration relaisPipeline(ListableBeanFactory beans, ConfigurableEnvironment environment) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                Relais.addTo(
                        camel,
                        dataSource(beans, environment.getProperty(DATA_SOURCE, "")),
                        EnvironmentSettings.given(environment));
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // The routes start with the context.
            }
        };
    }

    /** Binds the meters {@code relais.*} if the application has a registry of meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Metrics {

        @Bean
        CamelContextConfiguration relaisMetrics(ObjectProvider<MeterRegistry> registries) {
            return new CamelContextConfiguration() {
                @Override
                public void beforeApplicationStart(CamelContext camel) {
                    // The pipeline may not have been added yet.
                }

                @Override
                public void afterApplicationStart(CamelContext camel) {
                    registries.ifUnique(registry -> new RelaisMetrics(camel).bindTo(registry));
                }
            };
        }
    }

    /** Makes spans of the routes of Relais if the application has a tracer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Tracer.class)
    public static class Spans {

        @Bean
        CamelContextConfiguration relaisSpans(ObjectProvider<Tracer> tracers) {
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
    }

    /** @param name the name of a bean; empty for the only one */
    static DataSource dataSource(ListableBeanFactory beans, String name) {
        List<String> all =
                Stream.of(beans.getBeanNamesForType(DataSource.class)).sorted().toList();
        if (name.isEmpty() && all.size() == 1) {
            return beans.getBean(all.get(0), DataSource.class);
        } else if (!name.isEmpty() && beans.containsBean(name) && beans.isTypeMatch(name, DataSource.class)) {
            return beans.getBean(name, DataSource.class);
        } else if (all.isEmpty()) {
            throw new Relais.NotAdded(new UnknownDataSource(
                    "it needs a DataSource, and the application has none",
                    "Set spring.datasource.url to an address such as jdbc:mariadb://db.example.org/relais."));
        }
        throw new Relais.NotAdded(new UnknownDataSource(
                name.isEmpty()
                        ? "the application has several DataSources"
                        : "the setting " + DATA_SOURCE + " is \"" + name + "\", and there is no such DataSource",
                "Set " + DATA_SOURCE + " to the name of one of them: " + String.join(", ", all) + "."));
    }
}
