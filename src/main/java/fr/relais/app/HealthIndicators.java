package fr.relais.app;

import fr.relais.Relais;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.CachedValue;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The health indicators of the pipeline in {@code /actuator/health}. Of these, readiness depends only on the database,
 * because the pages themselves say when the mirror is out of date. Liveness depends on none.
 */
@Configuration(proxyBeanMethods = false)
class HealthIndicators {

    @Bean
    HealthIndicator freshnessHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> {
            Freshness.Reading reading = relais(camel).freshness().read();
            Health.Builder health = reading.state() == Freshness.State.FRESH ? Health.up() : Health.outOfService();
            health.withDetail("state", reading.state());
            if (reading.updatedAt() != null) {
                health.withDetail("updatedAt", reading.updatedAt()).withDetail("age", reading.age());
            }
            return health.build();
        });
    }

    @Bean
    HealthIndicator accountHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> {
            Account.Status status = relais(camel).account().status();
            Health.Builder health =
                    switch (status.state()) {
                        case ACTIVE -> Health.up();
                        case SUSPECT -> Health.outOfService();
                        case SUSPENDED -> Health.down();
                    };
            return health.withDetail("state", status.state()).build();
        });
    }

    @Bean
    HealthIndicator removalsHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> {
            List<SweepSummary> last = relais(camel).sweeps().last(1);
            boolean held = !last.isEmpty() && last.get(0).state() == SweepState.HELD;
            Health.Builder health =
                    held ? Health.outOfService().withDetail("held", last.get(0).id()) : Health.up();
            relais(camel).sweeps().undecided().ifPresent(undecided -> health.withDetail("undecided", undecided.count())
                    .withDetail("undecidedSince", undecided.since()));
            return health.build();
        });
    }

    @Bean
    HealthIndicator reportHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> relais(camel)
                .reports()
                .needingOperator()
                .map(report -> Health.outOfService()
                        .withDetail("month", report.month())
                        .withDetail("state", report.state().toString())
                        .build())
                .orElse(Health.up().build()));
    }

    @Bean
    HealthIndicator changelogHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> relais(camel)
                .changelog()
                .publication()
                .unpublished()
                .map(changelog -> Health.outOfService()
                        .withDetail("since", changelog.since())
                        .withDetail("attempts", changelog.attempts())
                        .withDetail("reason", changelog.reason() == null ? "unknown" : changelog.reason())
                        .build())
                .orElse(Health.up().build()));
    }

    /** Replaces Spring Boot's own indicator, which would use the pipeline's connections and wait for them. */
    @Bean
    HealthIndicator dbHealthIndicator(@Qualifier("webJdbc") JdbcTemplate jdbc) {
        return downWithoutDatabase(() -> {
            jdbc.execute("select 1");
            return Health.up().build();
        });
    }

    @Bean
    HealthIndicator alertsHealthIndicator(CamelContext camel) {
        return downWithoutDatabase(() -> relais(camel).watch().isUndelivered()
                ? Health.outOfService().withDetail("state", "not delivered").build()
                : Health.up().build());
    }

    /** Returns an indicator that is down while the database is down. It reads its state once a second at most. */
    private HealthIndicator downWithoutDatabase(Supplier<Health> health) {
        CachedValue<Health> cached = new CachedValue<>(health);
        return () -> {
            try {
                return cached.get();
            } catch (DataAccessException e) {
                return Health.down()
                        .withDetail("state", "unknown without the database")
                        .build();
            }
        };
    }

    /** @throws TransientDataAccessResourceException while the pipeline starts */
    private static Relais relais(CamelContext camel) {
        return Relais.of(camel)
                .orElseThrow(() -> new TransientDataAccessResourceException("the pipeline has not started yet"));
    }
}
