package fr.relais.app;

import fr.relais.Relais;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;

/** What {@code /actuator/health} says of the mirror. Liveness and readiness do not depend on it: an old mirror is shown as such. */
@Configuration(proxyBeanMethods = false)
class HealthIndicators {

    private static final long AWAY = Duration.ofSeconds(1).toNanos();

    private volatile long awaySince = System.nanoTime() - 2 * AWAY;

    @Bean
    HealthIndicator freshnessHealthIndicator(CamelContext camel) {
        return guarded(() -> {
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
        return guarded(() -> {
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
        return guarded(() -> {
            List<SweepSummary> last = relais(camel).sweeps().last(1);
            boolean held = !last.isEmpty() && last.get(0).state() == SweepState.HELD;
            return held
                    ? Health.outOfService().withDetail("held", last.get(0).id()).build()
                    : Health.up().build();
        });
    }

    @Bean
    HealthIndicator reportHealthIndicator(CamelContext camel) {
        return guarded(() -> relais(camel)
                .reports()
                .troubled()
                .map(report -> Health.outOfService()
                        .withDetail("month", report.month())
                        .withDetail("state", report.state())
                        .build())
                .orElse(Health.up().build()));
    }

    @Bean
    HealthIndicator changelogHealthIndicator(CamelContext camel) {
        return guarded(() -> relais(camel)
                .changelog()
                .trouble()
                .map(trouble -> Health.outOfService()
                        .withDetail("since", trouble.since())
                        .withDetail("attempts", trouble.attempts())
                        .withDetail("reason", trouble.reason() == null ? "unknown" : trouble.reason())
                        .build())
                .orElse(Health.up().build()));
    }

    /** A database that is away is a state too, not an error of this page; once one has waited for it in vain, the others do not. */
    private HealthIndicator guarded(Supplier<Health> health) {
        return () -> {
            if (System.nanoTime() - awaySince > AWAY) {
                try {
                    return health.get();
                } catch (DataAccessException e) {
                    awaySince = System.nanoTime();
                }
            }
            return Health.down()
                    .withDetail("state", "unknown without the database")
                    .build();
        };
    }

    /** @throws TransientDataAccessResourceException while it starts */
    private static Relais relais(CamelContext camel) {
        return Relais.of(camel)
                .orElseThrow(() -> new TransientDataAccessResourceException("the pipeline has not started yet"));
    }
}
