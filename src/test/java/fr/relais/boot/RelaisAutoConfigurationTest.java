package fr.relais.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import java.util.Map;
import javax.sql.DataSource;
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

    private static StaticListableBeanFactory beans(Map<String, Object> beans) {
        return new StaticListableBeanFactory(beans);
    }
}
