package fr.relais.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class RelaisAutoConfigurationTest {

    private final DataSource jobs = mock();
    private final DataSource other = mock();

    @Test
    void the_only_data_source_is_used() {
        assertThat(RelaisAutoConfiguration.dataSource(beans(Map.of("jobs", jobs)), ""))
                .isSameAs(jobs);
    }

    @Test
    void a_data_source_is_chosen_by_name() {
        assertThat(RelaisAutoConfiguration.dataSource(beans(Map.of("jobs", jobs, "other", other)), "other"))
                .isSameAs(other);
    }

    @Test
    void without_a_data_source_the_message_says_how_to_get_one() {
        assertThatThrownBy(() -> RelaisAutoConfiguration.dataSource(beans(Map.of()), ""))
                .hasMessageContainingAll("has none", "spring.datasource.url");
    }

    @Test
    void of_several_data_sources_one_must_be_named() {
        assertThatThrownBy(() -> RelaisAutoConfiguration.dataSource(beans(Map.of("jobs", jobs, "other", other)), ""))
                .hasMessageContainingAll("several", "relais.datasource", "jobs, other");
        assertThatThrownBy(
                        () -> RelaisAutoConfiguration.dataSource(beans(Map.of("jobs", jobs, "other", other)), "jbos"))
                .hasMessageContainingAll("jbos", "relais.datasource", "jobs, other");
    }

    @Test
    void the_meters_are_bound_if_there_is_a_registry() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();

        bindMetrics(Map.of("registry", registry));

        assertThat(registry.find("relais.mirror.age").gauge()).isNotNull();
    }

    @Test
    void without_a_registry_the_database_is_not_read() throws Exception {
        Relais relais = bindMetrics(Map.of());

        verifyNoInteractions(relais);
    }

    private static Relais bindMetrics(Map<String, Object> beans) throws Exception {
        Relais relais = mock();
        when(relais.overPipeline()).thenReturn(relais);
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("relais", relais);
            new RelaisAutoConfiguration.Metrics()
                    .relaisMetrics(beans(beans).getBeanProvider(MeterRegistry.class))
                    .afterApplicationStart(camel);
        }
        return relais;
    }

    private static StaticListableBeanFactory beans(Map<String, Object> beans) {
        return new StaticListableBeanFactory(beans);
    }
}
