package fr.relais.app;

import fr.relais.source.Account;
import fr.relais.web.CachedValue;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The health checks of the pipeline in {@code /actuator/health}. Of these, readiness depends only on the database,
 * because the pages themselves say when the mirror is out of date. Liveness depends on none.
 */
@Configuration(proxyBeanMethods = false)
class HealthIndicators {

    /** The states that the health page shows as down. It shows other problems as out of service. */
    private static final Set<Object> DOWN = Set.of(Account.State.SUSPENDED, HealthCheck.State.UNKNOWN);

    @Bean
    HealthIndicator freshnessHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-freshness");
    }

    @Bean
    HealthIndicator accountHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-account");
    }

    @Bean
    HealthIndicator removalsHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-removals");
    }

    @Bean
    HealthIndicator reportHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-report");
    }

    @Bean
    HealthIndicator changelogHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-changelog");
    }

    @Bean
    HealthIndicator licenceHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-licence");
    }

    @Bean
    HealthIndicator alertsHealthIndicator(CamelContext camel) {
        return indicator(camel, "relais-alerts");
    }

    /** Replaces Spring Boot's own indicator, which would use the pipeline's connections and wait for them. */
    @Bean
    HealthIndicator dbHealthIndicator(@Qualifier("webJdbc") JdbcTemplate jdbc) {
        return downWithoutDatabase(() -> {
            jdbc.execute("select 1");
            return Health.up().build();
        });
    }

    private static HealthIndicator indicator(CamelContext camel, String id) {
        return downWithoutDatabase(() -> {
            HealthCheck check = camel.getRegistry().lookupByNameAndType(id, HealthCheck.class);
            if (check == null) {
                throw new TransientDataAccessResourceException("the pipeline has not started yet");
            }
            HealthCheck.Result result = check.call();
            Health.Builder health = result.getState() == HealthCheck.State.UP
                    ? Health.up()
                    : DOWN.contains(result.getDetails().getOrDefault("state", ""))
                            ? Health.down()
                            : Health.outOfService();
            return health.withDetails(result.getDetails()).build();
        });
    }

    /** Returns an indicator that is down while the database is down. It reads its state once a second at most. */
    private static HealthIndicator downWithoutDatabase(Supplier<Health> health) {
        CachedValue<Health> cached = new CachedValue<>(health);
        return () -> {
            try {
                return cached.get();
            } catch (DataAccessException e) {
                return Health.down()
                        .withDetail("state", HealthCheck.State.UNKNOWN)
                        .build();
            }
        };
    }
}
